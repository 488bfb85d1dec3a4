import { type SelectQueryBuilder, sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import { type CauseId, isCauseId } from '../../causes/causes.ts';
import { groupBy, indexBy } from '../../kernel/lists.ts';
import type { Db } from '../database.ts';
import type { Tables } from '../tables.ts';
import { isoOrNull } from './slice.ts';
import { type Systems, systemOf } from './systems.ts';

const COLUMNS = [
  'id',
  'record_id',
  'connection_id',
  'object',
  'remote_id',
  'state',
  'reason',
  'cause',
  'due',
  'attempts',
  'gone_by',
  'sent_at',
] as const;
type LinkRow = Awaited<ReturnType<typeof readLinks>>[number];
export type LinkView = ReturnType<typeof viewOf>;

/** The links of these records, by record. */
export async function linksOf(db: Db, recordIds: readonly string[], systems: Systems): Promise<Map<string, LinkView[]>> {
  if (recordIds.length === 0) return new Map();
  const rows = await readLinks(links(db).where('record_id', 'in', recordIds));
  return new Map([...groupBy(rows, (row) => row.record_id)].map(([id, own]) => [id, own.map((row) => viewOf(row, systems))]));
}

/** Some links by id. */
export async function linksByIds(db: Db, ids: readonly string[], systems: Systems): Promise<ReadonlyMap<string, LinkView>> {
  if (ids.length === 0) return new Map();
  const rows = await readLinks(links(db).where('id', 'in', ids));
  return indexBy(
    rows.map((row) => viewOf(row, systems)),
    (view) => view.id,
  );
}

// A write that is due without having failed is due since ever; what is given up is not due at all.
const NEXT_TRY = sql<Date | null>`case when state = 'failing' and due and isfinite(not_before) then not_before end`;
// The open hold of that cause names the field that the link is held for.
const HELD = sql<{ field: string | null; limit: string | null } | null>`
  (select jsonb_build_object('field', h.field, 'limit', h.detail ->> 'limit') from hold h where h.link_id = link.id and h.closed_at is null and (h.cause is null or h.cause = link.cause) order by h.cause is null, h.id limit 1)`;

const links = (db: Db) => db.selectFrom('link');
const readLinks = (query: SelectQueryBuilder<Tables, 'link', object>) =>
  query
    .select(COLUMNS)
    .select([NEXT_TRY.as('next_try_at'), HELD.as('held'), sql<boolean>`given_up is not null`.as('given_up')])
    .orderBy('connection_id')
    .orderBy('id')
    .execute();

function viewOf(row: LinkRow, systems: Systems) {
  return {
    id: row.id,
    recordId: row.record_id,
    connection: systemOf(systems, row.connection_id),
    object: row.object,
    remoteId: row.remote_id,
    state: row.state,
    reason: row.reason,
    cause: causeFrom(row),
    /** The field and the limit that the cause is about, where it is about one. */
    about: row.held,
    due: row.due,
    attempts: row.attempts,
    /** Not tried again by itself: until somebody acts, or the record wants another write. */
    givenUp: row.given_up,
    nextTryAt: isoOrNull(row.next_try_at),
    sentAt: isoOrNull(row.sent_at),
  };
}

/** A link that is not in sync has a cause, also where nobody noted one. */
function causeFrom({ state, cause, gone_by }: LinkRow): CauseId | null {
  if (state === 'in_sync') return null;
  return cause !== null && isCauseId(cause) ? cause : causeOf({ link: state, because: gone_by ?? undefined });
}
