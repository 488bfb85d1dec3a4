import { sql } from 'kysely';
import type { AnyPort } from '../../contract/connector.ts';
import type { Create, Fields, Observation, Write, WriteOutcome } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import { type Names, yetToBe } from './names.ts';

type Place = { readonly connectionId: string; readonly object: string };

/**
 * A port that stands in for the vendor's while a plan is computed: it shows what was seen last, and takes every write, which then leaves its
 * trace in the hub's tables as if it had been done. No request leaves the process.
 */
export function standInPort(tx: Tx, place: Place, names: Names): AnyPort {
  return {
    fields: async () => [],
    read: {
      changes: async function* () {},
      byIds: (ids) => lastSeen(tx, place, ids),
    },
    write: {
      apply: (writes) => takeAll(tx, writes, names),
      recall: async (creates) => creates.map(() => null),
    },
  };
}

async function lastSeen(tx: Tx, { connectionId, object }: Place, ids: readonly string[]): Promise<readonly Observation[]> {
  const { rows } = await sql<{ id: string; fields: Fields; changed_at: Date; version: string | null; gone: boolean }>`
    select remote_id as id, fields, changed_at, version, gone from observation
    where connection_id = ${connectionId} and object = ${object} and remote_id = any(${ids}::text[])`.execute(tx);
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id): Observation => {
    const row = known.get(id);
    const changedAt = row?.changed_at.toISOString() ?? '1970-01-01T00:00:00.000Z';
    if (row === undefined || row.gone) return { kind: 'gone', id, changedAt };
    return { kind: 'present', id, changedAt, version: row.version, fields: row.fields };
  });
}

async function takeAll(tx: Tx, writes: readonly Write[], names: Names): Promise<readonly WriteOutcome[]> {
  const creates = writes.filter((write) => write.verb === 'create');
  const made = await idsOf(tx, creates, names);
  return writes.map((write) => ({
    done: true,
    id: write.verb === 'create' ? must(made.get(write.key), 'the link of a create') : write.id,
    observed: null,
  }));
}

/** What the remote records that would be made go by: the record that each stands for. */
async function idsOf(tx: Tx, creates: readonly Create[], names: Names): Promise<ReadonlyMap<string, string>> {
  if (creates.length === 0) return new Map();
  const { rows } = await sql<{ id: string; record_id: string }>`
    select id, record_id from link where id = any(${creates.map(({ key }) => key)}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, yetToBe(names.get(row.record_id) ?? row.record_id)]));
}
