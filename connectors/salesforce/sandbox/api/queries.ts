import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { type Found, runQuery } from '../soql/run.ts';
import type { Row } from '../store/row.ts';
import { type Ask, type Handler, type Reply, route } from './exchange.ts';

const CURSOR_LIFE_MS = 2 * 86_400_000;
/** Rows that all open cursors may hold together; the oldest cursors go first. */
const CURSOR_ROWS = 5_000_000;
/** Characters of long text on one page, beyond which the page ends early, though never below 200 rows. */
const LONG_TEXT_PER_PAGE = 100_000;

type Cursor = { readonly found: Extract<Found, { kind: 'rows' }>; readonly openedAt: number; readonly pageSize: number };

/** The query resources; each org has its own cursors. */
export function queryRoutes() {
  const cursors = new Map<string, Cursor>();
  let opened = 0;

  const start =
    (all: boolean): Handler =>
    (org, ask) => {
      const text = ask.query.get('q');
      if (text === null || text.trim() === '') throw new Refusal('MALFORMED_QUERY', 'A query string has to be specified');
      if (text.length > 100_000) throw new Refusal('MALFORMED_QUERY', 'SOQL statements cannot be longer than 100000 characters.');
      const found = runQuery(org, text, { all });
      if (found.kind === 'count') return { status: 200, body: { totalSize: found.count, done: true, records: [] } };
      if (found.kind === 'aggregate') return { status: 200, body: { totalSize: found.records.length, done: true, records: found.records } };
      const cursor = { found, openedAt: org.now(), pageSize: pageSize(org, ask) };
      opened += 1;
      const id = `01gSb0${String(opened).padStart(9, '0')}AAA`;
      return page(org, ask, { cursor, id, from: 0, resource: all ? 'queryAll' : 'query', keep: () => keep(id, cursor) });
    };

  const keep = (id: string, cursor: Cursor): void => {
    cursors.set(id, cursor);
    let held = [...cursors.values()].reduce((sum, { found }) => sum + found.rows.length, 0);
    for (const [oldest, { found }] of cursors) {
      if (held <= CURSOR_ROWS || oldest === id) break;
      held -= found.rows.length;
      cursors.delete(oldest);
    }
  };

  const more =
    (resource: string): Handler =>
    (org, ask, { locator = '' }) => {
      const [, id = '', from = ''] = /^(01g\w{15})-(\d+)$/.exec(locator) ?? [];
      const cursor = cursors.get(id);
      if (cursor !== undefined && cursor.openedAt + CURSOR_LIFE_MS <= org.now()) cursors.delete(id);
      const live = cursors.get(id);
      if (live === undefined || Number(from) >= live.found.rows.length) throw new Refusal('INVALID_QUERY_LOCATOR', 'invalid query locator');
      return page(org, ask, { cursor: live, id, from: Number(from), resource, keep: () => undefined });
    };

  return [
    route('GET /query', start(false)),
    route('GET /queryAll', start(true)),
    route('GET /query/:locator', more('query')),
    route('GET /queryAll/:locator', more('queryAll')),
  ];
}

type Turn = { readonly cursor: Cursor; readonly id: string; readonly from: number; readonly resource: string; keep(): void };

function page(org: Org, ask: Ask, { cursor, id, from, resource, keep }: Turn): Reply {
  const { found, pageSize } = cursor;
  const { rows, longFields } = found;
  const end = pageEnd(rows, { from, pageSize, longFields });
  const records = rows.slice(from, end).map((row) => found.show(row, ask.version));
  const done = end >= rows.length;
  if (rows.length === 0 && org.switches.omitDone) return { status: 200, body: { totalSize: 0, records } };
  if (done) return { status: 200, body: { totalSize: rows.length, done, records } };
  keep();
  const nextRecordsUrl = `/services/data/${ask.version}/${resource}/${id}-${end}`;
  return { status: 200, body: { totalSize: rows.length, done, nextRecordsUrl, records } };
}

type PageBounds = { readonly from: number; readonly pageSize: number; readonly longFields: readonly string[] };

function pageEnd(rows: readonly Row[], { from, pageSize, longFields }: PageBounds): number {
  const full = Math.min(rows.length, from + pageSize);
  if (longFields.length === 0) return full;
  let characters = 0;
  for (let i = from; i < full; i += 1) {
    for (const name of longFields) characters += String(rows[i]?.[name] ?? '').length;
    if (characters > LONG_TEXT_PER_PAGE && i + 1 - from >= 200) return i + 1;
  }
  return full;
}

function pageSize(org: Org, ask: Ask): number {
  const [, wanted] = /batchSize\s*=\s*(\d+)/i.exec(ask.header('sforce-query-options') ?? '') ?? [];
  if (wanted === undefined) return org.switches.pageSize;
  return Math.min(org.switches.pageSize, Math.max(200, Math.min(2000, Number(wanted))));
}
