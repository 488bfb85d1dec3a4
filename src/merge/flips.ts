import type { FieldValue } from '../contract/records.ts';
import type { ChangedField } from '../hub/stored.ts';
import { sameValue } from './same.ts';

/** One line of the journal for a field: whose value came, and when. `by` is a connection's id or `hub`, `who` the person or program there. */
export type FlipLine = { readonly by: string; readonly who: string | null; readonly at: string; readonly change: ChangedField };
/** One writer's turn. */
export type Turn = { readonly by: string; readonly who: string | null; readonly at: string; readonly value: FieldValue };
/** Two writers that take a field from each other, with their last turns, and how often one of them has put its value back. */
export type Flip = { readonly writers: readonly [Turn, Turn]; readonly times: number; readonly since: string };

/**
 * How often a field may go there and back. In the third round both writers have put their values back twice, or one of them three times against
 * one that comes up with something new each time.
 */
export const MOST_FLIPS = 3;

type Taken = Turn & { readonly stands: boolean };

/**
 * Whether a field goes back and forth between two writers: they put their own values back, each time against somebody else's. Whoever changes their mind by themselves puts nothing back.
 */
export function findFlip(lines: readonly FlipLine[]): Flip | null {
  const turns = lines.flatMap(turnsOf);
  const times = new Map<string, number>();
  let total = 0;
  for (const [at, turn] of turns.entries()) {
    const before = turns[at - 1];
    if (before === undefined || before.by === turn.by || sameValue(before.value, turn.value)) continue;
    const isBack = turn.stands || turns.slice(0, at).some((earlier) => earlier.by === turn.by && sameValue(earlier.value, turn.value));
    if (!isBack) continue;
    const count = (times.get(turn.by) ?? 0) + 1;
    times.set(turn.by, count);
    total += 1;
    if (count >= MOST_FLIPS || total >= 2 * (MOST_FLIPS - 1))
      return { writers: [before, turn], times: MOST_FLIPS, since: turns[0]?.at ?? turn.at };
  }
  return null;
}

/** A value that stood its ground was put back over there, right after somebody had changed it. */
function turnsOf({ by, who, at, change }: FlipLine): readonly Taken[] {
  if (!sameValue(change.old, change.new)) return [{ by, who, at, value: change.new, stands: false }];
  if (change.lost === undefined) return [];
  // A value that came from the very system which rewrites it is put back by nobody but the hub's rule.
  const owner = change.settled?.by === by ? 'hub' : (change.settled?.by ?? 'hub');
  const stood = { by: owner, who: null, at, value: change.new, stands: true };
  return [{ by, who, at, value: change.lost.value, stands: false }, stood];
}
