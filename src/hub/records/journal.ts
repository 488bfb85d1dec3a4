import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { ChangeCause, ChangedField } from '../stored.ts';

/** One line of the journal, as it was written. `at` is when the hub took it in, `changedAt` when it was changed over there. */
export type JournalLine = {
  readonly seq: number;
  readonly id: string;
  readonly recordId: string;
  readonly at: string;
  readonly cause: ChangeCause;
  readonly connectionId: string | null;
  readonly remoteId: string | null;
  readonly changedAt: string | null;
  readonly changedBy: string | null;
  readonly actor: string | null;
  readonly runId: string | null;
  readonly mapping: string | null;
  readonly fields: Readonly<Record<string, ChangedField>>;
  readonly detail: Readonly<Record<string, unknown>>;
};

type Row = Omit<JournalLine, 'seq' | 'at' | 'changedAt' | 'detail'> & {
  seq: string;
  at: Date;
  changedAt: Date | null;
  detail: Readonly<Record<string, unknown>> | null;
};

/** The whole journal of some records, oldest line first, in the order in which the lines were written. */
export async function readJournal(db: Db, recordIds: readonly string[]): Promise<readonly JournalLine[]> {
  const { rows } = await sql<Row>`
    select seq, id, record_id as "recordId", at, cause, connection_id as "connectionId", remote_id as "remoteId", changed_at as "changedAt",
      changed_by as "changedBy", actor, run_id as "runId", mapping, fields, detail
    from change where record_id = any(${recordIds}::uuid[]) order by record_id, seq`.execute(db);
  return rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    changedAt: row.changedAt?.toISOString() ?? null,
    detail: row.detail ?? {},
  }));
}
