import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Hub } from '../database.ts';
import type { Sealed } from '../sealing/vault.ts';
import type { SignInOutcome } from '../stored.ts';

/** A secret that nobody can guess, for one use. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
const hashed = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whose browser may come back: that of an operator's session, or the first one that opens a link with a ticket. */
export type Binding = { readonly session: string } | { readonly ticket: string };
/** What a browser that comes back shows for itself. */
export type Browser = { readonly session: string | null; readonly cookie: string | null };
/** Why a way back leads nowhere. */
export type Refusal = 'unknown' | 'expired' | 'used' | 'elsewhere';
type SignIn = {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly actor: string;
  readonly sealed: Sealed | null;
};

const GOOD_FOR_MIN = 15;
const KEPT_FOR_H = 24;
const COLUMNS = ['id', 'connector', 'name', 'actor', 'key_version', 'sealed'] as const;

/** A sign-in that is to lead away from here, once. What is older than a day is forgotten. */
export async function beginSignIn(
  db: Db,
  begun: Omit<SignIn, 'sealed'> & { readonly state: string; readonly sealed: Sealed; readonly binding: Binding },
): Promise<void> {
  const { id, connector, name, actor, state, sealed, binding } = begun;
  await db.deleteFrom('sign_in').where('created_at', '<', sql<Date>`now() - ${KEPT_FOR_H} * interval '1 h'`).execute();
  await db
    .insertInto('sign_in')
    .values({
      ...{ id, connector, name, actor, state_hash: hashed(state), key_version: sealed.version, sealed: sealed.sealed },
      ticket_hash: 'ticket' in binding ? hashed(binding.ticket) : null,
      session_id: 'session' in binding ? binding.session : null,
      browser_hash: null,
      expires_at: sql`now() + ${GOOD_FOR_MIN} * interval '1 min'`,
      spent_at: null,
      ended_at: null,
      outcome: null,
    })
    .execute();
}

/** Ties a ticket to the first browser that shows it; null when it was shown before, or is too old. */
export async function takeTicket(db: Db, ticket: string, cookie: string): Promise<SignIn | null> {
  const row = await db
    .updateTable('sign_in')
    .set({ browser_hash: hashed(cookie) })
    .where('ticket_hash', '=', hashed(ticket))
    .where('browser_hash', 'is', null)
    .where('spent_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : signInOf(row);
}

/** Takes the way back, once, for the browser that went; of two who come at the same time, one gets it. A stranger changes nothing. */
export async function spendState(
  hub: Hub,
  state: string,
  browser: Browser,
): Promise<SignIn | { readonly refusal: Refusal; readonly id: string | null }> {
  const row = await hub
    .updateTable('sign_in')
    .set({ spent_at: sql`now()` })
    .where('state_hash', '=', hashed(state))
    .where('spent_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .where((e) =>
      e.or([
        ...(browser.session === null ? [] : [e('session_id', '=', browser.session)]),
        ...(browser.cookie === null ? [] : [e('browser_hash', '=', hashed(browser.cookie))]),
        sql<boolean>`false`,
      ]),
    )
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? whyNot(hub, state, browser) : signInOf(row);
}

async function whyNot(hub: Hub, state: string, browser: Browser): Promise<{ readonly refusal: Refusal; readonly id: string | null }> {
  const row = await hub
    .selectFrom('sign_in')
    .select(['id', 'session_id', 'browser_hash', 'spent_at'])
    .where('state_hash', '=', hashed(state))
    .executeTakeFirst();
  if (row === undefined) return { refusal: 'unknown', id: null };
  const isOwn =
    row.session_id === null ? browser.cookie !== null && row.browser_hash === hashed(browser.cookie) : row.session_id === browser.session;
  if (!isOwn) return { refusal: 'elsewhere', id: null };
  return { refusal: row.spent_at === null ? 'expired' : 'used', id: row.id };
}

/** What came of it. What it was begun with is thrown away. */
export async function endSignIn(db: Db, id: string, outcome: SignInOutcome): Promise<void> {
  await db
    .updateTable('sign_in')
    .set({ ended_at: sql`now()`, outcome: JSON.stringify(outcome), sealed: null })
    .where('id', '=', id)
    .execute();
}

/** How a sign-in stands. `over`: nothing more will come of it. */
export async function readSignIn(db: Db, id: string) {
  const row = await db
    .selectFrom('sign_in')
    .select(['id', 'connector', 'name', 'session_id as session', 'outcome', sql<boolean>`ticket_hash is not null`.as('byTicket')])
    .select(
      sql<boolean>`ended_at is not null or expires_at <= now() - interval '2 min' or (spent_at is null and expires_at <= now())`.as('over'),
    )
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

type Row = Omit<SignIn, 'sealed'> & { readonly key_version: number; readonly sealed: Buffer | null };
function signInOf({ key_version, sealed, ...row }: Row): SignIn {
  return { ...row, sealed: sealed === null ? null : { version: key_version, sealed } };
}
