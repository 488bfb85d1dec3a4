import type { Grant, Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { granted } from '../../src/contract/granted.ts';
import { jsonIn, type Raw } from '../../src/contract/raw.ts';
import { NOT_FOUND, parseRefusal, refused, revoked, revokedIn } from './errors.ts';
import { heardIn } from './limits.ts';

/** What the vendor answered, with the time on its own clock (ISO), or null when it did not say. */
export type Reply = { readonly body: unknown; readonly servedAt: string | null; readonly headers: Headers };
export type Query = Readonly<Record<string, string | number>>;

export type Sent = { readonly method: 'POST' | 'PATCH' | 'DELETE'; readonly body?: Raw };
type Call = { readonly query?: Query; readonly sent?: Sent };

function requestOf(session: Session, { accessToken, instanceUrl }: Grant, path: string, { query = {}, sent }: Call): Request {
  const token = accessToken.reveal().trim();
  // A header with other characters would be refused by fetch, in a message that shows the token.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new HubError('signed_out', 'the connection has no usable access token');
  const url = new URL(`${instanceUrl ?? session.origin}/v3${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = { authorization: `bearer ${token}`, accept: 'application/json' };
  if (sent === undefined) return new Request(url, { headers, redirect: 'manual' });
  const { method, body } = sent;
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
    throw new HubError('unreachable', 'the answer of SurveyMonkey broke off', { cause });
  }
}

function servedAtOf({ headers }: Response): string | null {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

async function exchange(session: Session, grant: Grant, path: string, call: Call): Promise<Reply | { readonly missing: string | null }> {
  const response = await session.fetch(requestOf(session, grant, path, call));
  session.heard(heardIn(response.headers));
  const answer = jsonIn(await bodyOf(response, session));
  const takenBack = revokedIn(answer?.value);
  if (takenBack !== null) throw revoked(path, takenBack);
  if (response.status === 404 && parseRefusal(answer?.value).id === NOT_FOUND) return { missing: servedAtOf(response) };
  if (!response.ok) throw refused(response, path, answer?.value);
  // What was deleted is answered by nothing.
  if (answer === null && call.sent?.method === 'DELETE') return { body: null, servedAt: servedAtOf(response), headers: response.headers };
  if (answer === null) throw new HubError('broken_answer', `SurveyMonkey answered ${path} with something that is not JSON`);
  return { body: answer.value, servedAt: servedAtOf(response), headers: response.headers };
}

/** One GET of what may not be there; a 404 in other words than the vendor's is an address gone wrong. */
export function askIfThere(session: Session, path: string, query: Query = {}): Promise<Reply | { readonly missing: string | null }> {
  return granted(session, (grant) => exchange(session, grant, path, { query }));
}

/** One GET; anything but a readable success is a HubError. */
export async function ask(session: Session, path: string, query: Query = {}): Promise<Reply> {
  const reply = await askIfThere(session, path, query);
  if ('missing' in reply) throw new HubError('misconfigured', `SurveyMonkey knows nothing at ${path}`, { code: NOT_FOUND });
  return reply;
}

/** Puts something there, or takes it away. What is gone already is taken away. */
export async function send(session: Session, path: string, sent: Sent): Promise<void> {
  const reply = await granted(session, (grant) => exchange(session, grant, path, { sent }));
  if ('missing' in reply && sent.method !== 'DELETE')
    throw new HubError('misconfigured', `SurveyMonkey knows nothing at ${path}`, { code: NOT_FOUND });
}
