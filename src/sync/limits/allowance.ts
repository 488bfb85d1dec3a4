import type { Heard } from '../../contract/limits.ts';
import { type Ledger, takeSlices, type Want } from '../../hub/limits/ledger.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Lane } from './lanes.ts';

/**
 * What is told along with a question: calls that were taken and not made, those that were taken and may still be made, which the day has counted already, and
 * what was last heard of the day.
 */
export type Told = { readonly unused: number; readonly inHand: number; readonly day: Heard['day'] };

/** Where the calls of a connection are kept account of. */
export type Allowance = {
  /** Calls of each window, or how long there are none. Throws `quota_spent` when the day has none left. */
  take(wants: readonly Want[], told: Told, lane: Lane): Promise<{ readonly calls: readonly number[]; readonly waitMs: number }>;
  /** Whether calls are taken ahead, because asking costs something. */
  readonly ahead: boolean;
};

/** The account of a process that is alone, such as one that tries a connection out. */
export function ownAllowance(clock: Clock): Allowance {
  let ledger: Ledger = {};
  return {
    ahead: false,
    take: async (wants) => {
      const taken = takeSlices(ledger, { holder: 'own', nowMs: clock.now().getTime() }, wants);
      ({ ledger } = taken);
      return taken;
    },
  };
}
