import { randomUUID } from 'node:crypto';
import type { AnyPorts, Connector, Credential, Session } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Fields } from '../../contract/records.ts';
import type { GrantWay, TokenReply } from '../../contract/sign-in.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import { latestDrift } from '../../hub/connections/drifts.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import type { Held } from '../lease.ts';
import type { Lane } from '../limits/lanes.ts';
import { Pace } from '../limits/pace.ts';
import { storedAllowance } from '../limits/stored-allowance.ts';
import { givenToken, grantWayOf, type Obtain, obtainBy, type SessionGrants, storedGrants, triedGrants } from '../sign-in/grants.ts';
import { type Asker, askToken, type Shown, type TokenSession, wholeAnswer } from '../sign-in/token-request.ts';
import { assertReachable, parseRanges } from './private-addresses.ts';

/** An opened connection: the connector's ports, and how many requests have gone out through them. */
export type OpenConnection = {
  readonly connector: Connector;
  readonly ports: AnyPorts;
  calls(): number;
  /** From now on calls are made in this lane. */
  enter(lane: Lane): void;
  /** Gives back what was allowed and not used. */
  settle(): Promise<void>;
};

type Account = {
  readonly id: string;
  readonly name?: string;
  readonly connector: string;
  readonly origin: string;
  readonly settings: Fields;
  readonly sandbox?: Connection['sandbox'];
};
type Access = {
  readonly credential: Credential;
  readonly user: () => User;
  readonly pace: Paced;
  grants(obtain: Obtain): SessionGrants;
};

/** Where the hub opens its own sandboxes. */
const THIS_MACHINE = parseRanges('127.0.0.1/32');

/** How long an opened connection is kept, with the owners and schemas that its connector has read. */
const KEEP_OPEN_MS = 600_000;

/** Who uses a connection now: no request goes out for somebody whose lease has run out. */
type User = Pick<Held, 'signal' | 'assertHeld'>;

/** A connection that stays open between uses. Its signal is that of whoever uses it now: one lease, one user. */
export type KeptConnection = {
  readonly opened: OpenConnection;
  readonly made: string;
  readonly untilMs: number;
  use(user: User): void;
};

/** Opens a stored connection, or goes on with the one that is open as long as nothing about it has changed. */
export async function openConnection(engine: Engine, account: Account, user: User): Promise<OpenConnection> {
  const now = engine.clock.now().getTime();
  // Whichever process has found other fields over there: a connector that was opened before knows the old ones.
  const versions = [await engine.vault.version(account.id), await latestDrift(engine.hub, account.id)];
  const made = JSON.stringify([account.connector, account.origin, account.settings, ...versions]);
  const kept = engine.opened.get(account.id);
  if (kept !== undefined && kept.made === made && kept.untilMs > now) {
    kept.use(user);
    return kept.opened;
  }
  const credential = await engine.vault.open(account.id);
  let current = user;
  const grants = (obtain: Obtain) => storedGrants(engine, account.id, obtain, () => current.signal);
  const { opened } = await open(engine, account, { credential, grants, user: () => current, pace: pacedTogether });
  engine.opened.set(account.id, { opened, made, untilMs: now + KEEP_OPEN_MS, use: (next) => (current = next) });
  return opened;
}

/** Opens a stored connection for a few calls beside whoever works on it: with its grants and its pace, and without a lease. */
export async function openBeside(engine: Engine, account: Account, signal: AbortSignal): Promise<OpenConnection> {
  const credential = await engine.vault.open(account.id);
  const grants = (obtain: Obtain) => storedGrants(engine, account.id, obtain, () => signal);
  const user = (): User => ({ signal, assertHeld: () => undefined });
  return (await open(engine, account, { credential, grants, user, pace: pacedTogether })).opened;
}

// Each of the calls is bounded by itself.
const unbounded: User = { signal: new AbortController().signal, assertHeld: () => undefined };

/** Opens a connection that is only being tried: nothing is stored. `granted` is what a sign-in has just brought. */
export async function openDraft(
  engine: Engine,
  account: Omit<Account, 'id'>,
  credential: Credential,
  granted: TokenReply | null = null,
): Promise<OpenConnection> {
  const grants = (obtain: Obtain) => triedGrants(obtain, granted);
  return (
    await open(engine, { id: `draft ${account.origin}`, ...account }, { credential, grants, user: () => unbounded, pace: pacedAlone })
  ).opened;
}

/** Shows something to the token endpoint of a connection that is only being made. */
export async function askTokenFor(engine: Engine, account: Omit<Account, 'id'>, credential: Credential, shown: Shown): Promise<TokenReply> {
  const { asker, way } = await openAsker(engine, account, credential);
  return askToken(asker, way, shown);
}

/** Whoever speaks with the vendor's token endpoint, without a grant. */
export async function openAsker(
  engine: Engine,
  account: Omit<Account, 'id'>,
  credential: Credential,
): Promise<{ asker: Asker; way: GrantWay }> {
  const grants = (obtain: Obtain) => triedGrants(obtain, null);
  const { opened, asking } = await open(
    engine,
    { id: `draft ${account.origin}`, ...account },
    { credential, grants, user: () => unbounded, pace: pacedAlone },
  );
  const way = must(grantWayOf(opened.connector.manifest, credential), 'a way that asks for tokens');
  return { asker: { session: asking, port: must(opened.ports.signIn, 'what the connector reads of its token endpoint') }, way };
}

type Paced = (engine: Engine, account: Account, manifest: Manifest) => Pace;

const pacedAlone: Paced = ({ clock }, _account, manifest) => new Pace(manifest.pace, clock);

/** All processes keep the pace of a stored connection together. */
const pacedTogether: Paced = ({ hub, clock }, { id, name }, manifest) => {
  const holder = randomUUID();
  const account = { connectionId: id, name: name ?? manifest.label, day: manifest.day, holder };
  return new Pace(manifest.pace, clock, storedAllowance(hub, account));
};

async function open(
  engine: Engine,
  account: Account,
  access: Access,
): Promise<{ readonly opened: OpenConnection; readonly asking: TokenSession }> {
  const connector = must(engine.connectors.get(account.connector), `connector ${account.connector}`);
  const allowed = account.sandbox === 'ours' ? [...engine.allowPrivate, ...THIS_MACHINE] : engine.allowPrivate;
  if (connector.manifest.arrives === undefined) await assertReachable(account.origin, allowed);
  const pace = engine.paces.get(account.id) ?? access.pace(engine, account, connector.manifest);
  engine.paces.set(account.id, pace);
  let made = 0;
  let lane: Lane = 'live';
  const call: Session['call'] = async (run, of) => {
    const { signal, assertHeld } = access.user();
    const turn = await pace.turn(signal, of, lane);
    assertHeld();
    made += 1;
    const answered = turn.sending();
    const limit = AbortSignal.timeout(engine.callTimeoutMs);
    try {
      return await run(AbortSignal.any([signal, limit]));
    } catch (error) {
      throw signal.aborted ? signal.reason : asHubError(error, account.origin, limit.aborted);
    } finally {
      answered();
    }
  };
  const way = grantWayOf(connector.manifest, access.credential);
  const about = { origin: account.origin.replace(/\/+$/, ''), settings: account.settings, credential: access.credential };
  // The signal goes to fetch itself: through a Request of ours, which nobody holds on to, it would be lost with the next garbage collection.
  const send = (request: Request, signal: AbortSignal) => fetch(request, { signal, redirect: 'manual' });
  const asking: TokenSession = {
    ...about,
    exchange: (request) => call(async (limit) => wholeAnswer(await send(request, limit))),
    now: () => engine.clock.now(),
  };
  const session: Session = {
    ...about,
    get signal() {
      return access.user().signal;
    },
    call,
    heard: (limits) => pace.heard(limits),
    fetch: async (request) => {
      if (new URL(request.url).origin !== new URL(account.origin).origin) await assertReachable(request.url, engine.allowPrivate);
      return call((limit) => send(request, limit));
    },
    ...(way === null ? givenToken(access.credential) : access.grants(obtainBy(way, asking, () => ports.signIn))),
  };
  const enter = (next: Lane): void => {
    lane = next;
  };
  const ports = connector.open(session);
  const opened = { connector, ports, calls: () => made, enter, settle: () => pace.settle() };
  return { opened, asking };
}

/** A failure below HTTP is `unreachable`; what is a HubError already stays what it is. */
function asHubError(error: unknown, origin: string, timedOut: boolean): unknown {
  if (error instanceof HubError) return error;
  if (timedOut) return new HubError('unreachable', `${origin} did not answer in time.`, { code: 'ETIMEDOUT', cause: error });
  const code = networkCode(error);
  if (code === null) return error;
  return new HubError('unreachable', `${origin} cannot be reached (${code}).`, { code, cause: error });
}

const NETWORK_CODE =
  /^(E[A-Z]+|EAI_\w+|UND_ERR_\w+|HPE_\w+|ERR_TLS_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_(VERIFY|GET)_\w+)$/;

/** The code of a network failure, also when fetch has wrapped it; null for any other error. */
function networkCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return code;
  if (error.cause instanceof Error) return networkCode(error.cause) ?? (error.message === 'fetch failed' ? error.cause.message : null);
  return error.message === 'fetch failed' || error.message === 'terminated' ? error.message : null;
}
