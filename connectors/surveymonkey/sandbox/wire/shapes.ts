import { badBody } from './refusal.ts';

export type Shape = Readonly<Record<string, unknown>>;

/** The value as a JSON object, or a 400 that names it. */
export function object(value: unknown, what: string): Shape {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw badBody(`${what} is an object.`);
  return { ...value };
}

/** A list that may be left out. */
export function list(value: unknown, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badBody(`${what} is a list.`);
  return value;
}

/** Text with something in it. */
export function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw badBody(`${what} is required, and is text.`);
  return value;
}

/** Text that may be empty or left out. */
export function optionalText(value: unknown, what: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw badBody(`${what} is text.`);
}

/** A truth value that may be left out. */
export function optionalTruth(value: unknown, what: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw badBody(`${what} is true or false.`);
}

/** A list of ids, each of them text. */
export function texts(value: unknown, what: string): readonly string[] {
  return list(value, what).map((item) => text(item, `${what}[]`));
}

/** An object whose values are all text, which may be left out. */
export function optionalTexts(value: unknown, what: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined) return undefined;
  return Object.fromEntries(Object.entries(object(value, what)).map(([name, one]) => [name, optionalText(one, `${what}.${name}`) ?? '']));
}

/** One of some words. */
export function word<T extends string>(value: unknown, words: readonly T[], what: string): T {
  const known = words.find((one) => one === value);
  if (known === undefined) throw badBody(`${what} is one of ${words.join(', ')}.`);
  return known;
}

/** Refuses what nobody knows. */
export function onlyKnown(body: Shape, known: readonly string[]): void {
  const stranger = Object.keys(body).find((name) => !known.includes(name));
  if (stranger !== undefined) throw badBody(`${stranger} is not known.`);
}
