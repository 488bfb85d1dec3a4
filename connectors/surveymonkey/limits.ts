import type { Heard } from '../../src/contract/limits.ts';

type Span = 'minute' | 'day';
type Told = 'limit' | 'remaining' | 'reset';

function told(headers: Headers, span: Span, what: Told): number | null {
  const header = headers.get(`x-ratelimit-app-global-${span}-${what}`);
  const value = Number(header);
  return header === null || header.trim() === '' || !Number.isFinite(value) ? null : value;
}

/** What an answer tells of the app's minute and day, which all accounts that it is connected with share. */
export function heardIn(headers: Headers): Heard {
  const [max, left] = [told(headers, 'minute', 'limit'), told(headers, 'minute', 'remaining')];
  const [day, dayLeft] = [told(headers, 'day', 'limit'), told(headers, 'day', 'remaining')];
  return {
    ...(max === null || left === null || max <= 0 ? {} : { window: { max, left: Math.max(0, left) } }),
    ...(day === null || dayLeft === null || day <= 0 ? {} : { day: { max: day, used: Math.max(0, day - dayLeft) } }),
  };
}

/** How many calls the app may make in a day; null where nothing is said of a limit, as for public apps. */
export const dayLimitIn = (headers: Headers): number | null => told(headers, 'day', 'limit');

/** What a 429 says of which limit was met, and how long it lasts; null where it does not say. */
export function metIn(headers: Headers): { readonly isDay: boolean; readonly waitMs: number | null } {
  const isDay = (told(headers, 'day', 'remaining') ?? 1) <= 0;
  const resetS = told(headers, isDay ? 'day' : 'minute', 'reset');
  return { isDay, waitMs: resetS === null || resetS < 0 ? null : resetS * 1000 };
}
