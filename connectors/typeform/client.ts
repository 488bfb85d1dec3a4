import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import type { Session } from '../../src/contract/connector.ts';
import { type ErrorKind, HubError } from '../../src/contract/errors.ts';
import { isRaw, jsonIn, type Raw, text } from '../../src/contract/raw.ts';

/** What the vendor answered, with the time on its own clock (ISO), or null when it did not say. */
export type Reply = { readonly body: unknown; readonly servedAt: string | null };
export type Query = Readonly<Record<string, string | number>>;

// The bucket leaks two requests a second.
const PACE_MS = 1_000;

type Sent = { readonly method: 'GET' | 'PUT' | 'DELETE'; readonly query?: Query; readonly body?: Raw };

function requestOf(session: Session, path: string, { method, query = {}, body }: Sent): Request {
  const token = session.credential.values.token;
  if (token === undefined) throw new HubError('misconfigured', 'the connection has no access token');
  const url = new URL(`${session.origin}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = { authorization: `Bearer ${token.reveal()}`, accept: 'application/json' };
  if (body === undefined) return new Request(url, { method, headers, redirect: 'manual' });
  return new Request(url, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'manual',
  });
}

async function bodyOf(response: Response, session: Session): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    session.signal.throwIfAborted();
    throw new HubError('unreachable', 'the answer of Typeform broke off', { cause });
  }
}

function kindOf(status: number, query: Query): ErrorKind {
  // A page token of another form, or of a deleted response, is refused with 400: the place is lost, the form is not.
  if (status === 400 && ('before' in query || 'after' in query)) return 'cursor_expired';
  if (status >= 300 && status < 400) return 'misconfigured';
  return kindOfStatus(status);
}

function refusal(response: Response, path: string, { query, error }: { query: Query; error: Raw | null }): HubError {
  const kind = kindOf(response.status, query);
  const waitMs = retryAfterMs(response.headers.get('retry-after'), new Date(response.headers.get('date') ?? Number.NaN));
  const wait = waitMs !== undefined && Number.isFinite(waitMs) ? waitMs : kind === 'rate_limited' ? PACE_MS : undefined;
  const [code, said] = [text(error?.code), text(error?.description)];
  return new HubError(kind, `Typeform answered ${response.status} to ${path}${said === null ? '' : `: ${said}`}`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(code === null ? {} : { code }),
  });
}

/** One GET; anything but a readable success is a HubError. */
export async function ask(session: Session, path: string, query: Query = {}): Promise<Reply> {
  const response = await session.fetch(requestOf(session, path, { method: 'GET', query }));
  const answer = jsonIn(await bodyOf(response, session));
  if (!response.ok) throw refusal(response, path, { query, error: isRaw(answer?.value) ? answer.value : null });
  if (answer === null) throw new HubError('broken_answer', `Typeform answered ${path} with something that is not JSON`);
  const at = Date.parse(response.headers.get('date') ?? '');
  return { body: answer.value, servedAt: Number.isNaN(at) ? null : new Date(at).toISOString() };
}

/** Puts something there or takes it away. What is gone already is taken away. */
export async function change(session: Session, method: 'PUT' | 'DELETE', path: string, body?: Raw): Promise<void> {
  const response = await session.fetch(requestOf(session, path, { method, ...(body === undefined ? {} : { body }) }));
  const answer = jsonIn(await bodyOf(response, session));
  if (response.ok || (method === 'DELETE' && response.status === 404)) return;
  throw refusal(response, path, { query: {}, error: isRaw(answer?.value) ? answer.value : null });
}
