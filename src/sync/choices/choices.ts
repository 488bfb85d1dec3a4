import type { Choice, ChoiceList } from '../../contract/choices.ts';
import type { AnyPort } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { FieldValue } from '../../contract/records.ts';
import { type Connection, findConnection } from '../../hub/connections/connections.ts';
import { makeDue } from '../../hub/rhythm/due-connections.ts';
import { type FieldChoices, type FieldChoicesFound, LACKS_CHOICE } from '../../hub/views/waiting-values.ts';
import { must } from '../../kernel/must.ts';
import { openConnection } from '../connecting/session.ts';
import { type Engine, entityMapping } from '../engine.ts';
import { actOnFailures } from '../failures/dead-letters.ts';
import { awaitLease, type Held } from '../lease.ts';
import { whyLeftAlone } from '../rhythm/left-alone.ts';
import { readSchema } from '../schema/fresh-schema.ts';
import { forgetSchemas } from '../schema/outdated.ts';
import { labelAt, missingAt, type Place, placesOf, waitingAt, writtenAs } from './missing.ts';

/** A field over there, by its name there. */
export type FieldThere = { readonly object: string; readonly field: string };
/** A look at it, or with `add` what is to be added to it, and who asks for that. */
export type ChoicesWish = FieldThere & { readonly signal: AbortSignal } & (
    | { readonly add?: undefined }
    | { readonly add: readonly Choice[]; readonly actor: string }
  );

/**
 * Shows the choices of a field that a mapping writes, as they are over there now, with the values that wait for it; or adds some, and tries again what
 * waited. Null when there is no such connection. Waits for a worker that is at it, as long as one may be.
 */
export async function fieldChoices(engine: Engine, nameOrId: string, wish: ChoicesWish): Promise<FieldChoicesFound | null> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) return null;
  try {
    const hindrance = await whyLeftAlone(engine, connection);
    if (hindrance !== null) throw hindrance;
    const place = await placeOf(engine, connection, wish);
    const found = await awaitLease(engine, connection.id, wish.signal, (held) => underLease(engine, place, wish, held));
    return { ok: true, found };
  } catch (error) {
    if (error instanceof HubError) return { ok: false, error };
    throw error;
  }
}

async function placeOf(engine: Engine, connection: Connection, { object, field }: FieldThere): Promise<Place> {
  const place = (await placesOf(engine, connection)).find(({ stream, line }) => stream.object === object && line.remote === field);
  if (place === undefined)
    throw new HubError(
      'misconfigured',
      `Nothing is written to ${field} of ${object} in ${connection.name}: no line of its mapping goes there`,
    );
  if (place.needs === null)
    throw new HubError('misconfigured', `Syncline can add no choices in ${connection.name}: they are made by hand there`);
  return place;
}

async function underLease(engine: Engine, place: Place, wish: ChoicesWish, held: Held): Promise<FieldChoices> {
  const { connection, line } = place;
  // Whoever comes after a crash reads the fields anew, and finds what was added.
  if (wish.add !== undefined) await forgetSchemas(engine, connection);
  const opened = await openConnection(engine, connection, held);
  try {
    const port = must(opened.ports.objects[wish.object], `the port ${wish.object}`);
    const adder = must(port.choices, 'an adder of choices');
    const before = await adder.look(line.remote);
    if (wish.add === undefined) return await shown(engine, place, before, { added: 0, retried: 0 });
    const choices = await adder.add(line.remote, wish.add);
    const retried = await takeIntoUse(engine, place, { port, choices, actor: wish.actor });
    const had = new Set(before.choices.map(({ value }) => value));
    const added = wish.add.filter(({ value }) => !had.has(value)).length;
    engine.log.info({ streamId: place.stream.id, field: line.remote, added, retried }, 'choices were added');
    return await shown(engine, place, { choices, closed: null }, { added, retried });
  } finally {
    await opened.settle();
  }
}

/** The stored schema shows what was added before anything is tried again, so that nothing is held once more for want of it. */
async function takeIntoUse(engine: Engine, place: Place, { port, choices, actor }: Extended): Promise<number> {
  const { connection, stream, line } = place;
  const mapping = must(entityMapping(engine, connection, stream.object), 'the mapping of a place');
  await readSchema(engine, stream, port, mapping);
  const there = new Set(choices.map(({ value }) => value));
  const fits = (value: FieldValue) => writtenAs(place, value).every((one) => there.has(one));
  const values = (await waitingAt(engine, place)).map(({ value }) => value).filter(fits);
  const at = { object: stream.object, field: line.hub, values };
  const retried = await actOnFailures(engine, { cause: LACKS_CHOICE, connectionId: connection.id, at }, 'retry', actor);
  await makeDue(engine.hub, stream.id);
  return retried;
}

type Extended = { readonly port: AnyPort; readonly choices: readonly Choice[]; readonly actor: string };

async function shown(
  engine: Engine,
  place: Place,
  { choices, closed }: ChoiceList,
  came: Pick<FieldChoices, 'added' | 'retried'>,
): Promise<FieldChoices> {
  const { connection, stream, line } = place;
  const waiting = await waitingAt(engine, place);
  const there = new Set(choices.map(({ value }) => value));
  return {
    connection: { id: connection.id, name: connection.name, connector: connection.connector },
    ...{ object: stream.object, hubObject: stream.hubObject, hubField: line.hub, field: line.remote, label: labelAt(place) },
    ...{ needs: place.needs, choices, closed, ...came },
    records: waiting.reduce((sum, one) => sum + one.records, 0),
    values: missingAt(place, waiting).map((one) => ({ ...one, there: there.has(one.value) })),
  };
}
