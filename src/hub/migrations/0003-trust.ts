import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Presence: what was taken out of use, and by whom.
alter table record add column archived_at timestamptz, add column archived jsonb;
create index record_archived on record (object, id desc) where archived_at is not null;
alter table link
  add column removal text check (removal in ('wanted', 'approved')),
  add column gone_by text check (gone_by in ('remote', 'hub')),
  add column cause text,
  -- The digest of a write that is not tried again by itself, until the record wants another one.
  add column given_up uuid,
  -- What keeps something of it back, as hold kinds and fields: an open brake, or a field that is frozen.
  add column braked text[] not null default '{}';
create index link_braked on link (connection_id, object) where braked <> '{}';
create index link_failing on link (cause, id) where cause is not null;
alter table alias add column into_object text, add column followed boolean not null default false;
create index alias_new on alias (connection_id, object) where not followed;

-- A complete look, to find what no delta tells: what it has seen so far.
create table sighting (
  stream_id uuid not null references stream on delete cascade,
  remote_id text not null,
  primary key (stream_id, remote_id)
);
alter table stream
  add column mode text not null default 'live' check (mode in ('live', 'shadow')),
  add column sweep_every_ms bigint not null default 86400000 check (sweep_every_ms >= 60000),
  add column swept_at timestamptz,
  add column sweep_at timestamptz not null default 'infinity',
  add column mapping_hash text,
  add column asked text[],
  drop column asked_hash;

-- Merges of hub records, with all that taking one back needs.
create table merging (
  id uuid primary key,
  winner_id uuid not null references record,
  loser_id uuid not null references record,
  at timestamptz not null default now(),
  cause text not null check (cause in ('steward', 'rule', 'vendor')),
  actor text,
  before jsonb not null,
  undone_at timestamptz,
  undone_by text,
  check (winner_id <> loser_id)
);
create index merging_winner on merging (winner_id, id);
create index merging_loser on merging (loser_id, id);
create index record_merged on record (merged_into) where merged_into is not null;

-- Runs, and what each of them saw and wrote.
alter table run drop constraint run_kind_check;
alter table run
  alter column stream_id drop not null,
  add constraint run_kind_check check (kind in ('first_load', 'changes', 'writes', 'sweep', 'apply', 'undo', 'check')),
  add column detail jsonb,
  add column actor text,
  add column plan_id uuid,
  add column undoes jsonb;
alter table observation add column run_id uuid, add column changed_by text, add column outcome text;
create index observation_run on observation (run_id) where dirty;
create table run_outcome (
  run_id uuid not null references run on delete cascade,
  outcome text not null,
  n bigint not null
);
create index run_outcome_run on run_outcome (run_id);
alter table change drop constraint change_cause_check;
alter table change
  add constraint change_cause_check check (cause in ('observed', 'merged', 'admin', 'rollup', 'removed', 'restored', 'unmerged', 'undone')),
  add column seq bigint generated always as identity,
  alter column at set default clock_timestamp(),
  add column mapping text,
  add column changed_at timestamptz,
  add column changed_by text,
  add column detail jsonb;
create index change_run on change (run_id) where run_id is not null;
create index change_connection on change (connection_id, id) where connection_id is not null;
create table delivery (
  id uuid primary key,
  run_id uuid not null,
  link_id uuid not null,
  record_id uuid not null,
  connection_id uuid not null,
  object text not null,
  remote_id text not null,
  verb text not null check (verb in ('create', 'update', 'delete', 'merge')),
  before jsonb not null,
  after jsonb not null,
  at timestamptz not null default now()
);
create index delivery_record on delivery (record_id, id);
create index delivery_run on delivery (run_id, id);
create index delivery_connection on delivery (connection_id, id);
create table mapping_version (
  hash text primary key,
  connector text not null,
  object text not null,
  document jsonb not null,
  first_used_at timestamptz not null default now()
);

alter table hold drop constraint hold_kind_check;
alter table hold
  add constraint hold_kind_check
    check (kind in ('conflict', 'ambiguous', 'refused_field', 'refused_record', 'brake', 'removal', 'merge', 'flip')),
  add column cause text;
-- Two records that may be one are held once, by their pair; no connection has a part in it. A brake is about no record, but one operation.
drop index hold_open;
create unique index hold_open on hold (connection_id, object, coalesce(link_id::text, remote_id, detail ->> 'what'), kind, coalesce(field, ''))
  nulls not distinct where closed_at is null;
create index hold_pair on hold (remote_id) where kind = 'merge' and connection_id is null;
create index hold_flip on hold (record_id) where kind = 'flip';
create index hold_brake on hold (kind) where closed_at is null and kind in ('brake', 'flip');
alter table connection add column cause text;

-- What a sync would do, computed and kept until it is applied or thrown away.
create table plan (
  id uuid primary key,
  asked jsonb not null,
  actor text not null,
  state text not null check (state in ('computing', 'ready', 'applying', 'applied', 'drifted', 'abandoned', 'failed')),
  summary jsonb,
  digest text,
  error text,
  -- Who wants it applied; null while nobody does.
  wanted_by text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index plan_open on plan (id) where state in ('computing', 'applying') or wanted_by is not null;
create table plan_line (
  plan_id uuid not null references plan on delete cascade,
  seq bigint not null,
  connection_id uuid,
  object text not null,
  record_id uuid,
  remote_id text,
  title text,
  operation text not null,
  reason text,
  fields jsonb not null,
  -- Tells the line apart from all others of the plan, the same whenever it is computed.
  key text not null,
  -- How it differs from what would happen at the time of applying, and what that is.
  drift text check (drift in ('added', 'gone', 'different')),
  now_fields jsonb,
  primary key (plan_id, seq),
  unique (plan_id, key)
);
create index plan_line_operation on plan_line (plan_id, operation, seq);

-- How much of a kind has moved lately, for the brakes. A negative number is what a person has released, and is used up first.
create table tally (
  stream_id uuid not null references stream on delete cascade,
  what text not null,
  field text not null default '',
  minute timestamptz not null,
  n bigint not null,
  primary key (stream_id, what, field, minute)
);
`;

/** Removals, merges, plans, undo, and brakes: what makes the hub one that can be trusted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
