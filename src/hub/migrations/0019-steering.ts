import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- A plan that is being applied can be paused, gone on with, and cancelled, by anybody and in any process.
alter table plan
  drop constraint plan_state_check,
  add constraint plan_state_check check (state in ('computing', 'ready', 'applying', 'paused', 'cancelling', 'applied', 'cancelled', 'drifted', 'abandoned', 'failed')),
  -- Since when it has been in its state, and who paused, resumed, or cancelled it last.
  add column moved_at timestamptz not null default now(),
  add column steered_by text;
drop index plan_open;
create index plan_open on plan (id) where state in ('computing', 'applying', 'cancelling') or wanted_by is not null;
create index plan_under_way on plan (id) where state in ('applying', 'paused', 'cancelling');
create index plan_line_write on plan_line (record_id, connection_id, object) where operation in ('create', 'update', 'delete', 'merge');
`;

/** Applying a plan can be paused and cancelled. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
