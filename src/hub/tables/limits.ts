import type { ColumnType } from 'kysely';
import type { DriftDetail, DriftKind } from '../../mapping/drift.ts';
import type { Ledger } from '../limits/ledger.ts';

type Json<T> = ColumnType<T, string, string>;
type When = ColumnType<Date, Date | string, Date | string>;

/** What is allowed, what was used of it, and what changes in the fields over there. */
export type LimitTables = {
  /** What a connection may still ask of its vendor. */
  allowance: {
    connection_id: string;
    ledger: Json<Ledger>;
    day_ends: 'midnight' | 'rolling' | null;
    day_max: string | null;
    day_used: string | null;
    day_ours: string | null;
    day_heard_at: When | null;
  };
  usage: { connection_id: string; at: When; calls: string };
  drift: {
    id: string;
    stream_id: string;
    at: ColumnType<Date, Date | string | undefined, Date | string>;
    kind: DriftKind;
    field: string;
    detail: Json<DriftDetail>;
    ended_at: When | null;
  };
};
