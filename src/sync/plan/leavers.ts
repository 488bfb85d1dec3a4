import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { indexBy } from '../../kernel/lists.ts';
import { UNLINKED } from '../reconciling/link-writes.ts';
import { addLines, type DraftLine } from './lines.ts';
import type { Stage } from './stage.ts';

const PAGE = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Why a link leaves the sync and its record over there stays. One that is removed there is a write like any other. */
const LEAVES: readonly string[] = ['outside_filter', 'opted_out', UNLINKED];

type Row = {
  id: string;
  connection_id: string;
  object: string;
  record_id: string;
  cause: string;
  reason: string | null;
  record_object: string;
  fields: Fields;
};

/** Turns what leaves the sync in this transaction, and stays where it is, into lines: what a filter no longer covers, or people keep out. */
export async function gatherLeavers(stage: Stage): Promise<void> {
  for (let after = NOBODY; ; ) {
    const { rows } = await sql<Row>`
      select l.id, l.connection_id, l.object, l.record_id, l.cause, l.reason, r.object as record_object, r.fields
      from link l join record r on r.id = l.record_id
      where l.xmin = ${stage.xid}::xid and l.state = 'excluded' and l.cause = any(${LEAVES}::text[]) and l.id > ${after} order by l.id limit ${PAGE}`.execute(
      stage.tx,
    );
    const before = await standingBefore(
      stage,
      rows.map(({ id }) => id),
    );
    await addLines(
      stage.tx,
      rows.flatMap((row) => lineOf(stage, row, before.get(row.id))),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

type Before = { readonly id: string; readonly remoteId: string | null; readonly state: string; readonly cause: string | null };

/** How links stand outside of the transaction, which has locked those that it has changed. */
async function standingBefore({ outside }: Stage, ids: readonly string[]): Promise<ReadonlyMap<string, Before>> {
  const { rows } = await sql<Before>`select id, remote_id as "remoteId", state, cause from link where id = any(${ids}::uuid[])`.execute(
    outside,
  );
  return indexBy(rows, ({ id }) => id);
}

function lineOf({ engine }: Stage, row: Row, before: Before | undefined): readonly DraftLine[] {
  if (before === undefined || before.remoteId === null || (before.state === 'excluded' && before.cause === row.cause)) return [];
  const operation = row.cause === UNLINKED ? 'unlink' : 'freeze';
  return [
    {
      key: `${operation}|${row.connection_id}|${row.object}|${before.remoteId}`,
      connectionId: row.connection_id,
      object: row.object,
      recordId: row.record_id,
      remoteId: before.remoteId,
      title: titleOf(engine.mappings.model, row.record_object, row.fields),
      operation,
      reason: row.reason,
      fields: {},
    },
  ];
}
