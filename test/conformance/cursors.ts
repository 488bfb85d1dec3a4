import type { Cursor } from '../../src/contract/records.ts';

const YEAR_MS = 365 * 86_400_000;

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
}

/** What a cursor may look like after another version, or an accident, has had it. */
export function damaged(cursor: Cursor): readonly Cursor[] {
  const times = Object.keys(cursor).filter((name) => isTime(cursor[name]));
  return [
    { v: 1 },
    { ...cursor, v: 2 },
    { ...cursor, v: 0 },
    { ...cursor, phase: 'nowhere' },
    ...times.flatMap((name) => ['not a time', '', 7, {}].map((value) => ({ ...cursor, [name]: value }))),
  ];
}

/** A cursor that claims to be from next year. */
export function fromTheFuture(cursor: Cursor): Cursor {
  const later = (value: unknown) => (isTime(value) ? new Date(Date.parse(value) + YEAR_MS).toISOString() : value);
  return { ...cursor, ...Object.fromEntries(Object.entries(cursor).map(([name, value]) => [name, later(value)])), v: cursor.v };
}
