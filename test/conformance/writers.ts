import type { AnyPort, Ask, FieldSchema, Writer } from '../../src/contract/connector.ts';
import type { Create, Fields, Observation, Present, Update, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import type { Switches } from './bench.ts';
import type { Tried } from './every.ts';
import { fieldsToTry, sampleRecord, type Targets } from './samples.ts';
import { mappedFields, openStage, type Stage } from './stage.ts';

/** A stage with all that it takes to write one object and to read it again. */
export type Writing = Stage & {
  readonly port: AnyPort;
  readonly write: Writer;
  /** A writer of a new process, which has learnt nothing yet. */
  newWriter(): NonNullable<AnyPort['write']>;
  readonly ask: Ask;
  /** The fields that can be written. */
  readonly fields: readonly FieldSchema[];
  /** How many requests the writer and the reader have made. */
  calls(): number;
  /** A record of samples, under a key of its own. */
  create(n: number, more?: Fields): Create;
  /** The record as it is now; throws when it is not there. */
  read(id: string): Promise<Present>;
  /** Records as they are now, by one look. */
  readEach(ids: readonly string[]): Promise<readonly Present[]>;
};

/** The hub's key of the nth record. */
export function keyOf(n: number): string {
  return `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

/** An update of what was seen. */
export function updateOf({ id, version, fields: seen }: Present, fields: Fields): Update {
  return { verb: 'update', id, ifVersion: version, fields, seen };
}

/** Opens a stage to write one object of a connector, in all the fields that the shipped mapping names and some more. */
export async function openWriting(tried: Tried, object: string, switches: Switches = {}): Promise<Writing> {
  const { id: connector, objects } = tried.connector.manifest;
  const stage = await openStage(tried, switches);
  const { session, port: portOf } = stage.connect();
  const port = portOf(object);
  const refs = Object.entries(objects[object]?.refs ?? {});
  // A list beside a single reference to the same object shows the same ties once more.
  const own = refs.filter(([, to], at) => refs.findIndex(([, other]) => other === to) === at);
  const slots = tried.bench.slots?.[object] ?? [];
  const targets: Targets = Object.fromEntries(
    own.map(([field, to]) => [field, { ids: stage.hands.all(to, 'all'), atMost: slots.includes(field) ? 1 : 2 }]),
  );
  // What no create carries has cases of its own.
  const { afterwards = [] } = objects[object]?.write ?? {};
  const schema = (await port.fields('all')).filter(({ name }) => !afterwards.includes(name));
  const fields = fieldsToTry(schema, await mappedFields(connector, object), targets);
  const ask = openMemory({ fields: fields.map(({ name }) => name) }).ask('all');
  return {
    ...stage,
    port,
    write: must(port.write, 'a writer'),
    newWriter: () => must(stage.connect().port(object).write, 'a writer'),
    ask,
    fields,
    calls: () => session.calls(),
    create: (n, more = {}) => ({ verb: 'create', key: keyOf(n), fields: { ...sampleRecord(fields, n, targets), ...more } }),
    read: async (id) => presentOf(must((await port.read.byIds([id], ask))[0], id)),
    readEach: async (ids) => (await port.read.byIds(ids, ask)).map(presentOf),
  };
}

function presentOf(seen: Observation): Present {
  if (seen.kind === 'gone') throw new Error(`${seen.id} is not there`);
  return seen;
}

/** What a write that has to succeed was answered. */
export function done(outcome: WriteOutcome | undefined): { readonly id: string; readonly observed: Present | null } {
  if (outcome?.done !== true) throw outcome?.error ?? new Error('a write was not answered');
  return outcome;
}
