import type { Ask, ScopedReader, Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Cursor, Observation, Page } from '../../src/contract/records.ts';
import { chunk, groupBy } from '../../src/kernel/lists.ts';
import { ask as call, type Query } from './client.ts';
import { type Backfill, type Delta, FROM_THE_START, readCursor, requireUsable } from './cursor.ts';
import { type Forms, formPath, listForms, openForms } from './forms.ts';
import { keyOf, observe } from './observation.ts';
import { type Item, type ItemsPage, parseItems } from './wire.ts';

const PAGE_SIZE = 1000;
const SECOND_MS = 1_000;
// A response may show up half an hour after others that were submitted later.
const OVERLAP_MS = 3_600_000;
const SHOWN_LATE_MS = 45 * 60_000;
// Ids stand in the address, and addresses have an end.
const IDS_PER_CALL = 100;

/** One reading of one form. Tokens are never carried from one form to another. */
type Reading = { readonly session: Session; readonly ask: Ask; readonly forms: Forms };

type Listed = ItemsPage & { readonly servedAt: string | null };

async function list({ session, ask }: Reading, query: Query): Promise<Listed> {
  const all = { page_size: PAGE_SIZE, response_type: 'completed', ...query };
  const { body, servedAt } = await call(session, `${formPath(ask.scope)}/responses`, all);
  return { ...parseItems(body), servedAt };
}

async function observed({ ask, forms }: Reading, items: readonly Item[]): Promise<readonly Observation[]> {
  if (items.length === 0) return [];
  const form = await forms.of(ask.scope, items);
  return items.map((item) => observe(item, form));
}

/** Those that the hub does not hold yet. */
async function unknown({ ask }: Reading, items: readonly Item[]): Promise<readonly Item[]> {
  const keys = items.map((item) => keyOf(item, ask.scope));
  const known = await ask.known(keys);
  return items.filter((_item, at) => !known.has(keys[at]?.id ?? ''));
}

function latestOf(items: readonly Item[], watermark: string | null): string | null {
  return items.reduce(
    (latest, { submittedAt }) => (submittedAt !== null && submittedAt > (latest ?? '') ? submittedAt : latest),
    watermark,
  );
}

/** A watermark to keep: a response that was filed under a date to come must not hide what comes until then. */
function notAhead(watermark: string | null, servedAt: string | null): string | null {
  return watermark !== null && servedAt !== null && watermark > servedAt ? servedAt : watermark;
}

/** A short page is the last, unless the server says that it cut it shorter than it was asked to. */
function isLast({ items, pageCount }: ItemsPage): boolean {
  return items.length === 0 || (items.length < PAGE_SIZE && (pageCount ?? 1) <= 1);
}

function lastToken(items: readonly Item[]): string | null {
  return items.findLast(({ token }) => token !== '')?.token ?? null;
}

/** Everything, newest first, page by page before the last token. */
async function* backfill(reading: Reading, from: Backfill): AsyncGenerator<Page> {
  const seenIds = new Set<string>();
  let { before, watermark, read, total } = from;
  for (let last = false; !last; ) {
    const page = await list(reading, before === null ? {} : { before });
    const fresh = page.items.filter(({ id }) => !seenIds.has(id));
    for (const { id } of fresh) seenIds.add(id);
    watermark = notAhead(latestOf(fresh, watermark), page.servedAt);
    read += fresh.length;
    total ??= page.total;
    before = lastToken(page.items) ?? before;
    last = isLast(page) || fresh.length === 0;
    const cursor: Backfill = { v: 1, phase: 'backfill', before, watermark, read, total };
    yield { seen: await observed(reading, fresh), cursor, ...(total === null ? {} : { total }) };
  }
  // Fewer than the vendor counted: read once more in the other direction, which leaves out what is known.
  const done: Delta = { v: 1, phase: 'delta', watermark: total !== null && read < total ? null : watermark };
  yield { seen: [], cursor: done };
}

/** To the second, in UTC, and without a zone, as the vendor writes it. */
const toSecond = (iso: string): string => iso.slice(0, 19);

/** The one second in which everything on a full page was submitted, or null. */
function onlySecond(items: readonly Item[]): string | null {
  const seconds = new Set(items.map(({ submittedAt }) => (submittedAt === null ? '' : toSecond(submittedAt))));
  const [second] = seconds;
  return seconds.size === 1 && second !== undefined && second !== '' ? second : null;
}

type Walk = { readonly reading: Reading; readonly seenIds: Set<string> };

function unseen({ seenIds }: Walk, items: readonly Item[]): readonly Item[] {
  const fresh = items.filter(({ id }) => !seenIds.has(id));
  for (const { id } of fresh) seenIds.add(id);
  return fresh;
}

/**
 * More responses in one second than a page holds, as an import makes them: time cannot part them, tokens can. Both directions are tried,
 * and when the vendor counts more than could be read, nothing is passed over in silence.
 */
async function* withinSecond(walk: Walk, second: string, first: ItemsPage): AsyncGenerator<readonly Item[]> {
  const window = { since: second, until: second };
  const { total } = await list(walk.reading, { ...window, page_size: 1 });
  let count = first.items.length;
  let token = lastToken(first.items) ?? '';
  // Where `after` comes newest first, its last page ends in the middle, and `before` goes on from there.
  for (const towards of ['after', 'before'] as const) {
    for (let last = false; !last && (total === null || count < total); ) {
      const page = await list(walk.reading, { ...window, [towards]: token });
      const fresh = unseen(walk, page.items);
      count += fresh.length;
      token = lastToken(page.items) ?? token;
      last = isLast(page) || fresh.length === 0;
      yield fresh;
    }
    if (total === null || count >= total) return;
  }
  throw new HubError('broken_answer', `Typeform counts ${total} responses at ${second} and shows ${count} of them`);
}

/** What was submitted since, oldest first: the bound is inclusive, so each page repeats the last second of the one before. */
async function* delta(reading: Reading, from: Delta): AsyncGenerator<Page> {
  const walk: Walk = { reading, seenIds: new Set() };
  let watermark = from.watermark;
  let since = watermark === null ? null : toSecond(new Date(Date.parse(watermark) - OVERLAP_MS).toISOString());
  const pageOf = async (items: readonly Item[], reached: string | null): Promise<Page> => ({
    seen: await observed(reading, await unknown(reading, items)),
    cursor: { v: 1, phase: 'delta', watermark: reached },
  });
  for (;;) {
    const page = await list(reading, { sort: 'submitted_at,asc', ...(since === null ? {} : { since }) });
    requireUsable(from, page.servedAt, OVERLAP_MS);
    const fresh = unseen(walk, page.items);
    const [last, second] = [isLast(page), onlySecond(page.items)];
    const crowded = !last && second !== null && (since === null || second === since || fresh.length === 0);
    const reached = latestOf(page.items, watermark);
    yield await pageOf(fresh, notAhead(crowded ? watermark : reached, page.servedAt));
    if (last) return;
    if (crowded) for await (const items of withinSecond(walk, second, page)) yield await pageOf(items, notAhead(watermark, page.servedAt));
    watermark = reached;
    const furthest = page.items.at(-1)?.submittedAt ?? reached;
    const next = furthest === null ? null : toSecond(crowded ? new Date(Date.parse(furthest) + SECOND_MS).toISOString() : furthest);
    if (next === null || (!crowded && next === since))
      throw new HubError('broken_answer', 'Typeform sends the same page of responses again');
    since = next;
  }
}

// Who has not gone on for so long does not come back.
const GOES_ON_MS = 7 * 86_400_000;

/**
 * Responses that are under way. They change without a date to ask by, so those that were begun lately are all looked at again; one that was sent since has
 * come with the complete ones, under the same token. The cursor stays where the complete ones have brought it.
 */
async function* unfinished(reading: Reading, { watermark }: Delta): AsyncGenerator<Page> {
  const cursor: Delta = { v: 1, phase: 'delta', watermark };
  const walk: Walk = { reading, seenIds: new Set() };
  let since = watermark === null ? null : toSecond(new Date(Date.parse(watermark) - GOES_ON_MS).toISOString());
  for (;;) {
    const query = { response_type: 'started,partial', sort: 'landed_at,asc' };
    const page = await list(reading, since === null ? query : { ...query, since });
    const fresh = unseen(walk, page.items);
    yield { seen: await observed(reading, fresh), cursor };
    // A second that holds more than a page of beginnings is left: they count for nothing, and come once they are complete.
    const last = page.items.at(-1)?.landedAt ?? null;
    if (isLast(page) || fresh.length === 0 || last === null) return;
    since = toSecond(last);
  }
}

/** The vendor's id of a response, from ours. */
function tokenIn(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

/** The form that a response is of: who looks at all of them at once names none. */
function formIn(id: string, { scope }: Ask): string {
  const at = id.lastIndexOf(':');
  return at > 0 ? id.slice(0, at) : scope;
}

async function byIds(reading: Reading, ids: readonly string[]): Promise<readonly Observation[]> {
  const seen = new Map<string, Observation>();
  for (const [form, some] of groupBy(ids, (id) => formIn(id, reading.ask)))
    for (const one of await ofForm({ ...reading, ask: { ...reading.ask, scope: form } }, some)) seen.set(one.id, one);
  return ids.map((id) => seen.get(id) ?? { kind: 'gone', id, changedAt: new Date(0).toISOString() });
}

async function ofForm(reading: Reading, ids: readonly string[]): Promise<readonly Observation[]> {
  const { session, ask } = reading;
  const seen: Observation[] = [];
  for (const some of chunk(ids, IDS_PER_CALL)) {
    const query = { included_response_ids: some.map(tokenIn).join(','), page_size: PAGE_SIZE, response_type: 'started,partial,completed' };
    const { body, servedAt } = await call(session, `${formPath(ask.scope)}/responses`, query);
    const found = new Map((await observed(reading, parseItems(body).items)).map((one) => [one.id, one]));
    // A fresh response may not be shown yet: what is newer than that is not believed to be gone.
    const goneAt = servedAt === null ? new Date(0).toISOString() : new Date(Date.parse(servedAt) - SHOWN_LATE_MS).toISOString();
    seen.push(...some.map((id): Observation => found.get(`${ask.scope}:${tokenIn(id)}`) ?? { kind: 'gone', id, changedAt: goneAt }));
  }
  return seen;
}

/** Complete responses of one form after the other. A quiet form costs one call: the list of forms does not tell of responses. */
export function openReader(session: Session): ScopedReader {
  const forms = openForms(session);
  return {
    async *scopes() {
      for await (const { id, title } of listForms(session)) yield { scope: id, name: title };
    },
    async *changes(from, ask) {
      const reading = { session, ask, forms };
      const cursor = from === null ? FROM_THE_START : readCursor(from);
      let reached: Cursor = cursor;
      for await (const page of cursor.phase === 'backfill' ? backfill(reading, cursor) : delta(reading, cursor)) {
        reached = page.cursor;
        yield page;
      }
      const at = readCursor(reached);
      if (String(session.settings.partials) === 'true' && at.phase === 'delta') yield* unfinished(reading, at);
    },
    byIds: (ids, ask) => byIds({ session, ask, forms }, ids),
  };
}
