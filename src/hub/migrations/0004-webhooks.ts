import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- What the deliveries of a connection's vendor are signed with, sealed.
create table webhook_secret (
  connection_id uuid primary key references connection on delete cascade,
  key_version int not null,
  sealed bytea not null,
  set_at timestamptz not null default now()
);

-- Records that a delivery gives a reason to look at, until somebody has looked.
create table look (
  stream_id uuid not null references stream on delete cascade,
  scope text not null,
  remote_id text not null,
  input_id uuid not null references input on delete cascade,
  noted_at timestamptz not null default now(),
  primary key (stream_id, scope, remote_id, input_id)
);
create index look_input on look (input_id);

-- How often an input came again, and whether a look that it led to found anything new.
alter table input
  add column repeats int not null default 0,
  add column found boolean not null default false;
create index input_accepted on input (kind, id) where state = 'accepted';
create index input_ended on input (kind, ended_at) where ended_at is not null;

-- Deliveries that were signed and of which something could not be read, as they came.
create table unread_delivery (
  input_id uuid primary key references input on delete cascade,
  body bytea not null,
  reasons text[] not null
);

alter table hold drop constraint hold_kind_check;
alter table hold add constraint hold_kind_check
  check (kind in ('conflict', 'ambiguous', 'refused_field', 'refused_record', 'brake', 'removal', 'merge', 'flip', 'unread'));
`;

/** Webhooks: what is accepted, what it gives a reason to look at, and what could not be read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
