import type { ObjectTraits } from '../contract/manifest.ts';
import { type Connection, listStreams, type Stream } from '../hub/connections/connections.ts';
import { fieldsRead } from '../mapping/fields-read.ts';
import type { EntityMapping } from '../mapping/mapping.ts';
import type { Mapping } from '../mapping/mappings.ts';
import type { ResponseMapping } from '../mapping/response-mapping.ts';
import type { Reach } from './connecting/lost-scope.ts';
import type { OpenConnection } from './connecting/session.ts';
import { type Engine, mappingOf } from './engine.ts';
import type { Held } from './lease.ts';
import { turnsOn } from './limits/turns.ts';
import { makeContacts } from './responses/make-contacts.ts';
import { adoptResponseMapping } from './responses/reclassify.ts';
import { adoptMapping } from './schema/adopt-mapping.ts';
import { freshSchema } from './schema/fresh-schema.ts';
import { mappingHash } from './schema/mapping-versions.ts';
import { inTransaction } from './transaction.ts';
import type { Applying, MergesBeside, Work } from './work.ts';

/** Which streams are to be worked on, and how. `merge`: what is read is merged; without it nothing about a stream changes. */
export type Wanted = {
  readonly held: Held;
  readonly takes: (stream: Stream) => boolean;
  readonly merge: boolean;
  readonly applying: Applying | undefined;
  /** Whether the schedule says what is looked at, so that what can wait gives way. */
  readonly looksBySchedule: boolean;
};

/** The streams of a connection that are switched on, parents before children, each with its live schema. */
export async function openWorks(
  engine: Engine,
  connection: Connection,
  opened: OpenConnection,
  wanted: Wanted,
  { calls, reach, merges }: { readonly calls: { floor: number }; readonly reach: Reach; readonly merges: MergesBeside },
): Promise<readonly Work[]> {
  const order = Object.keys(opened.connector.manifest.objects);
  const streams = (await listStreams(engine.hub, { connectionId: connection.id })).filter(
    (stream) => wanted.takes(stream) && stream.direction !== 'off' && (stream.resumeInMs ?? 0) === 0,
  );
  const works: Work[] = [];
  const turns = turnsOn(engine, connection, opened, { looks: wanted.looksBySchedule });
  for (const stream of [...streams].sort((a, b) => order.indexOf(a.object) - order.indexOf(b.object))) {
    const port = opened.ports.objects[stream.object];
    const mapping = mappingOf(engine, connection, stream.object);
    if (port === undefined || mapping === undefined) continue;
    const before = opened.calls();
    const fresh =
      mapping.kind === 'entity'
        ? await reach.within({ stream }, async () =>
            freshSchema(engine, wanted.merge ? await adopted(engine, stream, mapping) : stream, port, mapping),
          )
        : wanted.merge
          ? await adoptedResponses(engine, connection, stream, mapping)
          : stream;
    if (fresh === null) continue;
    calls.floor += opened.calls() - before;
    works.push({
      connection,
      stream: fresh,
      port,
      mapping,
      fields: fieldsOf(fresh, mapping, { merge: wanted.merge, traits: opened.connector.manifest.objects[stream.object] }),
      held: wanted.held,
      merges: wanted.merge ? merges : undefined,
      applying: wanted.applying,
      turns: wanted.merge ? turns : undefined,
    });
  }
  return works;
}

/** The stream under its mapping as it is now. */
async function adopted(engine: Engine, stream: Stream, mapping: EntityMapping): Promise<Stream> {
  const isNew = stream.mappingHash !== mappingHash(mapping);
  if (isNew) await inTransaction(engine.hub, (tx) => adoptMapping(tx, stream, mapping));
  return isNew && stream.mappingHash !== null ? { ...stream, sinceSchemaMs: null, placed: false } : stream;
}

/** Responses that are stored count under the mapping as it is now, and whoever is still to be made of one is made. */
async function adoptedResponses(engine: Engine, connection: Connection, stream: Stream, mapping: ResponseMapping): Promise<Stream> {
  await adoptResponseMapping(engine, stream, mapping);
  await makeContacts(engine, connection, mapping);
  return stream;
}
type Asking = { readonly merge: boolean; readonly traits: ObjectTraits | undefined };

/**
 * What to ask for: everything that is mapped, and what keeps a record out, as far as the live schema shows it. Who only reads, under a mapping
 * that may never come to be, asks for what is asked already as well.
 */
function fieldsOf(stream: Stream, mapping: Mapping, { merge, traits }: Asking): readonly string[] {
  if (mapping.kind !== 'entity') return [];
  const shown = new Set((stream.schema ?? []).map((field) => field.name).filter((name) => !stream.quarantined.includes(name)));
  // By its key a record is known as one that a job has just made.
  const key = traits?.write?.bulk?.key ?? [];
  const asked = new Set([...fieldsRead(mapping), ...(merge ? [] : (stream.asked ?? []))].concat(key));
  return [...asked].filter((name) => shown.has(name));
}
