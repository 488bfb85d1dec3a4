import { Client } from '@hubspot/api-client';
import type { IHttpOptions } from '@hubspot/api-client/lib/src/services/http/IHttpOptions.js';
import { Request as SdkRequest } from '@hubspot/api-client/lib/src/services/http/Request.js';

export type SdkOptions = IHttpOptions & { readonly signal: AbortSignal };

/**
 * The SDK's client with our sending: the SDK builds each request (address, credentials, headers), but its own transport takes no signal,
 * so that an abort would leave the request running, and follows redirects to wherever an answer points.
 */
export class SignalledClient extends Client {
  override apiRequest(options: Partial<SdkOptions> = {}): Promise<Response> {
    const { signal = null, ...rest } = options;
    const request = new SdkRequest(this.config, rest);
    const { method, headers, body }: { method: string; headers: Record<string, string>; body?: string } = request.getSendData();
    return fetch(request.getUrl(), { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  }
}
