import type { FieldType } from '../../../src/contract/connector.ts';
import type { FieldValue } from '../../../src/contract/records.ts';
import { instantOrNull } from '../http/shapes.ts';

/** HubSpot's string as a typed value. What does not look like its type stays the string that HubSpot shows. */
export function decode(type: FieldType, shown: string | null): FieldValue {
  if (shown === null || shown === '') return null;
  switch (type) {
    case 'number':
      return decodeNumber(shown);
    case 'boolean':
      return shown === 'true' ? true : shown === 'false' ? false : shown;
    case 'datetime':
      return instantOrNull(shown) ?? shown;
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(shown) ? shown : (instantOrNull(shown)?.slice(0, 10) ?? shown);
    case 'choices':
      return shown.split(';').filter((value) => value !== '');
    default:
      return shown;
  }
}

/** A value as HubSpot wants it written: always a string, and the empty one clears. */
export function encode(type: FieldType, value: FieldValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return plainDecimal(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return value.join(';');
  // Only a moment that names its zone is one: a bare date would silently become a time of this machine.
  if (type === 'datetime' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value)) return instantOrNull(value) ?? value;
  return value;
}

function decodeNumber(shown: string): FieldValue {
  const number = Number(shown);
  // A number that cannot be told from its neighbours would change on the way back.
  return !Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER ? shown : number;
}

// HubSpot takes no exponents.
function plainDecimal(value: number): string {
  const text = String(value);
  const [, sign = '', head = '', tail = '', exponent = '0'] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const places = Number(exponent);
  if (places === 0) return text;
  const digits = head + tail;
  return places > 0 ? `${sign}${digits.padEnd(places + 1, '0')}` : `${sign}0.${'0'.repeat(-places - 1)}${digits}`;
}
