import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { MappingOrigin } from '../tables/mappings.ts';

/** What somebody is writing, and nobody works by. `baseId`: the version that was active when it was begun. */
export type MappingDraft = {
  readonly name: string;
  readonly text: string | null;
  readonly origin: Exclude<MappingOrigin, 'folder'>;
  readonly baseId: string | null;
  readonly reason: string;
  readonly author: string;
  readonly updatedAt: Date;
};

const DRAFT = ['name', 'text', 'origin', 'base_id as baseId', 'reason', 'author', 'updated_at as updatedAt'] as const;

export const listDrafts = (db: Db): Promise<readonly MappingDraft[]> =>
  db.selectFrom('mapping_draft').select(DRAFT).orderBy('name').execute();

export async function findDraft(db: Db, name: string): Promise<MappingDraft | null> {
  return (await db.selectFrom('mapping_draft').select(DRAFT).where('name', '=', name).executeTakeFirst()) ?? null;
}

/**
 * Keeps a draft over the one that is there. `seen`: when that one was kept, as whoever writes has seen it, or null for none; false when somebody
 * else has written meanwhile.
 */
export async function keepDraft(
  db: Db,
  draft: Omit<MappingDraft, 'updatedAt' | 'baseId'>,
  seen: { readonly at: string | null } | 'whatever',
): Promise<boolean> {
  const { name, text, origin, reason, author } = draft;
  const isSeen = seen === 'whatever' ? sql`true` : sql`date_trunc('milliseconds', mapping_draft.updated_at) = ${seen.at}::timestamptz`;
  const { numAffectedRows } = await sql`
    insert into mapping_draft (name, text, origin, reason, author, base_id)
    values (${name}, ${text}, ${origin}, ${reason}, ${author}, (select active_id from mapping_document where name = ${name}))
    on conflict (name) do update set text = excluded.text, origin = excluded.origin, reason = excluded.reason, author = excluded.author, updated_at = now()
    where ${isSeen}`.execute(db);
  return numAffectedRows === 1n;
}

export async function dropDraft(db: Db, name: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('mapping_draft').where('name', '=', name).executeTakeFirst();
  return numDeletedRows > 0n;
}
