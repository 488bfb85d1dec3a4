import { ENGINE_MUTANTS } from './engine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { PLANNER_MUTANTS } from './planner-mutants.ts';

/** A simulation with the bugs that it has to find, within so many histories from its first seed on. */
export type Level = {
  readonly mutants: readonly Mutant[];
  readonly script: string;
  readonly options: readonly string[];
  readonly histories: number;
  /** What it prints about a red history: a mutant that merely does not run is not found. */
  readonly red: RegExp;
};

export const LEVELS: Readonly<Record<'planner' | 'engine', Level>> = {
  planner: {
    mutants: PLANNER_MUTANTS,
    script: 'test/simulation/planner/simulate.ts',
    options: ['--threads', '1'],
    histories: 2_000,
    red: /^seed (\d+) breaks a promise: (.*)$/m,
  },
  engine: {
    mutants: ENGINE_MUTANTS,
    script: 'test/simulation/engine/simulate.ts',
    options: ['--until-red'],
    histories: 500,
    red: /^seed (\d+) [^:]*: (.*)$/m,
  },
};
export const ALL_MUTANTS: readonly Mutant[] = [...PLANNER_MUTANTS, ...ENGINE_MUTANTS];
