import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- By what people find a record, which records it points at, and when what it tells of happened. All of it follows from the record.
create table record_lookup (
  record_id uuid primary key references record on delete cascade,
  object text not null,
  words tsvector not null,
  points_at uuid[] not null,
  at timestamptz
);
create index record_lookup_words on record_lookup using gin (words);
create index record_lookup_points on record_lookup using gin (points_at) where points_at <> '{}';

-- Records whose lookup is out of date, as often as they have changed; no index, for whoever changes records must not wait for this.
create table record_due (record_id uuid not null);
insert into record_due select id from record;

create function note_records_due() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into record_due select id from made;
  else
    insert into record_due values (new.id);
  end if;
  return null;
end $$;
create trigger record_made after insert on record referencing new table as made for each statement execute function note_records_due();
create trigger record_changed after update of fields on record for each row
  when (old.fields is distinct from new.fields) execute function note_records_due();
`;

/** Records are found by any part of a word, and whatever points at one of them is found from there, however many there are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
