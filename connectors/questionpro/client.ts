import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import type { Session } from '../../src/contract/connector.ts';
import { type ErrorKind, HubError } from '../../src/contract/errors.ts';
import { isRaw, jsonIn, type Raw, text } from '../../src/contract/raw.ts';

/** What the vendor answered, with the time on its own clock (ISO), or null when it did not say. */
export type Reply = { readonly body: unknown; readonly servedAt: string | null };

export type Call = {
  /** Where the path begins, where that is not the API itself. */
  readonly base?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly post?: Raw;
  readonly method?: 'POST' | 'PUT' | 'DELETE';
};

// The limit is counted over a minute, so after that much silence it is certain to be free again.
const PACE_WINDOW_MS = 60_000;
const QUOTA_ID = '1013';

function requestOf(session: Session, path: string, { base, query = {}, post, method }: Call): Request {
  const key = session.credential.values.token;
  if (key === undefined) throw new HubError('misconfigured', 'the connection has no API key');
  const url = new URL(`${base ?? `${session.origin}/a/api/v2`}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = { 'api-key': key.reveal(), accept: 'application/json' };
  // A redirect would carry the key to another host.
  if (post === undefined) return new Request(url, { method: method ?? 'GET', headers, redirect: 'manual' });
  return new Request(url, {
    method: method ?? 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(post),
    redirect: 'manual',
  });
}

async function bodyOf(response: Response, session: Session): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    session.signal.throwIfAborted();
    throw new HubError('unreachable', 'the answer of QuestionPro broke off', { cause });
  }
}

/** The error in an envelope; some come with the status 200. */
function errorIn(body: unknown): Raw | null {
  if (!isRaw(body) || !isRaw(body.response)) return null;
  return isRaw(body.response.error) ? body.response.error : null;
}

/** 1013 is a missing right with 403 and a spent quota with 429, so the status is asked first. */
function kindOf(status: number, error: Raw | null, waits: boolean): ErrorKind {
  const message = text(error?.message) ?? '';
  const isPace = waits || /(per|in a|within a?) ?(minute|60|second)/i.test(message);
  const isQuota = text(error?.id) === QUOTA_ID || /call limit exceeded|quota/i.test(message);
  if (status === 429 && isQuota && !isPace) return 'quota_spent';
  if (status >= 300 && status < 400) return 'misconfigured';
  return kindOfStatus(status);
}

// The vendor repeats the called address in its errors, and with it a key in the query of whoever configured one.
function withoutKey(message: string, session: Session): string {
  const key = session.credential.values.token?.reveal() ?? '';
  const plain = message.replace(/(api-?key=)[^&\s"]*/gi, '$1***');
  return key === '' ? plain : plain.replaceAll(key, '***');
}

function refusal(response: Response, status: number, about: { path: string; error: Raw | null; session: Session }): HubError {
  const { path, error, session } = about;
  const now = new Date(response.headers.get('date') ?? Number.NaN);
  const waitMs = retryAfterMs(response.headers.get('retry-after'), now);
  const kind = kindOf(status, error, waitMs !== undefined);
  const said = text(error?.message);
  const code = text(error?.id);
  const wait = waitMs !== undefined && Number.isFinite(waitMs) ? waitMs : kind === 'rate_limited' ? PACE_WINDOW_MS : undefined;
  return new HubError(kind, `QuestionPro answered ${status} to ${path}${said === null ? '' : `: ${withoutKey(said, session)}`}`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(code === null ? {} : { code }),
  });
}

/** The status that counts: an error inside an envelope outranks a friendly status. */
function statusOf(response: Response, error: Raw | null): number {
  const inside = Number(error?.httpStatusCode ?? Number.NaN);
  if (!response.ok || error === null) return response.status;
  return Number.isInteger(inside) && inside >= 400 ? inside : 500;
}

function servedAtOf(response: Response): string | null {
  const at = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** One call; null when the vendor itself says that there is no such thing. A 404 in other words is an address gone wrong. */
export async function askIfThere(session: Session, path: string, call: Call = {}): Promise<Reply | { readonly missing: string | null }> {
  const response = await session.fetch(requestOf(session, path, call));
  const answer = jsonIn(await bodyOf(response, session));
  const error = errorIn(answer?.value);
  const status = statusOf(response, error);
  if (status === 404 && error !== null) return { missing: servedAtOf(response) };
  if (status < 200 || status > 299) throw refusal(response, status, { path, error, session });
  // A removal may be answered by nothing.
  if (answer === null && call.method === 'DELETE') return { body: null, servedAt: servedAtOf(response) };
  if (answer === null) throw new HubError('broken_answer', `QuestionPro answered ${path} with something that is not JSON`);
  return { body: answer.value, servedAt: servedAtOf(response) };
}

/** One call whose target has to exist. */
export async function ask(session: Session, path: string, call: Call = {}): Promise<Reply> {
  const reply = await askIfThere(session, path, call);
  if ('missing' in reply) throw new HubError('misconfigured', `QuestionPro knows nothing at ${path}`, { code: '1040' });
  return reply;
}
