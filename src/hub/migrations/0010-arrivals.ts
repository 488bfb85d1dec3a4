import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- What deliveries have shown of records that nobody can be asked for, as it was seen, until it is stored with all else that was seen. \`door_id\`: the
-- connection that it came in by, whose mapping has read it.
create table arrival (
  id uuid primary key,
  stream_id uuid not null references stream on delete cascade,
  door_id uuid not null references connection on delete cascade,
  input_id uuid not null references input on delete cascade,
  seen jsonb not null
);
create index arrival_stream on arrival (stream_id, id);
create index arrival_input on arrival (input_id);
create index arrival_door on arrival (door_id);

-- What it takes to read a delivery again once its mapping was mended. Null for deliveries that point at records, which are asked for anyway.
alter table unread_delivery add column request jsonb;

-- A file that is read into a stream: how far it was stored, in the transaction that stored it. \`at\` counts the bytes of its text as UTF-8, and
-- \`digest\` is over all of them up to there, so that the same file goes on there and no other one does.
create table file_import (
  id uuid primary key references run on delete cascade,
  stream_id uuid not null references stream on delete cascade,
  door_id uuid not null references connection on delete cascade,
  file text not null,
  head text not null,
  mapping_hash text not null,
  size float8,
  at float8 not null default 0,
  digest text,
  line int not null default 1,
  rows int not null default 0,
  refused int not null default 0,
  actor text not null,
  received_at timestamptz not null default now(),
  started_at timestamptz not null default now(),
  done_at timestamptz
);
create index file_import_stream on file_import (stream_id, id desc);

create table import_error (
  import_id uuid not null references file_import on delete cascade,
  line int not null,
  field text not null default '',
  reason text not null,
  cells text[],
  primary key (import_id, line, field)
);

alter table run drop constraint run_kind_check;
alter table run add constraint run_kind_check
  check (kind in ('first_load', 'changes', 'writes', 'sweep', 'apply', 'undo', 'check', 'import'));
`;

/** Records that arrive by themselves: in deliveries, and in files. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
