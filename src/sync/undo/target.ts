import { type RawBuilder, sql } from 'kysely';
import { validate } from 'uuid';
import type { Fields, Write } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';
import type { UndoTarget } from '../../hub/runs/undoing.ts';
import type { RunKind } from '../../hub/stored.ts';

/** A write that is to be taken back. */
export type SelectedDelivery = {
  readonly id: string;
  readonly linkId: string;
  readonly recordId: string;
  readonly connectionId: string;
  readonly remoteId: string;
  readonly verb: Write['verb'];
  readonly before: Fields;
  readonly after: Fields;
  readonly at: string;
};
/** What of some records falls under a target. */
export type Selection = { readonly lines: ReadonlySet<string>; readonly deliveries: readonly SelectedDelivery[] };
type Refused = { readonly refused: string };

const UNDER_WAY = 'This run is still going on. Wait until it has ended, then undo it.';

/** Why a target cannot be undone; null when it can. */
export async function checkTarget(db: Db, target: UndoTarget): Promise<Refused | 'not_found' | null> {
  if ('run' in target) return validate(target.run) ? checkRun(db, target.run) : 'not_found';
  if ('record' in target) return validate(target.record) ? checkRecord(db, target.record, target.to) : 'not_found';
  if (!validate(target.connectionId)) return 'not_found';
  if (!isTime(target.from) || !isTime(target.to)) return { refused: 'Write both times as in 2026-11-22T08:00:00Z.' };
  if (Date.parse(target.from) >= Date.parse(target.to)) return { refused: 'The time range ends before it begins.' };
  const { rows } = await sql`select 1 from stream where connection_id = ${target.connectionId} and object = ${target.object}`.execute(db);
  return rows.length === 0 ? 'not_found' : null;
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

async function checkRun(db: Db, runId: string): Promise<Refused | 'not_found' | null> {
  // A run that a dead process has left behind never ends: its lease has run out, or another run has begun on its stream.
  const { rows } = await sql<{ open: boolean }>`
    select r.ended_at is null and (r.stream_id is null or (coalesce(c.lease_until > now(), false)
      and not exists (select 1 from run l where l.stream_id = r.stream_id and l.kind = r.kind and l.id > r.id))) as open
    from run r left join stream s on s.id = r.stream_id left join connection c on c.id = s.connection_id where r.id = ${runId}`.execute(db);
  if (rows[0] === undefined) return 'not_found';
  return rows[0].open ? { refused: UNDER_WAY } : null;
}

async function checkRecord(db: Db, recordId: string, to: string): Promise<Refused | 'not_found' | null> {
  if (!isTime(to)) return { refused: 'Write the time as in 2026-11-22T08:00:00Z.' };
  const { rows } = await sql<{ beganAt: Date; mergedInto: string | null }>`
    select created_at as "beganAt", merged_into as "mergedInto" from record where id = ${recordId}`.execute(db);
  const [record] = rows;
  if (record === undefined) return 'not_found';
  if (record.mergedInto !== null)
    return { refused: `The record was merged into ${record.mergedInto}. Undo that one, or part the two first.` };
  if (record.beganAt.getTime() > Date.parse(to)) return { refused: `The record began only at ${record.beganAt.toISOString()}.` };
  return null;
}

/** The next records that a target touches, in the order of their ids. */
export async function recordsOf(
  db: Db,
  target: UndoTarget,
  { after, limit }: { after: string | null; limit: number },
): Promise<readonly string[]> {
  if ('record' in target) return after === null ? [target.record] : [];
  const kind = await kindOf(db, target);
  const { rows } = await sql<{ id: string }>`
    select distinct record_id as id from (
      select c.record_id from change c where ${linesUnder(target, kind)} union all select d.record_id from delivery d where ${deliveriesUnder(target)}) t
    where (${after}::uuid is null or record_id > ${after}::uuid) order by record_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** What of these records falls under the target. */
export async function select(db: Db, target: UndoTarget, recordIds: readonly string[]): Promise<Selection> {
  const kind = await kindOf(db, target);
  const { rows: lines } = await sql<{ id: string }>`
    select c.id from change c where c.record_id = any(${recordIds}::uuid[]) and ${linesUnder(target, kind)}`.execute(db);
  const { rows } = await sql<Omit<SelectedDelivery, 'at'> & { at: Date }>`
    select d.id, d.link_id as "linkId", d.record_id as "recordId", d.connection_id as "connectionId", d.remote_id as "remoteId", d.verb, d.before, d.after, d.at
    from delivery d where d.record_id = any(${recordIds}::uuid[]) and ${deliveriesUnder(target)} order by d.at, d.id`.execute(db);
  return { lines: new Set(lines.map((line) => line.id)), deliveries: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
}

async function kindOf(db: Db, target: UndoTarget): Promise<RunKind | null> {
  if (!('run' in target)) return null;
  const { rows } = await sql<{ kind: RunKind }>`select kind from run where id = ${target.run}`.execute(db);
  return rows[0]?.kind ?? null;
}

function linesUnder(target: UndoTarget, kind: RunKind | null): RawBuilder<unknown> {
  if ('record' in target) return sql`c.record_id = ${target.record} and c.at > ${target.to}::timestamptz`;
  // What a run that writes saw on the way was done by others: only its writes are its own.
  if ('run' in target) return kind === 'writes' ? sql`false` : sql`c.run_id = ${target.run}`;
  return sql`c.connection_id = ${target.connectionId} and c.at > ${target.from}::timestamptz and c.at <= ${target.to}::timestamptz
    and exists (select 1 from observation o where o.connection_id = c.connection_id and o.object = ${target.object} and o.remote_id = c.remote_id)`;
}

function deliveriesUnder(target: UndoTarget): RawBuilder<unknown> {
  if ('run' in target) return sql`d.run_id = ${target.run}`;
  // Values of a record go back in the hub; what was made for it stays, as the record does.
  if ('record' in target) return sql`false`;
  return sql`d.connection_id = ${target.connectionId} and d.object = ${target.object} and d.at > ${target.from}::timestamptz and d.at <= ${target.to}::timestamptz`;
}
