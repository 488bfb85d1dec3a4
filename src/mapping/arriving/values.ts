import type { Item } from '../../contract/arriving.ts';
import type { FieldValue } from '../../contract/records.ts';
import type { Part, Test } from './reading.ts';

/** Why something that arrived cannot be read. */
export class Unreadable extends Error {}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/** A value as the hub knows values; undefined when it was not shown. */
export function fieldValue(item: Item, name: string): FieldValue | undefined {
  const value = item.at(name);
  if (value === undefined || value === null || isScalar(value)) return value;
  if (Array.isArray(value) && value.every(isScalar)) return value.map(String);
  throw new Unreadable(`${name} is ${Array.isArray(value) ? 'a list of more than plain values' : 'an object'}, and no value`);
}

/** A text that is filled in, or null. */
export function textAt(item: Item, part: Part | null): string | null {
  if (part === null) return null;
  const value = typeof part === 'string' ? item.at(part) : part.is;
  if (!isScalar(value)) return null;
  const text = String(value).trim();
  return text === '' ? null : text;
}

export function holds(item: Item, { at, is }: Test): boolean {
  const value = item.at(at);
  return isScalar(value) && is.includes(String(value).trim());
}

/** Refuses what no column of the hub can hold, wherever it stands. */
export function assertStorable(value: unknown, where: string): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) throw new Unreadable(`${where} holds a NUL character, which no text may hold`);
    if (!value.isWellFormed()) throw new Unreadable(`${where} holds half of a character (a lone surrogate)`);
    return;
  }
  if (Array.isArray(value)) for (const one of value) assertStorable(one, where);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      assertStorable(name, `a name in ${where}`);
      assertStorable(inner, name);
    }
}
