import type { Ask, Reader } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { Page } from '../../../src/contract/records.ts';
import type { VendorRow } from '../http/wire.ts';
import { columnsBehind, fateOf, fateOfLiving, type Room } from '../room.ts';
import { rowReader, type Types } from '../schema/values.ts';
import { readByIds } from './by-ids.ts';
import { type Backfill, type Delta, fromCursor, type Position, requireUsable, toCursor } from './cursor.ts';
import { queryPages, selectFrom, widen } from './query.ts';
import { columnGroups, instantLiteral, literal } from './soql.ts';

type Step = { readonly page: Page; readonly position: Position };

async function observe(room: Room, rows: readonly VendorRow[], { ask, types }: { ask: Ask; types: Types }) {
  if (rows.length === 0) return { seen: [], types };
  const known = await room.schema.typesOf(ask.fields, types);
  const wide = await widen(room, rows, ask.fields);
  return { seen: wide.map(rowReader(room, { fields: ask.fields, types: known })), types: known };
}

function firstColumns({ type }: Room, ask: Ask): readonly string[] {
  return columnGroups(columnsBehind(type, ask.fields))[0] ?? [];
}

/** By id, so that a read that was cut short goes on where it stood; what moves meanwhile is in the first delta. */
async function* backfillFrom(room: Room, start: Backfill, ask: Ask): AsyncGenerator<Step> {
  const { client, type } = room;
  let { lastId, read, startedAt, types } = start;
  const where = lastId === null ? '' : ` WHERE Id > ${literal(lastId)}`;
  const soql = `${selectFrom(type.name, [...fateOfLiving(type), ...firstColumns(room, ask)])}${where} ORDER BY Id`;
  for await (const { rows, total, next, servedAt } of queryPages(client, soql, { all: false })) {
    startedAt ??= servedAt;
    if (read === start.read) requireUsable(startedAt, servedAt);
    const observed = await observe(room, rows, { ask, types });
    types = observed.types;
    lastId = rows.at(-1)?.id ?? lastId;
    read += rows.length;
    const position: Position =
      next === null ? { phase: 'delta', readAt: startedAt, from: null, types } : { phase: 'backfill', lastId, read, startedAt, types };
    yield { page: { seen: observed.seen, cursor: toCursor(position), total: start.read + total }, position };
  }
}

/**
 * One query a cycle, deleted rows included. It starts `overlapMs` before the last poll: a row shows up only when its transaction
 * commits, with a stamp from before. Rows that come again are left for the hub to tell apart by content: stamps have whole seconds, so
 * an equal stamp may hide a second edit. What lost a merge leads to its winner by itself, whichever of their rows comes first; a chain of
 * merges comes link by link.
 */
async function* deltaFrom(room: Room, start: Delta, ask: Ask): AsyncGenerator<Step> {
  const { client, type, overlapMs } = room;
  const since = start.from ?? new Date(Date.parse(start.readAt) - overlapMs()).toISOString();
  const where = start.fromId === undefined ? `SystemModstamp >= ${instantLiteral(since)}` : beyond(since, start.fromId);
  const select = selectFrom(type.name, [...fateOf(type), ...firstColumns(room, ask)]);
  const soql = `${select} WHERE ${where} ORDER BY SystemModstamp, Id`;
  let { types } = start;
  let polledAt: string | null = null;
  for await (const { rows, total, next, servedAt } of queryPages(client, soql, { all: true })) {
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

// What comes after one row, in the order of stamps and ids.
function beyond(stamp: string, id: string): string {
  const at = instantLiteral(stamp);
  return `(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${literal(id)}))`;
}

function markOf(position: Position): string | null {
  return position.phase === 'backfill' ? position.lastId : (position.fromId ?? null);
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
