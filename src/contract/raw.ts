import { HubError } from './errors.ts';

/** A JSON object that came from outside: nothing about it is known yet. */
export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a JSON text says, as `storable` makes it; a SyntaxError when it is none. */
export function readJson(json: string): unknown {
  return storable(JSON.parse(json));
}

/** The same, or null when it is none, such as a gateway's page of HTML. */
export function jsonIn(text: string): { readonly value: unknown } | null {
  try {
    return { value: readJson(text) };
  } catch {
    return null;
  }
}

/**
 * Postgres holds neither NUL nor half a surrogate pair. Vendors send both: what was pasted into a form, and text that they cut in the midst of an
 * emoji. Each becomes U+FFFD, so that the record flows; since it is always read so, nothing looks like an edit.
 */
export function storable(value: unknown): unknown {
  return isStorable(value) ? value : replaced(value);
}

/** Nearly everything is: it is looked through without a copy. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (Array.isArray(value)) return value.every(isStorable);
  return !isRaw(value) || Object.entries(value).every(([name, one]) => isStorable(name) && isStorable(one));
}

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd');
  if (Array.isArray(value)) return value.map(replaced);
  return isRaw(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [replaced(name), replaced(one)])) : value;
}

/** An object, or `broken_answer` that says where one was expected. */
export function object(value: unknown, where: string): Raw {
  if (isRaw(value)) return value;
  throw new HubError('broken_answer', `the answer has no object as ${where}`);
}

/** A list, or `broken_answer` that says where one was expected. */
export function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new HubError('broken_answer', `the answer has no list as ${where}`);
}

/** The objects of a list that may be missing. */
export function objects(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

/** Text, also of a number (ids come as both); null when it is missing or blank. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** A finite number, also when it was sent as text; else null. */
export function number(value: unknown): number | null {
  if (typeof value === 'string' && value.trim() === '') return null;
  const read = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(read) ? read : null;
}
