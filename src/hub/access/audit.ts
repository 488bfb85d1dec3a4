import { type RawBuilder, sql } from 'kysely';
import type { Db, Hub } from '../database.ts';
import { digestOf, newId } from '../ids.ts';
import type { AuditKind } from '../tables/access.ts';
import { type After, type Slice, sliceOf } from '../views/slice.ts';

export type AuditLine = {
  readonly kind: AuditKind;
  /** `operator:<id>`, `key:<id>`, `command line`, or `nobody`. */
  readonly actor: string;
  readonly actorName: string;
  readonly address: string | null;
  readonly action: string;
  readonly subjects?: readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
};

const rowOf = (line: AuditLine, status: number | null) => ({
  id: newId(),
  kind: line.kind,
  actor: line.actor,
  actor_name: line.actorName.slice(0, LONGEST_NAME),
  address: line.address,
  action: line.action,
  subjects: [...(line.subjects ?? [])],
  detail: JSON.stringify(line.detail ?? {}),
  status,
});
const LONGEST_NAME = 200;

/** Writes down what came to an end. */
export async function noteAudit(db: Db, line: AuditLine, status: number): Promise<void> {
  await db.insertInto('audit').values(rowOf(line, status)).execute();
}

/** Writes down what is about to be done, before it is: an act whose process dies stands there without an outcome. */
export async function beginAudit(db: Db, line: AuditLine): Promise<string> {
  const row = rowOf(line, null);
  await db.insertInto('audit').values(row).execute();
  return row.id;
}

type Outcome = { readonly status: number; readonly detail: Readonly<Record<string, unknown>> };

/** Adds what came of it, once. */
export async function endAudit(db: Db, id: string, { status, detail }: Outcome): Promise<void> {
  await db
    .updateTable('audit')
    .set({ status, detail: JSON.stringify(detail) })
    .where('id', '=', id)
    .where('status', 'is', null)
    .execute();
}

const SAME_LOOK_MIN = 10;

/** Writes down whom somebody has looked at; a page that stays open and asks again and again is one look for ten minutes. */
export async function noteRead(db: Db, line: AuditLine): Promise<void> {
  const { id, actor, actor_name, address, action, subjects } = rowOf(line, null);
  const look = digestOf({ subjects, detail: line.detail ?? {} });
  await sql`
    insert into audit (id, kind, actor, actor_name, address, action, subjects, detail, status)
    select ${id}::uuid, 'read', ${actor}, ${actor_name}, ${address}, ${action}, ${subjects}::uuid[], ${JSON.stringify({ ...line.detail, look })}::jsonb, 200
    where not exists (
      select from audit a where a.actor = ${actor} and a.id > ${sql.raw(earliestId(SAME_LOOK_MIN))} and a.action = ${action} and a.detail ->> 'look' = ${look}
    )`.execute(db);
}

// Ids of ours begin with the time they were made at, by which the index of an actor's lines narrows to the latest ones.
const earliestId = (minutes: number): string =>
  `(lpad(to_hex(((extract(epoch from now()) - ${minutes * 60}) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid`;

export type AuditFilter = {
  readonly kind?: AuditKind | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};
const COLUMNS = ['id', 'at', 'kind', 'actor', 'actor_name', 'address', 'action', 'subjects', 'detail', 'status'] as const;

/** What was written down, the newest first. */
export async function listAudit(db: Db, filter: AuditFilter, page: After) {
  let query = db
    .selectFrom('audit')
    .select(COLUMNS)
    .where(isWanted(filter))
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where('id', '<', page.after);
  const slice: Slice<Awaited<ReturnType<typeof query.execute>>[number]> = sliceOf(await query.execute(), page.limit);
  return slice;
}
export type AuditRow = Awaited<ReturnType<typeof listAudit>>['items'][number];

function isWanted({ kind, actor, action, subject, from, until }: AuditFilter): RawBuilder<boolean> {
  const parts = [
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(subject === undefined ? [] : [sql`subjects <> '{}' and subjects @> array[${subject}::uuid]`]),
    ...(from === undefined ? [] : [sql`at >= ${from}::timestamptz`]),
    ...(until === undefined ? [] : [sql`at < ${until}::timestamptz`]),
  ];
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(parts, sql` and `)}`;
}

const AT_ONCE = 500;

/** All of it, some at a time. */
export async function* allAudit(db: Db, filter: AuditFilter): AsyncGenerator<readonly AuditRow[]> {
  let after: string | null = null;
  do {
    const { items, last }: Slice<AuditRow> = await listAudit(db, filter, { after, limit: AT_ONCE });
    yield items;
    after = last;
  } while (after !== null);
}

/** Removes some of what is older than so many days; how many lines that were. The trigger lets nobody else. */
export async function forgetAudit(hub: Hub, days: number): Promise<number> {
  return hub.transaction().execute(async (tx) => {
    await sql`select set_config('syncline.retention', 'audit', true)`.execute(tx);
    const { numAffectedRows } = await sql`
      delete from audit where id in (select id from audit where at < now() - ${days} * interval '1 day' order by id limit ${AT_ONCE})`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0n);
  });
}
