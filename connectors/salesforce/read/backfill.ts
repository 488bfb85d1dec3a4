import type { Ask } from '../../../src/contract/connector.ts';
import type { Page } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { must } from '../../../src/kernel/must.ts';
import type { VendorRow } from '../http/wire.ts';
import { halvesFor } from '../persons/halves.ts';
import { columnsBehind, fateOfLiving, type Room } from '../room.ts';
import type { Types } from '../schema/values.ts';
import { type Backfill, type Delta, type Position, requireUsable, toCursor } from './cursor.ts';
import { firstColumns, observe, observeWhole } from './observe.ts';
import { queryPages, selectFrom } from './query.ts';
import { isAboutJob, isGathered, resultsOf, startJob } from './query-job.ts';
import { ACTOR, literal } from './soql.ts';

export type Step = { readonly page: Page; readonly position: Position };
/** Steps, and where to go on in the other way; null when everything was read. */
type Steps = AsyncGenerator<Step, Backfill | null>;
type Job = NonNullable<Backfill['job']>;

const PAGE = 2_000;

/**
 * Everything by id, so that a read that was cut short goes on where it stood; what moves meanwhile is in the first delta. Where there is much of it, a
 * job gathers the rows from the other end, and pages are read until it has them.
 */
export async function* backfillFrom(room: Room, start: Backfill, ask: Ask): AsyncGenerator<Step> {
  let at: Backfill | null = start;
  let isThere = start.job != null && (await isReady(room, start.job));
  while (at !== null) {
    at = isThere ? yield* fromJob(room, at, ask) : yield* fromPages(room, at, ask);
    isThere = !isThere;
  }
}

/** Whether the rows of a job can be fetched. One that failed has none: that is found when they are asked for. */
const isReady = async ({ client }: Room, { id }: Job): Promise<boolean> => (await orLost(() => isGathered(client, id))) !== false;

async function orLost<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isAboutJob(error)) return null;
    throw error;
  }
}

type Asking = { readonly columns: readonly string[]; readonly words: readonly string[]; readonly order: string };

async function asked(room: Room, types: Types, { columns, words, order }: Asking): Promise<string> {
  const halves = await halvesFor(room, types);
  const all = [...words, ...halves.words];
  const where = all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
  return `${selectFrom(room.type.name, [...fateOfLiving(room.type), ...halves.columns, ...columns])}${where} ORDER BY ${order}`;
}

const beyond = (id: string | null): readonly string[] => (id === null ? [] : [`Id > ${literal(id)}`]);

async function* fromPages(room: Room, start: Backfill, ask: Ask): Steps {
  const words = [...beyond(start.lastId), ...(start.until === undefined ? [] : [`Id < ${literal(start.until)}`])];
  let [at, pages, look] = [start, 0, 1];
  const soql = await asked(room, at.types, { columns: firstColumns(room, ask), words, order: 'Id' });
  for await (const { rows, total, next, servedAt } of queryPages(room.client, soql, { all: false })) {
    const startedAt = at.startedAt ?? servedAt;
    if (pages === 0) requireUsable(startedAt, servedAt);
    const { seen, types } = await observe(room, rows, { ask, types: at.types });
    at = { ...at, lastId: rows.at(-1)?.id ?? at.lastId, read: at.read + rows.length, startedAt, types };
    yield stepTo(next === null ? ended(at) : at, { seen, total: start.read + total });
    pages += 1;
    if (next === null) return null;
    const { job } = at;
    if (job === undefined && start.read + total - at.read > room.bulkFrom()) {
      at = { ...at, job: await begin(room, at, ask) };
      look = pages + 1;
    } else if (job != null && pages >= look) {
      look = pages * LESS_OFTEN;
      if (await isReady(room, job)) return at;
    }
  }
  return null;
}

/** Each look at the job is a call: they become rarer with what the pages have brought meanwhile. */
const LESS_OFTEN = 4;

/** A job for what has not been read, the last rows first; null where this object cannot be read so, or the day's jobs are spent. */
async function begin(room: Room, { lastId, types }: Backfill, ask: Ask): Promise<Job | null> {
  // Rows within rows are beyond it.
  if (ask.fields.some((field) => field === room.type.tie?.field)) return null;
  const columns = [ACTOR, ...columnsBehind(room.type, ask.fields)];
  const soql = await asked(room, types, { columns, words: beyond(lastId), order: 'Id DESC' });
  const id = await orLost(() => startJob(room.client, soql));
  return id === null ? null : { id, locator: null };
}

function ended({ startedAt, types }: Backfill): Delta {
  return { phase: 'delta', readAt: must(startedAt, 'when the first page was served'), from: null, types };
}

const stepTo = (position: Position, page: Omit<Page, 'cursor'>): Step => ({ page: { ...page, cursor: toCursor(position) }, position });

/** From the last row down to the one that the pages have come to. What the job does not give is left to pages. */
async function* fromJob(room: Room, start: Backfill, ask: Ask): Steps {
  let at = start;
  for (;;) {
    const { id, locator } = must(at.job, 'a job');
    const results = await orLost(() => resultsOf(room, id, locator));
    if (results === null) return { ...at, job: null };
    const rows = unread(results.rows, at);
    // In another order nobody knows what is missing above the row that was reached.
    if (rows === null) return { ...withoutUntil(at), job: null };
    const met = rows.findIndex((row) => row.id === at.lastId);
    const isLast = met >= 0 || results.next === null;
    const slices = [...chunk(met < 0 ? rows : rows.slice(0, met), PAGE)];
    if (isLast && slices.length === 0) slices.push([]);
    for (const [i, slice] of slices.entries()) {
      const { seen, types } = await observeWhole(room, slice, { ask, types: at.types });
      const last = slice.at(-1);
      at = { ...at, read: at.read + slice.length, types, ...(last === undefined ? {} : { until: last.id }) };
      yield stepTo(isLast && i === slices.length - 1 ? ended(at) : at, { seen });
    }
    if (isLast) return null;
    at = { ...at, job: { id, locator: results.next } };
  }
}

function withoutUntil({ until: _reached, ...rest }: Backfill): Backfill {
  return rest;
}

/** The rows below the one that was read last; null when they are in no order. */
function unread(rows: readonly VendorRow[], { until }: Backfill): readonly VendorRow[] | null {
  const [above, below] = [rows.findIndex(({ id }) => id === until), rows.some(({ id }, i) => i > 0 && id >= (rows[i - 1]?.id ?? ''))];
  const left = rows.slice(above + 1);
  const isLater = until !== undefined && left[0] !== undefined && left[0].id >= until;
  return below || isLater ? null : left;
}
