import { between, chance, pick, randomFrom, seedOf, weighted } from '../../../src/sandbox/random.ts';
import { type CallName, FAULTS, type FaultName } from './api.ts';
import { drawShape, EDITED, type Field, type Shape } from './shape.ts';

/** Something that people do in one system, or in the hub. `nth` tells all that is typed apart. */
export type Deed =
  | {
      readonly do: 'create' | 'twin';
      readonly system: number;
      readonly person: number;
      readonly nth: number;
      readonly filled: readonly Field[];
    }
  | {
      readonly do: 'edit';
      readonly system: number;
      readonly person: number;
      readonly field: Field;
      readonly style: number;
      readonly nth: number;
    }
  | { readonly do: 'clear'; readonly system: number; readonly person: number; readonly field: Field; readonly nth: number }
  | { readonly do: 'bulk'; readonly system: number; readonly field: Field; readonly nth: number }
  | { readonly do: 'copy'; readonly system: number; readonly from: number; readonly person: number; readonly field: Field }
  | { readonly do: 'hub_edit'; readonly person: number; readonly field: Field; readonly nth: number }
  | { readonly do: 'delete' | 'restore' | 'merge'; readonly system: number; readonly person: number }
  | { readonly do: 'decide'; readonly which: number; readonly how: number };

/** One step of a history. Every one of them can be left out, and the rest still makes sense. */
export type Step =
  | Deed
  | { readonly do: 'soon'; readonly turns: number; readonly deed: Deed }
  | { readonly do: 'work'; readonly afterMs: number }
  | { readonly do: 'fault'; readonly system: number; readonly on: CallName; readonly kind: FaultName; readonly skip: number }
  | { readonly do: 'expire'; readonly system: number; readonly forMs: number }
  /** `at`: only moments of that kind count, before and after each of them. */
  | {
      readonly do: 'crash' | 'lose_database' | 'stop';
      readonly worker: number;
      readonly at: string | null;
      readonly moments: number;
      readonly ms: number;
    }
  | { readonly do: 'pause'; readonly system: number; readonly ms: number };
export type History = { readonly seed: number; readonly shape: Shape; readonly steps: readonly Step[] };

const PEOPLE = 3;

/** The history of a seed: the same one, always. */
export function drawHistory(seed: number): History {
  const random = randomFrom(seedOf(seed, 'history'));
  const shape = drawShape(random);
  const draw = drawing(random, shape);
  const steps: Step[] = [];
  const most = between(random, 12, 40);
  for (let i = between(random, 1, 3); i > 0; i -= 1) steps.push(draw.create());
  if (chance(random, 0.7)) steps.push({ do: 'work', afterMs: 0 });
  while (steps.length < most) {
    for (let i = between(random, 1, 3); i > 0; i -= 1) steps.push(draw.deed());
    for (let i = weighted(random, [3, 4, 2]); i > 0; i -= 1) steps.push(draw.trouble());
    if (chance(random, 0.4)) steps.push({ do: 'soon', turns: between(random, 1, 250), deed: draw.deed() });
    steps.push({ do: 'work', afterMs: pick(random, [0, 11_000, 11_000, 30_000, 300_000]) });
  }
  return { seed, shape, steps };
}

function drawing(random: () => number, shape: Shape) {
  let nth = 100;
  const next = () => {
    nth += 1;
    return nth;
  };
  const system = () => between(random, 0, shape.systems.length - 1);
  // Most of what happens, happens to one person in one field: that is where edits meet.
  const [dearest, topic] = [between(random, 1, PEOPLE), pick(random, EDITED)];
  const person = () => (chance(random, 0.5) ? dearest : between(random, 1, PEOPLE));
  const field = () => (chance(random, 0.4) ? topic : pick(random, EDITED));
  const create = (): Extract<Deed, { do: 'create' | 'twin' }> => ({
    do: 'create',
    system: system(),
    person: person(),
    nth: next(),
    filled: EDITED.filter(() => chance(random, 0.6)),
  });
  const deed = (): Deed => {
    switch (weighted(random, [12, 3, 2, 3, 3, 2, 3, 2, 1, 1, 1])) {
      case 1:
        return { do: 'clear', system: system(), person: person(), field: field(), nth: next() };
      case 2:
        return { do: 'bulk', system: system(), field: field(), nth: next() };
      case 3:
        return create();
      case 4:
        return { do: 'hub_edit', person: person(), field: field(), nth: next() };
      case 5:
        return { do: 'delete', system: system(), person: person() };
      case 6:
        return { do: 'decide', which: between(random, 0, 3), how: between(random, 0, 3) };
      case 7:
        return { do: 'restore', system: system(), person: person() };
      case 8:
        return { ...create(), do: 'twin' };
      case 9:
        return { do: 'merge', system: system(), person: person() };
      case 10:
        return { do: 'copy', system: system(), from: system(), person: person(), field: field() };
      default:
        return { do: 'edit', system: system(), person: person(), field: field(), style: between(random, 0, 3), nth: next() };
    }
  };
  const trap = (what: 'crash' | 'lose_database' | 'stop'): Step => {
    const at = chance(random, 0.8) ? pick(random, POINTS) : null;
    const moments = at === null ? between(random, 1, 220) : between(random, 1, 3);
    return { do: what, worker: between(random, 0, shape.workers - 1), at, moments, ms: pick(random, [15_000, 60_000]) };
  };
  const trouble = (): Step => {
    switch (weighted(random, [9, 6, 2, 2, 1, 1])) {
      case 1:
        return trap('crash');
      case 2:
        return trap('lose_database');
      case 3:
        return trap('stop');
      case 4:
        return { do: 'expire', system: system(), forMs: pick(random, [0, 0, 30_000]) };
      case 5:
        return { do: 'pause', system: system(), ms: 120_000 };
      default:
        return drawFault(random, system());
    }
  };
  return { create, deed, trouble };
}

/** Where a crash is worth more than elsewhere. */
const POINTS = [
  'call: apply',
  'call: changes',
  'call: byIds',
  'call: recall',
  'commit: note what is sent',
  'commit: settle answers',
  'commit: move the cursor',
  'commit: write links',
  'commit: give places',
  'settle answers',
  'write links',
  'move the cursor',
] as const;

const WRITES_ONLY: readonly FaultName[] = ['partial', 'partial_lost', 'missing_result', 'row_refused', 'late_effect'];

function drawFault(random: () => number, system: number): Step {
  const on = pick(random, ['apply', 'apply', 'apply', 'apply', 'changes', 'byIds', 'recall'] as const);
  const kind = pick(
    random,
    FAULTS.filter((fault) => on === 'apply' || !WRITES_ONLY.includes(fault)),
  );
  return { do: 'fault', system, on, kind, skip: weighted(random, [4, 2, 1]) };
}

/** The steps with these numbers, and no others. */
export const keep = (history: History, numbers: readonly number[]): History => ({
  ...history,
  steps: numbers.flatMap((i) => history.steps[i] ?? []),
});
