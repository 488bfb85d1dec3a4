import { Cron } from 'croner';

/** Hours of the day, on the clocks of the schedule's zone, in which a connection is left alone. They may reach past midnight. */
export type QuietHours = {
  /** `22:00`. */
  readonly from: string;
  readonly to: string;
  /** The days on which they begin, 1 for Monday to 7 for Sunday; none means every day. */
  readonly days: readonly number[];
};

/** When a connection is looked at: by a cron expression, or, where that is null, at the interval of each of its objects; and when it is left alone. */
export type Schedule = { readonly cron: string | null; readonly timeZone: string; readonly quiet: readonly QuietHours[] };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

const cronOf = (pattern: string, timezone: string): Cron => new Cron(pattern, { timezone, mode: '5-part' });

/** What is wrong with a schedule, and at which part of it; null when nothing is. */
export function wrongInSchedule(
  schedule: Schedule,
  now: Date,
): { readonly at: 'cron' | 'timeZone' | 'quiet'; readonly why: string } | null {
  if (!isZone(schedule.timeZone)) return { at: 'timeZone', why: `There is no time zone "${schedule.timeZone}".` };
  const cron = schedule.cron === null ? null : wrongInCron(schedule.cron, schedule.timeZone, now);
  if (cron !== null) return { at: 'cron', why: cron };
  if (schedule.quiet.some(({ from, to }) => from === to))
    return { at: 'quiet', why: 'Quiet hours have to end at another time than they begin.' };
  if (isAlwaysQuiet(schedule, now)) return { at: 'quiet', why: 'These quiet hours leave no time in which anything could be done.' };
  return null;
}

function wrongInCron(pattern: string, timeZone: string, now: Date): string | null {
  try {
    return cronOf(pattern, timeZone).nextRun(now) === null ? `"${pattern}" names no time that ever comes.` : null;
  } catch {
    return `"${pattern}" is no cron expression: give minute, hour, day, month, and day of the week, such as "0 6 * * 1-5".`;
  }
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** When the schedule looks next after a time; null when each object goes by an interval of its own. Where a clock is put forward, an hour that is left out counts as the one after it. */
export function nextLook({ cron, timeZone }: Schedule, after: Date): Date | null {
  return cron === null ? null : cronOf(cron, timeZone).nextRun(after);
}

/** The end of the quiet hours at a time; null when there are none then. Hours that follow each other are one. */
export function quietUntil(schedule: Schedule, at: Date): Date | null {
  let until: Date | null = null;
  // Each step leaves one of the windows of a week behind.
  for (let step = 0; step <= schedule.quiet.length * 7; step += 1) {
    const moment: Date = until ?? at;
    const window = schedule.quiet.find((hours) => isWithin(hours, schedule.timeZone, moment));
    if (window === undefined) return until;
    until = cronOf(clockPattern(window.to), schedule.timeZone).nextRun(moment);
  }
  return until;
}

/** When quiet hours begin next, after a time; null when there are none. */
export function nextQuiet({ quiet, timeZone }: Schedule, after: Date): Date | null {
  const begins = quiet.flatMap(({ from, days }) => cronOf(clockPattern(from, days), timeZone).nextRun(after) ?? []);
  return begins.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

function clockPattern(time: string, days: readonly number[] = []): string {
  const minutes = minutesOf(time);
  return `${minutes % 60} ${Math.floor(minutes / 60)} * * ${days.length === 0 ? '*' : days.join(',')}`;
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

function isWithin({ from, to, days }: QuietHours, timeZone: string, at: Date): boolean {
  const { minutes, day } = clockAt(timeZone, at);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const begunOn = (which: number): boolean => days.length === 0 || days.includes(which);
  if (begin < end) return minutes >= begin && minutes < end && begunOn(day);
  const yesterday = day === 1 ? 7 : day - 1;
  return (minutes >= begin && begunOn(day)) || (minutes < end && begunOn(yesterday));
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clocks and calendars of a zone show. */
function clockAt(timeZone: string, at: Date): { readonly minutes: number; readonly day: number } {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric', weekday: 'short' });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { minutes: Number(parts.hour) * 60 + Number(parts.minute), day: WEEKDAYS.indexOf(parts.weekday ?? '') + 1 };
}

function isAlwaysQuiet({ quiet, timeZone }: Schedule, now: Date): boolean {
  if (quiet.length === 0) return false;
  for (let minute = 0; minute < 7 * DAY_MINUTES; minute += 5)
    if (!quiet.some((hours) => isWithin(hours, timeZone, new Date(now.getTime() + minute * MINUTE_MS)))) return false;
  return true;
}
