import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useTimeZone } from './session.tsx';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const TICK_MS = 1000;
// What is older is told as its day.
const AGO_MAX_DAYS = 60;

function formatIn(language: string, timeZone: string | undefined) {
  const zone = timeZone === undefined ? {} : { timeZone };
  const counts = new Intl.NumberFormat(language);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6, useGrouping: false });
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...zone });
  // A day that is no moment is the same day everywhere.
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', ...zone });
  const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'always' });
  // The short style leaves nothing but a blank between Japanese phrases; Thai has no style that leaves more, and names have blanks of their own.
  const lists = new Intl.ListFormat(
    language,
    language === 'ja' ? { type: 'conjunction', style: 'narrow' } : { type: 'unit', style: 'short' },
  );
  const fixed = (digits: number) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return {
    /** A number of things: `1,234`. */
    count: (count: number): string => counts.format(count),
    /** A value that is a number, to be read as it is: `1234.5`. */
    number: (value: number): string => numbers.format(value),
    /** A figure with so many decimals. */
    fixed: (value: number, digits: number): string => fixed(digits).format(value),
    /** The day of a moment, where its reader lives. */
    day: (at: string): string => days.format(new Date(at)),
    /** A date without a time: `2026-03-01`. */
    date: (date: string): string => dates.format(new Date(`${date}T00:00:00Z`)),
    /** The moment, to the second. */
    moment: (at: string): string => moments.format(new Date(at)),
    /** Several things as one. */
    list: (things: readonly string[]): string => (language === 'th' ? things.join(', ') : lists.format(things)),
    /** How long ago that was, in the fewest words; null for now. A time that our clock thinks is still to come is now. */
    ago: (at: string, nowMs: number): string | null => {
      const seconds = Math.floor((nowMs - Date.parse(at)) / 1000);
      if (seconds < 2) return null;
      if (seconds < MINUTE_S) return relative.format(-seconds, 'second');
      if (seconds < HOUR_S) return relative.format(-Math.floor(seconds / MINUTE_S), 'minute');
      if (seconds < DAY_S) return relative.format(-Math.floor(seconds / HOUR_S), 'hour');
      if (seconds < AGO_MAX_DAYS * DAY_S) return relative.format(-Math.floor(seconds / DAY_S), 'day');
      return days.format(new Date(at));
    },
  };
}

/** Numbers and times as the reader's language and time zone write them. */
export function useFormat() {
  const { i18n } = useTranslation();
  const timeZone = useTimeZone();
  return formatOf(i18n.language, timeZone);
}

// To make them takes longer than to use them hundreds of times, and every number on a page asks for them.
const made = new Map<string, ReturnType<typeof formatIn>>();

function formatOf(language: string, timeZone: string | undefined) {
  const key = `${language} ${timeZone ?? ''}`;
  const format = made.get(key) ?? formatIn(language, timeZone);
  made.set(key, format);
  return format;
}

const ticks = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;

/** One clock for all that is told as how long ago it is, while any of it is shown. */
function everySecond(tick: () => void): () => void {
  ticks.add(tick);
  clock ??= setInterval(() => {
    for (const each of ticks) each();
  }, TICK_MS);
  return () => {
    ticks.delete(tick);
    if (ticks.size > 0) return;
    clearInterval(clock);
    clock = undefined;
  };
}

/** How long ago, kept true while it is shown; only a text that changes draws anything again. */
export function useAgo(at: string): string {
  const { t } = useTranslation();
  const format = useFormat();
  return useSyncExternalStore(everySecond, () => format.ago(at, Date.now()) ?? t('justNow'));
}

/** `90000` is `90 s`, `120000` is `2 min`. */
export function useSpan(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    if (ms % (HOUR_S * 1000) === 0) return t('span.h', { count: ms / (HOUR_S * 1000) });
    if (ms % (MINUTE_S * 1000) === 0) return t('span.min', { count: ms / (MINUTE_S * 1000) });
    return t('span.s', { count: ms / 1000 });
  };
}
