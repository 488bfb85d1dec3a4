import type { FieldValue } from '../contract/records.ts';

/** True when two values mean the same: text whatever its Unicode composition, multi-selects as sets, an empty one like a blank. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string') return typeof a === typeof b && plain(a) === plain(b);
  const [one, other] = [filled(a), filled(b)];
  return typeof one === 'object' && typeof other === 'object' && one !== null && other !== null ? sameOptions(one, other) : one === other;
}

const plain = (value: FieldValue): string => String(value).normalize('NFC');

/** The value, where it says anything: an empty list does not, nor does NaN, which no codec yields. */
function filled(value: FieldValue): FieldValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'object' && value?.length === 0 ? null : value;
}

function sameOptions(a: readonly string[], b: readonly string[]): boolean {
  const [one, other] = [new Set(a.map(plain)), new Set(b.map(plain))];
  return one.size === other.size && one.isSubsetOf(other);
}
