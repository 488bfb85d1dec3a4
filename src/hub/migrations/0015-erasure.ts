import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Responses that were erased. What a response went by is kept as a keyed hash alone, so that it can be told when it comes again, and not read.
create table erasure (
  id uuid primary key,
  digest uuid not null unique,
  actor text not null,
  at timestamptz not null default clock_timestamp()
);
create index erasure_newest on erasure (id desc);

-- Records that still hold something of an erased response, until nothing of it is left: the one that stood for it, whole; and whom it was attached to, for
-- what was counted of it since.
create table erasure_trace (
  erasure_id uuid not null references erasure on delete cascade,
  record_id uuid not null,
  whole boolean not null,
  since timestamptz not null,
  primary key (erasure_id, record_id)
);
create index erasure_trace_record on erasure_trace (record_id);
`;

/** Responses can be erased, and stay so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
