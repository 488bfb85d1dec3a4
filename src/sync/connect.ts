import { causeOf } from '../causes/cause-of.ts';
import type { CauseId } from '../causes/causes.ts';
import { sayCause } from '../causes/say.ts';
import type { Account, Credential } from '../contract/connector.ts';
import { type ErrorKind, HubError } from '../contract/errors.ts';
import type { Manifest } from '../contract/manifest.ts';
import type { Fields } from '../contract/records.ts';
import { ensureStreams, findConnection, listStreams, type Stream, saveConnection, setConnectionEnabled } from '../hub/connections.ts';
import { setStream } from '../hub/set-stream.ts';
import { Secret } from '../kernel/secret.ts';
import { type Engine, entityMapping, mappingOf } from './engine.ts';
import { openDraft } from './session.ts';

/** A connection as an admin describes it. Origin null: the vendor's own. */
export type Draft = {
  readonly connector: string;
  readonly name: string;
  readonly origin: string | null;
  readonly auth: { readonly kind: string; readonly values: Readonly<Record<string, string>> };
  readonly settings: Readonly<Record<string, string>>;
};
type Refused = {
  readonly ok: false;
  readonly kind: ErrorKind;
  readonly message: string;
  /** Missing where the hub itself says no. */
  readonly cause?: CauseId;
  readonly advice: string;
};

/** What is wrong and what to do about it, as sentences. */
export function withAdvice(error: { readonly kind: ErrorKind; readonly message: string; readonly code?: string | undefined }): string {
  return `${error.message}${/[.!?]$/.test(error.message) ? '' : '.'} ${sayCause(causeOf(error), 'en').advice}`;
}

/** Proves the credentials of a draft: whose they are, or what is wrong and what to do. Stores nothing. */
export async function tryConnection(engine: Engine, draft: Draft): Promise<{ readonly ok: true; readonly account: Account } | Refused> {
  try {
    const { origin, settings, credential } = readDraft(engine, draft);
    const opened = await openDraft(engine, { connector: draft.connector, origin, settings }, credential);
    return { ok: true, account: await opened.ports.identify() };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const cause = causeOf(error);
    const { advice } = sayCause(cause, 'en', { system: draft.name });
    return { ok: false, kind: error.kind, message: error.message, cause, advice };
  }
}

/** Makes the connection of that name, or gives it new credentials, after proving them. Its streams start switched off. */
export async function connect(
  engine: Engine,
  draft: Draft,
): Promise<{ readonly ok: true; readonly id: string; readonly account: Account } | Refused> {
  const taken = await findConnection(engine.hub, draft.name);
  if (taken !== undefined && taken.connector !== draft.connector) {
    return {
      ok: false,
      kind: 'misconfigured',
      message: `There is a connection named "${draft.name}" already, of another kind.`,
      advice: 'Choose another name.',
    };
  }
  if (engine.connectors.has(draft.name) && draft.name !== draft.connector) {
    return {
      ok: false,
      kind: 'misconfigured',
      message: `"${draft.name}" is the name of another system, and rules that name it would mean this connection as well.`,
      advice: 'Choose another name.',
    };
  }
  const tried = await tryConnection(engine, draft);
  if (!tried.ok) return tried;
  const { origin, settings, manifest } = readDraft(engine, draft);
  const id = await engine.hub.transaction().execute(async (tx) => {
    const connectionId = await saveConnection(tx, {
      connector: draft.connector,
      name: draft.name,
      origin,
      settings,
      account: tried.account,
    });
    await engine.vault.store(tx, connectionId, draft.auth);
    await ensureStreams(tx, connectionId, streamsOf(engine, manifest));
    return connectionId;
  });
  return { ok: true, id, account: tried.account };
}

/** The objects of a connector that have a mapping, with the mapping's direction. */
function streamsOf(engine: Engine, manifest: Manifest) {
  return Object.keys(manifest.objects).flatMap((object) => {
    const mapping = mappingOf(engine, manifest.id, object);
    if (mapping === undefined) return [];
    return [
      mapping.kind === 'entity'
        ? { object, hubObject: mapping.hub, direction: mapping.direction }
        : { object, hubObject: 'response', direction: 'in' as const },
    ];
  });
}

/**
 * Switches a connection and its objects on, as shadows, or off; `object` for one of them alone. Objects whose mapping is optional are switched
 * on by name only. False when there is no such connection or object.
 */
export async function setEnabled(engine: Engine, nameOrId: string, enabled: boolean | 'shadow', object?: string): Promise<boolean> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return false;
  const streams = (await listStreams(engine.hub, connection.id)).filter((stream) => object === undefined || stream.object === object);
  if (streams.length === 0) return false;
  const isMeant = (stream: Stream) =>
    object !== undefined || enabled === false || entityMapping(engine, connection.connector, stream.object)?.optional !== true;
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

function readDraft(engine: Engine, draft: Draft): { origin: string; settings: Fields; credential: Credential; manifest: Manifest } {
  const manifest = engine.connectors.get(draft.connector)?.manifest;
  if (manifest === undefined)
    throw new HubError(
      'misconfigured',
      `There is no connector "${draft.connector}". There are: ${[...engine.connectors.keys()].join(', ')}.`,
    );
  const origin = draft.origin ?? manifest.origin;
  if (origin === null) throw new HubError('misconfigured', `${manifest.label} needs the address of your own host.`);
  if (!URL.canParse(origin)) throw new HubError('misconfigured', `"${origin}" is not an http or https address.`);
  const auth = manifest.auth.find((one) => one.kind === draft.auth.kind);
  if (auth === undefined)
    throw new HubError('misconfigured', `${manifest.label} signs in with ${manifest.auth.map((one) => one.kind).join(' or ')}.`);
  const missing = auth.fields.filter((field) => (draft.auth.values[field.name] ?? '') === '');
  if (missing.length > 0)
    throw new HubError('misconfigured', `${manifest.label} needs: ${missing.map((field) => field.label).join(', ')}.`);
  const values = Object.fromEntries(auth.fields.map((field) => [field.name, new Secret(draft.auth.values[field.name] ?? '')]));
  return {
    origin: origin.replace(/\/+$/, ''),
    settings: readSettings(manifest, draft.settings),
    credential: { kind: auth.kind, values },
    manifest,
  };
}

function readSettings(manifest: Manifest, given: Readonly<Record<string, string>>): Fields {
  const known = new Map(manifest.settings.map((field) => [field.name, field]));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new HubError(
      'misconfigured',
      `${manifest.label} has no setting "${unknown}". It has: ${[...known.keys()].join(', ') || 'none'}.`,
    );
  return Object.fromEntries(
    manifest.settings.flatMap((field) => {
      const text = given[field.name] ?? field.initial ?? '';
      if (text === '' && field.required)
        throw new HubError('misconfigured', `${manifest.label} needs the setting "${field.name}" (${field.label}).`);
      if (text === '') return [];
      if (field.kind === 'number' && !Number.isFinite(Number(text))) throw new HubError('misconfigured', `"${field.name}" takes a number.`);
      if (field.choices !== undefined && !field.choices.some((choice) => choice.value === text))
        throw new HubError('misconfigured', `"${field.name}" takes one of ${field.choices.map((choice) => choice.value).join(', ')}.`);
      return [[field.name, field.kind === 'number' ? Number(text) : field.kind === 'switch' ? text === 'true' : text] as const];
    }),
  );
}
