import { sql } from 'kysely';
import type { Language } from '../causes/languages.ts';
import type { Role } from '../hub/access-tables.ts';
import type { Db, Hub, Tx } from '../hub/database.ts';
import { newId } from '../hub/ids.ts';
import { type After, type Slice, sliceOf } from '../hub/views/slice.ts';

export type OperatorRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: Date;
};

const COLUMNS = ['id', 'name', 'email', 'role', 'created_at'] as const;

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

/** Gives an operator another role, unless no admin would be left. */
export async function changeRole(hub: Hub, id: string, role: Role): Promise<OperatorRow | 'not_found' | 'last_admin'> {
  return hub.transaction().execute(async (tx) => {
    const admins = await lockAdmins(tx);
    if (role !== 'admin' && admins.length === 1 && admins[0] === id) return 'last_admin';
    const changed = await tx
      .updateTable('operator')
      .set({ role, updated_at: sql`now()` })
      .where('id', '=', id)
      .returning(COLUMNS)
      .executeTakeFirst();
    return changed ?? 'not_found';
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
  const rows = await tx.selectFrom('operator').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute();
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
  const found = await db
    .selectFrom('operator_account')
    .select('id')
    .where('operator_id', '=', operatorId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst();
  return found !== undefined;
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
