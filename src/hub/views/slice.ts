/** Where a list goes on, newest first: below the id `after`. */
export type After = { readonly after: string | null; readonly limit: number };

/** A part of a list; `last` is the id to go on from, or null when nothing is left. */
export type Slice<Item> = { readonly items: Item[]; readonly last: string | null };

/** Cuts the one row that was read too many, whose presence says that there is more. */
export function sliceOf<Row extends { readonly id: string }>(rows: readonly Row[], limit: number): Slice<Row> {
  const items = rows.slice(0, limit);
  return { items, last: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The same part with its items in another form. */
export function mapSlice<A, B>(slice: Slice<A>, form: (item: A) => B): Slice<B> {
  return { items: slice.items.map(form), last: slice.last };
}

export const iso = (time: Date): string => time.toISOString();
export const isoOrNull = (time: Date | null): string | null => time?.toISOString() ?? null;
