import type { Ask } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Page } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { asRefusal } from '../http/errors.ts';
import type { VendorRecord } from '../http/wire.ts';
import { propertiesBehind, type Room } from '../room.ts';
import { readTies } from './by-ids.ts';
import { afterPass, type DeltaCursor, isDeepDue, type Pass } from './cursor.ts';
import { observeRecords } from './observe.ts';
import { searchPage } from './search.ts';
import { latest, shift } from './times.ts';

const PAGE_MAX = 100;
// As many as one request for associations takes.
const GATHER_MAX = 1000;
const CLOCK_SLACK_MS = 300_000;

type Gathered = {
  readonly records: readonly VendorRecord[];
  readonly startedAt: string;
  readonly after: string | null;
  readonly isLast: boolean;
  /** The refusal that ended the gathering early. */
  readonly cut: HubError | null;
};
type Start = Pick<Pass, 'from' | 'deep'> & { readonly startedAt: string | null; readonly after: string | null };

/** What changed since the cursor, as far as the hub does not hold it yet: one search when nothing did. */
export async function* delta(room: Room, cursor: DeltaCursor, ask: Ask): AsyncIterable<Page> {
  let start = startOf(cursor);
  for (;;) {
    const gathered = await gather(room, start, { cursor, fields: ask.fields });
    const { startedAt, after, isLast } = gathered;
    const going = (passed: string): DeltaCursor => ({ ...cursor, pass: { from: start.from, deep: start.deep, startedAt, after: passed } });
    const next = isLast || after === null ? afterPass(cursor, { startedAt, deep: start.deep }, room.hubspot.indexLagMs) : going(after);
    yield* pagesOf(await observeNews(room, gathered.records, ask), next, going);
    if (isLast) return;
    if (gathered.cut !== null) throw gathered.cut;
    start = { ...start, startedAt, after };
  }
}

// A pass that was interrupted goes on where it was: what changed behind its back is later than its start, so the next one finds it.
function startOf(cursor: DeltaCursor): Start {
  if (cursor.pass !== undefined) return cursor.pass;
  const deep = isDeepDue(cursor);
  return { from: deep && cursor.deepSince < cursor.since ? cursor.deepSince : cursor.since, deep, startedAt: null, after: null };
}

async function gather(room: Room, start: Start, { cursor, fields }: { cursor: DeltaCursor; fields: readonly string[] }): Promise<Gathered> {
  const filters = [{ propertyName: room.type.modified, operator: 'GTE', value: String(Date.parse(start.from)) }] as const;
  const records: VendorRecord[] = [];
  let { startedAt, after } = start;
  for (;;) {
    const page = await searchPage(room, { filters, after, properties: propertiesBehind(room.type, fields) }).catch(asRefusal);
    if (page instanceof HubError) {
      // The search budget is shared by all of the account's apps: what was found before it ran out is handed on, so that every try gets on.
      if (startedAt === null || records.length === 0) throw page;
      return { records, startedAt, after, isLast: false, cut: page };
    }
    startedAt ??= startOfPass(cursor, page.servedAt, { records: page.records, indexLagMs: room.hubspot.indexLagMs });
    records.push(...page.records);
    after = page.lastId;
    if (page.isLast || records.length >= GATHER_MAX) return { records, startedAt, after, isLast: page.isLast, cut: null };
  }
}

function startOfPass(
  { since, deepSince }: DeltaCursor,
  servedAt: string | null,
  seen: { records: readonly VendorRecord[]; indexLagMs: number },
): string {
  // Of the two the later: a search for stragglers that waits for next year would never be made, and nobody would notice.
  const position = deepSince > since ? deepSince : since;
  if (servedAt !== null && position > shift(servedAt, CLOCK_SLACK_MS)) {
    throw new HubError('cursor_expired', "The stored position in HubSpot is later than HubSpot's own clock");
  }
  // Without a Date header: the newest change that was seen, and never before where we were.
  return servedAt ?? latest([shift(since, seen.indexLagMs), ...seen.records.map(({ updatedAt }) => updatedAt)]) ?? since;
}

// Only news is worth a request for its associations.
async function observeNews(room: Room, records: readonly VendorRecord[], ask: Ask) {
  if (records.length === 0) return [];
  const known = await ask.known(records.map(({ id, updatedAt }) => ({ id, changedAt: updatedAt })));
  const news = records.filter(({ id }) => !known.has(id));
  return observeRecords(room, news, { fields: ask.fields, tiesOf: await readTies(room, news, ask.fields) });
}

function* pagesOf(seen: readonly Page['seen'][number][], next: DeltaCursor, going: (passed: string) => DeltaCursor): Iterable<Page> {
  if (seen.length === 0) yield { seen, cursor: next };
  let left = seen.length;
  for (const part of chunk(seen, PAGE_MAX)) {
    left -= part.length;
    const last = part.at(-1);
    yield { seen: part, cursor: left === 0 || last === undefined ? next : going(last.id) };
  }
}
