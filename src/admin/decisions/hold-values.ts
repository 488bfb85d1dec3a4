import type { Hold, Value } from '../api.ts';

/** A value that a hold carries, or undefined when it carries none under this name. */
export function valueIn(hold: Hold, name: 'hub' | 'remote' | 'value'): Value | undefined {
  const value = hold.detail[name];
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
}

/** A decision about a value is carried out with the next merge, which closes the hold. */
export const isTaken = (hold: Hold): boolean => hold.closedAt === null && typeof hold.detail.take === 'string';

/** The ids of the records that an ambiguous remote record may be. */
export function candidatesIn(hold: Hold): readonly string[] {
  const ids = hold.detail.candidates;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}

/** The ids of some of the records that a brake holds. */
export const examplesIn = (hold: Hold): readonly string[] =>
  partsIn(hold, 'examples').flatMap(({ recordId }) => (typeof recordId === 'string' ? [recordId] : []));

/** The two writers of a field that goes back and forth, each with its value. */
export function writersIn(hold: Hold): readonly { readonly system: string; readonly value: Value }[] {
  return partsIn(hold, 'writers').flatMap(({ system, value }) => {
    const isPlain = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain && typeof system === 'string' ? [{ system, value }] : [];
  });
}

function partsIn(hold: Hold, name: 'examples' | 'writers'): readonly Readonly<Record<string, unknown>>[] {
  const parts = hold.detail[name];
  return Array.isArray(parts)
    ? parts.flatMap((part) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? [part] : []))
    : [];
}
