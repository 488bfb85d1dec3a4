import { sql } from 'kysely';
import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import type { MappingOrigin } from '../tables/mappings.ts';
import { type After, iso, isoOrNull, type Slice, sliceOf } from './slice.ts';

/** A version as it is listed. `author` is a file, a person, a key, or a command. */
export type MappingVersionView = {
  readonly id: string;
  readonly origin: MappingOrigin;
  readonly author: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly activatedAt: string | null;
  readonly active: boolean;
  readonly baseId: string | null;
  readonly removed: boolean;
};
/** A document as it is listed: what is active, whether somebody writes another, and whether its file says something else. */
export type MappingListed = {
  readonly name: string;
  readonly version: MappingVersionView | null;
  readonly draft: { readonly author: string; readonly reason: string; readonly updatedAt: string } | null;
  readonly waitingId: string | null;
};
export type MappingRead = MappingListed & {
  /** Null where it was removed, or never was. */
  readonly text: string | null;
  readonly draftText: string | null;
};

type Row = {
  id: string;
  origin: MappingOrigin;
  author: string;
  reason: string;
  created_at: Date;
  activated_at: Date | null;
  base_id: string | null;
  removed: boolean;
};

const versionView = (row: Row, activeId: string | null): MappingVersionView => ({
  ...{ id: row.id, origin: row.origin, author: row.author, reason: row.reason, createdAt: iso(row.created_at) },
  ...{ activatedAt: isoOrNull(row.activated_at), active: row.id === activeId, baseId: row.base_id, removed: row.removed },
});

/** Every document that is active or is being written, by name. */
export async function listMappings(db: Db): Promise<readonly MappingListed[]> {
  return (await readDocuments(db, null)).map(({ text: _, draftText: __, ...listed }) => listed);
}

export async function readMapping(db: Db, name: string): Promise<MappingRead | null> {
  return (await readDocuments(db, name))[0] ?? null;
}

async function readDocuments(db: Db, name: string | null): Promise<readonly MappingRead[]> {
  const { rows } = await sql<
    Row & {
      name: string;
      text: string | null;
      waiting_id: string | null;
      draft: { author: string; reason: string; updatedAt: string } | null;
      draft_text: string | null;
    }
  >`
    select n.name, v.id, v.origin, v.author, v.reason, v.created_at, v.activated_at, v.base_id, v.removed, v.text, d.waiting_id,
      w.text as draft_text, case when w.name is not null then jsonb_build_object('author', ${nameOfActor('w.author')}, 'reason', w.reason, 'updatedAt', w.updated_at) end as draft
    from (select name from mapping_document union select name from mapping_draft) n
    left join mapping_document d on d.name = n.name
    left join lateral (
      select t.id, t.origin, ${nameOfActor('t.author')} as author, t.reason, t.created_at, t.activated_at, t.base_id, t.text is null as removed,
        case when ${name !== null} then t.text end as text
      from mapping_text t where t.id = d.active_id) v on true
    left join mapping_draft w on w.name = n.name
    where ${name}::text is null or n.name = ${name}
    order by n.name <> 'hub.yaml', n.name`.execute(db);
  return rows.map((row) => ({
    name: row.name,
    version: row.id === null ? null : versionView(row, row.id),
    draft: row.draft === null ? null : { ...row.draft, updatedAt: iso(new Date(row.draft.updatedAt)) },
    waitingId: row.waiting_id,
    text: row.text,
    draftText: row.draft_text,
  }));
}

/** The versions of a document, the latest first. */
export async function listMappingVersions(db: Db, name: string, page: After): Promise<Slice<MappingVersionView>> {
  const document = await db.selectFrom('mapping_document').select('active_id').where('name', '=', name).executeTakeFirst();
  const { rows } = await sql<Row>`
    select t.id, t.origin, ${nameOfActor('t.author')} as author, t.reason, t.created_at, t.activated_at, t.base_id, t.text is null as removed
    from mapping_text t where t.name = ${name} and (t.activated_at is not null or t.id in (select waiting_id from mapping_document where name = ${name}))
      and (${page.after}::uuid is null or t.id < ${page.after}::uuid)
    order by t.id desc limit ${page.limit + 1}`.execute(db);
  const slice = sliceOf(rows, page.limit);
  return { ...slice, items: slice.items.map((row) => versionView(row, document?.active_id ?? null)) };
}

/** What a version says, and what another said that it is compared with: `against`, or else the one that was active when it was written. */
export async function readMappingVersion(
  db: Db,
  name: string,
  { id, against }: { readonly id: string; readonly against?: string | undefined },
): Promise<{ readonly version: MappingVersionView; readonly text: string | null; readonly before: string | null } | null> {
  const { rows } = await sql<Row & { text: string | null; before: string | null; active: string | null }>`
    select t.id, t.origin, ${nameOfActor('t.author')} as author, t.reason, t.created_at, t.activated_at, t.base_id, t.text is null as removed, t.text,
      (select b.text from mapping_text b where b.name = t.name and b.id = coalesce(${against ?? null}::uuid, t.base_id)) as before,
      (select active_id from mapping_document d where d.name = t.name) as active
    from mapping_text t where t.name = ${name} and t.id = ${id}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { version: versionView(row, row.active), text: row.text, before: row.before };
}
