import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- What a connection may still ask of its vendor, whichever process does.
create table allowance (
  connection_id uuid primary key references connection on delete cascade,
  -- The calls of each window that processes have made or taken ahead.
  ledger jsonb not null default '{}',
  -- What the vendor told of its day, calls of others included, and how many were ours then.
  day_ends text check (day_ends in ('midnight', 'rolling')),
  day_max bigint,
  day_used bigint,
  day_ours bigint,
  day_heard_at timestamptz
);
-- Our calls, by quarters of an hour, so that the day of every time zone is a sum of them.
create table usage (
  connection_id uuid not null references connection on delete cascade,
  at timestamptz not null,
  calls bigint not null,
  primary key (connection_id, at)
);
alter table connection
  -- How much of the vendor's day is the hub's, in percent.
  add column daily_share int not null default 50 check (daily_share between 1 and 100),
  -- Until then nothing is done but what somebody waits for: little is left of the day.
  add column spared_until timestamptz;

-- Whose turn a write is: 0 what somebody waits for, 1 removals, 2 what a first load or another look at everything has brought.
alter table link add column lane smallint not null default 0;
create index link_live on link (connection_id, not_before) where due and lane < 2;

-- What has changed over there in the fields that records have.
create table drift (
  id uuid primary key,
  stream_id uuid not null references stream on delete cascade,
  at timestamptz not null default now(),
  kind text not null check (kind in ('added', 'removed', 'renamed', 'retyped', 'option_added', 'option_removed', 'read_only', 'writable')),
  field text not null,
  detail jsonb not null,
  ended_at timestamptz
);
create index drift_stream on drift (stream_id, id desc);
-- Mapped fields over there that have become something else, and stand still.
alter table stream add column quarantined text[] not null default '{}';
`;

/** Limits that hold for all processes together, the hub's share of a day, lanes, and what changes in the fields over there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
