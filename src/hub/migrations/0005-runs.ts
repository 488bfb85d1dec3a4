import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Until when somebody works on a run that goes on by itself after a crash, such as an undo.
alter table run add column lease_until timestamptz;
create index run_open on run (stream_id) where ended_at is null;

-- A removal that others stood in the way of is tried again by itself, and no decision of a person's any more.
with kept as (
  update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}'
  where closed_at is null and kind = 'refused_record' and cause = 'removal_prevented' returning link_id)
update link l set state = 'failing', cause = 'removal_prevented', due = true, attempts = 1, not_before = now()
from kept where l.id = kept.link_id and l.removal is not null;
`;

/** Runs that a crash has cut short are told apart from those that go on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
