import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
alter table operator drop constraint operator_role_check;
alter table operator add constraint operator_role_check check (role in ('viewer', 'analyst', 'steward', 'admin'));
alter table api_key drop constraint api_key_role_check;
alter table api_key add constraint api_key_role_check check (role in ('viewer', 'analyst', 'steward', 'admin'));

-- An operator who is switched off keeps their name in what they did, and comes in nowhere.
alter table operator add column disabled_at timestamptz;
alter table operator add column last_sign_in_at timestamptz;
alter table operator add column two_factor_enabled boolean not null default false;
-- When who holds this session last proved who they are: by signing in, or by being asked once more.
alter table operator_session add column confirmed_at timestamptz not null default now();

create table operator_two_factor (
  id text primary key,
  operator_id text not null references operator on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);
create index operator_two_factor_operator_id_idx on operator_two_factor (operator_id);
create index operator_two_factor_secret_idx on operator_two_factor (secret);

-- What an admin has chosen for the whole hub, where it differs from how it comes. Secrets stand sealed.
create table setting (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now(),
  changed_by text not null
);

-- Who did what, who looked at whom, who came in. Ids, and never values.
create table audit (
  id uuid primary key,
  at timestamptz not null default now(),
  kind text not null check (kind in ('act', 'read', 'entry')),
  actor text not null,
  actor_name text not null,
  address text,
  action text not null,
  -- What it was done to, or who was seen.
  subjects uuid[] not null default '{}',
  detail jsonb not null default '{}',
  -- Null: the process died before it was known what came of it.
  status integer
);
create index audit_subjects on audit using gin (subjects) where subjects <> '{}';
create index audit_actor on audit (actor, id);
create index audit_kind on audit (kind, id);

-- What is written stays: only the outcome is added, once, and only what has become too old is removed, by who says so.
create function keep_audit() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.status is null and new.status is not null and (new.id, new.at, new.kind, new.actor, new.actor_name, new.action)
    is not distinct from (old.id, old.at, old.kind, old.actor, old.actor_name, old.action) then
    return new;
  end if;
  if tg_op = 'DELETE' and current_setting('syncline.retention', true) = 'audit' then
    return old;
  end if;
  raise exception 'the audit log is only added to';
end $$;
create trigger audit_kept before update or delete on audit for each row execute function keep_audit();
create trigger audit_kept_whole before truncate on audit for each statement execute function keep_audit();
`;

/** Analysts, operators who are switched off, second factors, settings of the whole hub, and the audit log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
