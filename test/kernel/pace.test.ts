import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace, type Window } from '../../src/sync/limits/pace.ts';
import { type JumpingClock, jumpingClock } from '../support/clock.ts';

const windows = fc.array(fc.record({ requests: fc.integer({ min: 1, max: 9 }), perMs: fc.integer({ min: 1, max: 500 }) }), {
  maxLength: 3,
});
const gaps = fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 60 });

/** The most requests that any window of `perMs` holds. */
function crowd(sent: readonly number[], { perMs }: Window): number {
  return Math.max(0, ...sent.map((start) => sent.filter((at) => at >= start && at < start + perMs).length));
}

async function run(pace: Pace, clock: JumpingClock, arrivals: readonly number[]): Promise<readonly number[]> {
  const { signal } = new AbortController();
  const sent: number[] = [];
  for (const gap of arrivals) {
    clock.wind(gap);
    await pace.turn(signal);
    sent.push(clock.ms());
  }
  return sent;
}

test('no window ever holds more requests than it may, even when sleepers wake early', async () => {
  await fc.assert(
    fc.asyncProperty(windows, gaps, fc.integer({ min: 0, max: 3 }), async (limits, arrivals, early) => {
      const clock = jumpingClock({ early });
      const sent = await run(new Pace(limits, clock), clock, arrivals);
      expect(sent).toHaveLength(arrivals.length);
      for (const limit of limits) expect(crowd(sent, limit)).toBeLessThanOrEqual(limit.requests);
    }),
  );
});

test('nobody waits longer than the windows ask', async () => {
  await fc.assert(
    fc.asyncProperty(windows, gaps, async (limits, arrivals) => {
      const clock = jumpingClock();
      const pace = new Pace(limits, clock);
      const { signal } = new AbortController();
      const sent: number[] = [];
      for (const gap of arrivals) {
        clock.wind(gap);
        const free = limits.map(({ requests, perMs }) => (sent[sent.length - requests] ?? Number.NEGATIVE_INFINITY) + perMs);
        const earliest = Math.max(clock.ms(), ...free);
        await pace.turn(signal);
        expect(clock.ms()).toBe(earliest);
        sent.push(clock.ms());
      }
    }),
  );
});

test('turns come in the order in which they were asked for', async () => {
  const clock = jumpingClock();
  const pace = new Pace([{ requests: 2, perMs: 100 }], clock);
  const { signal } = new AbortController();
  const start = clock.ms();
  const served: [number, number][] = [];
  await Promise.all(
    Array.from({ length: 7 }, async (_, n) => {
      await pace.turn(signal);
      served.push([n, clock.ms() - start]);
    }),
  );
  expect(served.map(([n]) => n)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(served.map(([, at]) => at)).toEqual([0, 0, 100, 100, 200, 200, 300]);
});

test('who gives up in the line takes no turn, and holds up nobody', async () => {
  const clock = jumpingClock();
  const pace = new Pace([{ requests: 1, perMs: 1000 }], clock);
  const stop = new AbortController();
  const stays = new AbortController();
  await pace.turn(stays.signal);
  const start = clock.ms();
  const [gone, served] = [pace.turn(stop.signal), pace.turn(stays.signal)];
  stop.abort(new Error('the lease is lost'));
  await expect(gone).rejects.toThrow('the lease is lost');
  await served;
  expect(clock.ms() - start).toBe(1000);
});

test('a narrower pace holds for the calls of its name, beside the one that holds for all', async () => {
  const call = fc.record({ gap: fc.integer({ min: 0, max: 90 }), of: fc.constantFrom(undefined, 'search', 'other') });
  const wide: Window = { requests: 5, perMs: 300 };
  const narrow: Window = { requests: 2, perMs: 200, of: 'search' };
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 60 }), async (calls) => {
      const clock = jumpingClock();
      const pace = new Pace([wide, narrow], clock);
      const sent: { readonly at: number; readonly of: string | undefined }[] = [];
      for (const { gap, of } of calls) {
        clock.wind(gap);
        await pace.turn(new AbortController().signal, of);
        sent.push({ at: clock.ms(), of });
      }
      const times = (some: typeof sent) => some.map(({ at }) => at);
      expect(crowd(times(sent), wide)).toBeLessThanOrEqual(wide.requests);
      expect(crowd(times(sent.filter(({ of }) => of === 'search')), narrow)).toBeLessThanOrEqual(narrow.requests);
    }),
  );
});
