import {
  type Ask,
  type Connector,
  defineConnector,
  type FieldSchema,
  type Reader,
  type Session,
  type Writer,
} from '../../src/contract/connector.ts';
import type { Cursor, Page, Write, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { whoAmI } from './account.ts';
import { backfill } from './backfill.ts';
import { readByIds } from './by-ids.ts';
import { openHubSpot } from './client.ts';
import { applyCreates } from './creates.ts';
import { parseCursor } from './cursor.ts';
import { applyDeletes } from './deletes.ts';
import { delta } from './delta.ts';
import { readFields } from './fields.ts';
import { following, type Outcomes, type Row } from './isolate.ts';
import { manifest } from './manifest.ts';
import { applyMerges } from './merges.ts';
import { COMPANIES, CONTACTS, type ObjectType } from './object-types.ts';
import { ownersOf } from './owners.ts';
import { recallCreates } from './recall.ts';
import { openRoom, type Room } from './room.ts';
import { signIn } from './sign-in.ts';
import { applyUpdates } from './updates.ts';

/** HubSpot, as the hub sees it. */
export const hubspot: Connector = defineConnector(manifest, (session: Session) => {
  const client = openHubSpot(session);
  const owners = ownersOf(client);
  const port = (type: ObjectType) => openPort(openRoom(client, type, owners));
  return { signIn, identify: () => whoAmI(client, session), objects: { company: port(COMPANIES), contact: port(CONTACTS) } };
});

function openPort(room: Room): { fields(): Promise<readonly FieldSchema[]>; read: Reader; write: Writer } {
  return {
    fields: () => readFields(room),
    read: { changes: (from, ask) => readChanges(room, from, ask), byIds: (ids, ask) => readByIds(room, ids, ask) },
    write: {
      apply: (writes, ask) => applyWrites(room, writes, ask),
      recall: (creates, since, ask) => recallCreates(room, creates, { since, fields: ask.fields }),
    },
  };
}

async function* readChanges(room: Room, from: Cursor | null, ask: Ask): AsyncIterable<Page> {
  const cursor = from === null ? null : parseCursor(from);
  yield* cursor === null || cursor.phase === 'backfill' ? backfill(room, cursor, ask) : delta(room, cursor, ask);
}

async function applyWrites(room: Room, writes: readonly Write[], { fields }: Ask): Promise<readonly WriteOutcome[]> {
  const outcomes: Outcomes = new Map();
  const carryOut = async <V extends Write['verb']>(verb: V, apply: (rows: readonly Numbered<V>[]) => Promise<Outcomes>) => {
    const rows = writes.flatMap((write, index) => (isOf(write, verb) ? [{ index, write, properties: {} }] : []));
    if (rows.length > 0) await following(outcomes, rows, () => apply(rows));
  };
  await carryOut('create', (rows) => applyCreates(room, rows, fields));
  await carryOut('update', (rows) => applyUpdates(room, rows, fields));
  await carryOut('merge', (rows) => applyMerges(room, rows, fields));
  await carryOut('delete', (rows) => applyDeletes(room, rows));
  return writes.map((_, index) => must(outcomes.get(index), 'an outcome'));
}

type Of<V extends Write['verb']> = Extract<Write, { readonly verb: V }>;
type Numbered<V extends Write['verb']> = Row & { readonly write: Of<V> };

function isOf<V extends Write['verb']>(write: Write, verb: V): write is Of<V> {
  return write.verb === verb;
}
