import { CONNECTORS } from '../../connectors/index.ts';
import type { Grant, Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Heard } from '../../src/contract/limits.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import type { Fields } from '../../src/contract/records.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Pace } from '../../src/sync/limits/pace.ts';
import { givenToken, grantWayOf, obtainBy } from '../../src/sync/sign-in/grants.ts';
import { wholeAnswer } from '../../src/sync/sign-in/token-request.ts';

/** A session without a hub behind it: no pace, no vault, and every request counted. */
export type TestSession = Session & {
  /** How many HTTP requests went out so far. */
  calls(): number;
  /** How many grants were obtained so far. */
  grants(): number;
};

export type TestSessionOptions = {
  readonly origin: string;
  /** Short for `credentials: { token }`. */
  readonly token?: string;
  readonly credentials?: Readonly<Record<string, string>>;
  /** Which of the manifest's ways to sign in; the first whose fields are all given unless told. */
  readonly kind?: string;
  /** Over the manifest's initial settings. */
  readonly settings?: Fields;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** How long one request may take. */
  readonly timeoutMs?: number;
  /** Keeps the requests apart; without it they go out at once. */
  readonly pace?: Pace;
};

function networkFailure(error: unknown): HubError | null {
  if (error instanceof HubError || !(error instanceof Error)) return null;
  const named = error.name === 'TimeoutError' || error.name === 'AbortError';
  const coded = [error, error.cause].some((e) => e instanceof Error && 'code' in e && typeof e.code === 'string');
  const cut = error instanceof TypeError && /fetch failed|terminated/.test(error.message);
  return named || coded || cut ? new HubError('unreachable', `the request failed: ${error.message}`, { cause: error }) : null;
}

function chosenAuth(manifest: Manifest, values: Readonly<Record<string, string>>): string {
  return manifest.auth.find((auth) => auth.fields.every(({ name }) => values[name] !== undefined))?.kind ?? 'token';
}

/** A session that talks to `origin` with the given credentials, as the hub's own would, but at once and without a store. */
export function testSession(manifest: Manifest, options: TestSessionOptions): TestSession {
  const given = { ...(options.token === undefined ? {} : { token: options.token }), ...options.credentials };
  const initial = Object.fromEntries(manifest.settings.flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial]])));
  const signal = options.signal ?? new AbortController().signal;
  const clock = options.clock ?? systemClock;
  let calls = 0;
  let grants = 0;
  let current: Grant | null = null;

  const call: Session['call'] = async (run, of) => {
    signal.throwIfAborted();
    const answered = (await options.pace?.turn(signal, of))?.sending();
    calls += 1;
    try {
      return await run(AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? 10_000)]));
    } catch (error) {
      throw networkFailure(error) ?? error;
    } finally {
      answered?.();
    }
  };
  const isFresh = (grant: Grant) => grant.expiresAt === null || Date.parse(grant.expiresAt) > clock.now().getTime();

  const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, new Secret(value)]));
  const credential = { kind: options.kind ?? chosenAuth(manifest, given), values };
  const base = {
    origin: options.origin,
    settings: { ...initial, ...options.settings },
    credential,
    signal,
    call,
    heard: (limits: Heard) => options.pace?.heard(limits),
    fetch: (request: Request) => call((callSignal) => fetch(request, { signal: callSignal })),
  };
  const way = grantWayOf(manifest, credential);
  const exchange = (request: Request) =>
    call(async (callSignal) => wholeAnswer(await fetch(request, { signal: callSignal, redirect: 'manual' })));
  const obtain =
    way === null
      ? null
      : obtainBy(way, { ...base, exchange, now: () => clock.now() }, () => CONNECTORS.get(manifest.id)?.open(session).signIn);
  const session: TestSession = {
    ...base,
    async grant() {
      if (obtain === null) return givenToken(credential).grant();
      if (current !== null && isFresh(current)) return current;
      const { accessToken, instanceUrl, expiresInS } = await obtain(null);
      const expiresAt = expiresInS === null ? null : new Date(clock.now().getTime() + expiresInS * 1000).toISOString();
      current = { accessToken, instanceUrl, expiresAt };
      grants += 1;
      return current;
    },
    async renew(refused) {
      if (obtain === null) return null;
      if (current?.accessToken.reveal() === refused.accessToken.reveal()) current = null;
      return session.grant();
    },
    calls: () => calls,
    grants: () => grants,
  };
  return session;
}
