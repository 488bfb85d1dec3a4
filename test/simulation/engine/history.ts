import { must } from '../../../src/kernel/must.ts';
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
  /** A deed in the middle of the engine's work: so many turns from now, or at so many moments of the kind `at`, before and after each. */
  | { readonly do: 'soon'; readonly at: string | null; readonly turns: number; readonly deed: Deed }
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
  const isCalm = chance(random, 0.12);
  const steps: Step[] = [];
  const most = between(random, 12, 40);
  for (let i = between(random, 1, 3); i > 0; i -= 1) steps.push(draw.create());
  if (chance(random, 0.7)) steps.push({ do: 'work', afterMs: 0 });
  while (steps.length < most) {
    for (let i = between(random, 1, 3); i > 0; i -= 1) steps.push(...draw.deeds());
    for (let i = isCalm ? 0 : weighted(random, [2, 4, 3]); i > 0; i -= 1) steps.push(draw.trouble());
    if (chance(random, 0.3)) steps.push({ do: 'soon', at: null, turns: between(random, 1, 250), deed: draw.deed() });
    if (chance(random, 0.4)) steps.push({ do: 'soon', at: draw.point(), turns: between(random, 1, 3), deed: draw.deed() });
    steps.push({ do: 'work', afterMs: pick(random, [0, 11_000, 11_000, 30_000, 300_000]) });
  }
  if (chance(random, 0.5)) steps.push(...draw.meeting(), { do: 'work', afterMs: 11_000 });
  if (!isCalm && chance(random, 0.25)) steps.push(...draw.overtaking(), { do: 'work', afterMs: 30_000 });
  if (!isCalm && shape.workers > 1) steps.push(...draw.rivals(), { do: 'work', afterMs: 11_000 }, { do: 'work', afterMs: 11_000 });
  if (!isCalm && chance(random, 0.2)) steps.push(...draw.shuttingOut(), { do: 'work', afterMs: 11_000 });
  return { seed, shape, steps };
}

const DEEDS = ['edit', 'clear', 'bulk', 'create', 'hub_edit', 'delete', 'decide', 'restore', 'twin', 'merge', 'copy'] as const;
const DEED_WEIGHTS = [12, 3, 2, 3, 3, 2, 3, 2, 1, 1, 1] as const;
const TROUBLES = ['fault', 'crash', 'lose_database', 'stop', 'expire', 'pause'] as const;
const TROUBLE_WEIGHTS = [9, 6, 2, 3, 1, 1] as const;

/**
 * Each history has likings of its own: some of what there is never happens in it, some happens often. So rare things meet each other more often
 * than if everything could happen everywhere.
 */
const likings = (random: () => number, weights: readonly number[]): readonly number[] => {
  const own = weights.map((weight) => weight * pick(random, [0, 1, 1, 4]));
  return own.some((weight) => weight > 0) ? own : weights;
};

/** A few of many. */
const some = <T>(random: () => number, all: readonly T[], most: number): readonly T[] =>
  Array.from({ length: between(random, 1, most) }, () => pick(random, all));

function drawing(random: () => number, shape: Shape) {
  let nth = 100;
  const next = () => {
    nth += 1;
    return nth;
  };
  const system = () => between(random, 0, shape.systems.length - 1);
  // Most of what happens, happens to one person in one field: that is where edits meet.
  const [dearest, topic] = [between(random, 1, PEOPLE), pick(random, EDITED)];
  const liked = likings(random, DEED_WEIGHTS);
  const troubles = likings(random, TROUBLE_WEIGHTS);
  const points = some(random, POINTS, 4);
  const kinds = some(random, FAULTS, 5);
  const person = () => (chance(random, 0.6) ? dearest : between(random, 1, PEOPLE));
  const field = () => (chance(random, 0.4) ? topic : pick(random, EDITED));
  const create = (): Extract<Deed, { do: 'create' | 'twin' }> => ({
    do: 'create',
    system: system(),
    person: person(),
    nth: next(),
    filled: EDITED.filter(() => chance(random, 0.6)),
  });
  const deed = (): Deed => {
    const what = pickOf(random, DEEDS, liked);
    switch (what) {
      case 'clear':
        return { do: what, system: system(), person: person(), field: field(), nth: next() };
      case 'bulk':
        return { do: what, system: system(), field: field(), nth: next() };
      case 'create':
        return create();
      case 'hub_edit':
        return { do: what, person: person(), field: field(), nth: next() };
      case 'delete':
      case 'restore':
      case 'merge':
        return { do: what, system: system(), person: person() };
      case 'decide':
        return { do: what, which: between(random, 0, 3), how: between(random, 0, 3) };
      case 'twin':
        return { ...create(), do: what };
      case 'copy':
        return { do: what, system: system(), from: system(), person: person(), field: field() };
      case 'edit':
        return { do: what, system: system(), person: person(), field: field(), style: between(random, 0, 3), nth: next() };
    }
  };
  /** Whoever merges has two records of one person, which the hub may have seen before, and may be about to write to. */
  const scene = (): readonly Step[] => {
    const one = deed();
    if (one.do !== 'merge') return [one];
    const second: Deed = { ...create(), do: 'twin', system: one.system, person: one.person };
    if (chance(random, 0.5)) return [second, one];
    const known: readonly Step[] = [second, { do: 'work', afterMs: 11_000 }];
    if (chance(random, 0.5)) return [...known, one];
    // An edit of another system is on its way to one of the two just then.
    const edit: Deed = { do: 'bulk', system: (one.system + 1) % shape.systems.length, field: field(), nth: next() };
    return [...known, edit, { do: 'soon', at: 'commit: write links', turns: 2, deed: one }, { do: 'work', afterMs: 11_000 }];
  };
  /** While one edit is being written, somebody makes another one there: nothing comes after it that would have it looked at again. */
  const meeting = (): readonly Step[] => {
    const [from, to] = [system(), system()];
    const edit = (at: number, topic: Field): Deed => ({ do: 'edit', system: at, person: dearest, field: topic, style: 0, nth: next() });
    return [edit(from, field()), { do: 'soon', at: 'call: apply', turns: 1, deed: edit(to, pick(random, EDITED)) }];
  };
  /** While the first of several batches takes its time, people change over there what the next ones are to write. */
  const overtaking = (): readonly Step[] => {
    const [to, topic] = [system(), field()];
    const everybody = (at: number): Deed => ({ do: 'bulk', system: at, field: topic, nth: next() });
    return [
      { do: 'work', afterMs: 11_000 },
      everybody((to + 1) % shape.systems.length),
      { do: 'fault', system: to, on: 'apply', kind: 'slow', skip: 0 },
      { do: 'soon', at: 'call: apply', turns: 1, deed: everybody(to) },
    ];
  };
  /** Somebody is new in two systems at once, and whoever has seen one of the two is stopped while he makes a record of it. */
  const rivals = (): readonly Step[] => {
    const somebody = (at: number): Deed => ({ do: 'create', system: at, person: PEOPLE + 1, nth: next(), filled: EDITED });
    const [one, other] = chance(random, 0.5) ? [0, 1] : [1, 0];
    return [
      { do: 'work', afterMs: 11_000 },
      somebody(one),
      { do: 'stop', worker: between(random, 0, shape.workers - 1), at: 'write records', moments: 1, ms: 15_000 },
      { do: 'soon', at: 'call: changes', turns: between(random, 1, 4), deed: somebody(other) },
    ];
  };
  /** A system is switched off while something that it has asked to wait for is still to be written there. */
  const shuttingOut = (): readonly Step[] => {
    const from = system();
    const to = (from + 1) % shape.systems.length;
    return [
      { do: 'work', afterMs: 11_000 },
      { do: 'fault', system: to, on: 'apply', kind: 'rate_limited_for', skip: 0 },
      { do: 'bulk', system: from, field: field(), nth: next() },
      { do: 'work', afterMs: 11_000 },
      { do: 'pause', system: to, ms: 120_000 },
    ];
  };
  const point = () => pick(random, points);
  const trap = (what: 'crash' | 'lose_database' | 'stop'): Step => {
    const at = chance(random, 0.8) ? point() : null;
    const moments = at === null ? between(random, 1, 220) : between(random, 1, 3);
    return { do: what, worker: between(random, 0, shape.workers - 1), at, moments, ms: pick(random, [15_000, 60_000]) };
  };
  const trouble = (): Step => {
    const what = pickOf(random, TROUBLES, troubles);
    switch (what) {
      case 'crash':
      case 'lose_database':
      case 'stop':
        return trap(what);
      case 'expire':
        return { do: what, system: system(), forMs: pick(random, [0, 0, 30_000]) };
      case 'pause':
        return { do: what, system: system(), ms: 120_000 };
      case 'fault':
        return drawFault(random, system(), pick(random, kinds));
    }
  };
  return { create, deed, deeds: scene, trouble, point, meeting, overtaking, rivals, shuttingOut };
}

function pickOf<T>(random: () => number, all: readonly T[], weights: readonly number[]): T {
  return must(all[weighted(random, weights)], 'one of those that are weighted');
}

/** Where a crash, or an edit in between, is worth more than elsewhere. */
const POINTS = [
  'call: apply',
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

function drawFault(random: () => number, system: number, kind: FaultName): Step {
  const on = WRITES_ONLY.includes(kind)
    ? 'apply'
    : pick(random, ['apply', 'apply', 'apply', 'apply', 'changes', 'byIds', 'recall'] as const);
  return { do: 'fault', system, on, kind, skip: weighted(random, [5, 2, 1]) };
}

/** The steps with these numbers, and no others. */
export const keep = (history: History, numbers: readonly number[]): History => ({
  ...history,
  steps: numbers.flatMap((i) => history.steps[i] ?? []),
});
