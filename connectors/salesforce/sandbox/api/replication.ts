import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { shownInstant } from '../soql/select.ts';
import { BIN_MS } from '../store/store.ts';
import { type Ask, route } from './exchange.ts';

const DAY_MS = 86_400_000;
const MAX_IDS = 600_000;

/** What was changed and what was deleted in a window of time. */
export const replicationRoutes = [
  route('GET /sobjects/:object/updated', (org, ask, { object = '' }) => {
    const schema = org.schema(object, 404);
    const { start, end } = span(org, ask, 30 * DAY_MS);
    const rows = org.store.table(schema.name).fromStamp(start);
    const ids = rows.filter((row) => row.SystemModstamp < end && !row.IsDeleted).map(({ Id }) => Id);
    if (ids.length > MAX_IDS) throw new Refusal('EXCEEDED_ID_LIMIT', 'too many ids in the window');
    return { status: 200, body: { ids, latestDateCovered: shownInstant(covered(org, schema.name, end)) } };
  }),
  route('GET /sobjects/:object/deleted', (org, ask, { object = '' }) => {
    const schema = org.schema(object, 404);
    const { start, end } = span(org, ask, BIN_MS);
    const found = org.store.deletedBetween(schema.name, start, end);
    if (found.length > MAX_IDS) throw new Refusal('EXCEEDED_ID_LIMIT', 'too many ids in the window');
    const body = {
      deletedRecords: found.map(({ id, at }) => ({ deletedDate: shownInstant(at), id })),
      earliestDateAvailable: shownInstant(minute(org.now() - BIN_MS)),
      latestDateCovered: shownInstant(covered(org, schema.name, end)),
    };
    return { status: 200, body };
  }),
];

const minute = (at: number) => Math.floor(at / 60_000) * 60_000;

/** The window in whole minutes: seconds are ignored. */
function span(org: Org, ask: Ask, reachMs: number): { readonly start: number; readonly end: number } {
  const [start, end] = ['start', 'end'].map((name) => {
    const at = Date.parse((ask.query.get(name) ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
    if (Number.isNaN(at)) throw new Refusal('INVALID_REPLICATION_DATE', `${name} has to be a date and time with its zone`);
    return minute(at);
  }) as [number, number];
  if (start >= end) throw new Refusal('INVALID_REPLICATION_DATE', 'startDate must be at least one minute before endDate');
  if (start < minute(org.now() - reachMs))
    throw new Refusal('INVALID_REPLICATION_DATE', `startDate cannot be more than ${reachMs / DAY_MS} days ago`);
  return { start, end };
}

/** A window is covered only up to the earliest transaction that still runs. */
function covered(org: Org, object: string, end: number): number {
  const reached = Math.min(end, minute(org.now()));
  return Math.min(reached, minute(org.store.earliestPending(object) ?? reached));
}
