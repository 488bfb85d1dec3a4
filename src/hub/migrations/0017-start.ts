import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
alter table connection
  -- Whose sandbox it is: a stand-in that this hub has opened itself, or an account that the vendor calls a test; null: an account that is worked with.
  add column sandbox text check (sandbox in ('ours', 'theirs')),
  -- Somebody has stopped it: nothing is read and nothing is written until it is resumed.
  add column paused_at timestamptz,
  add column paused_by text,
  add column paused_why text,
  -- When it is looked at, if not at the interval of each object, and when it is left alone.
  add column schedule jsonb,
  -- The end of the quiet hours that it was last found in.
  add column quiet_until timestamptz;

-- How far the first admins have come with the guided start: one row, which all of them share.
create table guided_start (
  one boolean primary key default true check (one),
  systems text[] not null default '{}',
  objects text[],
  step text not null default 'systems',
  plan_id uuid references plan on delete set null,
  -- The plan that somebody has looked at: only that one can be switched on by.
  seen_plan_id uuid,
  done_at timestamptz,
  changed_at timestamptz not null default now()
);
-- Where something is connected already, nobody has to be guided.
insert into guided_start (done_at) select case when exists (select 1 from connection) then now() end;
`;

/** Pauses, schedules, and sandboxes of connections, and the guided start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
