import type { FieldValue } from '../contract/records.ts';

/** True when two values mean the same: text whatever its Unicode composition, multi-selects as sets, an empty one like a blank. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string')
    return typeof a === typeof b && String(a).normalize('NFC') === String(b).normalize('NFC');
  return comparable(a) === comparable(b);
}

// A JSON text tells 1 from '1' and true from 'true'; -0 becomes 0 and NaN, which no codec yields, becomes a blank.
function comparable(value: FieldValue): string {
  if (typeof value === 'string') return JSON.stringify(value.normalize('NFC'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value.length === 0) return 'null';
  return JSON.stringify([...new Set(value.map((item) => item.normalize('NFC')))].sort());
}
