import type { AnyPort } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { OwnField, OwnFields, Provisioner, ProvisionOutcome, ProvisionPreview, Standing } from '../../contract/provision.ts';
import { type Connection, findConnection, listStreams, type Stream } from '../../hub/connections/connections.ts';
import { makeDue } from '../../hub/rhythm/due-connections.ts';
import type { EntityMapping } from '../../mapping/mapping.ts';
import { ownFields } from '../../mapping/own-fields.ts';
import { openConnection } from '../connecting/session.ts';
import { type Engine, entityMapping } from '../engine.ts';
import { awaitLease, type Held } from '../lease.ts';
import { whyLeftAlone } from '../rhythm/left-alone.ts';
import { readSchema } from './fresh-schema.ts';
import { forgetSchemas } from './outdated.ts';

/** One of the hub's own fields: how it stands over there, null when that could not be seen, and what came of making it, where that was asked for. */
export type OwnFieldView = Pick<OwnField, 'name' | 'label' | 'description' | 'type' | 'unique'> & {
  readonly standing: Standing | null;
  readonly outcome: ProvisionOutcome | null;
};
/** Those of one object. */
export type OwnObjectView = {
  readonly object: string;
  readonly fields: readonly OwnFieldView[];
  /** The rights that are lacking over there; null when the vendor tells of them only by refusing. */
  readonly lacking: readonly string[] | null;
  /** Why this object could not be looked at, or how far it came is not known. */
  readonly error: HubError | null;
};
export type Provisioned =
  | { readonly ok: true; readonly objects: readonly OwnObjectView[] }
  | { readonly ok: false; readonly error: HubError };
export type ProvisionWish = { readonly object?: string | undefined; readonly apply: boolean; readonly signal: AbortSignal };

/**
 * Shows the hub's own fields on the objects of a connection, and with `apply` makes those that are missing: of the object that is named, or else of
 * those that are switched on, or would be together with the connection. Null when there is no such connection. Waits for a worker that is at it, as
 * long as one may be.
 */
export async function provision(engine: Engine, nameOrId: string, wish: ProvisionWish): Promise<Provisioned | null> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return null;
  const hindrance = await whyLeftAlone(engine, connection);
  if (hindrance !== null) return { ok: false, error: hindrance };
  const came = await asValue(awaitLease(engine, connection.id, wish.signal, (held) => underLease(engine, connection, wish, held)));
  return came instanceof HubError ? { ok: false, error: came } : came;
}

type Place = { readonly stream: Stream; readonly mapping: EntityMapping; readonly own: OwnFields };

/** Where the hub has fields of its own, parents before children. */
async function placesOf(engine: Engine, connection: Connection, object: string | undefined): Promise<readonly Place[]> {
  const { id, connector } = connection;
  const traitsOf = engine.connectors.get(connector)?.manifest.objects ?? {};
  const order = Object.keys(traitsOf);
  const streams = await listStreams(engine.hub, { connectionId: id });
  const isAnyOn = streams.some(({ enabled }) => enabled);
  return [...streams]
    .sort((a, b) => order.indexOf(a.object) - order.indexOf(b.object))
    .flatMap((stream) => {
      const mapping = entityMapping(engine, connection, stream.object);
      const { provision: trait, write } = traitsOf[stream.object] ?? {};
      if (mapping === undefined || trait === undefined || write === undefined) return [];
      const isMeant = object === undefined ? (isAnyOn ? stream.enabled : mapping.optional !== true) : stream.object === object;
      if (!isMeant || stream.direction === 'in' || stream.direction === 'off') return [];
      const own = ownFields(mapping, { model: engine.mappings.model, write, key: trait.key });
      return own === null ? [] : [{ stream, mapping, own }];
    });
}

async function underLease(engine: Engine, connection: Connection, { object, apply }: ProvisionWish, held: Held): Promise<Provisioned> {
  const places = await placesOf(engine, connection, object);
  if (places.length === 0) {
    const where =
      object === undefined ? `Nothing that is switched on in ${connection.name}` : `${object} of ${connection.name} is nothing that`;
    return { ok: false, error: new HubError('misconfigured', `${where} has fields of Syncline's own`) };
  }
  const opened = await asValue(openConnection(engine, connection, held));
  if (opened instanceof HubError) return { ok: false, error: opened };
  const objects: OwnObjectView[] = [];
  for (const place of places) {
    const port = opened.ports.objects[place.stream.object];
    if (port?.provision === undefined) continue;
    const view = await viewOf(engine, connection, { ...place, port, provisioner: port.provision, apply });
    objects.push(view);
    if (view.error !== null && !ABOUT_ONE_OBJECT.has(view.error.kind)) break;
  }
  await opened.settle();
  return { ok: true, objects };
}

// Anything else would meet the next object as well.
const ABOUT_ONE_OBJECT: ReadonlySet<string> = new Set(['not_allowed', 'misconfigured']);

type Viewing = Place & { readonly port: AnyPort; readonly provisioner: Provisioner; readonly apply: boolean };

async function viewOf(engine: Engine, connection: Connection, { own, provisioner, apply, ...place }: Viewing): Promise<OwnObjectView> {
  const applied = apply ? await asValue(provisioner.apply(own)) : null;
  if (applied instanceof HubError) await forgetSchemas(engine, connection);
  else if (applied?.some(({ done }) => done === 'made' || done === 'completed')) await takeIntoUse(engine, connection, place);
  const preview = await asValue(provisioner.preview(own));
  const seen: ProvisionPreview | null = preview instanceof HubError ? null : preview;
  return {
    object: place.stream.object,
    fields: own.fields.map(({ name, label, description, type, unique }, i) => ({
      ...{ name, label, description, type, unique },
      standing: seen?.fields[i] ?? null,
      outcome: applied instanceof HubError ? null : (applied?.[i] ?? null),
    })),
    lacking: seen?.lacking ?? null,
    error: applied instanceof HubError ? applied : preview instanceof HubError ? preview : null,
  };
}

/** The stored schema shows what was made before anybody is told of it: the mapping's lines are at work from the next look on, which is due now. */
async function takeIntoUse(
  engine: Engine,
  connection: Connection,
  { stream, port, mapping }: Pick<Viewing, 'stream' | 'port' | 'mapping'>,
) {
  const read = await asValue(readSchema(engine, stream, port, mapping));
  if (read instanceof HubError) await forgetSchemas(engine, connection);
  await makeDue(engine.hub, stream.id);
  engine.log.info({ streamId: stream.id, object: stream.object }, 'own fields were made');
}

async function asValue<T>(work: Promise<T>): Promise<T | HubError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}
