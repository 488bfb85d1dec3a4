import type { Fields, FieldValue } from '../contract/records.ts';
import type { Condition } from './mapping.ts';
import { isList } from './translated.ts';

type Test = Extract<Condition, { field: string }>;

/** Whether hub fields fulfil a condition. Text is compared without regard to case; a blank field fulfils only `blank` and the negative operators. */
export function fulfils(condition: Condition, fields: Fields): boolean {
  if ('all' in condition) return condition.all.every((part) => fulfils(part, fields));
  if ('any' in condition) return condition.any.some((part) => fulfils(part, fields));
  if ('not' in condition) return !fulfils(condition.not, fields);
  return TESTS[condition.operator](fields[condition.field] ?? null, condition.value);
}

/** The tests inside a condition, with the path of each, for checks. */
export function* testsIn(condition: Condition, path: readonly PropertyKey[]): Generator<{ test: Test; path: readonly PropertyKey[] }> {
  if ('not' in condition) yield* testsIn(condition.not, [...path, 'not']);
  else if ('all' in condition) for (const [i, part] of condition.all.entries()) yield* testsIn(part, [...path, 'all', i]);
  else if ('any' in condition) for (const [i, part] of condition.any.entries()) yield* testsIn(part, [...path, 'any', i]);
  else yield { test: condition, path };
}

const TESTS: Readonly<Record<Test['operator'], (actual: FieldValue, wanted: FieldValue) => boolean>> = {
  is: (actual, wanted) => equal(actual, wanted),
  is_not: (actual, wanted) => !equal(actual, wanted),
  in: (actual, wanted) => words(actual).some((word) => words(wanted).includes(word)),
  not_in: (actual, wanted) => !words(actual).some((word) => words(wanted).includes(word)),
  contains: (actual, wanted) =>
    isList(actual) ? words(actual).includes(word(wanted)) : !isBlank(actual) && word(actual).includes(word(wanted)),
  starts_with: (actual, wanted) => !isBlank(actual) && word(actual).startsWith(word(wanted)),
  blank: (actual) => isBlank(actual),
  not_blank: (actual) => !isBlank(actual),
  before: (actual, wanted) => instant(actual) < instant(wanted),
  after: (actual, wanted) => instant(actual) > instant(wanted),
  less: (actual, wanted) => number(actual) < number(wanted),
  more: (actual, wanted) => number(actual) > number(wanted),
};

function isBlank(value: FieldValue): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0);
}

function equal(actual: FieldValue, wanted: FieldValue): boolean {
  const [one, other] = [new Set(words(actual)), new Set(words(wanted))];
  return one.size === other.size && one.isSubsetOf(other);
}

function words(value: FieldValue): readonly string[] {
  if (isBlank(value)) return [];
  return isList(value) ? value.map(word) : [word(value)];
}

function word(value: FieldValue): string {
  return String(value).normalize('NFC').trim().toLowerCase();
}

// What is no date or number compares false both ways, as NaN does.
function instant(value: FieldValue): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}

function number(value: FieldValue): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
}
