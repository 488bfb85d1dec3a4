import { Dice } from './dice.ts';
import type { Hub, Rec } from './hub.ts';
import { broken, noise, settleDown } from './judge.ts';
import { type History, liveThrough, type Operation } from './operations.ts';
import type { Wonder } from './sometimes.ts';
import { dreamUp, type WorldSpec } from './spec.ts';
import { World } from './world.ts';

/** What a history came to: the promises that it broke, and the interesting states that it reached. */
export type Verdict = { readonly wrongs: readonly string[]; readonly wonders: ReadonlySet<Wonder> };

const MOST_ROUNDS = 12;

/** The history of a seed. */
export function dream(seed: number): History {
  const dice = new Dice(seed);
  const world = dreamUp(dice);
  return { world, operations: liveThrough(dice, world) };
}

/**
 * Three rounds settle everything that the mappings know about. A system that changes a field in a way of its own, which no mapping knows, and
 * tells so only when it is looked at, is one more that edits it: each beyond the second may take one more round. So may each record that waits for
 * another one, which waits for a third.
 */
function roundsFor(world: WorldSpec, hub: Hub): number {
  const surprises = world.fields.map(
    (name) =>
      world.systems.filter(({ answers, fields }) => {
        const field = fields[name];
        return answers === 'id' && field !== undefined && field.loss !== 'none' && !field.known;
      }).length,
  );
  return Math.max(3, 1 + Math.max(0, ...surprises) + Math.max(0, longestChain(hub) - 1));
}

/** How many records refer to one another in a row. */
function longestChain({ records }: Hub): number {
  const lengths = [...records.values()].map((record) => {
    const met = new Set<Rec>();
    for (let next: Rec | undefined = record; next !== undefined && !met.has(next); next = records.get(String(next.fields.boss)))
      met.add(next);
    return met.size;
  });
  return Math.max(0, ...lengths);
}

/** Lives a history to its end, lets everything come to rest, and holds it to the promises. */
export function judge({ world: spec, operations }: History): Verdict {
  const world = new World(spec);
  const { wonders } = world.chronicle;
  try {
    for (const operation of operations) world.live(operation);
    for (const at of world.systems.keys()) world.resume(at);
    const rounds = settleDown(world, MOST_ROUNDS);
    if (rounds > MOST_ROUNDS) return { wrongs: ['converges: it does not come to rest'], wonders };
    const late = rounds > roundsFor(spec, world.hub) ? [`converges: it took ${rounds} rounds`] : [];
    return { wrongs: [...late, ...broken(world), ...noise(world)], wonders };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { wrongs: [`fails: ${error.message}`], wonders };
  }
}

/** What kind of wrong it is, so that a history is not shrunk into another one. */
export const kindOf = (wrong: string): string => wrong.replace(/:.*/, '');

/** The shortest history that still breaks the same promise: operations are left out, many at once at first. */
export function shrink(history: History, wrong: string): History {
  const isRed = (operations: readonly Operation[]) => judge({ ...history, operations }).wrongs.some((one) => kindOf(one) === kindOf(wrong));
  let { operations } = history;
  for (let size = Math.ceil(operations.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < operations.length; ) {
      const without = operations.toSpliced(from, size);
      if (isRed(without)) operations = without;
      else from += size;
    }
  }
  return { ...history, operations };
}
