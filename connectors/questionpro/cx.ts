import type { Ask, Session } from '../../src/contract/connector.ts';
import type { Cursor, Observation, Page, Present } from '../../src/contract/records.ts';
import { groupBy } from '../../src/kernel/lists.ts';
import { indexQuestions } from './answers.ts';
import { ask as call } from './client.ts';
import { type CxBackfill, type CxDelta, readCxCursor, requireUsable } from './cursor.ts';
import type { Definitions } from './definitions.ts';
import { keyOf, observe } from './observation.ts';
import { PER_PAGE, type Surveys } from './surveys.ts';
import { FROM_THE_START, type Place, sweep } from './sweep.ts';
import { monthFirst, shift } from './times.ts';
import { type Listed, parseResponses, type Row } from './wire.ts';

/** The scope of all answers to transactions in CX: their list names no survey and no workspace. */
export const CX = 'cx';

const DAY_MS = 24 * 3_600_000;
/** How long after what it is about a response mostly comes. Later ones are found once a day, when all of a long list is looked through. */
const USUAL_MS = 31 * DAY_MS;
const SLACK_MS = 2 * DAY_MS;
// The list goes by the day of what is asked about, never by that of the answer, and no call has one end only.
const FIRST_DAY = '01/01/2000';
const LAST_DAY = '12/31/2099';

/** Whether an admin wants CX to be read. */
export const readsCx = ({ settings }: Session): boolean => String(settings.cx) === 'true';

type CxAsk = { readonly from: string | null; readonly page: number; readonly perPage: number };

/** A page of the responses to what happened on the day of `from` or later; to everything, from null. */
export async function cxPage(
  session: Session,
  { from, page, perPage }: CxAsk,
): Promise<Listed<Row> & { readonly servedAt: string | null }> {
  const post = { transactionStartDate: from === null ? FIRST_DAY : monthFirst(from), transactionEndDate: LAST_DAY };
  const { body, servedAt } = await call(session, '/cx/responses', { query: { page, perPage }, post });
  return { ...parseResponses(body), servedAt };
}

const surveyOf = ({ surveyId }: Row): string => surveyId ?? CX;

type Known = { readonly definitions: Definitions; readonly surveys: Surveys };
type Observe = (rows: readonly Row[]) => Promise<readonly Present[]>;

/** Turns rows into what the hub sees. A row names its survey by the id only, so each name is asked for once. */
function openObserver({ definitions, surveys }: Known): Observe {
  const names = new Map<string, string>();
  const nameOf = async (id: string): Promise<string> => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = (await surveys.ifThere(id))?.survey.name ?? `Survey ${id}`;
    names.set(id, name);
    return name;
  };
  return async (rows) => {
    const seen: Present[] = [];
    for (const [id, some] of groupBy(rows, surveyOf)) {
      const isNamed = id !== CX;
      const known = isNamed ? await definitions.of(id, some) : indexQuestions([]);
      const survey = { id, name: isNamed ? await nameOf(id) : 'CX' };
      seen.push(...some.map((row) => observe(row, survey, known)));
    }
    return seen;
  };
}

/** One reading of CX. `servedAt` is the vendor's time of the first answer, once there is one; `total` is how many all of it are, as last heard. */
type Reading = { readonly session: Session; readonly ask: Ask; readonly observed: Observe; servedAt: string | null; total: number | null };

async function unknownTo({ ask }: Reading, rows: readonly Row[]): Promise<readonly Row[]> {
  const keys = rows.map((row) => keyOf(row, surveyOf(row)));
  const known = await ask.known(keys);
  return rows.filter((_row, at) => !known.has(keys[at]?.id ?? ''));
}

function read(reading: Reading, from: string | null, place: Place) {
  const list = async (page: number): Promise<Listed<Row>> => {
    const { servedAt, ...listed } = await cxPage(reading.session, { from, page, perPage: PER_PAGE });
    reading.servedAt ??= servedAt;
    if (from === null) reading.total = listed.totalItems;
    return listed;
  };
  return sweep({ list, unknown: (rows) => unknownTo(reading, rows) }, place);
}

async function* backfill(reading: Reading, from: CxBackfill): AsyncGenerator<Page> {
  for await (const { rows, next, total } of read(reading, null, from)) {
    const cursor: CxBackfill = { ...from, ...next, startedAt: from.startedAt ?? reading.servedAt };
    yield { seen: await reading.observed(rows), cursor, ...(total === null ? {} : { total }) };
  }
  const startedAt = from.startedAt ?? reading.servedAt;
  yield { seen: [], cursor: { v: 1, phase: 'cx_delta', startedAt, fullAt: startedAt, total: reading.total } satisfies CxDelta };
}

function isDue({ fullAt }: CxDelta, servedAt: string | null): boolean {
  return fullAt === null || servedAt === null || Date.parse(servedAt) - Date.parse(fullAt) >= DAY_MS;
}

/** Shows what the hub does not hold of what happened since `from`. The cursor stays where it was until all of it is stored. */
async function* news(reading: Reading, from: string | null, cursor: CxDelta): AsyncGenerator<Page> {
  for await (const { rows } of read(reading, from, { ...FROM_THE_START, again: true })) {
    requireUsable(cursor, reading.servedAt, SLACK_MS);
    yield { seen: await reading.observed(rows), cursor };
  }
}

/** What came since the cursor. A list of one page is looked through whole: that is one call, and so are the last weeks of a longer one. */
async function* delta(reading: Reading, cursor: CxDelta): AsyncGenerator<Page> {
  const { startedAt, total } = cursor;
  const isLong = total === null || total > PER_PAGE;
  if (startedAt !== null && isLong) yield* news(reading, shift(startedAt, -USUAL_MS), cursor);
  const readsAll = startedAt === null || !isLong || isDue(cursor, reading.servedAt);
  if (readsAll) yield* news(reading, null, cursor);
  const now = reading.servedAt;
  const since = { startedAt: now ?? startedAt, fullAt: readsAll ? now : cursor.fullAt, total: readsAll ? reading.total : total };
  yield { seen: [], cursor: { ...cursor, ...since } };
}

export type Cx = {
  changes(from: Cursor | null, ask: Ask): AsyncGenerator<Page>;
  /** Those of these responses that CX shows. It is asked for all it has, since it has no call for one. */
  among(ids: readonly string[]): Promise<readonly Observation[]>;
};

/** The answers to transactions, of all surveys and workspaces of CX that the key can see. */
export function openCx(session: Session, known: Known): Cx {
  const observed = openObserver(known);
  return {
    async *changes(from, ask) {
      const reading = { session, ask, observed, servedAt: null, total: null };
      const cursor: CxBackfill | CxDelta =
        from === null ? { v: 1, phase: 'cx_backfill', ...FROM_THE_START, startedAt: null } : readCxCursor(from);
      yield* cursor.phase === 'cx_backfill' ? backfill(reading, cursor) : delta(reading, cursor);
    },
    async among(ids) {
      const wanted = new Set(ids.filter((id) => /^\d+:\d+$/.test(id)));
      if (wanted.size === 0 || !readsCx(session)) return [];
      const found: Row[] = [];
      const ask: Ask = { scope: CX, fields: [], known: async () => new Set() };
      const rows = read({ session, ask, observed, servedAt: null, total: null }, null, FROM_THE_START);
      for await (const page of rows) found.push(...page.rows.filter((row) => wanted.has(keyOf(row, surveyOf(row)).id)));
      return observed(found);
    },
  };
}
