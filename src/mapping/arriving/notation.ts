import { instantOfWall } from '../../kernel/zone.ts';
import { toDate, toDatetime } from '../instants.ts';
import type { DateOrder, Notation } from './reading.ts';

const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(.*)$/s;
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(.*)$/s;
const JAPANESE = /^(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日(.*)$/s;
const CLOCK = /^[T ,]*(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(AM|PM)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const DAY_MS = 86_400_000;
/** Seconds until the year 5138, milliseconds from 1973 on. */
const MOST_SECONDS = 100_000_000_000;

/** A date, with a time where one stands there, in the one way in which the hub reads them; as it is written where it is neither. */
export function plainTime(text: string, { dates, zone }: Notation): string {
  const parts = partsOf(text.trim(), dates);
  if (parts === null) return text;
  const { year, month, day, rest } = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (rest.trim() === '') return date;
  const [, hours = '', minutes = '', seconds = '00', fraction = '', half, named] = CLOCK.exec(rest) ?? [];
  if (hours === '') return text;
  const clock = `${hoursOf(Number(hours), half)}:${minutes}:${seconds}${fraction}`;
  if (named !== undefined) return `${date}T${clock}${/^(utc|gmt)$/i.test(named) ? 'Z' : named}`;
  if (zone === null) return `${date}T${clock}`;
  const wall = toDatetime(`${date}T${clock}Z`, 'millisecond');
  return wall.ok ? new Date(instantOfWall(Date.parse(String(wall.value)), zone)).toISOString() : `${date}T${clock}`;
}

function hoursOf(hours: number, half: string | undefined): string {
  const ofDay = half === undefined ? hours : (hours % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  return String(ofDay).padStart(2, '0');
}

type Parts = { readonly year: string; readonly month: string; readonly day: string; readonly rest: string };

function partsOf(text: string, order: DateOrder): Parts | null {
  const [, year, month = '', day = '', rest = ''] = YEAR_FIRST.exec(text) ?? JAPANESE.exec(text) ?? [];
  if (year !== undefined) return { year, month, day, rest };
  const [, first = '', second = '', last, tail = ''] = DAY_FIRST.exec(text) ?? [];
  if (last === undefined || order === 'ymd') return null;
  return { year: last, month: order === 'mdy' ? first : second, day: order === 'mdy' ? second : first, rest: tail };
}

/** A time as ISO in UTC, also of seconds and milliseconds since 1970; a date stands for its midnight in the zone. Null when it is no time. */
export function instantOf(value: string | number, notation: Notation): string | null {
  const count = typeof value === 'number' ? value : /^\d{9,13}$/.test(value.trim()) ? Number(value) : null;
  if (count !== null) return Number.isFinite(count) && count > 0 ? isoOf(count < MOST_SECONDS ? count * 1000 : count) : null;
  const text = plainTime(String(value), notation);
  const day = toDate(text);
  if (day.ok && /^\d{4}-\d{2}-\d{2}$/.test(text) && notation.zone !== null)
    return new Date(instantOfWall(Date.parse(`${text}T00:00:00Z`), notation.zone)).toISOString();
  const at = toDatetime(text, 'millisecond');
  return at.ok && typeof at.value === 'string' ? at.value : null;
}

function isoOf(ms: number): string | null {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) || Math.abs(ms) > 365 * 10_000 * DAY_MS ? null : at.toISOString();
}

const GROUPED = {
  '.': /^[+-]?\d{1,3}(?:[,'\s\u00a0\u202f]\d{3})+(?:\.\d+)?$/,
  ',': /^[+-]?\d{1,3}(?:[.'\s\u00a0\u202f]\d{3})+(?:,\d+)?$/,
} as const;

/** A number with a dot before its fraction and nothing between its thousands; as it is written where it is none. */
export function plainNumber(text: string, { decimal }: Notation): string {
  const trimmed = text.trim();
  const isNumber = GROUPED[decimal].test(trimmed) || (decimal === ',' && /^[+-]?\d+(?:,\d+)?$/.test(trimmed));
  if (!isNumber) return text;
  const bare = trimmed.replace(decimal === ',' ? /[.'\s\u00a0\u202f]/g : /[,'\s\u00a0\u202f]/g, '');
  return decimal === ',' ? bare.replace(',', '.') : bare;
}
