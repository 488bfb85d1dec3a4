import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
create table connection (
  id uuid primary key,
  connector text not null,
  name text not null unique,
  origin text not null,
  settings jsonb not null default '{}',
  account jsonb,
  enabled boolean not null default false,
  state text not null default 'new'
    check (state in ('new', 'ready', 'signed_out', 'not_allowed', 'unreachable', 'misconfigured', 'waiting', 'broken_answer')),
  reason text,
  resume_at timestamptz,
  attempts int not null default 0,
  fence bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  calls_made bigint not null default 0,
  calls_floor bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table credential (
  connection_id uuid primary key references connection on delete cascade,
  kind text not null,
  key_version int not null,
  sealed bytea not null,
  grant_sealed bytea,
  grant_expires_at timestamptz,
  updated_at timestamptz not null default now()
);

create table stream (
  id uuid primary key,
  connection_id uuid not null references connection on delete cascade,
  object text not null,
  hub_object text not null,
  direction text not null check (direction in ('both', 'in', 'out', 'off')),
  enabled boolean not null default false,
  every_ms int not null default 60000 check (every_ms >= 1000),
  next_at timestamptz not null default now(),
  backfilled_at timestamptz,
  observed_at timestamptz,
  wrote_at timestamptz,
  schema jsonb,
  schema_at timestamptz,
  asked_hash text,
  misfits jsonb not null default '[]',
  placed boolean not null default false,
  unique (connection_id, object)
);
create index stream_due on stream (next_at) where enabled;

create table cursor (
  stream_id uuid not null references stream on delete cascade,
  scope text not null,
  at jsonb not null,
  moved_at timestamptz not null default now(),
  primary key (stream_id, scope)
);

create table observation (
  connection_id uuid not null references connection on delete cascade,
  object text not null,
  remote_id text not null,
  fields jsonb not null,
  hash uuid not null,
  changed_at timestamptz not null,
  version text,
  gone boolean not null default false,
  dirty boolean not null default true,
  seen_at timestamptz not null default now(),
  primary key (connection_id, object, remote_id)
);
create index observation_dirty on observation (object, connection_id, remote_id) where dirty;

create table record (
  id uuid primary key,
  object text not null,
  fields jsonb not null,
  stamps jsonb not null,
  dirty boolean not null default false,
  merged_into uuid references record,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index record_dirty on record (object, id) where dirty;
create index record_newest on record (object, id desc) where merged_into is null;

create table link (
  id uuid primary key,
  connection_id uuid not null references connection on delete cascade,
  object text not null,
  remote_id text,
  record_id uuid not null references record,
  base jsonb not null default '{}',
  sent jsonb,
  sent_at timestamptz,
  expected jsonb,
  state text not null default 'in_sync' check (state in ('in_sync', 'waiting', 'failing', 'held', 'excluded', 'gone')),
  reason text,
  due boolean not null default false,
  not_before timestamptz not null default '-infinity',
  attempts int not null default 0,
  waits_for text[] not null default '{}',
  evidence jsonb,
  created_at timestamptz not null default now(),
  unique (record_id, connection_id, object)
);
create unique index link_remote on link (remote_id, object, connection_id) where remote_id is not null;
create index link_sent on link (connection_id, object) where sent is not null;
create index link_due on link (connection_id, object, not_before) where due;
create index link_waits on link (record_id) where waits_for <> '{}';

create table alias (
  connection_id uuid not null references connection on delete cascade,
  object text not null,
  alias_id text not null,
  remote_id text not null,
  noted_at timestamptz not null default now(),
  primary key (connection_id, object, alias_id)
);
create index alias_id on alias (alias_id);

create table identity (
  digest uuid not null,
  record_id uuid not null references record on delete cascade,
  primary key (digest, record_id)
);

create table change (
  id uuid primary key,
  record_id uuid not null references record,
  at timestamptz not null default now(),
  cause text not null check (cause in ('observed', 'merged', 'admin', 'rollup')),
  connection_id uuid,
  remote_id text,
  run_id uuid,
  actor text,
  fields jsonb not null,
  conflict boolean not null default false
);
create index change_record on change (record_id, id);
create index change_conflict on change (id) where conflict;

create table input (
  id uuid primary key,
  kind text not null,
  actor text not null,
  key text not null,
  request_hash text not null,
  state text not null default 'accepted'
    check (state in ('accepted', 'applied', 'no_op', 'superseded', 'held', 'refused', 'echo', 'duplicate', 'erased')),
  answer jsonb,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (actor, key)
);

create table hold (
  id uuid primary key,
  kind text not null check (kind in ('conflict', 'ambiguous', 'refused_field', 'refused_record', 'brake')),
  connection_id uuid references connection on delete cascade,
  object text,
  remote_id text,
  record_id uuid references record,
  link_id uuid references link on delete cascade,
  field text,
  reason text not null,
  detail jsonb not null default '{}',
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  closed_by text,
  decision jsonb
);
create unique index hold_open on hold (connection_id, object, coalesce(link_id::text, remote_id), kind, coalesce(field, '')) where closed_at is null;
create index hold_record on hold (record_id) where closed_at is null;
create index hold_link on hold (link_id) where closed_at is null;
create index hold_newest on hold (id) where closed_at is null;

create table run (
  id uuid primary key,
  stream_id uuid not null references stream on delete cascade,
  kind text not null check (kind in ('first_load', 'changes', 'writes')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  counts jsonb not null default '{}',
  error jsonb
);
create index run_stream on run (stream_id, id desc);

create table response (
  id uuid primary key,
  connection_id uuid not null references connection on delete cascade,
  remote_id text not null,
  survey_id text not null,
  survey_name text not null,
  submitted_at timestamptz,
  state text not null check (state in ('complete', 'partial', 'terminated')),
  language text,
  channel text,
  answers jsonb not null,
  keys jsonb not null,
  scores jsonb not null,
  comment text,
  rejected jsonb not null default '[]',
  attachment text not null check (attachment in ('attached', 'unmatched', 'detached')),
  record_id uuid references record,
  evidence jsonb,
  seen_at timestamptz not null default now(),
  unique (connection_id, remote_id)
);
create index response_record on response (record_id, submitted_at) where record_id is not null;
create index response_unmatched on response (id desc) where attachment = 'unmatched';
create index response_newest on response (id desc);

create table response_key (
  digest uuid not null,
  response_id uuid not null references response on delete cascade,
  primary key (digest, response_id)
);
`;

/** The hub's tables. Ids are uuidv7; every look-up and claim of the engine has its index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
