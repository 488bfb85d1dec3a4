import type { ChoiceAdder } from '../../src/contract/choices.ts';
import {
  type Ask,
  type Connector,
  defineConnector,
  type FieldSchema,
  type Historian,
  type Reader,
  type Session,
  type Writer,
} from '../../src/contract/connector.ts';
import type { Provisioner } from '../../src/contract/provision.ts';
import type { Cursor, Page, Write, WriteOutcome } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { openChoiceAdder } from './choices/choices.ts';
import { whoAmI } from './http/account.ts';
import { openHubSpot } from './http/client.ts';
import { signIn } from './http/sign-in.ts';
import { openListPort } from './lists/port.ts';
import { manifest } from './manifest.ts';
import { CALLS, COMPANIES, CONTACTS, customType, DEALS, EMAILS, MEETINGS, NOTES, type ObjectType, TASKS, TICKETS } from './object-types.ts';
import { openProvisioner } from './provision/provision.ts';
import { backfill } from './read/backfill.ts';
import { readByIds } from './read/by-ids.ts';
import { parseCursor } from './read/cursor.ts';
import { delta } from './read/delta.ts';
import { readFieldTimes } from './read/field-times.ts';
import { openRoom, type Room } from './room.ts';
import { readFields } from './schema/fields.ts';
import { ownersOf } from './schema/owners.ts';
import { webhooks } from './webhooks/webhooks.ts';
import { applyCreates } from './write/creates.ts';
import { applyDeletes } from './write/deletes.ts';
import { following, type Outcomes, type Row } from './write/isolate.ts';
import { applyMerges } from './write/merges.ts';
import { recallCreates } from './write/recall.ts';
import { applyUpdates } from './write/updates.ts';

/** HubSpot, as the hub sees it. */
export const hubspot: Connector = defineConnector(
  manifest,
  (session: Session) => {
    const client = openHubSpot(session);
    const owners = ownersOf(client);
    const port = (type: ObjectType) => openPort(openRoom(client, type, owners), session);
    return {
      signIn,
      identify: () => whoAmI(client, session),
      objects: {
        company: port(COMPANIES),
        contact: port(CONTACTS),
        deal: port(DEALS),
        ticket: port(TICKETS),
        note: port(NOTES),
        task: port(TASKS),
        call: readOnly(port(CALLS)),
        meeting: readOnly(port(MEETINGS)),
        email: readOnly(port(EMAILS)),
      },
      families: { custom_: (name) => port(customType(name)), list_: () => openListPort(client) },
    };
  },
  webhooks,
);

type Port = {
  fields(): Promise<readonly FieldSchema[]>;
  readonly read: Reader & Historian;
  readonly write: Writer;
  readonly provision: Provisioner;
  readonly choices: ChoiceAdder;
};

const readOnly = ({ fields, read }: Port): Pick<Port, 'fields' | 'read'> => ({ fields, read });

function openPort(room: Room, session: Session): Port {
  return {
    fields: () => readFields(room),
    read: {
      changes: (from, ask) => readChanges(room, from, ask),
      byIds: (ids, ask) => readByIds(room, ids, ask),
      fieldTimes: (ids, fields) => readFieldTimes(room, ids, fields),
    },
    write: {
      apply: (writes, ask) => applyWrites(room, writes, ask),
      recall: (creates, since, ask) => recallCreates(room, creates, { since, fields: ask.fields }),
    },
    provision: openProvisioner(room, session),
    choices: openChoiceAdder(room),
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
