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

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The instant of a wall clock in a zone, given as if it were UTC. A time that a clock shows twice is its first; one that it skips lies after the gap. */
export function instantOfWall(wallMs: number, timeZone: string): number {
  const offsets = [wallMs - 26 * HOUR_MS, wallMs + 26 * HOUR_MS].map((around) => offsetMs(around, timeZone));
  const found = offsets.map((offset) => wallMs - offset).filter((atMs) => atMs + offsetMs(atMs, timeZone) === wallMs);
  return found.length === 0 ? wallMs - Math.min(...offsets) : Math.min(...found);
}

/** How far the clocks of a zone are ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  clocks.set(timeZone, clock);
  const part = new Map(clock.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(atMs / 1000) * 1000;
}
