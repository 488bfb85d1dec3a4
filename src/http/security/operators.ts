import { sql } from 'kysely';
import type { Language } from '../../causes/languages.ts';
import type { Db, Hub, Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Role } from '../../hub/tables/access.ts';
import { type After, type Slice, sliceOf } from '../../hub/views/slice.ts';
import { endSessions } from './sessions.ts';

export type OperatorRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
  readonly last_sign_in_at: Date | null;
  readonly two_factor_enabled: boolean;
};

const COLUMNS = ['id', 'name', 'email', 'role', 'created_at', 'disabled_at', 'last_sign_in_at', 'two_factor_enabled'] as const;

/** Whether anybody can run the hub yet. */
export async function hasAdmin(db: Db): Promise<boolean> {
  return (await db.selectFrom('operator').select('id').where('role', '=', 'admin').limit(1).executeTakeFirst()) !== undefined;
}

/** Makes an operator, with a password when its hash is given, else one who comes in by a link. An e-mail that is taken throws. */
export async function makeOperator(
  db: Db,
  draft: { name: string; email: string; role: Role },
  passwordHash: string | null,
): Promise<OperatorRow> {
  const email = draft.email.toLowerCase();
  const made = await db
    .insertInto('operator')
    .values({ id: newId(), name: draft.name, email, email_verified: true, role: draft.role })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  if (passwordHash !== null) await storePassword(db, made.id, passwordHash);
  return made;
}

/** The operator with this e-mail, however it is spelt. */
export async function operatorByEmail(db: Db, email: string): Promise<OperatorRow | undefined> {
  return db.selectFrom('operator').select(COLUMNS).where('email', '=', email.toLowerCase()).executeTakeFirst();
}

/** The admin who was first. */
export async function firstAdmin(db: Db): Promise<OperatorRow | undefined> {
  return db
    .selectFrom('operator')
    .select(COLUMNS)
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** All operators, the newest first. */
export async function listOperators(db: Db, page: After): Promise<Slice<OperatorRow>> {
  let query = db
    .selectFrom('operator')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('id', '<', page.after);
  return sliceOf(await query.execute(), page.limit);
}

type OperatorChange = { readonly role?: Role | undefined; readonly disabled?: boolean | undefined };

/** Gives an operator another role, or switches one off or on, unless no admin would be left. Whoever is switched off is out at once. */
export async function changeOperator(
  hub: Hub,
  id: string,
  { role, disabled }: OperatorChange,
): Promise<OperatorRow | 'not_found' | 'last_admin'> {
  return hub.transaction().execute(async (tx) => {
    const admins = await lockAdmins(tx);
    const leaves = (role !== undefined && role !== 'admin') || disabled === true;
    if (leaves && admins.length === 1 && admins[0] === id) return 'last_admin';
    const changed = await tx
      .updateTable('operator')
      .set({
        updated_at: sql`now()`,
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled_at: disabled ? sql<Date>`coalesce(disabled_at, now())` : null }),
      })
      .where('id', '=', id)
      .returning(COLUMNS)
      .executeTakeFirst();
    if (disabled === true) await endSessions(tx, id);
    return changed ?? 'not_found';
  });
}

/** Takes the second factor of an operator who has lost it away; false when there is none. All their sessions end. */
export async function dropTwoFactor(hub: Hub, id: string): Promise<boolean> {
  return hub.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('operator_two_factor').where('operator_id', '=', id).executeTakeFirstOrThrow();
    await tx.updateTable('operator').set({ two_factor_enabled: false }).where('id', '=', id).execute();
    if (numDeletedRows > 0n) await endSessions(tx, id);
    return numDeletedRows > 0n;
  });
}

/** Removes an operator with all sessions, unless no admin would be left. */
export async function removeOperator(hub: Hub, id: string): Promise<'removed' | 'not_found' | 'last_admin'> {
  return hub.transaction().execute(async (tx) => {
    const admins = await lockAdmins(tx);
    if (admins.length === 1 && admins[0] === id) return 'last_admin';
    const { numDeletedRows } = await tx.deleteFrom('operator').where('id', '=', id).executeTakeFirstOrThrow();
    return numDeletedRows === 0n ? 'not_found' : 'removed';
  });
}

// Two who demote each other at the same time wait here for one another.
async function lockAdmins(tx: Tx): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('operator')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}

export type Preferences = { readonly language: Language | null; readonly timeZone: string | null };

/** How an operator wants to be spoken to. */
export async function preferencesOf(db: Db, operatorId: string): Promise<Preferences> {
  const found = await db
    .selectFrom('operator')
    .select(['language', 'time_zone as timeZone'])
    .where('id', '=', operatorId)
    .executeTakeFirst();
  return found ?? { language: null, timeZone: null };
}

/** Keeps what of it is given; the rest stays as it is. */
export async function prefer(db: Db, operatorId: string, wish: Wish): Promise<void> {
  const { language, timeZone } = wish;
  const changed = { ...(language === undefined ? {} : { language }), ...(timeZone === undefined ? {} : { time_zone: timeZone }) };
  if (Object.keys(changed).length === 0) return;
  await db
    .updateTable('operator')
    .set({ ...changed, updated_at: sql`now()` })
    .where('id', '=', operatorId)
    .execute();
}
type Wish = { readonly language?: Language | null | undefined; readonly timeZone?: string | null | undefined };

/** Whether an operator can sign in with a password. */
export async function hasPassword(db: Db, operatorId: string): Promise<boolean> {
  return (await passwordHashOf(db, operatorId)) !== null;
}

/** What the password of an operator is checked against; null where there is none. */
export async function passwordHashOf(db: Db, operatorId: string): Promise<string | null> {
  const found = await db
    .selectFrom('operator_account')
    .select('password')
    .where('operator_id', '=', operatorId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst();
  return found?.password ?? null;
}

/** Gives an operator who has none a password; false when there is one. */
export async function setFirstPassword(hub: Hub, operatorId: string, passwordHash: string): Promise<boolean> {
  return hub.transaction().execute(async (tx) => {
    await tx.selectFrom('operator').select('id').where('id', '=', operatorId).forUpdate().execute();
    if (await hasPassword(tx, operatorId)) return false;
    await storePassword(tx, operatorId, passwordHash);
    return true;
  });
}

async function storePassword(db: Db, operatorId: string, passwordHash: string): Promise<void> {
  const account = { id: newId(), operator_id: operatorId, account_id: operatorId, provider_id: 'credential', password: passwordHash };
  await db.insertInto('operator_account').values(account).execute();
}
