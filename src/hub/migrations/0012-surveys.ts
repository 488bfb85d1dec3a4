import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
alter table response
  add column touchpoint text,
  -- Why nobody could be found for it; null while it is attached.
  add column reason text check (reason in ('anonymous', 'unusable', 'unknown', 'ambiguous', 'forged')),
  -- The version of the mapping that its scores were found under.
  add column classified text,
  -- A contact is to be made of it.
  add column makes boolean not null default false;
create index response_makes on response (connection_id, id) where makes;
create index response_rejected on response (id desc) where rejected <> '[]';
create index response_complete on response (submitted_at) where state = 'complete';

-- What a score says of itself since, as it was before anybody could say otherwise.
update response r set scores = (
    select jsonb_agg(s || jsonb_build_object('key', s ->> 'metric', 'topBox', 2, 'higherIsBetter', true, 'nature', null, 'touchpoint', null, 'scale',
      coalesce(nullif(a.scale, 'null'), case s ->> 'metric' when 'nps' then '{"min":0,"max":10}' when 'csat' then '{"min":1,"max":5}' else '{"min":1,"max":7}' end::jsonb)) order by n)
    from jsonb_array_elements(r.scores) with ordinality as e (s, n)
    left join lateral (select answer -> 'question' -> 'scale' as scale from jsonb_array_elements(r.answers) answer
      where coalesce(answer -> 'question' ->> 'ref', answer -> 'question' ->> 'id') = s ->> 'question' limit 1) a on true)
where jsonb_array_length(r.scores) > 0;

-- What people have said about whose a response is. It outlives the response: one that comes back is treated as they said.
create table response_decision (
  id uuid primary key,
  connection_id uuid not null references connection on delete cascade,
  remote_id text not null,
  -- Null: it is nobody's.
  record_id uuid references record,
  was_record_id uuid references record,
  actor text not null,
  at timestamptz not null default now(),
  undone_at timestamptz,
  undone_by text
);
create unique index response_decision_stands on response_decision (connection_id, remote_id) where undone_at is null;

-- A question is known by its id and its author's name for it; each wording that it has had is kept.
create table survey_question (
  connection_id uuid not null references connection on delete cascade,
  survey_id text not null,
  question_id text not null,
  ref text,
  wording text not null,
  kind text not null,
  scale jsonb,
  digest uuid not null,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  primary key (connection_id, survey_id, question_id, digest)
);

-- What the hub has asked a vendor to tell it by itself, and how that stands.
create table subscription (
  connection_id uuid primary key references connection on delete cascade,
  address text not null,
  -- False: it is to be taken back over there.
  wanted boolean not null default true,
  kept int not null default 0,
  mended int not null default 0,
  checked_at timestamptz,
  next_at timestamptz not null default now(),
  reason text
);
`;

/** Survey tools: what a score counts for over all of them, why a response found nobody, what people decided, and how questions were worded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
