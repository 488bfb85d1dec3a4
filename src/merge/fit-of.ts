import type { FieldValue } from '../contract/records.ts';
import type { Line } from '../mapping/mapping.ts';
import { guardEncoded, heldBack } from './guard.ts';
import { isBlank } from './link-draft.ts';
import type { PlannedHold } from './record-plan.ts';
import type { LinkTree } from './record-tree.ts';
import { sameValue } from './same.ts';

/** Whether a remote can take a value; `value` is in its words. */
type Fit =
  | { readonly kind: 'fits'; readonly value: FieldValue }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'waits'; readonly key: string }
  | { readonly kind: 'held'; readonly hold: PlannedHold };

export function fitOf(tree: LinkTree, line: Line, value: FieldValue): Fit {
  const before = tree.refused.get(line.hub);
  if (before !== undefined && sameValue(before.value, value)) {
    return { kind: 'held', hold: { kind: 'refused_field', field: line.hub, reason: before.reason, detail: { value, by: 'vendor' } } };
  }
  const encoded = line.codec.encode(value);
  if (!encoded.ok && encoded.ignored === true) return { kind: 'ignored' };
  if (!encoded.ok && encoded.waits !== undefined) return { kind: 'waits', key: encoded.waits };
  const unfit = guardEncoded(encoded, tree.schema.get(line.remote), tree.system);
  if (unfit !== null) return { kind: 'held', hold: heldBack(line.hub, value, unfit) };
  return encoded.ok ? { kind: 'fits', value: encoded.value } : { kind: 'ignored' };
}

/** Whether a value would ever get to a remote: neither what it cannot hold would, nor a blank where blanks do not flow. */
export function canReach(tree: LinkTree, line: Line, value: FieldValue): boolean {
  if (line.direction !== 'both' || (line.nulls !== 'clear' && isBlank(value))) return false;
  const before = tree.turnedDown?.[line.hub];
  if (before !== undefined && sameValue(before, value)) return false;
  // What a reference waits for may come; a field that nobody can write stays as it is.
  if (tree.schema.get(line.remote)?.writable !== true) return false;
  const { kind } = fitOf(tree, line, value);
  return kind === 'fits' || kind === 'waits';
}
