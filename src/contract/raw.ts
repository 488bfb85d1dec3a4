import { HubError } from './errors.ts';

/** A JSON object that came from outside: nothing about it is known yet. */
export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
