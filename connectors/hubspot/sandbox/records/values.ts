import type { Definition } from '../schema/definitions.ts';

/** Checked values, ready to be stored; null clears. */
export type Values = ReadonlyMap<string, string | null>;

/** What a written value becomes (null: cleared), or why it cannot be. */
export type Accepted = { readonly value: string | null } | { readonly error: string; readonly message: string };

const TEXT_MAX = 65_536;
const DAY_MS = 86_400_000;
const NUMBER = /^-?\d+(\.\d+)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const EMAIL = /^[^\s@,;]+@[^\s@.,;]+(\.[^\s@.,;]+)+$/;

function datetime(raw: string): Accepted {
  const at = /^-?\d+$/.test(raw) ? Number(raw) : ZONED.test(raw) ? Date.parse(raw) : Number.NaN;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? { error: 'INVALID_DATE', message: `${raw} was not a valid date.` } : { value: date.toISOString() };
}

function date(raw: string): Accepted {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(raw) ? Date.parse(`${raw}T00:00:00Z`) : /^-?\d+$/.test(raw) ? Number(raw) : Number.NaN;
  const day = new Date(midnight);
  if (Number.isNaN(day.getTime())) return { error: 'INVALID_DATE', message: `${raw} was not a valid date.` };
  const shown = day.toISOString().slice(0, 10);
  const real = raw.includes('-') && !raw.startsWith('-') ? shown === raw : true;
  if (real && midnight % DAY_MS === 0) return { value: shown };
  return { error: 'INVALID_DATE', message: `${raw} is at ${day.toISOString()}, not midnight!` };
}

function choices(definition: Definition, raw: string, current: string | null): Accepted {
  const appended = raw.startsWith(';');
  const multiple = definition.fieldType === 'checkbox';
  const chosen = multiple ? raw.split(';').filter((one) => one !== '') : [raw];
  const allowed = definition.options.map((option) => option.value);
  const wrong = chosen.find((one) => !allowed.includes(one));
  if (wrong !== undefined) {
    return { error: 'INVALID_OPTION', message: `${wrong} was not one of the allowed options: [${allowed.join(', ')}]` };
  }
  const kept = appended && multiple && current !== null ? current.split(';') : [];
  return { value: [...new Set([...kept, ...chosen])].join(';') };
}

function plain(definition: Definition, raw: string): Accepted {
  if (raw.length > TEXT_MAX) return { error: 'VALUE_TOO_LONG', message: `The value is longer than ${TEXT_MAX} characters.` };
  if (definition.name !== 'email') return { value: raw };
  const address = raw.trim().toLowerCase();
  return EMAIL.test(address) ? { value: address } : { error: 'INVALID_EMAIL', message: `Email address ${raw} is invalid` };
}

/** What a portal stores when `raw` is written; null when `raw` is null, which says nothing. Only an empty text clears. */
export function acceptValue(definition: Definition, raw: unknown, current: string | null): Accepted | null {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'object') return { error: 'INVALID_VALUE', message: 'A value must be a text, a number, or true or false.' };
  const written = String(raw);
  if (written === '') return { value: null };
  switch (definition.type) {
    case 'number':
      return NUMBER.test(written) ? { value: written } : { error: 'INVALID_DOUBLE', message: `${written} was not a valid number.` };
    case 'bool':
      return written === 'true' || written === 'false'
        ? { value: written }
        : { error: 'INVALID_OPTION', message: `${written} was not one of the allowed options: [true, false]` };
    case 'datetime':
      return datetime(written);
    case 'date':
      return date(written);
    case 'enumeration':
      return definition.externalOptions ? { value: written } : choices(definition, written, current);
    default:
      return plain(definition, written);
  }
}
