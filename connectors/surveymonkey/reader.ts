import type { Ask, Census, ScopedReader, Session } from '../../src/contract/connector.ts';
import type { Cursor, Observation, Page } from '../../src/contract/records.ts';
import { byIds, PAGE_SIZE, responsesPath } from './by-ids.ts';
import { ask as call } from './client.ts';
import { FROM_THE_START, type Place, readCursor, requireUsable } from './cursor.ts';
import type { Definitions } from './definitions.ts';
import { keyOf, observe } from './observation.ts';
import type { Look, Surveys } from './surveys.ts';
import { type Lot, minuteOf, type Step, type Walked, walk } from './walk.ts';
import { parseIds, parseResponses, type Row } from './wire.ts';

const IDS_PER_PAGE = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
// A response may be filed some minutes after others that were modified later.
const OVERLAP_MS = 10 * MINUTE_MS;
// So long after a page of it was saved a response is likely to be finished, which may move no counter.
const UNFINISHED_MS = HOUR_MS;
const MOST_TRIES = 3;

/** One reading of one survey. `look`: how the list showed it a moment ago, where there was one. */
type Reading = { readonly session: Session; readonly ask: Ask; readonly definitions: Definitions; readonly look: Look | null };

const shift = (iso: string, ms: number): string => new Date(Date.parse(iso) + ms).toISOString();
const latest = (...instants: readonly (string | null)[]): string | null =>
  instants.reduce((last, iso) => (iso !== null && iso > (last ?? '') ? iso : last), null);

/** Oldest first, and said so: left to itself the order hides rows. The time is UTC, and is written without a zone. */
function lister({ session, ask }: Reading): (step: Step) => Promise<Lot> {
  return async ({ since, page }) => {
    const from = since === null ? {} : { start_modified_at: since.slice(0, 19) };
    const query = { per_page: PAGE_SIZE, sort_by: 'date_modified', sort_order: 'ASC', page, ...from };
    const { body, servedAt } = await call(session, `${responsesPath(ask.scope)}/bulk`, query);
    return { ...parseResponses(body), servedAt };
  };
}

/** A time to keep: what was filed under a date to come must not hide what comes until then. */
function notAhead(iso: string | null, servedAt: string | null): string | null {
  return iso !== null && servedAt !== null && iso > servedAt ? servedAt : iso;
}

/** Those that the hub does not hold yet. One may have changed twice within a second, so fresh ones are shown again. */
async function news({ ask }: Reading, { rows, servedAt }: Walked): Promise<readonly Row[]> {
  const responses = rows.filter(({ isPreview }) => !isPreview);
  const keys = responses.map((row) => keyOf(row, ask.scope));
  const known = await ask.known(keys);
  const freshFrom = servedAt === null ? null : shift(servedAt, -MINUTE_MS);
  const isFresh = ({ changedAt }: Row) => freshFrom !== null && changedAt >= freshFrom;
  return responses.filter((row, at) => isFresh(row) || !known.has(keys[at]?.id ?? ''));
}

async function observed({ ask, definitions, look }: Reading, rows: readonly Row[]): Promise<readonly Observation[]> {
  if (rows.length === 0) return [];
  const survey = await definitions.of(ask.scope, rows, look?.listing.modifiedAt ?? null);
  return rows.map((row) => observe(row, survey));
}

/** Whether the counters stand as they stood before the last read, which was not too long ago, and nobody was in the middle of answering. */
function isQuiet({ look }: Reading, { phase, marks, lookedAt, unfinishedAt }: Place): boolean {
  if (phase !== 'read' || look === null || look.servedAt === null || lookedAt === null) return false;
  const isWithin = (ms: number, iso: string) => Date.parse(look.servedAt ?? '') - Date.parse(iso) < ms;
  if (unfinishedAt !== null && isWithin(UNFINISHED_MS, unfinishedAt)) return false;
  return look.listing.marks !== null && look.listing.marks === marks && isWithin(look.quietMs, lookedAt);
}

function firstStep({ phase, watermark, since, page }: Place): Step {
  if (phase === 'reading') return { since, page };
  return { since: watermark === null ? null : minuteOf(shift(watermark, -OVERLAP_MS)), page: 1 };
}

/** The place after a read. Counters that moved without a response to show for it may be ahead of the responses: they are not believed yet. */
function ended(
  { look }: Reading,
  from: Place,
  { found, servedAt }: { readonly found: number; readonly servedAt: string | null },
): Pick<Place, 'marks' | 'tries' | 'lookedAt'> {
  const marks = look?.listing.marks ?? null;
  const tries = marks === from.marks || found > 0 ? 0 : from.tries + 1;
  const isBelieved = from.phase === 'reading' || tries === 0 || tries >= MOST_TRIES;
  return { marks: isBelieved ? marks : from.marks, tries: isBelieved ? 0 : tries, lookedAt: servedAt };
}

/** What a read has come to so far, apart from where it stands. */
type Reached = Pick<Place, 'watermark' | 'unfinishedAt'>;

function reachedBy({ watermark, unfinishedAt }: Reached, { furthest, servedAt }: Walked, rows: readonly Row[]): Reached {
  const unfinished = rows.flatMap(({ state, changedAt }) => (state === 'partial' ? [changedAt] : []));
  return {
    watermark: notAhead(latest(watermark, furthest), servedAt),
    unfinishedAt: notAhead(latest(unfinishedAt, ...unfinished), servedAt),
  };
}

async function* changes(reading: Reading, from: Place): AsyncGenerator<Page> {
  const { definitions, look, ask } = reading;
  if (from.survey !== null) definitions.remember(from.survey);
  requireUsable(from, look?.servedAt ?? null, OVERLAP_MS);
  if (isQuiet(reading, from)) return;
  let reached: Reached = from;
  let found = 0;
  for await (const walked of walk(lister(reading), firstStep(from))) {
    requireUsable(from, walked.servedAt, OVERLAP_MS);
    const rows = await news(reading, walked);
    const seen = await observed(reading, rows);
    found += rows.length;
    reached = reachedBy(reached, walked, rows);
    const { next, servedAt } = walked;
    const { watermark, unfinishedAt } = reached;
    const place: Place = { ...from, watermark, unfinishedAt, survey: definitions.held(ask.scope), phase: 'reading', ...(next ?? NOWHERE) };
    yield { seen, cursor: next === null ? { ...place, phase: 'read', ...ended(reading, from, { found, servedAt }) } : place };
  }
}
const NOWHERE: Step = { since: null, page: 1 };

async function* allIds(session: Session, { scope }: Ask): AsyncGenerator<readonly string[]> {
  for (let page = 1; ; page += 1) {
    const query = { page, per_page: IDS_PER_PAGE, sort_by: 'date_modified', sort_order: 'ASC' };
    const { items, isLast } = parseIds((await call(session, responsesPath(scope), query)).body);
    yield items.flatMap((id) => (id === null ? [] : [`${scope}:${id}`]));
    if (isLast) return;
  }
}

/** Responses of one survey after the other. One call lists all surveys, and one whose counters stand still costs no other. */
export function openReader(session: Session, surveys: Surveys, definitions: Definitions): ScopedReader & Census {
  return {
    async *scopes() {
      for await (const { id, title } of surveys.all()) yield { scope: id, name: title };
    },
    async *changes(from: Cursor | null, ask) {
      const place = from === null ? FROM_THE_START : readCursor(from);
      yield* changes({ session, ask, definitions, look: surveys.take(ask.scope) }, place);
    },
    byIds: (ids) => byIds(session, definitions, ids),
    ids: (ask) => allIds(session, ask),
  };
}
