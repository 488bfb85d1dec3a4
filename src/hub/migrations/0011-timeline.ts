import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- The record that stands for a response in the CRMs' timelines. It outlives its response, for then it has to be taken away there.
create table entry (
  response_id uuid primary key,
  record_id uuid unique references record,
  due boolean not null default true
);
create index entry_due on entry (response_id) where due;

-- From when on the responses of a connection are counted as new, and under which settings its entries were made last.
create table timeline (
  connection_id uuid primary key references connection on delete cascade,
  started_at timestamptz not null default now(),
  settings uuid not null
);

-- Whatever changes a response makes its entry due, in the same transaction, so that no way of changing one can forget it.
create function note_entry() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    -- What goes together with its connection was not deleted by anybody over there: its entries stay as they are.
    if exists (select 1 from connection where id = old.connection_id) then
      update entry set due = true where response_id = old.id;
    else
      delete from entry where response_id = old.id;
    end if;
  elsif new.attachment = 'attached' then
    insert into entry (response_id) values (new.id) on conflict (response_id) do update set due = true;
  else
    update entry set due = true where response_id = new.id;
  end if;
  return null;
end $$;
create trigger entry_made after insert on response for each row when (new.attachment = 'attached') execute function note_entry();
create trigger entry_removed after delete on response for each row execute function note_entry();
create trigger entry_changed after update on response for each row when (
  (old.record_id, old.attachment, old.survey_id, old.survey_name, old.submitted_at, old.state, old.language, old.channel, old.answers, old.scores, old.comment)
  is distinct from
  (new.record_id, new.attachment, new.survey_id, new.survey_name, new.submitted_at, new.state, new.language, new.channel, new.answers, new.scores, new.comment)
) execute function note_entry();

-- Who is in which segment, with the record that stands for it; when somebody has to be looked at; and under which settings everybody was.
create table segment_member (
  segment text not null,
  person_id uuid not null references record,
  record_id uuid not null unique references record,
  primary key (segment, person_id)
);
create index segment_member_person on segment_member (person_id);
create table segment_check (
  person_id uuid primary key references record,
  at timestamptz not null default now()
);
create index segment_check_at on segment_check (at);
create table segment_settings (
  one boolean primary key default true check (one),
  settings uuid
);
insert into segment_settings (settings) values (null);

insert into entry (response_id) select id from response where attachment = 'attached';
`;

/** Each attached response becomes an entry in the timelines of the CRMs, and segments of their contacts become lists and campaigns. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
