import { badQuery } from './refusal.ts';

const MINUTE_MS = 60_000;
const PLAIN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/** To the second. */
export function toSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000;
}

/** The minute that a moment is in. */
export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS);
}

/** `2026-11-20T12:03:11+00:00`, in the offset that this account's dates are written with. */
export function shownAt(at: number, offsetMinutes: number): string {
  const wall = new Date(at + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19);
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return `${wall}${offsetMinutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** A time of a query: UTC to the second, without an offset. */
export function momentIn(text: string, name: string): number {
  const at = PLAIN.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw badQuery(`${name} is YYYY-MM-DDTHH:MM:SS in UTC, without an offset.`);
  return at;
}
