import { HubError } from '../../src/contract/errors.ts';
import type { Listed, Row } from './wire.ts';

/** Where a walk stands: on a page of what was modified since a minute; null: since ever. */
export type Step = { readonly since: string | null; readonly page: number };
export type Lot = Listed<Row> & { readonly servedAt: string | null };
/** Rows that were not met before in this walk, and where it goes on. */
export type Walked = {
  readonly rows: readonly Row[];
  readonly servedAt: string | null;
  readonly furthest: string | null;
  readonly next: Step | null;
};

const MINUTE_MS = 60_000;
const MOST_WALKS = 3;

/** The minute of an instant, which is as fine as the filter is. */
export function minuteOf(iso: string): string {
  return new Date(Math.floor(Date.parse(iso) / MINUTE_MS) * MINUTE_MS).toISOString();
}

function requireOrder(rows: readonly Row[]): void {
  const isAscending = rows.every(({ changedAt }, at) => at === 0 || changedAt >= (rows[at - 1]?.changedAt ?? ''));
  if (!isAscending) throw new HubError('broken_answer', 'SurveyMonkey sends responses in another order than it was asked for');
}

/**
 * Reads what was modified since, oldest first. Each page is asked for from the minute in which the one before it ended, and not by its number: what is
 * modified or deleted meanwhile would push others over the edge of a page. A minute that holds more than a page has to be counted through, and
 * is begun again when its rows moved.
 */
export async function* walk(list: (step: Step) => Promise<Lot>, from: Step): AsyncGenerator<Walked> {
  const seen = new Set<string>();
  let step = from;
  for (let walks = 1; ; ) {
    const { items, isLast, servedAt } = await list(step);
    requireOrder(items);
    const rows = items.filter(({ id }) => !seen.has(id));
    for (const { id } of rows) seen.add(id);
    const furthest = items.at(-1)?.changedAt ?? null;
    const minute = furthest === null ? null : minuteOf(furthest);
    const isPast = minute !== null && (step.since === null || minute > step.since);
    const leaves = isLast || isPast;
    if (leaves && step.page > 1 && (await hasMoved(list, step, items))) {
      if (walks === MOST_WALKS) throw new HubError('broken_answer', `SurveyMonkey's responses of ${step.since} do not stand still`);
      walks += 1;
      yield { rows, servedAt, furthest: null, next: { ...step, page: 1 } };
      step = { ...step, page: 1 };
      continue;
    }
    const next = isLast ? null : isPast ? { since: minute, page: 1 } : { ...step, page: step.page + 1 };
    yield { rows, servedAt, furthest, next };
    if (next === null) return;
    step = next;
  }
}

/** Whether the page begins otherwise than it did: rows before it are gone, or stand elsewhere. */
async function hasMoved(list: (step: Step) => Promise<Lot>, step: Step, items: readonly Row[]): Promise<boolean> {
  return (await list(step)).items[0]?.id !== items[0]?.id;
}
