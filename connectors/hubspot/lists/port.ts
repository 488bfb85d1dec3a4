import type { FieldSchema, Groups, Reader, Writer } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Create, Observation, Present, Write, WriteOutcome } from '../../../src/contract/records.ts';
import { chunk, groupBy } from '../../../src/kernel/lists.ts';
import { must } from '../../../src/kernel/must.ts';
import type { HubSpot } from '../http/client.ts';
import { type Lists, MEMBERS_MAX, openLists } from './lists.ts';

/** Who is on a static list, as records: each stands for one contact on one list. */
export type ListPort = {
  fields(): Promise<readonly FieldSchema[]>;
  readonly read: Reader;
  readonly write: Writer;
  readonly groups: Groups;
};

const FIELDS: readonly FieldSchema[] = [
  { name: 'list', label: 'List', type: 'text', writable: true, required: true, maxLength: null, choices: null },
  { name: 'member', label: 'Member', type: 'reference', writable: true, required: true, maxLength: null, choices: null },
];

export function openListPort(hubspot: HubSpot): ListPort {
  const lists = openLists(hubspot);
  return {
    fields: async () => FIELDS,
    read: {
      changes: () => {
        throw new HubError('misconfigured', 'HubSpot does not tell who came onto a list: map its members with `of: list_contact`');
      },
      byIds: (ids) => readByIds(lists, ids),
    },
    write: {
      apply: (writes) => applyAll(lists, writes),
      recall: (creates) => recall(lists, creates),
    },
    groups: {
      standing: (names) => Promise.all(names.map(async (name) => (await lists.find(name)) !== null)),
      make: async (names) => {
        for (const name of names) await lists.make(name);
      },
    },
  };
}

/** `theirs`: somebody else had put the contact there, so it is not for the hub to take it away. */
type Membership = { readonly listId: string; readonly contactId: string; readonly theirs: boolean };

const THEIRS = 'theirs';
const idOf = ({ listId, contactId, theirs }: Membership): string => [listId, contactId, ...(theirs ? [THEIRS] : [])].join(':');

function membershipOf(id: string): Membership {
  const [listId = '', contactId = '', mark] = id.split(':');
  return { listId, contactId, theirs: mark === THEIRS };
}

async function readByIds(lists: Lists, ids: readonly string[]): Promise<readonly Observation[]> {
  const memberships = ids.map((id) => ({ id, ...membershipOf(id) }));
  const there = new Map<string, ReadonlySet<string>>();
  for (const listId of new Set(memberships.map((one) => one.listId))) there.set(listId, (await lists.members(listId)) ?? new Set());
  const changedAt = new Date(0).toISOString();
  return memberships.map(({ id, listId, contactId }) =>
    there.get(listId)?.has(contactId) === true
      ? { kind: 'present', id, changedAt, version: null, fields: { member: contactId } }
      : { kind: 'gone', id, changedAt },
  );
}

/** One call for each list. What failed after another list was done is told row by row. */
async function applyAll(lists: Lists, writes: readonly Write[]): Promise<readonly WriteOutcome[]> {
  const rows = writes.map((write, index) => ({ write, index, ...placeOf(write) }));
  const outcomes = new Map<number, WriteOutcome>();
  for (const [name, some] of groupBy(rows, ({ list }) => list)) {
    for (const batch of chunk(some, MEMBERS_MAX)) {
      try {
        const done = await applySome(lists, name, batch);
        for (const [i, { index }] of batch.entries()) outcomes.set(index, must(done[i], 'an outcome'));
      } catch (error) {
        if (!(error instanceof HubError) || (outcomes.size === 0 && error.kind !== 'record_rejected')) throw error;
        const told =
          error.isRefusal || error.kind === 'record_rejected' ? error : new HubError('stale_write', error.message, { cause: error });
        for (const { index } of batch) outcomes.set(index, { done: false, error: told });
      }
    }
  }
  return writes.map((_, index) => must(outcomes.get(index), 'an outcome'));
}

type Row = { readonly write: Write; readonly list: string; readonly contactId: string };

function placeOf(write: Write): Pick<Row, 'list' | 'contactId'> {
  if (write.verb === 'create') return { list: String(write.fields.list), contactId: String(write.fields.member) };
  const { listId, contactId } = membershipOf(write.id);
  return { list: listId, contactId };
}

async function applySome(lists: Lists, name: string, rows: readonly Row[]): Promise<readonly WriteOutcome[]> {
  if (rows.some(({ write }) => write.verb !== 'create')) return removeSome(lists, name, rows);
  const listId = await lists.find(name);
  if (listId === null)
    throw new HubError(
      'record_rejected',
      `HubSpot has no list "${name}". Make it there as a static list of contacts, or let the hub make it`,
      {
        fields: ['list'],
      },
    );
  const { added, missing } = await lists.add(
    listId,
    rows.map(({ contactId }) => contactId),
  );
  return rows.map(({ contactId }) =>
    missing.has(contactId)
      ? {
          done: false,
          error: new HubError('record_rejected', `HubSpot has no contact ${contactId} to put on the list`, { fields: ['member'] }),
        }
      : { done: true, id: idOf({ listId, contactId, theirs: !added.has(contactId) }), observed: null },
  );
}

/** Whom somebody else had put there stays, and the hub is done with them. */
async function removeSome(lists: Lists, listId: string, rows: readonly Row[]): Promise<readonly WriteOutcome[]> {
  const ids = rows.map(({ write }) => ('id' in write ? write.id : ''));
  const ours = ids.map(membershipOf).filter(({ theirs }) => !theirs);
  if (ours.length > 0)
    await lists.remove(
      listId,
      ours.map(({ contactId }) => contactId),
    );
  return ids.map((id) => ({ done: true, id, observed: null }));
}

/** Who is on the list by now was put there by the create that nobody heard of. */
async function recall(lists: Lists, creates: readonly Create[]): Promise<readonly (Present | null)[]> {
  const found = new Map<Create, Present>();
  for (const [name, some] of groupBy(creates, (create) => placeOf(create).list)) {
    const listId = await lists.find(name);
    const members = listId === null ? null : await lists.members(listId);
    if (listId === null || members === null) continue;
    for (const create of some) {
      const { contactId } = placeOf(create);
      if (!members.has(contactId)) continue;
      const id = idOf({ listId, contactId, theirs: false });
      found.set(create, { kind: 'present', id, changedAt: new Date(0).toISOString(), version: null, fields: create.fields });
    }
  }
  return creates.map((create) => found.get(create) ?? null);
}
