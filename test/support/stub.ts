import { type ServerType, serve } from '@hono/node-server';

export type StubRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Headers;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
};
export type StubAnswer = { readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** A body as it was meant: JSON as its value, anything else (a sign-in form) as text. */
function bodyOf(text: string, type: string | null): unknown {
  if (text === '') return undefined;
  return type !== null && /^application\/x-www-form-urlencoded\b/.test(type) ? text : JSON.parse(text);
}

/** A vendor that answers what the test tells it to, on a loopback port, and remembers what it was asked. */
export async function openStub(answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>) {
  const requests: StubRequest[] = [];
  const fetch = async (raw: Request): Promise<Response> => {
    const { pathname: path, searchParams: query } = new URL(raw.url);
    const text = await raw.text();
    const request = {
      method: raw.method,
      path,
      query,
      body: bodyOf(text, raw.headers.get('content-type')),
      headers: raw.headers,
      signal: raw.signal,
    };
    requests.push(request);
    const { status = 200, body, headers = {} } = await answer(request);
    const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(payload, { status, headers: { 'content-type': 'application/json', ...headers } });
  };
  const server = await new Promise<ServerType>((resolve) => {
    const opened = serve({ fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(opened));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a stub listens on a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
