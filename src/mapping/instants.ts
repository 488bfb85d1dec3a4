import type { Translated } from './mapping.ts';
import { given, refused } from './translated.ts';

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const EPOCH_MS = /^-?\d{11,15}$/;
const YEAR_0_MS = Date.parse('0000-01-01T00:00:00.000Z');
const YEAR_9999_MS = Date.parse('9999-12-31T23:59:59.999Z');
const dayMs = 86_400_000;
const secondMs = 1000;

export const PRECISIONS = ['day', 'second', 'millisecond'] as const;
export type Precision = (typeof PRECISIONS)[number];
const MS_OF: Readonly<Record<Precision, number>> = { day: dayMs, second: secondMs, millisecond: 1 };

/** A date and time as ISO with milliseconds and `Z`; a time without a zone is refused, because every guess is wrong somewhere. */
export function toDatetime(text: string, precision: Precision): Translated {
  const atMs = instantMs(text);
  if (typeof atMs === 'string') return refused(atMs);
  return given(new Date(Math.floor(atMs / MS_OF[precision]) * MS_OF[precision]).toISOString());
}

/** A calendar date as `YYYY-MM-DD`; an instant is one only at midnight UTC, else its time of day would be lost. */
export function toDate(text: string): Translated {
  const atMs = instantMs(text);
  if (typeof atMs === 'string') return refused(atMs);
  return atMs % dayMs === 0 ? given(new Date(atMs).toISOString().slice(0, 10)) : refused('a time of day does not fit a date');
}

function instantMs(text: string): number | string {
  const atMs = EPOCH_MS.test(text) ? Number(text) : writtenMs(text);
  if (typeof atMs === 'string') return atMs;
  return atMs >= YEAR_0_MS && atMs <= YEAR_9999_MS ? atMs : 'the year is not between 0 and 9999';
}

function writtenMs(text: string): number | string {
  const [, day = '', hours, minutes = '0', seconds = '0', fraction = '', zone] = WRITTEN.exec(text) ?? [];
  const midnightMs = Date.parse(`${day}T00:00:00.000Z`);
  // The platform rolls 30 February over to March instead of refusing it.
  if (Number.isNaN(midnightMs) || new Date(midnightMs).toISOString().slice(0, 10) !== day) return 'it is not a date';
  if (hours === undefined) return midnightMs;
  if (zone === undefined) return 'a time without a time zone could be anywhere';
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return 'it is not a time of day';
  const clockMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * secondMs;
  return midnightMs + clockMs + Number(fraction.slice(0, 3).padEnd(3, '0')) - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60 * secondMs;
}
