import type { Mutant } from './mutant.ts';
import { PLANNER_MUTANTS } from './planner-mutants.ts';

/** All deliberate bugs. */
export const MUTANTS: readonly Mutant[] = [...PLANNER_MUTANTS];

/** How each simulation is asked to find a bug, and what it prints when it has: a mutant that merely does not run is not found. */
export const SEARCHES: Readonly<Record<Mutant['by'], { readonly command: readonly string[]; readonly found: RegExp }>> = {
  planner: {
    command: ['test/simulation/planner/simulate.ts', '--histories', '2000', '--seed', '1', '--threads', '1'],
    found: /^seed \d+ breaks a promise: /m,
  },
  engine: { command: ['test/simulation/engine/simulate.ts', '--histories', '500', '--seed', '1'], found: /^seed \d+ \(\d+ steps\): /m },
};
