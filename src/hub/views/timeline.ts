import { type RawBuilder, sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import { indexBy } from '../../kernel/lists.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import { type ChangeView, listChanges } from './journal.ts';
import { listResponses, type ResponseView } from './responses.ts';
import { iso } from './slice.ts';
import type { Systems } from './systems.ts';
import { nameIn } from './titles.ts';

export const TIMELINE_KINDS = ['change', 'response', 'activity'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];
/** A record of another object that refers to this one: a call, a note, a ticket, a deal. */
export type Activity = {
  readonly id: string;
  readonly object: string;
  readonly title: string | null;
  readonly fields: Fields;
};
type Entry = { readonly id: string; readonly at: string } & (
  | { readonly kind: 'change'; readonly change: ChangeView }
  | { readonly kind: 'response'; readonly response: ResponseView }
  | { readonly kind: 'activity'; readonly activity: Activity }
);
export type TimelineEntry = Entry;
/** Where a timeline goes on: behind the entry of this moment and id. */
export type Behind = { readonly at: string; readonly id: string };
type Wanted = { readonly recordId: string; readonly kinds: readonly TimelineKind[]; readonly until?: string | undefined };
type Page = { readonly behind: Behind | null; readonly limit: number };
type Around = { readonly model: HubModel; readonly systems: Systems };
type Row = { readonly kind: TimelineKind; readonly id: string; readonly at: string };

/** All that happened around a record, the newest first; `last` is what to go on behind, or null when nothing is left. */
export async function timelineOf(db: Db, around: Around, wanted: Wanted, page: Page): Promise<{ items: Entry[]; last: Behind | null }> {
  const parts = wanted.kinds.map((kind) => sql`(${SOURCES[kind](wanted.recordId)})`);
  const until = wanted.until === undefined ? sql`true` : sql`at <= ${wanted.until}::timestamptz`;
  const behind = page.behind === null ? sql`true` : sql`(at, id) < (${page.behind.at}::timestamptz, ${page.behind.id}::uuid)`;
  const { rows } = await sql<Row>`
    select kind, id, to_json(at) #>> '{}' as at from (${sql.join(parts, sql` union all `)}) as e
    where ${until} and ${behind} order by e.at desc, e.id desc limit ${page.limit + 1}`.execute(db);
  const shown = rows.slice(0, page.limit);
  return { items: await entriesOf(db, around, shown), last: rows.length > shown.length ? (shown.at(-1) ?? null) : null };
}

// Records that were merged into this one have brought their past along.
const own = (id: string) => sql`select r.id from record r where r.id = ${id}::uuid or r.merged_into = ${id}::uuid`;

// The record by which a CRM is told of a response is no news beside the response itself, on the timeline of whoever gave it.
const SOURCES: Readonly<Record<TimelineKind, (id: string) => RawBuilder<unknown>>> = {
  change: (id) => sql`select 'change' as kind, c.id, c.at from change c where c.record_id in (${own(id)})`,
  response: (id) =>
    sql`select 'response' as kind, s.id, coalesce(s.submitted_at, s.seen_at) as at from response s where s.record_id = ${id}::uuid`,
  activity: (id) => sql`
    select 'activity' as kind, l.record_id as id, coalesce(l.at, r.created_at) as at from record_lookup l join record r on r.id = l.record_id
    where l.points_at <> '{}' and l.points_at @> array[${id}::uuid] and r.merged_into is null and r.archived_at is null
      and not exists (select from response s join entry e on e.response_id = s.id where s.record_id = ${id}::uuid and e.record_id = l.record_id)
      and not exists (select from record self where self.id = ${id}::uuid and self.object = any(${WHO}) and l.object = any(${WHO}))`,
};
// That somebody works at a company is no event.
const WHO: readonly string[] = ['contact', 'company'];

async function entriesOf(db: Db, around: Around, rows: readonly Row[]): Promise<Entry[]> {
  const of = (kind: TimelineKind) => rows.filter((row) => row.kind === kind).map((row) => row.id);
  const all = { after: null, limit: rows.length };
  const changes = indexBy((await listChanges(db, around, { ids: of('change'), conflictsOnly: false }, all)).items, (line) => line.id);
  const responses = indexBy((await listResponses(db, around, { ids: of('response') }, all)).items, (response) => response.id);
  const activities = await activitiesById(db, around.model, of('activity'));
  return rows.flatMap(({ kind, id, at: moment }): readonly Entry[] => {
    const at = iso(new Date(moment));
    const [change, response, activity] = [changes.get(id), responses.get(id), activities.get(id)];
    if (kind === 'change' && change !== undefined) return [{ kind, id, at, change }];
    if (kind === 'response' && response !== undefined) return [{ kind, id, at, response }];
    return kind === 'activity' && activity !== undefined ? [{ kind, id, at, activity }] : [];
  });
}

async function activitiesById(db: Db, model: HubModel, ids: readonly string[]): Promise<ReadonlyMap<string, Activity>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('record').select(['id', 'object', 'fields']).where('id', 'in', ids).execute();
  return indexBy(
    rows.map(({ id, object, fields }) => ({ id, object, title: nameIn(model, object, fields), fields })),
    (activity) => activity.id,
  );
}
