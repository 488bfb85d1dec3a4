import type { Listed } from './wire.ts';

/** What stands in a list: told apart by its id, and its survey where the list is one over many. */
type Row = { readonly id: string; readonly surveyId?: string | null };

/** Where a sweep stands; safe to go on from. */
export type Place = { readonly page: number; readonly again: boolean; readonly read: number; readonly total: number | null };
export const FROM_THE_START: Place = { page: 1, again: false, read: 0, total: null };

export type Swept<R extends Row> = { readonly rows: readonly R[]; readonly next: Place; readonly total: number | null };

export type Sweep<R extends Row> = {
  readonly list: (page: number) => Promise<Listed<R>>;
  /** Those of the rows that the hub does not hold yet. */
  readonly unknown: (rows: readonly R[]) => Promise<readonly R[]>;
};

// A survey that grows faster than it can be read is never found at rest; the overlap of the next read takes up what came meanwhile.
const MOST_PASSES = 8;

const nameOf = ({ surveyId, id }: Row): string => `${surveyId ?? ''}:${id}`;

function isLast(page: number, { items, totalPages }: Listed<unknown>, unseen: number): boolean {
  if (items.length === 0) return true;
  // Without a count of pages, a page that brings nothing new is the end, even for a server that repeats its last one.
  return totalPages === null ? unseen === 0 : page >= totalPages;
}

/**
 * Reads a list page by page until it is certain to be whole. The list has no stable order and new rows push others from page to page, so
 * when the total moved or rows are missing it is read again, until a pass brings nothing new. Repeats are left out.
 */
export async function* sweep<R extends Row>({ list, unknown }: Sweep<R>, from: Place): AsyncGenerator<Swept<R>> {
  const seen = new Set<string>();
  let { page, again, read, total } = from;
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    let [news, moved] = [0, false];
    for (let last = false; !last; page += 1) {
      const listed = await list(page);
      total ??= listed.totalItems;
      moved ||= listed.totalItems !== total;
      const unseen = listed.items.filter((row) => !seen.has(nameOf(row)));
      for (const row of unseen) seen.add(nameOf(row));
      const rows = again ? await unknown(unseen) : unseen;
      news += rows.length;
      read += unseen.length;
      last = isLast(page, listed, unseen.length);
      const next = again || last ? { ...FROM_THE_START, again: true } : { page: page + 1, again, read, total };
      yield { rows, next, total: listed.totalItems };
    }
    const isWhole = total === null || Math.max(read, seen.size) >= total;
    if ((again && news === 0) || (!moved && isWhole)) return;
    [page, again, read, total] = [1, true, 0, null];
  }
}
