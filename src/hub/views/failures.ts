import { sql } from 'kysely';
import { type CauseId, isCauseId } from '../../causes/causes.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import type { LinkState } from '../stored.ts';
import { type LinkView, linksByIds } from './links.ts';
import { type After, type Slice, sliceOf } from './slice.ts';
import { type Systems, systemOf } from './systems.ts';
import { titleOf } from './titles.ts';

/** What is failing or held for one reason. */
export type FailureGroup = {
  readonly cause: CauseId;
  readonly links: number;
  /** Links that are not tried again by themselves. */
  readonly givenUp: number;
  readonly holds: number;
  readonly nextTryAt: string | null;
  readonly example: {
    readonly linkId: string | null;
    readonly holdId: string | null;
    readonly system: string;
    readonly reason: string | null;
  };
};

type GroupRow = {
  cause: string;
  links: number;
  given_up: number;
  holds: number;
  next_try_at: Date | null;
  link_id: string | null;
  hold_id: string | null;
  connection_id: string;
  reason: string | null;
};

/** Everything that is failing or held, by cause, what concerns most first. */
export async function listFailures(
  db: Db,
  systems: Systems,
  wanted: { readonly connectionId?: string | undefined },
): Promise<readonly FailureGroup[]> {
  const connectionId = wanted.connectionId ?? null;
  const { rows } = await sql<GroupRow>`
    with l as (
      select cause, count(*)::int as links, count(*) filter (where given_up is not null)::int as given_up, min(not_before) filter (where due and state = 'failing') as next_try_at,
        (array_agg(id order by id desc))[1] as link_id
      from link where state in ('failing', 'held') and cause is not null and (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid) group by cause),
    h as (
      select cause, count(*)::int as holds, (array_agg(id order by id desc))[1] as hold_id
      from hold where closed_at is null and cause is not null and (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid) group by cause)
    select coalesce(l.cause, h.cause) as cause, coalesce(l.links, 0) as links, coalesce(l.given_up, 0) as given_up, coalesce(h.holds, 0) as holds, l.next_try_at,
      l.link_id, h.hold_id, coalesce(el.connection_id, eh.connection_id) as connection_id, coalesce(el.reason, eh.reason) as reason
    from l full join h on h.cause = l.cause left join link el on el.id = l.link_id left join hold eh on eh.id = h.hold_id
    order by greatest(coalesce(l.links, 0), coalesce(h.holds, 0)) desc, cause`.execute(db);
  return rows.flatMap((row) => (isCauseId(row.cause) ? [groupOf(row, row.cause, systems)] : []));
}

function groupOf(row: GroupRow, cause: CauseId, systems: Systems): FailureGroup {
  const example = { linkId: row.link_id, holdId: row.hold_id, system: systemOf(systems, row.connection_id).name, reason: row.reason };
  return { cause, links: row.links, givenUp: row.given_up, holds: row.holds, nextTryAt: isoOrNever(row.next_try_at), example };
}

// A write that is due at once has been due since ever.
const isoOrNever = (time: Date | null): string | null =>
  time === null || Number.isNaN(Number(time)) ? null : new Date(time).toISOString();

export type ListedLink = LinkView & { readonly hubObject: string; readonly recordTitle: string };
type Around = { readonly model: HubModel; readonly systems: Systems };

type LinksWanted = {
  readonly cause?: CauseId | undefined;
  readonly state?: LinkState | undefined;
  readonly connectionId?: string | undefined;
};

/** Links by the cause that keeps them from being in sync, or by how they stand; the newest first. */
export async function listLinks(db: Db, { model, systems }: Around, wanted: LinksWanted, page: After): Promise<Slice<ListedLink>> {
  const slice = sliceOf(await linksAlike(db, wanted, page).execute(), page.limit);
  const views = await linksByIds(
    db,
    slice.items.map((row) => row.id),
    systems,
  );
  const items = slice.items.flatMap(({ id, object, fields }): ListedLink[] => {
    const view = views.get(id);
    return view === undefined ? [] : [{ ...view, hubObject: object, recordTitle: titleOf(model, object, fields) }];
  });
  return { ...slice, items };
}

/** The statement that finds them: one more than a page holds when there are more. */
export function linksAlike(db: Db, wanted: LinksWanted, { after, limit }: After) {
  let query = db
    .selectFrom('link')
    .innerJoin('record', 'record.id', 'link.record_id')
    .select(['link.id', 'record.object', 'record.fields'])
    .orderBy('link.id', 'desc')
    .limit(limit + 1);
  if (wanted.cause !== undefined) query = query.where('link.cause', '=', wanted.cause);
  if (wanted.state !== undefined) query = query.where('link.state', '=', wanted.state);
  if (wanted.connectionId !== undefined) query = query.where('link.connection_id', '=', wanted.connectionId);
  return after === null ? query : query.where('link.id', '<', after);
}
