import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Many writes that were handed over together, to be done over there in the vendor's own time. Until it has a name nothing of it is known there.
create table bulk_job (
  id uuid primary key,
  stream_id uuid not null references stream on delete cascade,
  run_id uuid not null,
  name text,
  made_at timestamptz not null default now(),
  -- When it was handed over as a whole.
  started_at timestamptz,
  look_at timestamptz not null default now(),
  ended_at timestamptz,
  well boolean
);
create index bulk_job_open on bulk_job (stream_id) where ended_at is null;

-- The job that what was sent is in.
alter table link add column bulk_job_id uuid references bulk_job on delete set null;
create index link_bulk_job on link (bulk_job_id) where bulk_job_id is not null;
`;

/** Records that are made by jobs of the vendor. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
