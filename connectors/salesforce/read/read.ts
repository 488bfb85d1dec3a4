import type { Ask, Reader } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Cursor, Page } from '../../../src/contract/records.ts';
import { parseParents } from '../http/wire.ts';
import { halvesFor } from '../persons/halves.ts';
import { fateOf, type Room } from '../room.ts';
import { backfillFrom, type Step } from './backfill.ts';
import { readByIds } from './by-ids.ts';
import { type Backfill, type Delta, fromCursor, type Position, requireUsable, toCursor } from './cursor.ts';
import { firstColumns, observe } from './observe.ts';
import { pagesFrom, selectFrom } from './query.ts';
import { instantLiteral, literal, queryPath } from './soql.ts';

/**
 * One query a cycle, deleted rows included. It starts `overlapMs` before the last poll: a row shows up only when its transaction
 * commits, with a stamp from before. Rows that come again are left for the hub to tell apart by content: stamps have whole seconds, so
 * an equal stamp may hide a second edit. What lost a merge leads to its winner by itself, whichever of their rows comes first; a chain of
 * merges comes link by link.
 */
async function* deltaFrom(room: Room, start: Delta, ask: Ask): AsyncGenerator<Step> {
  const { changed, ties } = await askedBy(room, start, ask);
  if (ties !== null) yield* retied(room, { ties, start }, ask);
  let { types } = start;
  let polledAt: string | null = null;
  for await (const { rows, total, next, servedAt } of pagesFrom(room.client, changed)) {
    if (polledAt === null) requireUsable(start.readAt, servedAt);
    polledAt ??= servedAt;
    const observed = await observe(room, rows, { ask, types });
    types = observed.types;
    // A read that goes on in the middle does not look before its start again, so it keeps the older mark.
    const readAt = start.from === null ? polledAt : start.readAt;
    const last = rows.at(-1);
    const position: Delta =
      next === null || last === undefined
        ? { phase: 'delta', readAt, from: next === null ? null : start.from, types }
        : { phase: 'delta', readAt, from: last.changedAt, fromId: last.id, types };
    yield { page: { seen: observed.seen, cursor: toCursor(position), total }, position };
  }
}

type Asked = { readonly changed: string; readonly ties: string | null };

/** What a look asks for: rows that changed, and where they are asked for, rows in between that leave no stamp on them. */
async function askedBy(room: Room, { from, fromId, readAt, types }: Delta, ask: Ask): Promise<Asked> {
  const { type, overlapMs } = room;
  const since = from ?? new Date(Date.parse(readAt) - overlapMs()).toISOString();
  const where = fromId === undefined ? `SystemModstamp >= ${instantLiteral(since)}` : beyond(since, fromId);
  const halves = await halvesFor(room, types);
  const select = selectFrom(type.name, [...fateOf(type), ...halves.columns, ...firstColumns(room, ask)]);
  const soql = `${select} WHERE ${[where, ...halves.words].join(' AND ')} ORDER BY SystemModstamp, Id`;
  const { tie } = type;
  const isTied = from === null && tie !== null && ask.fields.includes(tie.field);
  const tied = isTied ? `SELECT ${tie.parent} FROM ${tie.sobject} WHERE SystemModstamp >= ${instantLiteral(since)}` : null;
  return { changed: queryPath(soql, { all: true }), ties: tied === null ? null : queryPath(tied, { all: true }) };
}

/** The paths that a look begins with; none where it is no look at changes. */
export async function firstPaths(room: Room, from: Cursor, ask: Ask): Promise<readonly string[]> {
  const position = fromCursor(from);
  if (position.phase !== 'delta') return [];
  const { changed, ties } = await askedBy(room, position, ask);
  return [changed, ...(ties === null ? [] : [ties])];
}

/** Records whose ties moved since: that leaves no stamp on the records themselves. */
async function* retied(room: Room, { ties, start }: { readonly ties: string; readonly start: Delta }, ask: Ask): AsyncGenerator<Step> {
  const { tie } = room.type;
  if (tie === null) return;
  for (let path: string | null = ties; path !== null; ) {
    const { ids, next }: ReturnType<typeof parseParents> = parseParents((await room.client.send({ method: 'GET', path })).body, tie.parent);
    if (ids.length > 0) yield { page: { seen: await readByIds(room, ids, ask), cursor: toCursor(start) }, position: start };
    path = next;
  }
}

// What comes after one row, in the order of stamps and ids.
function beyond(stamp: string, id: string): string {
  const at = instantLiteral(stamp);
  return `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${literal(id)}))`;
}

function markOf(position: Position): string | null {
  return position.phase === 'backfill' ? `${position.lastId} ${position.until}` : (position.fromId ?? null);
}

function isLostLocator(error: unknown): boolean {
  return error instanceof HubError && error.code === 'INVALID_QUERY_LOCATOR';
}

/** A query whose next page the vendor has forgotten is asked again from where it stood, as long as it got anywhere. */
async function* changes(room: Room, start: Position, ask: Ask): AsyncGenerator<Page> {
  let position = start;
  for (;;) {
    const before = markOf(position);
    try {
      const steps = position.phase === 'backfill' ? backfillFrom(room, position, ask) : deltaFrom(room, position, ask);
      for await (const step of steps) {
        position = step.position;
        yield step.page;
      }
      return;
    } catch (error) {
      if (!isLostLocator(error) || markOf(position) === before) throw error;
    }
  }
}

/** Reads one Salesforce object. */
export function openReader(room: Room): Reader {
  const fresh: Backfill = { phase: 'backfill', lastId: null, read: 0, startedAt: null, types: {} };
  return {
    async *changes(from, ask) {
      yield* changes(room, from === null ? fresh : fromCursor(from), ask);
    },
    byIds: (ids, ask) => readByIds(room, ids, ask),
  };
}
