import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- Which versions are active, as a number that grows by one with each change of them, for whoever has read them before.
create table mapping_set (
  single boolean primary key default true check (single),
  revision bigint not null default 0,
  -- The folder whose files were taken last, and what is wrong with them as they are now.
  folder text,
  folder_problems jsonb
);
insert into mapping_set default values;

-- What a document says or has said, word for word; null where it was removed. Never changed: a version that was not activated was only planned.
create table mapping_text (
  id uuid primary key,
  name text not null,
  text text,
  digest text not null,
  origin text not null check (origin in ('folder', 'editor', 'import', 'restored')),
  author text not null,
  reason text not null,
  -- The version that was active when this one was written; null for the first.
  base_id uuid references mapping_text,
  created_at timestamptz not null default now(),
  activated_at timestamptz
);
create index mapping_text_name on mapping_text (name, id desc);

create table mapping_document (
  name text primary key,
  active_id uuid not null references mapping_text,
  -- What its file said when it was looked at last; null where the folder has none.
  folder_digest text,
  -- What its file says meanwhile, where it was edited in both places.
  waiting_id uuid references mapping_text
);

create table mapping_draft (
  name text primary key,
  text text,
  origin text not null check (origin in ('editor', 'import', 'restored')),
  base_id uuid references mapping_text,
  reason text not null,
  author text not null,
  updated_at timestamptz not null default now()
);
`;

/** Mappings have versions, which all processes agree on; what a folder holds is one source of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
