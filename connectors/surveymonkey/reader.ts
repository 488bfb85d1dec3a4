import type { Ask, ScopedReader, Session } from '../../src/contract/connector.ts';
import type { Cursor, Observation, Page } from '../../src/contract/records.ts';
import { groupBy } from '../../src/kernel/lists.ts';
import { askIfThere, ask as call, type Query } from './client.ts';
import { FROM_THE_START, type Place, readCursor, requireUsable } from './cursor.ts';
import { type Definitions, surveyPath } from './definitions.ts';
import { keyOf, observe } from './observation.ts';
import type { Look, Surveys } from './surveys.ts';
import { type Lot, minuteOf, type Step, type Walked, walk } from './walk.ts';
import { parseResponse, parseResponses, type Row } from './wire.ts';

const PAGE_SIZE = 100;
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

function responsesPath(surveyId: string): string {
  return `${surveyPath(surveyId)}/responses`;
}

async function listed({ session, ask }: Pick<Reading, 'session' | 'ask'>, query: Query): Promise<Lot> {
  const { body, servedAt } = await call(session, `${responsesPath(ask.scope)}/bulk`, {
    per_page: PAGE_SIZE,
    sort_by: 'date_modified',
    ...query,
  });
  return { ...parseResponses(body), servedAt };
}

/** Oldest first, and said so: left to itself the order hides rows. The time is UTC, and is written without a zone. */
function lister(reading: Reading): (step: Step) => Promise<Lot> {
  return ({ since, page }) =>
    listed(reading, { sort_order: 'ASC', page, ...(since === null ? {} : { start_modified_at: since.slice(0, 19) }) });
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

function quietMsOf({ settings }: Session): number {
  const hours = Number(settings.quietHours ?? 6);
  return Number.isFinite(hours) && hours >= 0 ? hours * HOUR_MS : 6 * HOUR_MS;
}

/** Whether the counters stand as they stood before the last read, which was not too long ago, and nobody was in the middle of answering. */
function isQuiet({ session, look }: Reading, { phase, marks, lookedAt, unfinishedAt }: Place): boolean {
  if (phase !== 'read' || look === null || look.servedAt === null || lookedAt === null) return false;
  const isWithin = (ms: number, iso: string) => Date.parse(look.servedAt ?? '') - Date.parse(iso) < ms;
  if (unfinishedAt !== null && isWithin(UNFINISHED_MS, unfinishedAt)) return false;
  return look.listing.marks !== null && look.listing.marks === marks && isWithin(quietMsOf(session), lookedAt);
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
  if (isQuiet(reading, from)) return yield { seen: [], cursor: from };
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

/** Both ids that one of ours is made of; null for what can be none. */
function idsIn(id: string): { readonly surveyId: string; readonly responseId: string } | null {
  const [, surveyId, responseId] = /^(\d+):(\d+)$/.exec(id) ?? [];
  return surveyId === undefined || responseId === undefined ? null : { surveyId, responseId };
}

type Found = { readonly row: Row } | { readonly goneAt: string };
const NEVER: Found = { goneAt: new Date(0).toISOString() };

async function readOne(session: Session, surveyId: string, responseId: string): Promise<Found> {
  const reply = await askIfThere(session, `${responsesPath(surveyId)}/${responseId}/details`);
  if ('missing' in reply) return reply.missing === null ? NEVER : { goneAt: reply.missing };
  const row = parseResponse(reply.body);
  // Somebody tried the survey out, which is no response.
  if (row === null || row.isPreview) return reply.servedAt === null ? NEVER : { goneAt: reply.servedAt };
  return { row };
}

/** Some responses of one survey. What there is reason to look at was mostly modified last, so one call for the newest spares most of the others. */
async function readSome(reading: Pick<Reading, 'session' | 'ask'>, responseIds: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const { session, ask } = reading;
  const newest = responseIds.length < 2 ? [] : (await listed(reading, { sort_order: 'DESC', page: 1 })).items;
  const found = new Map(newest.filter(({ isPreview }) => !isPreview).map((row): [string, Found] => [row.id, { row }]));
  for (const id of responseIds) if (!found.has(id)) found.set(id, await readOne(session, ask.scope, id));
  return found;
}

async function byIds(session: Session, definitions: Definitions, ids: readonly string[], ask: Ask): Promise<readonly Observation[]> {
  const named = [...new Set(ids)].flatMap((id) => idsIn(id) ?? []);
  const seen = new Map<string, Observation>();
  for (const [surveyId, some] of groupBy(named, (one) => one.surveyId)) {
    const scoped = { session, ask: { ...ask, scope: surveyId } };
    const found = await readSome(
      scoped,
      some.map(({ responseId }) => responseId),
    );
    for (const { responseId } of some) {
      const one = found.get(responseId) ?? NEVER;
      const id = `${surveyId}:${responseId}`;
      if ('goneAt' in one) seen.set(id, { kind: 'gone', id, changedAt: one.goneAt });
      else seen.set(id, observe(one.row, await definitions.of(surveyId, [one.row], null)));
    }
  }
  return ids.map((id) => seen.get(id) ?? { kind: 'gone', id, changedAt: new Date(0).toISOString() });
}

/** Responses of one survey after the other. One call lists all surveys, and one whose counters stand still costs no other. */
export function openReader(session: Session, surveys: Surveys, definitions: Definitions): ScopedReader {
  return {
    async *scopes() {
      for await (const { id, title } of surveys.all()) yield { scope: id, name: title };
    },
    async *changes(from: Cursor | null, ask) {
      const place = from === null ? FROM_THE_START : readCursor(from);
      yield* changes({ session, ask, definitions, look: surveys.take(ask.scope) }, place);
    },
    byIds: (ids, ask) => byIds(session, definitions, ids, ask),
  };
}
