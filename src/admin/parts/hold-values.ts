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
