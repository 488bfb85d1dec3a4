import type { Ask, ScopedReader, Session } from '../../src/contract/connector.ts';
import type { Cursor, Observation, Page } from '../../src/contract/records.ts';
import { groupBy } from '../../src/kernel/lists.ts';
import { askIfThere, ask as call } from './client.ts';
import { type Backfill, type Delta, readCursor, requireUsable } from './cursor.ts';
import { CX, openCx, readsCx } from './cx.ts';
import { type Definitions, openDefinitions } from './definitions.ts';
import { keyOf, observe } from './observation.ts';
import { type Look, PER_PAGE, type Surveys } from './surveys.ts';
import { FROM_THE_START, type Sweep, type Swept, sweep } from './sweep.ts';
import { earliest, latest, shift } from './times.ts';
import { type Listed, parseResponse, parseResponses, type Row } from './wire.ts';

const HOUR_MS = 3_600_000;
// Nobody says whether the window goes by the start or the end of a response, and people take their time between the two.
const OVERLAP_MS = 48 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const MOST_LOOKS = 3;
// A look at the last days costs two calls or more.
const FEWEST_TOGETHER = 4;
const MOST_RECENT_PAGES = 3;

/** One reading of one survey. */
type Reading = { readonly session: Session; readonly look: Look; readonly ask: Ask; readonly definitions: Definitions };

function responsesPath(surveyId: string): string {
  return `/surveys/${encodeURIComponent(surveyId)}/responses`;
}

function everything({ session, look }: Reading): Sweep<Row>['list'] {
  return async (page) => {
    const query = { page, perPage: PER_PAGE };
    return parseResponses((await call(session, responsesPath(look.survey.id), { query })).body);
  };
}

/** Wall time of UTC, as the filter wants it, with the zone named: without it the vendor takes it as US Pacific. */
const wall = (iso: string): string => iso.slice(0, 19);

function between({ session, look }: Reading, start: string, end: string): Sweep<Row>['list'] {
  const post = { resultMode: 0, startDate: wall(start), endDate: wall(end), timeZone: 'GMT+00:00' };
  return async (page): Promise<Listed<Row>> => {
    const query = { page, perPage: PER_PAGE };
    return parseResponses((await call(session, `${responsesPath(look.survey.id)}/filter`, { query, post })).body);
  };
}

/**
 * What came since the cursor, or null when no time is known to start or end at. The end lies a day ahead, which costs nothing and forgives a
 * clock that is behind.
 */
function sinceCursor(reading: Reading, cursor: Delta): Sweep<Row>['list'] | null {
  const { survey, servedAt } = reading.look;
  const start = earliest(cursor.startedAt, cursor.newest);
  const end = latest(servedAt, survey.lastAt, cursor.newest);
  if (start === null || servedAt === null || end === null) return null;
  return between(reading, shift(start, -OVERLAP_MS), shift(end, DAY_MS));
}

async function unknownTo({ ask, look }: Reading, rows: readonly Row[]): Promise<readonly Row[]> {
  const keys = rows.map((row) => keyOf(row, look.survey.id));
  const known = await ask.known(keys);
  return rows.filter((_row, at) => !known.has(keys[at]?.id ?? ''));
}

async function observed({ definitions, look }: Reading, rows: readonly Row[]): Promise<readonly Observation[]> {
  if (rows.length === 0) return [];
  const known = await definitions.of(look.survey.id, rows);
  return rows.map((row) => observe(row, look.survey, known));
}

const newestOf = (rows: readonly Row[], newest: string | null): string | null => latest(newest, ...rows.map(({ at }) => at));

function swept(reading: Reading, list: Sweep<Row>['list'], from = FROM_THE_START): AsyncGenerator<Swept<Row>> {
  return sweep({ list, unknown: (rows) => unknownTo(reading, rows) }, from);
}

function firstCursor({ survey, servedAt }: Look): Backfill {
  const { marks, completed } = survey;
  return { v: 1, phase: 'backfill', ...FROM_THE_START, startedAt: servedAt, newest: null, marks, completed };
}

async function* backfill(reading: Reading, from: Backfill): AsyncGenerator<Page> {
  let newest = from.newest;
  for await (const { rows, next, total } of swept(reading, everything(reading), from)) {
    newest = newestOf(rows, newest);
    const cursor = { ...from, ...next, newest };
    yield { seen: await observed(reading, rows), cursor, ...(total === null ? {} : { total }) };
  }
  const { startedAt, marks, completed } = from;
  const done: Delta = { v: 1, phase: 'delta', startedAt, newest, marks, completed, missing: 0, looks: 0, fullAt: null };
  yield { seen: [], cursor: done };
}

function mayReadAll(cursor: Delta, servedAt: string | null): boolean {
  if (cursor.fullAt === null || servedAt === null) return true;
  return Date.parse(servedAt) - Date.parse(cursor.fullAt) >= DAY_MS;
}

/** Reads a list and leaves in `tally` what it found; the cursor stays until all of it is stored. */
async function* gather(reading: Reading, steps: AsyncIterable<Swept<Row>>, at: { cursor: Delta; tally: Tally }): AsyncGenerator<Page> {
  for await (const { rows } of steps) {
    const completed = rows.filter(({ state }) => state === 'complete');
    at.tally.found += (await unknownTo(reading, completed)).length;
    at.tally.newest = newestOf(rows, at.tally.newest);
    yield { seen: await observed(reading, rows), cursor: at.cursor };
  }
}
type Tally = { found: number; newest: string | null };

/**
 * What came since the last read. The counters of the survey say whether there is anything to read at all, and how much: when fewer
 * completed responses were found than the vendor counts (one that was begun long ago, or filed with an old date), everything is read, at
 * most once a day.
 */
async function* delta(reading: Reading, cursor: Delta): AsyncGenerator<Page> {
  const { survey, servedAt } = reading.look;
  requireUsable(cursor, servedAt, OVERLAP_MS);
  const moved = survey.marks === null || survey.marks !== cursor.marks;
  const mayAll = mayReadAll(cursor, servedAt);
  const isOwed = cursor.missing > 0 && (cursor.looks < MOST_LOOKS || mayAll);
  if (!moved && !isOwed) return yield { seen: [], cursor };

  const tally: Tally = { found: 0, newest: cursor.newest };
  const at = { cursor, tally };
  const due = cursor.missing + Math.max(0, (survey.completed ?? 0) - (cursor.completed ?? survey.completed ?? 0));
  const recent = sinceCursor(reading, cursor);
  if (recent !== null) yield* gather(reading, swept(reading, recent), at);
  const readsAll = recent === null || (due > tally.found && mayAll);
  if (readsAll) yield* gather(reading, swept(reading, everything(reading), { ...FROM_THE_START, again: recent !== null }), at);

  const left = Math.max(0, due - tally.found);
  const looks = moved ? 1 : cursor.looks + 1;
  // What cannot be found after all this was deleted, or is counted otherwise than we think.
  const isGivenUp = readsAll && looks >= MOST_LOOKS;
  const missing = isGivenUp ? 0 : left;
  yield {
    seen: [],
    cursor: {
      v: 1,
      phase: 'delta',
      startedAt: servedAt ?? cursor.startedAt,
      newest: tally.newest,
      marks: survey.marks,
      completed: survey.completed,
      missing,
      looks: missing === 0 ? 0 : looks,
      fullAt: readsAll ? servedAt : cursor.fullAt,
    },
  };
}

/** The vendor's number of a response of this survey, from our id of it; null for what can be no id of one. */
function numberIn(id: string, surveyId: string): string | null {
  const number = id.startsWith(`${surveyId}:`) ? id.slice(surveyId.length + 1) : '';
  return /^\d+$/.test(number) ? number : null;
}

async function* changes(from: Cursor | null, reading: Reading): AsyncGenerator<Page> {
  const cursor = from === null ? firstCursor(reading.look) : readCursor(from);
  yield* cursor.phase === 'backfill' ? backfill(reading, cursor) : delta(reading, cursor);
}

async function readOne(session: Session, id: string, ask: Ask): Promise<{ row: Row } | { goneAt: string }> {
  const number = numberIn(id, ask.scope);
  // The vendor refuses such an address, and one odd id must not spoil the others.
  if (number === null) return { goneAt: new Date(0).toISOString() };
  const reply = await askIfThere(session, `${responsesPath(ask.scope)}/${number}`);
  if ('missing' in reply) return { goneAt: reply.missing ?? new Date(0).toISOString() };
  const row = parseResponse(reply.body);
  return row === null ? { goneAt: reply.servedAt ?? new Date(0).toISOString() } : { row };
}

/**
 * Some responses of one survey. What there is reason to look at has mostly just come, so two calls for the last days spare one for each: the calls of a
 * licence are counted, and as many responses would use them up.
 */
async function readSome(reading: Reading, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const { servedAt, survey } = reading.look;
  const end = latest(servedAt, survey.lastAt);
  if (end === null) return new Map();
  const wantedIds = new Set(ids);
  const found = new Map<string, Row>();
  const recent = between(reading, shift(end, -OVERLAP_MS), shift(end, DAY_MS));
  for (let page = 1; page <= MOST_RECENT_PAGES && found.size < wantedIds.size; page += 1) {
    const { items, totalPages } = await recent(page);
    for (const row of items) {
      const { id } = keyOf(row, survey.id);
      if (wantedIds.has(id)) found.set(id, row);
    }
    if (items.length === 0 || page >= (totalPages ?? page)) break;
  }
  return found;
}

/** Responses of one survey after the other; a survey whose counters stand still costs no call. */
export function openReader(session: Session, surveys: Surveys): ScopedReader {
  const definitions = openDefinitions(session);
  const cx = openCx(session, { definitions, surveys });
  return {
    async *scopes() {
      for await (const { id, name } of surveys.all()) yield { scope: id, name };
      if (readsCx(session)) yield { scope: CX, name: 'CX' };
    },
    async *changes(from, ask) {
      if (ask.scope === CX) yield* cx.changes(from, ask);
      else yield* changes(from, { session, look: await surveys.latest(ask.scope), ask, definitions });
    },
    async byIds(ids, ask) {
      const seen = new Map<string, Observation>();
      const unmet: string[] = [];
      for (const [survey, some] of groupBy(ids, (id) => surveyIn(id, ask))) {
        const own = { ...ask, scope: survey };
        const look = some.length >= FEWEST_TOGETHER && /^\d+$/.test(survey) ? await surveys.ifThere(survey) : null;
        const found = look === null ? new Map<string, Row>() : await readSome({ session, look, ask: own, definitions }, some);
        for (const id of some) {
          const one = await observeOne({ session, ask: own, definitions }, id, found.get(id));
          seen.set(id, one);
          if (one.kind === 'gone') unmet.push(id);
        }
      }
      // Nothing under `/surveys` may know a response of CX, and that does not mean that it is gone.
      for (const one of await cx.among(unmet)) seen.set(one.id, one);
      return ids.map((id) => seen.get(id) ?? { kind: 'gone', id, changedAt: new Date(0).toISOString() });
    },
  };
}

/** The survey that a response is of: who looks at all of them at once names none. */
function surveyIn(id: string, { scope }: Ask): string {
  const at = id.indexOf(':');
  return at > 0 ? id.slice(0, at) : scope;
}

async function observeOne({ session, ask, definitions }: Omit<Reading, 'look'>, id: string, row: Row | undefined): Promise<Observation> {
  const one = row === undefined ? await readOne(session, id, ask) : { row };
  if ('goneAt' in one) return { kind: 'gone', id, changedAt: one.goneAt };
  return observe(one.row, { id: ask.scope, name: one.row.surveyName ?? '' }, await definitions.of(ask.scope, [one.row]));
}
