import { describe, expect, test } from 'vitest';
import { nextLook, nextQuiet, quietUntil, type Schedule, wrongInSchedule } from '../../src/hub/rhythm/schedule.ts';

const at = (text: string): Date => new Date(text);
const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
const plan = (change: Partial<Schedule>): Schedule => ({ cron: null, timeZone: 'Europe/Berlin', quiet: [], ...change });
const NIGHT = { from: '22:00', to: '06:00', days: [] };

describe('a cron expression', () => {
  test('means the clocks of its own zone', () => {
    expect(iso(nextLook(plan({ cron: '0 6 * * 1-5' }), at('2026-11-27T12:00:00Z')))).toBe('2026-11-30T05:00:00.000Z');
    expect(iso(nextLook(plan({ cron: '0 6 * * 1-5', timeZone: 'Asia/Tokyo' }), at('2026-11-27T12:00:00Z')))).toBe(
      '2026-11-29T21:00:00.000Z',
    );
  });

  test('goes by the clocks also when they are put forward or back', () => {
    const daily = plan({ cron: '0 6 * * *' });
    expect(iso(nextLook(daily, at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T04:00:00.000Z');
    expect(iso(nextLook(daily, at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T05:00:00.000Z');
    // 02:30 is left out on the day on which the clocks are put forward, and comes twice when they are put back: it is looked at once each time.
    const early = plan({ cron: '30 2 * * *' });
    const spring = nextLook(early, at('2026-03-28T12:00:00Z'));
    expect(iso(spring)?.slice(0, 13)).toBe('2026-03-29T01');
    expect(iso(nextLook(early, at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00.000Z');
    expect(iso(nextLook(early, at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00.000Z');
  });

  test('that cannot be read, or never comes, is refused with the reason', () => {
    const now = at('2026-11-29T12:00:00Z');
    for (const cron of ['every day', '* * *', '61 * * * *', '*/5 * * * * *']) expect(wrongInSchedule(plan({ cron }), now)?.at).toBe('cron');
    expect(wrongInSchedule(plan({ cron: '0 0 31 2 *' }), now)?.why).toContain('names no time');
    expect(wrongInSchedule(plan({ timeZone: 'Mars/Olympus' }), now)?.at).toBe('timeZone');
    expect(wrongInSchedule(plan({ cron: '*/15 8-18 * * 1-5', quiet: [NIGHT] }), now)).toBeNull();
  });
});

describe('quiet hours', () => {
  test('reach past midnight, and end when they say', () => {
    const night = plan({ quiet: [NIGHT] });
    expect(iso(quietUntil(night, at('2026-11-29T20:59:59Z')))).toBeNull();
    expect(iso(quietUntil(night, at('2026-11-29T21:00:00Z')))).toBe('2026-11-30T05:00:00.000Z');
    expect(iso(quietUntil(night, at('2026-11-30T04:59:59Z')))).toBe('2026-11-30T05:00:00.000Z');
    expect(iso(quietUntil(night, at('2026-11-30T05:00:00Z')))).toBeNull();
    expect(iso(nextQuiet(night, at('2026-11-30T05:00:00Z')))).toBe('2026-11-30T21:00:00.000Z');
  });

  test('are an hour shorter in the night in which the clocks are put forward, and an hour longer when they are put back', () => {
    const night = plan({ quiet: [NIGHT] });
    expect(iso(quietUntil(night, at('2026-03-28T21:30:00Z')))).toBe('2026-03-29T04:00:00.000Z');
    expect(iso(quietUntil(night, at('2026-10-24T20:30:00Z')))).toBe('2026-10-25T05:00:00.000Z');
  });

  test('of some days belong to the day on which they begin', () => {
    const weekNights = plan({ quiet: [{ ...NIGHT, days: [1, 2, 3, 4, 5] }] });
    // Saturday, early: the night of Friday. Sunday, early: none.
    expect(quietUntil(weekNights, at('2026-11-28T04:00:00Z'))).not.toBeNull();
    expect(quietUntil(weekNights, at('2026-11-29T04:00:00Z'))).toBeNull();
    expect(iso(nextQuiet(weekNights, at('2026-11-28T12:00:00Z')))).toBe('2026-11-30T21:00:00.000Z');
  });

  test('that follow each other are one, and those that leave no time are refused', () => {
    const day = { from: '06:00', to: '12:00', days: [] };
    expect(iso(quietUntil(plan({ quiet: [NIGHT, day] }), at('2026-11-29T23:00:00Z')))).toBe('2026-11-30T11:00:00.000Z');
    const always = plan({ quiet: [NIGHT, { from: '06:00', to: '22:00', days: [] }] });
    expect(wrongInSchedule(always, at('2026-11-29T12:00:00Z'))?.at).toBe('quiet');
    expect(wrongInSchedule(plan({ quiet: [{ from: '08:00', to: '08:00', days: [] }] }), at('2026-11-29T12:00:00Z'))?.at).toBe('quiet');
  });
});
