import type { FieldValue } from '../../../src/contract/records.ts';

/** A row that ties a record to another one; `isOwn`: a field of the record itself has made it, and it goes with that field alone. */
export type TieRow = { readonly id: string; readonly entry: string; readonly isOwn: boolean };

/** The fewest writes that fulfil a wish. */
export type RowChange = {
  readonly makes: readonly string[];
  readonly renames: readonly { readonly id: string; readonly entry: string }[];
  readonly removals: readonly string[];
  /** Entries that the wish leaves out and that only the record's own field can take away. */
  readonly kept: readonly string[];
};

/** The entries that a field of ours holds. */
export const entriesOf = (value: FieldValue | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' && value !== '' ? [value] : [];

export const idIn = (entry: string): string => entry.split('#')[0] ?? '';
export const roleIn = (entry: string): string | null => (entry.includes('#') ? entry.slice(entry.indexOf('#') + 1) : null);

/**
 * What to write so that a wish holds. Only what the hub knew is taken away: a row that somebody made meanwhile stays, and is seen by the next look. A
 * role that changes leaves its row where it is, with all else that it holds, such as who comes first.
 */
export function changeRows(
  there: readonly TieRow[],
  { wished, known }: { wished: readonly string[]; known: readonly string[] },
): RowChange {
  const held = new Set(there.flatMap(({ entry, isOwn }) => (isOwn ? [entry, idIn(entry)] : [entry])));
  const missing = wished.filter((entry) => !held.has(entry));
  const surplus = there.filter(({ entry }) => !wished.includes(entry) && known.includes(entry));
  const renames: { id: string; entry: string }[] = [];
  const makes: string[] = [];
  const free = surplus.filter(({ isOwn }) => !isOwn);
  for (const entry of missing) {
    const at = free.findIndex((row) => idIn(row.entry) === idIn(entry));
    const [row] = at < 0 ? [] : free.splice(at, 1);
    if (row === undefined) makes.push(entry);
    else renames.push({ id: row.id, entry });
  }
  const kept = surplus.flatMap(({ entry, isOwn }) => (isOwn ? [entry] : []));
  return { makes, renames, removals: free.map(({ id }) => id), kept };
}
