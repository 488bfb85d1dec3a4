import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import type { Session } from '../../src/contract/connector.ts';
import { type ErrorKind, HubError } from '../../src/contract/errors.ts';
import { readJson } from '../../src/contract/raw.ts';

type Call = { readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; readonly path: string; readonly body?: unknown };

/** What the vendor answered. `servedAt` is the time on its own clock (ISO), or null: cursors are kept in it, so that nobody's clock matters. */
export type Reply = { readonly body: unknown; readonly servedAt: string | null };

function requestOf({ origin, credential }: Session, { method, path, body }: Call): Request {
  const token = credential.values.token;
  if (token === undefined) throw new HubError('misconfigured', 'the connection has no API token');
  return new Request(`${origin}${path}`, {
    method,
    // A redirect would carry the token to another address.
    redirect: 'manual',
    headers: { authorization: `Bearer ${token.reveal()}`, accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function textOf(response: Response, { signal }: Session): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    signal.throwIfAborted();
    throw new HubError('unreachable', 'the answer of Template broke off', { cause });
  }
}

/** The kind decides what the hub does next. A code in the vendor's body may say it better than the status. */
function kindOf(status: number): ErrorKind {
  return status >= 300 && status < 400 ? 'misconfigured' : kindOfStatus(status);
}

/** The only way to Template: one call is one request. Anything but a readable success is a `HubError`. */
export async function send(session: Session, call: Call): Promise<Reply> {
  const response = await session.fetch(requestOf(session, call));
  const text = await textOf(response, session);
  const servedAt = new Date(response.headers.get('date') ?? Number.NaN);
  // The path without its query: ids may stand there, values and secrets may not.
  const what = `${call.method} ${call.path.replace(/\?.*$/, '')}`;
  if (!response.ok) {
    const waitMs = retryAfterMs(response.headers.get('retry-after'), servedAt);
    throw new HubError(kindOf(response.status), `Template answered ${response.status} to ${what}`, {
      ...(waitMs === undefined || Number.isNaN(waitMs) ? {} : { retryAfterMs: waitMs }),
    });
  }
  try {
    return { body: readJson(text), servedAt: Number.isNaN(servedAt.getTime()) ? null : servedAt.toISOString() };
  } catch (cause) {
    throw new HubError('broken_answer', `Template answered ${what} with something that is not JSON`, { cause });
  }
}
