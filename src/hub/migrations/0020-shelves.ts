import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- The lookups of one kind of record stand on shelves, by their ids, so many to a shelf; those out of use on shelves of their own. Each word carries the
-- code of its shelf, so that the index answers for one shelf: a search goes from the newest to older ones, and ends once it has found enough, whatever
-- else there is of what it looks for.
create table record_shelf (
  number int generated always as identity (minvalue 0 start 0 maxvalue 65535) primary key,
  code text not null generated always as (lpad(to_hex(number), 4, '0')) stored,
  object text not null,
  archived boolean not null,
  -- What stands on it has greater ids than this, up to the next shelf's.
  after_id uuid not null,
  -- How many were ever put on it, and the greatest id of them.
  held int not null,
  last_id uuid not null,
  unique (object, archived, after_id)
);

create temporary table placed on commit drop as
  select record_id, object, archived, place / 8192 as lot, row_number() over (partition by object, archived, place / 8192 order by record_id desc) as nth
  from (select l.record_id, l.object, r.archived_at is not null as archived,
      row_number() over (partition by l.object, r.archived_at is not null order by l.record_id) - 1 as place
    from record_lookup l join record r on r.id = l.record_id) as numbered;
insert into record_shelf (object, archived, after_id, held, last_id)
  select object, archived, coalesce(lag(record_id) over (partition by object, archived order by lot), '00000000-0000-0000-0000-000000000000'), held, record_id
  from (select p.*, count(*) over (partition by object, archived, lot) as held from placed p) as lots where nth = 1;

alter table record_lookup rename to record_lookup_before;
alter table record_lookup_before drop constraint record_lookup_pkey, drop constraint record_lookup_record_id_fkey;
drop index record_lookup_words, record_lookup_points;
create table record_lookup as
  select l.record_id, l.object, s.number as shelf,
    (select coalesce(array_to_tsvector(array_agg(s.code || word.lexeme)), '') from unnest(l.words) as word) as words, l.points_at, l.at
  from record_lookup_before l join record r on r.id = l.record_id
  cross join lateral (select number, code from record_shelf s
    where s.object = l.object and s.archived = (r.archived_at is not null) and s.after_id < l.record_id order by s.after_id desc limit 1) s;
drop table record_lookup_before;
alter table record_lookup
  alter column record_id set not null, alter column object set not null, alter column shelf set not null, alter column words set not null,
  alter column points_at set not null,
  add primary key (record_id),
  add constraint record_lookup_record_id_fkey foreign key (record_id) references record on delete cascade,
  add constraint record_lookup_shelf_fkey foreign key (shelf) references record_shelf;
create index record_lookup_words on record_lookup using gin (words);
create index record_lookup_points on record_lookup using gin (points_at) where points_at <> '{}';
analyze record_lookup, record_shelf;

drop trigger record_changed on record;
create trigger record_changed after update of fields, archived_at on record for each row
  when (old.fields is distinct from new.fields or (old.archived_at is null) <> (new.archived_at is null)) execute function note_records_due();
`;

/** Any search among a million records takes a few milliseconds, however many it would find; looked-up records are put on shelves as they are, at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
