import { HubError } from '../../../src/contract/errors.ts';

/** The whole body as text; one that breaks off on the way is `unreachable`, unless the hub itself has stopped listening. */
export async function readText(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    signal.throwIfAborted();
    throw new HubError('unreachable', 'the answer broke off', { cause });
  }
}
