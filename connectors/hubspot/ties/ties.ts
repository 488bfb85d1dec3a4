import type { FieldValue } from '../../../src/contract/records.ts';
import { compareIds } from '../read/search.ts';
import type { TypeSpec } from '../references.ts';
import type { Label } from './labels.ts';

/** One associated record: whether it is the primary one, its labels, and the further types that are HubSpot's own business. */
export type Tie = {
  readonly id: string;
  readonly primary: boolean;
  readonly labels: readonly Label[];
  readonly further: readonly TypeSpec[];
};

/** What is known of a record's references. A missing key was not shown. */
export type Shown = { readonly one?: string | null; readonly many?: readonly string[] };

/** A tie that nothing more is known of. */
export function plainTie(id: string, primary: boolean): Tie {
  return { id, primary, labels: [], further: [] };
}

/** What both fields of a reference show of these ties. */
export function shownOf(ties: readonly Tie[]): Required<Shown> {
  return { one: chosenTie(ties), many: entriesOf(ties.map(({ id, labels }) => [id, labels.map(({ label }) => label)])) };
}

// The primary, else the oldest (so that the answer does not depend on HubSpot's order), else none.
function chosenTie(ties: readonly Tie[]): string | null {
  const primary = ties.find((tie) => tie.primary);
  return primary?.id ?? ties.map(({ id }) => id).sort(compareIds)[0] ?? null;
}

/** Ids with their labels as a sorted list: `<id>` alone for one without labels, else `<id>#<label>` for each of them. */
export function entriesOf(ties: Iterable<readonly [id: string, labels: readonly string[]]>): readonly string[] {
  const entries = [...ties].flatMap(([id, labels]) => (labels.length === 0 ? [id] : labels.map((label) => `${id}#${label}`)));
  return [...new Set(entries)].sort();
}

/** The labels by id that a list means, or the entry that is none; an id named with and without a label has the label. */
export function parseEntries(value: FieldValue): ReadonlyMap<string, ReadonlySet<string>> | { readonly wrong: string } {
  const found = new Map<string, Set<string>>();
  if (value === null) return found;
  if (typeof value !== 'object') return { wrong: String(value) };
  for (const entry of value) {
    const [, id, label] = /^(\d+)(?:#(.+))?$/s.exec(entry) ?? [];
    if (id === undefined) return { wrong: entry };
    const labels = found.get(id) ?? new Set();
    found.set(id, label === undefined ? labels : labels.add(label));
  }
  return found;
}
