import { useSyncExternalStore } from 'react';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const TICK_MS = 1000;

/** How long ago that was, in the fewest words. A time that our clock thinks is still to come is `now`. */
function ago(at: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < MINUTE_S) return `${seconds} s ago`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min ago`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h ago`;
  if (seconds < 60 * DAY_S) return `${Math.floor(seconds / DAY_S)} d ago`;
  return dayOf(at);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
/** The day, as people here write it. */
export const dayOf = (at: string): string => day.format(new Date(at));
/** The moment, to the second. */
export const momentOf = (at: string): string => moment.format(new Date(at));

/** `90000` is `90 s`, `120000` is `2 min`. */
export function spanOf(ms: number): string {
  if (ms % (HOUR_S * 1000) === 0) return `${ms / (HOUR_S * 1000)} h`;
  if (ms % (MINUTE_S * 1000) === 0) return `${ms / (MINUTE_S * 1000)} min`;
  return `${ms / 1000} s`;
}

function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

/** `ago`, kept true while it is shown; only a text that changes draws anything again. */
export function useAgo(at: string): string {
  return useSyncExternalStore(everySecond, () => ago(at, Date.now()));
}
