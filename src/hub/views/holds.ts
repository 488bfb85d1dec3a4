import { causeOf } from '../../causes/cause-of.ts';
import { type CauseId, isCauseId } from '../../causes/causes.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import type { HoldKind } from '../stored.ts';
import { type After, iso, isoOrNull, mapSlice, type Slice, sliceOf } from './slice.ts';
import { type Systems, systemOf } from './systems.ts';
import { labelOf, titleOf } from './titles.ts';

const COLUMNS = [
  'hold.id',
  'hold.kind',
  'hold.connection_id',
  'hold.object',
  'hold.remote_id',
  'hold.record_id',
  'hold.link_id',
  'hold.field',
  'hold.reason',
  'hold.cause',
  'hold.detail',
  'hold.opened_at',
  'hold.closed_at',
  'hold.closed_by',
  'hold.decision',
  'record.object as hub_object',
  'record.fields as now',
] as const;
const WHO = nameOfActor<string | null>('hold.closed_by').as('closed_by_name');
type Row = Awaited<ReturnType<typeof readHolds>>[number];
export type HoldView = ReturnType<typeof viewOf>;
export type HoldQuery = {
  readonly state: 'open' | 'closed';
  readonly kind?: HoldKind | undefined;
  readonly cause?: CauseId | undefined;
  readonly connectionId?: string | undefined;
  readonly recordId?: string | undefined;
};
type Around = { readonly model: HubModel; readonly systems: Systems };

/** What waits for a person, or what persons decided; the newest first. */
export async function listHolds(db: Db, around: Around, wanted: HoldQuery, page: After): Promise<Slice<HoldView>> {
  let query = holds(db)
    .where('hold.closed_at', wanted.state === 'open' ? 'is' : 'is not', null)
    .orderBy('hold.id', 'desc')
    .limit(page.limit + 1);
  if (wanted.kind !== undefined) query = query.where('hold.kind', '=', wanted.kind);
  if (wanted.cause !== undefined) query = query.where('hold.cause', '=', wanted.cause);
  if (wanted.connectionId !== undefined) query = query.where('hold.connection_id', '=', wanted.connectionId);
  if (wanted.recordId !== undefined) query = query.where('hold.record_id', '=', wanted.recordId);
  if (page.after !== null) query = query.where('hold.id', '<', page.after);
  return mapSlice(sliceOf(await query.execute(), page.limit), (row) => viewOf(row, around));
}

/** One hold, open or closed. */
export async function holdById(db: Db, around: Around, id: string): Promise<HoldView | null> {
  const row = await holds(db).where('hold.id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row, around);
}

const holds = (db: Db) => db.selectFrom('hold').leftJoin('record', 'record.id', 'hold.record_id').select(COLUMNS).select(WHO);
const readHolds = (db: Db) => holds(db).execute();

function viewOf(row: Row, around: Around) {
  return {
    id: row.id,
    kind: row.kind,
    connection: row.connection_id === null ? null : systemOf(around.systems, row.connection_id),
    object: row.object,
    remoteId: row.remote_id,
    recordId: row.record_id,
    hubObject: row.hub_object,
    recordTitle: row.hub_object === null || row.now === null ? null : titleOf(around.model, row.hub_object, row.now),
    linkId: row.link_id,
    field: row.field,
    label: row.field === null ? null : labelOf(around.model, row.hub_object, row.field),
    reason: row.reason,
    cause: row.cause !== null && isCauseId(row.cause) ? row.cause : causeOf(row),
    detail: row.detail,
    openedAt: iso(row.opened_at),
    closedAt: isoOrNull(row.closed_at),
    closedBy: row.closed_by,
    closedByName: row.closed_by_name,
    decision: row.decision,
  };
}
