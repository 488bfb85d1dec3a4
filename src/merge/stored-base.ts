import type { FieldValue } from '../contract/records.ts';
import type { StoredBase } from '../hub/stored.ts';
import type { Base } from './merge-field.ts';
import { sameValue } from './same.ts';

/** The base of a field as it was stored; undefined when both sides have never agreed on it. */
export function readBase(base: StoredBase, field: string): Base | undefined {
  const stored = base[field];
  if (stored === undefined) return undefined;
  if (stored === null || typeof stored !== 'object' || Array.isArray(stored))
    return { hub: stored as FieldValue, remote: stored as FieldValue };
  return stored as Base;
}

/** The base to store, with what was learnt: both halves in the hub's words, a plain value where they are the same. */
export function storeBase(before: StoredBase, learnt: ReadonlyMap<string, Base>): StoredBase {
  if (learnt.size === 0) return before;
  const stored: Record<string, StoredBase[string]> = { ...before };
  for (const [field, base] of learnt) stored[field] = base.overruled === undefined && sameValue(base.hub, base.remote) ? base.hub : base;
  return stored;
}
