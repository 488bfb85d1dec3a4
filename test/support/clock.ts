import type { Clock } from '../../src/kernel/clock.ts';

export type JumpingClock = Clock & { wind(ms: number): void; ms(): number };

/** A clock that stands still until it is wound, or until somebody sleeps; `early` is how many milliseconds before the time its sleepers wake. */
export function jumpingClock({ early = 0 } = {}): JumpingClock {
  let ms = Date.parse('2026-11-22T00:00:00Z');
  return {
    now: () => new Date(ms),
    sleep: async (forMs, signal) => {
      signal?.throwIfAborted();
      ms += Math.max(1, forMs - early);
    },
    wind: (byMs) => {
      ms += byMs;
    },
    ms: () => ms,
  };
}
