import { HubError } from '../../../src/contract/errors.ts';

export type Raw = Readonly<Record<string, unknown>>;

/** Whether it is a JSON object. */
export const isObject = (raw: unknown): raw is Raw => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** The error of an answer of another shape. */
export function broken(what: string, expected: string): HubError {
  return new HubError('broken_answer', `HubSpot's answer is not what it must be: ${what} is not ${expected}`);
}

/** An object, or `broken_answer` naming what is not one. */
export function object(raw: unknown, what: string): Raw {
  if (!isObject(raw)) throw broken(what, 'an object');
  return raw;
}

/** A list, or `broken_answer` naming what is not one. */
export function list(raw: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(raw)) throw broken(what, 'a list');
  return raw;
}

/** An id: HubSpot writes most as strings and some (`toObjectId`) as numbers. */
export function identifier(raw: unknown, what: string): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return String(raw);
  throw broken(what, 'an id');
}

const ISO_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as ISO with milliseconds in UTC, from ISO of any zone or epoch milliseconds; null when it is neither. */
export function instantOrNull(raw: unknown): string | null {
  if (typeof raw === 'string' && ISO_MS.test(raw)) return raw;
  const ms =
    typeof raw === 'number'
      ? raw
      : typeof raw !== 'string' || raw === ''
        ? Number.NaN
        : /^-?\d{5,}$/.test(raw)
          ? Number(raw)
          : Date.parse(raw);
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}

/** A moment as ISO with milliseconds in UTC, or `broken_answer`. */
export function instant(raw: unknown, what: string): string {
  const at = instantOrNull(raw);
  if (at === null) throw broken(what, 'a time');
  return at;
}

/** A text that is not empty, or the other thing. */
export const textOr = <T>(raw: unknown, other: T): string | T => (typeof raw === 'string' && raw !== '' ? raw : other);

/** The texts of a list, or of one text alone; ids may be numbers. */
export const texts = (raw: unknown): readonly string[] =>
  (Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]).flatMap((one: unknown) =>
    typeof one === 'string' ? [one] : typeof one === 'number' ? [String(one)] : [],
  );
