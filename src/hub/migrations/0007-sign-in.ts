import { type Kysely, sql } from 'kysely';

const STATEMENTS = `
-- A grant has a number, so that an answer to the renewal of an older one is told apart. Whoever renews it says so, in a row and not by a lock:
-- no transaction waits for a vendor.
alter table credential
  add column grant_no integer not null default 0,
  add column grant_renew_at timestamptz,
  add column granted_scopes text[],
  add column renewing_until timestamptz not null default '-infinity',
  add column renewal_no integer not null default 0,
  add column renewals integer not null default 0,
  add column renewals_since timestamptz not null default '-infinity',
  add column renewal_refused jsonb;

-- An object that the credentials no longer reach stands still by itself.
alter table stream
  add column reason text,
  add column cause text,
  add column resume_at timestamptz;

-- A sign-in at a vendor, from the link that leads there until the way back. What it was begun with is sealed, and thrown away when it ends.
create table sign_in (
  id uuid primary key,
  state_hash text not null unique,
  ticket_hash text unique,
  session_id text references operator_session on delete cascade,
  browser_hash text,
  key_version integer not null,
  sealed bytea,
  connector text not null,
  name text not null,
  actor text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  spent_at timestamptz,
  ended_at timestamptz,
  outcome jsonb,
  check ((session_id is null) <> (ticket_hash is null))
);
create index sign_in_session on sign_in (session_id) where session_id is not null;

-- How often somebody has tried something lately.
create table tries (
  who text primary key,
  n integer not null,
  since timestamptz not null default now()
);
`;

/** Signing in at vendors by OAuth 2, grants that are renewed across processes, and objects that stand still alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(STATEMENTS).execute(db);
}
