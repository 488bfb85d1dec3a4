import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
create table operator (
  id text primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  role text not null check (role in ('viewer', 'steward', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table operator_session (
  id text primary key,
  operator_id text not null references operator on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index operator_session_operator_id_idx on operator_session (operator_id);

create table operator_account (
  id text primary key,
  operator_id text not null references operator on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index operator_account_operator_id_idx on operator_account (operator_id);

create table operator_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index operator_verification_identifier_idx on operator_verification (identifier);

create table operator_rate_limit (
  id text primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

create table api_key (
  id uuid primary key,
  name text not null,
  role text not null check (role in ('viewer', 'steward', 'admin')),
  hint text not null,
  hash text not null unique,
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz
);

create table one_time_link (
  hash text primary key,
  kind text not null check (kind in ('setup', 'sign_in')),
  operator_id text references operator on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((kind = 'sign_in') = (operator_id is not null))
);
`;

/** Operators and how they come in. The `operator_*` tables are those that better-auth expects; a test holds them against each other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
