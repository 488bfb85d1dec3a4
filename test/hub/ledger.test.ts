import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Ledger, type Slice, takeSlices, type Want } from '../../src/hub/limits/ledger.ts';

const PER_MS = 1_000;
const GOOD_FOR_MS = 100;

const act = fc.record({
  process: fc.integer({ min: 0, max: 3 }),
  gapMs: fc.integer({ min: 0, max: 400 }),
  // When the calls of a slice are made, from its beginning; a call more than there are is not made.
  at: fc.array(fc.integer({ min: 0, max: GOOD_FOR_MS }), { maxLength: 5 }),
  tells: fc.boolean(),
});

test('whoever takes slices and whenever, no window holds more calls than it may', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(act, { maxLength: 80 }),
      (requests, atOnce, acts) => {
        let ledger: Ledger = {};
        let nowMs = 0;
        const made = new Map<number, number[]>();
        for (const { process, gapMs, at, tells } of acts) {
          nowMs += gapMs;
          const own = (made.get(process) ?? []).filter((one) => one <= nowMs);
          // One that dies and comes back knows nothing of what it had made: it has another name then.
          const holder = tells ? `p${process}` : `p${process} reborn at ${nowMs}`;
          const busy = (made.get(process) ?? []).some((one) => one > nowMs);
          if (busy) continue;
          const want: Want = {
            window: '/1000',
            requests,
            perMs: PER_MS,
            atOnce,
            goodForMs: GOOD_FOR_MS,
            made: tells ? own.map((one): Slice => [nowMs - one, 1]) : [],
            others: [Number.POSITIVE_INFINITY, 0],
          };
          const taken = takeSlices(ledger, { holder, nowMs }, [want]);
          ({ ledger } = taken);
          const calls = at.slice(0, taken.calls[0] ?? 0).map((afterMs) => nowMs + afterMs);
          made.set(process, [...(made.get(process) ?? []), ...calls]);
        }
        const all = [...made.values()].flat();
        for (const start of all) expect(all.filter((one) => one >= start && one < start + PER_MS).length).toBeLessThanOrEqual(requests);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a wait that a ledger asks for is long enough, and not longer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 8 }),
      (slices) => {
        const requests = slices.reduce((sum, [, calls]) => sum + calls, 0);
        const want: Want = { window: '/1000', requests, perMs: PER_MS, atOnce: 1, goodForMs: 0, made: slices, others: [0, 0] };
        const { waitMs, calls } = takeSlices({}, { holder: 'one', nowMs: 5_000 }, [want]);
        expect(calls).toEqual([0]);
        const oldest = Math.max(...slices.map(([agoMs]) => agoMs));
        expect(waitMs).toBe(PER_MS - oldest);
        const later = { ...want, made: slices.map(([agoMs, n]): Slice => [agoMs + waitMs, n]) };
        expect(takeSlices({}, { holder: 'one', nowMs: 5_000 + waitMs }, [later]).calls).toEqual([1]);
      },
    ),
  );
});
