import type { Grant, Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { granted } from '../../../src/contract/granted.ts';
import { readJson } from '../../../src/contract/raw.ts';
import { refused } from './errors.ts';
import { heardIn } from './limits.ts';
import { API_VERSIONS, type Paths, pathsOf } from './paths.ts';
import { instantOrNull, isObject, textOr } from './shapes.ts';
import { SignalledClient } from './transport.ts';

/** How everything is read at first: by what is quick, by what takes the fewest requests, or by the list alone. */
const FIRST_LOADS = ['auto', 'fewest_calls', 'list'] as const;
export type FirstLoad = (typeof FIRST_LOADS)[number];

/** What came back of one request that HubSpot carried out. */
type Reply = {
  readonly body: unknown;
  /** HubSpot's own clock (to the second) when it answered; null when a proxy took the header away. */
  readonly servedAt: string | null;
};

/** HubSpot over HTTP: every method is one request, and throws the `HubError` that a refusal is. */
export type HubSpot = {
  /** Aborts when the hub stops: what was gathered ahead is not worked on any more. */
  readonly signal: AbortSignal;
  readonly paths: Paths;
  readonly indexLagMs: number;
  readonly firstLoad: FirstLoad;
  /** Who owns what nobody known to HubSpot owns, by e-mail in lower case. */
  readonly fallbackOwner: string | null;
  get(path: string, query?: readonly (readonly [string, string])[]): Promise<Reply>;
  /** A GET of one thing that may not be there: null when it is not. */
  find(path: string, query?: readonly (readonly [string, string])[]): Promise<Reply | null>;
  /** A POST that only reads. */
  ask(path: string, body: object, query?: readonly (readonly [string, string])[]): Promise<Reply>;
  /** A search, which has a pace of its own. */
  search(path: string, body: object): Promise<Reply>;
  /** A POST that changes something. */
  tell(path: string, body: object): Promise<Reply>;
  /** A PATCH: what is named changes, and the rest stays. */
  amend(path: string, body: object): Promise<Reply>;
  /** A PUT: doing it twice is doing it once. */
  put(path: string, body: readonly string[]): Promise<Reply>;
};

type Sent = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: object;
  readonly writes: boolean;
  readonly of?: string;
};

/** Wraps the SDK for one connection. */
export function openHubSpot(session: Session): HubSpot {
  // Without limiter and retry options the SDK decorates nothing: pace and repeats are the engine's.
  const sdk = clients(session);
  const send = (sent: Sent) => granted(session, async (grant) => exchange(session, sdk(grant), sent));
  return {
    signal: session.signal,
    paths: pathsOf(apiVersionOf(session)),
    indexLagMs: indexLagMsOf(session),
    firstLoad: firstLoadOf(session),
    fallbackOwner: textOr(session.settings.fallbackOwner, null)?.trim().toLowerCase() || null,
    get: (path, query = []) => send({ method: 'GET', path, query, writes: false }),
    find: (path, query = []) =>
      granted(session, async (grant) => exchangeOrMiss(session, sdk(grant), { method: 'GET', path, query, writes: false })),
    ask: (path, body, query = []) => send({ method: 'POST', path, query, body, writes: false }),
    search: (path, body) => send({ method: 'POST', path, body, writes: false, of: 'search' }),
    tell: (path, body) => send({ method: 'POST', path, body, writes: true }),
    amend: (path, body) => send({ method: 'PATCH', path, body, writes: true }),
    put: (path, body) => send({ method: 'PUT', path, body, writes: true }),
  };
}

/** The SDK's client for a grant: the same one as long as the token is. */
function clients({ origin }: Session): (grant: Grant) => SignalledClient {
  let open: { readonly token: string; readonly client: SignalledClient } | null = null;
  return (grant) => {
    const token = tokenOf(grant);
    if (open?.token !== token) open = { token, client: new SignalledClient({ accessToken: token, basePath: origin }) };
    return open.client;
  };
}

function tokenOf({ accessToken }: Grant): string {
  const token = accessToken.reveal().trim();
  // A header with other characters would be refused by fetch, in a message that shows the token.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new HubError('signed_out', 'The connection has no usable HubSpot token: it is empty or holds odd characters');
  return token;
}

function apiVersionOf({ settings }: Session) {
  const wanted = settings.apiVersion ?? '2026-09';
  const version = API_VERSIONS.find((one) => one === wanted);
  if (version === undefined)
    throw new HubError('misconfigured', `HubSpot has no API version ${String(wanted)}: choose ${API_VERSIONS.join(', ')}`);
  return version;
}

function firstLoadOf({ settings }: Session): FirstLoad {
  const wanted = settings.firstLoad ?? 'auto';
  const found = FIRST_LOADS.find((one) => one === wanted);
  if (found === undefined)
    throw new HubError('misconfigured', `HubSpot cannot be read first by ${String(wanted)}: choose ${FIRST_LOADS.join(', ')}`);
  return found;
}

function indexLagMsOf({ settings }: Session): number {
  const seconds = Number(settings.indexLagSeconds ?? 12);
  if (!(seconds >= 0 && seconds <= 86_400))
    throw new HubError('misconfigured', 'The search lag of HubSpot must be between 0 and 86400 seconds');
  return seconds * 1000;
}

/** One request that has to be carried out. */
async function exchange(session: Session, sdk: SignalledClient, sent: Sent): Promise<Reply> {
  return carriedOut(sent, await answerTo(session, sdk, sent));
}

// HubSpot's own 404 says that this one record is not there; the 404 of a page of HTML says nothing about records.
async function exchangeOrMiss(session: Session, sdk: SignalledClient, sent: Sent): Promise<Reply | null> {
  const answer = await answerTo(session, sdk, sent);
  return answer.response.status === 404 && isObject(answer.parsed) ? null : carriedOut(sent, answer);
}

type Answer = { readonly response: Response; readonly text: string; readonly parsed: unknown };

/**
 * What came back, whatever it is. `apiRequest` and not the typed methods: those cost as much again for every page, drop what they do not
 * know, and throw on a 2xx other than the one in their spec.
 */
async function answerTo(
  session: Session,
  sdk: SignalledClient,
  { method, path, query = [], body, of = familyOf(path) }: Sent,
): Promise<Answer> {
  const words = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  return session.call(async (signal) => {
    const response = await sdk.apiRequest({
      method,
      path: words === '' ? path : `${path}?${words}`,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    session.heard(heardIn(response, of));
    const text = await response.text();
    return { response, text, parsed: parseJson(text) };
  }, of);
}

/** Associations have limits of their own, and their answers tell of those. */
const familyOf = (path: string): string | undefined => (path.includes('/associations/') ? 'associations' : undefined);

function carriedOut({ method, path, writes }: Sent, { response, text, parsed }: Answer): Reply {
  const { status, headers } = response;
  if (!response.ok) throw refused({ method, path, writes, status, headers }, parsed);
  if (parsed === undefined && text !== '')
    throw new HubError('broken_answer', `HubSpot answered ${method} ${path} with something that is not JSON`);
  return { body: parsed, servedAt: instantOrNull(headers.get('date')) };
}

function parseJson(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    // A gateway's page of HTML, or nothing: the status says what to make of it.
    return undefined;
  }
}
