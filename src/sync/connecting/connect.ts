import { causeOf } from '../../causes/cause-of.ts';
import type { CauseId } from '../../causes/causes.ts';
import { sayCause } from '../../causes/say.ts';
import { toldWithAdvice } from '../../causes/told-with-advice.ts';
import type { Account } from '../../contract/connector.ts';
import { type ErrorKind, HubError } from '../../contract/errors.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { TokenReply } from '../../contract/sign-in.ts';
import {
  type Connection,
  ensureStreams,
  findConnection,
  listStreams,
  type Stream,
  saveConnection,
  setConnectionEnabled,
} from '../../hub/connections/connections.ts';
import { madeUpBeside } from '../../hub/connections/made-up.ts';
import { setStream } from '../../hub/connections/set-stream.ts';
import { objectsTogether } from '../../mapping/mappings.ts';
import { type Engine, mappingOf } from '../engine.ts';
import { type Draft, type ReadDraft, readDraft } from './read-draft.ts';
import { openDraft } from './session.ts';

export type Refused = {
  readonly ok: false;
  readonly kind: ErrorKind;
  readonly message: string;
  /** Missing where the hub itself says no. */
  readonly cause?: CauseId;
  readonly advice: string;
};

/** What is wrong and what to do about it, as sentences. */
export function withAdvice(error: { readonly kind: ErrorKind; readonly message: string; readonly code?: string | undefined }): string {
  return toldWithAdvice(error.message, sayCause(causeOf(error), 'en').advice);
}

/** What a failure is to whoever connects. */
export function refusedBy(error: HubError, name: string): Refused {
  const cause = causeOf(error);
  return { ok: false, kind: error.kind, message: error.message, cause, advice: sayCause(cause, 'en', { system: name }).advice };
}

/** Proves the credentials of a draft: whose they are, or what is wrong and what to do. Stores nothing. */
export async function tryConnection(engine: Engine, draft: Draft): Promise<{ readonly ok: true; readonly account: Account } | Refused> {
  try {
    const { origin, settings, credential, way } = readDraft(engine, draft);
    const sandbox = draft.sandbox ?? null;
    if (way.kind === 'oauth2') throw new HubError('misconfigured', 'This way to sign in takes a person with a browser');
    const opened = await openDraft(engine, { connector: draft.connector, origin, settings, sandbox }, credential);
    return { ok: true, account: await opened.ports.identify() };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return refusedBy(error, draft.name);
  }
}

type Connected = { readonly ok: true; readonly id: string; readonly account: Account };

/** Makes the connection of that name, or gives it new credentials, after proving them. Its streams start switched off. */
export async function connect(engine: Engine, draft: Draft): Promise<Connected | Refused> {
  const hindrance = await nameHindrance(engine, draft);
  if (hindrance !== null) return hindrance;
  const tried = await tryConnection(engine, draft);
  return tried.ok ? keepConnection(engine, draft, { read: readDraft(engine, draft), account: tried.account }) : tried;
}

/** Why a connection cannot have this name; null when it can, or has it already. */
export async function nameHindrance(engine: Engine, { name, connector }: Pick<Draft, 'name' | 'connector'>): Promise<Refused | null> {
  const refused = (message: string): Refused => ({ ok: false, kind: 'misconfigured', message, advice: 'Choose another name.' });
  const taken = await findConnection(engine.hub, name);
  if (taken !== undefined && taken.connector !== connector)
    return refused(`There is a connection named "${name}" already, of another kind.`);
  if (engine.connectors.has(name) && name !== connector)
    return refused(`"${name}" is the name of another system, and rules that name it would mean this connection as well.`);
  return null;
}

type Proven = {
  readonly read: ReadDraft;
  readonly account: Account;
  readonly granted?: { readonly reply: TokenReply; readonly askedAt: string };
};

/** Stores a connection whose credentials were proven; what belongs to another account stays that account's. */
export async function keepConnection(engine: Engine, draft: Draft, { read, account, granted }: Proven): Promise<Connected | Refused> {
  const { origin, settings, manifest, credential } = read;
  const values = Object.fromEntries(Object.entries(credential.values).map(([name, value]) => [name, value.reveal()]));
  const kept = await engine.hub.transaction().execute(async (tx) => {
    const before = (await findConnection(tx, draft.name))?.account ?? null;
    if (before !== null && !isSame(before, account)) {
      const message = `"${draft.name}" belongs to ${before.name}, and these credentials belong to ${account.name}`;
      return refusedBy(new HubError('misconfigured', message, { code: 'OTHER_ACCOUNT' }), draft.name);
    }
    const sandbox = draft.sandbox ?? (account.test === true ? 'theirs' : null);
    const id = await saveConnection(tx, { connector: draft.connector, name: draft.name, origin, settings, account, sandbox });
    await engine.vault.store(tx, id, { kind: credential.kind, values }, granted);
    await ensureStreams(tx, id, streamsOf(engine, manifest, { ...draft, sandbox }));
    await tx.updateTable('stream').set({ cause: null, reason: null, resume_at: null }).where('connection_id', '=', id).execute();
    return { ok: true, id, account } as const;
  });
  const { secretField } = manifest.webhooks ?? {};
  const secret = secretField === undefined ? undefined : values[secretField];
  if (kept.ok && secret !== undefined) await engine.vault.storeWebhookSecret(kept.id, secret);
  return kept;
}

// Credentials that may not ask whose they are say nothing against the account that is known.
const isSame = (before: Account, now: Account): boolean => before.id === now.id || before.guessed === true || now.guessed === true;

type Looked = Pick<Draft, 'connector' | 'name'> & Pick<Connection, 'sandbox'>;
/** How often a sandbox of ours is looked at: whoever tries things out edits something there and watches for it. */
const WATCHED_MS = 10_000;

/** The objects of a connection that have a mapping, with the mapping's direction. */
function streamsOf(engine: Engine, manifest: Manifest, connection: Looked) {
  const everyMs = connection.sandbox === 'ours' ? WATCHED_MS : manifest.rhythmMs;
  return Object.keys(manifest.objects).flatMap((object) => {
    const mapping = mappingOf(engine, connection, object);
    if (mapping === undefined) return [];
    return [
      mapping.kind === 'entity'
        ? { object, hubObject: mapping.hub, direction: mapping.direction, everyMs }
        : { object, hubObject: 'response', direction: 'in' as const, everyMs },
    ];
  });
}

/** Makes the streams of objects that have been mapped since a connection was made, switched off. */
export async function ensureMapped(engine: Engine, connection: Pick<Connection, 'id' | 'connector' | 'name' | 'sandbox'>): Promise<void> {
  const manifest = engine.connectors.get(connection.connector)?.manifest;
  if (manifest !== undefined) await ensureStreams(engine.hub, connection.id, streamsOf(engine, manifest, connection));
}

/**
 * Switches a connection and its objects on, as shadows, or off; `object` for one of them alone. Objects whose mapping is optional are switched
 * on by name only. False when there is no such connection or object; throws where people who are made up would be mixed with others.
 */
export async function setEnabled(engine: Engine, nameOrId: string, enabled: boolean | 'shadow', object?: string): Promise<boolean> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return false;
  await ensureMapped(engine, connection);
  const streams = (await listStreams(engine.hub, { connectionId: connection.id })).filter(
    (stream) => object === undefined || stream.object === object,
  );
  if (streams.length === 0) return false;
  const mixed = enabled === false ? null : await madeUpBeside(engine.hub, [connection.name]);
  if (mixed !== null) throw new HubError('misconfigured', mixed, { code: 'MADE_UP' });
  const together = new Set(objectsTogether(engine.mappings, connection));
  const isMeant = (stream: Stream) => object !== undefined || enabled === false || together.has(stream.object);
  await engine.hub.transaction().execute(async (tx) => {
    for (const stream of streams.filter(isMeant)) {
      // A response only arrives: there is nothing that a shadow would hold back.
      const mode = enabled === 'shadow' && stream.hubObject !== 'response' ? { mode: 'shadow' as const } : {};
      await setStream(tx, stream.id, { enabled: enabled !== false, ...mode });
    }
    if (enabled !== false || object === undefined) await setConnectionEnabled(tx, connection.id, enabled !== false);
  });
  return true;
}
