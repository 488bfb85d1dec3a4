import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Hub } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { Role } from '../../hub/tables/access.ts';
import { firstAdmin, hasAdmin, makeOperator, operatorByEmail } from './operators.ts';

const KEY_PREFIX = 'syncline_';
const hashed = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const newSecret = (): string => randomBytes(32).toString('base64url');

export type ApiKeyRow = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly hint: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
};
export const API_KEY_COLUMNS = ['id', 'name', 'role', 'hint', 'created_at', 'created_by', 'expires_at', 'last_used_at'] as const;

/** Makes an API key. The secret is shown here and never again: the table holds its hash. */
export async function createApiKey(
  hub: Db,
  draft: { name: string; role: Role; expiresAt?: string | null; createdBy?: string },
): Promise<ApiKeyRow & { readonly secret: string }> {
  const secret = KEY_PREFIX + newSecret();
  const hint = `…${secret.slice(-4)}`;
  const row = {
    id: newId(),
    name: draft.name,
    role: draft.role,
    hint,
    hash: hashed(secret),
    created_by: draft.createdBy ?? 'command line',
    expires_at: draft.expiresAt ?? null,
  };
  const made = await hub.insertInto('api_key').values(row).returning(API_KEY_COLUMNS).executeTakeFirstOrThrow();
  return { ...made, secret };
}

/** Whose key this is, or null. Its use is noted once a minute. */
export async function openApiKey(hub: Db, secret: string): Promise<{ id: string; name: string; role: Role } | null> {
  if (!secret.startsWith(KEY_PREFIX) || secret.length > 100) return null;
  const found = await hub
    .selectFrom('api_key')
    .select(['id', 'name', 'role'])
    .select(sql<boolean>`last_used_at is null or last_used_at < now() - interval '1 minute'`.as('stale'))
    .where('hash', '=', hashed(secret))
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirst();
  if (found === undefined) return null;
  if (found.stale) await hub.updateTable('api_key').set({ last_used_at: sql`now()` }).where('id', '=', found.id).execute();
  return { id: found.id, name: found.name, role: found.role };
}

type LinkKind = 'setup' | 'sign_in';

async function makeLink(db: Db, kind: LinkKind, operatorId: string | null): Promise<string> {
  const token = newSecret();
  await db.deleteFrom('one_time_link').where('expires_at', '<', sql<Date>`now() - interval '1 day'`).execute();
  await db
    .insertInto('one_time_link')
    .values({ hash: hashed(token), kind, operator_id: operatorId, expires_at: sql`now() + interval '1 hour'` })
    .execute();
  return token;
}

/** Takes the link, once: of two who come with the same token at the same time, one gets it. */
export async function spendLink(db: Db, kind: LinkKind, token: string): Promise<{ operatorId: string | null } | null> {
  const spent = await db
    .updateTable('one_time_link')
    .set({ used_at: sql`now()` })
    .where('hash', '=', hashed(token))
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('operator_id')
    .executeTakeFirst();
  return spent === undefined ? null : { operatorId: spent.operator_id };
}

/** The address at which the first admin is made, or null when there is one. Good for an hour. */
export async function createSetupLink(hub: Hub, publicUrl: string): Promise<string | null> {
  if (await hasAdmin(hub)) return null;
  return linkTo(publicUrl, '/setup', await makeLink(hub, 'setup', null));
}

/**
 * An address that signs an operator in once, within the hour: the one named by e-mail, else the first admin, who is made when there is
 * none. An e-mail that nobody has throws.
 */
export async function createSignInLink(hub: Hub, publicUrl: string, options: { readonly email?: string } = {}): Promise<string> {
  const operator = options.email === undefined ? await anAdmin(hub) : await operatorByEmail(hub, options.email);
  if (operator === undefined) throw new Error(`No operator has the e-mail ${options.email}.`);
  return linkTo(publicUrl, '/sign-in', await makeLink(hub, 'sign_in', operator.id));
}

async function anAdmin(hub: Hub) {
  return (await firstAdmin(hub)) ?? makeOperator(hub, { name: 'Admin', email: 'admin@syncline.invalid', role: 'admin' }, null);
}

function linkTo(publicUrl: string, path: string, token: string): string {
  const link = new URL(path, publicUrl);
  link.searchParams.set('token', token);
  return link.toString();
}
