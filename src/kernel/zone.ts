const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

/** Whether this is the name of a time zone that the machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-CA', { timeZone: name });
    return true;
  } catch {
    // That it throws is the answer.
    return false;
  }
}

/** When the day began in which a zone is now, and when it ends, in milliseconds: days of 23 and 25 hours, and zones off the full hour, included. */
export function dayAround(nowMs: number, timeZone: string): { readonly startMs: number; readonly endMs: number } {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const today = days.format(nowMs);
  // Every zone is ahead of UTC by whole quarters.
  let startMs = Math.floor(nowMs / QUARTER_MS) * QUARTER_MS;
  while (days.format(startMs - 1) === today) startMs -= QUARTER_MS;
  let endMs = startMs + 22 * HOUR_MS;
  while (days.format(endMs) === today) endMs += QUARTER_MS;
  return { startMs, endMs };
}
