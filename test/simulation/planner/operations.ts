import type { Direction, NullPolicy, RemovalPolicy, Rule } from '../../../src/mapping/mapping.ts';
import type { Dice } from './dice.ts';
import type { FieldName } from './model.ts';
import { gatesFrom, removalFrom, ruleFrom, type SystemSpec, type WorldSpec } from './spec.ts';

/** How a send ends: with an answer, or without one and the write done, or without one and nothing done. */
export type Ending = 'answered' | 'lost_after' | 'lost_before';

/**
 * One thing that happens. Whatever it names that is not there makes it do nothing, so that a history stays one when operations are left out.
 * `nth` tells several rows of one person apart.
 */
export type Operation =
  | { readonly act: 'create'; readonly system: number; readonly person: number; readonly nudges: readonly number[] }
  | {
      readonly act: 'edit';
      readonly system: number;
      readonly person: number;
      readonly field: FieldName;
      readonly style: number;
      readonly clear: boolean;
    }
  /** Somebody types off what another system shows, before the hub brings it. */
  | { readonly act: 'copy'; readonly system: number; readonly from: number; readonly person: number; readonly field: FieldName }
  | { readonly act: 'bulk'; readonly system: number; readonly field: FieldName; readonly style: number }
  | { readonly act: 'remove' | 'restore' | 'optOut' | 'optIn'; readonly system: number; readonly person: number }
  | { readonly act: 'mergeRows' | 'associate'; readonly system: number; readonly person: number; readonly other: number }
  | { readonly act: 'look' | 'recover' | 'pause' | 'resume'; readonly system: number }
  | { readonly act: 'reconcile' }
  | { readonly act: 'send'; readonly system: number; readonly ending: Ending }
  | { readonly act: 'answer'; readonly person: number; readonly score: number }
  | { readonly act: 'decide'; readonly nth: number; readonly style: number }
  | { readonly act: 'rule'; readonly system: number; readonly field: FieldName; readonly rule: Rule }
  | { readonly act: 'direction'; readonly system: number; readonly field: FieldName; readonly direction: Direction }
  | { readonly act: 'nulls'; readonly system: number; readonly field: FieldName; readonly nulls: NullPolicy }
  | { readonly act: 'gates'; readonly system: number; readonly gates: SystemSpec['gates'] }
  | { readonly act: 'removed'; readonly system: number; readonly in: RemovalPolicy; readonly out: RemovalPolicy }
  | { readonly act: 'hide' | 'unhide'; readonly system: number; readonly field: FieldName }
  | { readonly act: 'dropOption' | 'addOption'; readonly system: number; readonly nth: number };

export type History = { readonly world: WorldSpec; readonly operations: readonly Operation[] };

/** Fields that people type off another system. */
export const COPIED: ReadonlySet<FieldName> = new Set(['name', 'note', 'city', 'score']);

const FEWEST = 40;
const MOST = 120;

/** What people, vendors, and the hub do in a world, in the order in which it happens. */
export function liveThrough(dice: Dice, world: WorldSpec): readonly Operation[] {
  const operations = [...populate(dice, world)];
  // Long histories cost more than they find: most are near the lower end.
  const length = FEWEST + Math.min(dice.below(MOST - FEWEST + 1), dice.below(MOST - FEWEST + 1), dice.below(MOST - FEWEST + 1));
  while (operations.length < length) operations.push(...next(dice, world));
  return operations;
}

/** The same people turn up in most systems, each knowing a little else about them. */
function* populate(dice: Dice, world: WorldSpec): Generator<Operation> {
  for (const person of world.people.keys()) {
    for (const system of world.systems.keys()) {
      if (dice.once(3)) continue;
      yield { act: 'create', system, person, nudges: [dice.below(8), dice.below(8)] };
      if (dice.once(4)) yield { act: 'look', system };
      if (dice.once(6)) yield { act: 'reconcile' };
    }
  }
}

type Scene = {
  readonly dice: Dice;
  readonly world: WorldSpec;
  readonly system: number;
  readonly person: number;
  readonly field: FieldName;
};

/** What may happen next, by how often it does. */
const NEXT: readonly (readonly [number, (scene: Scene) => readonly Operation[]])[] = [
  [
    34,
    ({ dice, world, system, person, field }) => [
      { act: 'edit', system, person, field: dice.pick(world.fields) ?? field, style: dice.below(4), clear: dice.once(6) },
    ],
  ],
  [14, ({ system }) => [{ act: 'look', system }]],
  [9, () => [{ act: 'reconcile' }]],
  [14, ({ dice, system }) => [{ act: 'send', system, ending: dice.pick(['answered', 'answered', 'lost_after', 'lost_before'] as const) }]],
  [2, ({ system }) => [{ act: 'recover', system }]],
  [4, ({ dice, world, person }) => createTwice(dice, world, person)],
  [4, ({ dice, world, system, person }) => editTwice(dice, world, { system, person })],
  [2, ({ dice, system, field }) => [{ act: 'bulk', system, field, style: dice.below(4) }]],
  [3, ({ system, person }) => [{ act: 'remove', system, person }]],
  [2, ({ system, person }) => [{ act: 'restore', system, person }]],
  [1, ({ dice, world, system, person }) => [{ act: 'mergeRows', system, person, other: dice.below(world.people.length) }]],
  [2, ({ dice, world, system, person }) => [{ act: 'associate', system, person, other: dice.below(world.people.length) }]],
  [2, ({ dice, system, person }) => [{ act: dice.pick(['optOut', 'optIn'] as const), system, person }]],
  [3, ({ dice, system }) => [{ act: dice.pick(['pause', 'resume', 'resume'] as const), system }]],
  [2, ({ dice, person }) => [{ act: 'answer', person, score: dice.below(11) }]],
  [4, ({ dice }) => [{ act: 'decide', nth: dice.below(8), style: dice.below(8) }]],
  [2, ({ dice, world, system, field }) => [changeMapping(dice, world, { system, field })]],
  [2, ({ dice, system, field }) => [changeSchema(dice, { system, field })]],
];

function next(dice: Dice, world: WorldSpec): readonly Operation[] {
  const system = dice.below(world.systems.length);
  const person = dice.below(world.people.length);
  const field = dice.pick(world.fields) ?? 'email';
  return dice.weigh(NEXT)({ dice, world, system, person, field });
}

/** Somebody types a change into one system, and then, or that alone, the same into another one before the hub brings it. */
function editTwice(dice: Dice, world: WorldSpec, { system, person }: { system: number; person: number }): readonly Operation[] {
  const field = dice.pick(world.fields.filter((name) => COPIED.has(name))) ?? 'name';
  const copy: Operation = { act: 'copy', system, from: dice.below(world.systems.length), person, field };
  return dice.once(3) ? [copy] : [{ act: 'edit', system: copy.from, person, field, style: dice.below(4), clear: false }, copy];
}

/** Somebody is entered by hand, now and then in two systems in the same moment. */
function createTwice(dice: Dice, world: WorldSpec, person: number): readonly Operation[] {
  const nudges = [dice.below(8), dice.below(8)];
  const [first = 0, second = 0] = dice.shuffled([...world.systems.keys()]);
  const one: Operation = { act: 'create', system: first, person, nudges };
  return dice.once(2) ? [one] : [one, { act: 'create', system: second, person, nudges: [] }];
}

function changeMapping(dice: Dice, world: WorldSpec, { system, field }: { system: number; field: FieldName }): Operation {
  return dice.weigh<() => Operation>([
    [
      3,
      () => ({
        act: 'rule',
        system,
        field,
        rule: ruleFrom(
          dice,
          world.systems.flatMap(({ connector, name }) => [connector, name]),
        ),
      }),
    ],
    [1, () => ({ act: 'direction', system, field, direction: dice.pick(['both', 'in', 'out', 'off'] as const) })],
    [1, () => ({ act: 'nulls', system, field, nulls: dice.pick(['clear', 'ignore', 'keep'] as const) })],
    [2, () => ({ act: 'gates', system, gates: gatesFrom(dice, world.fields) })],
    [2, () => ({ act: 'removed', system, in: removalFrom(dice), out: removalFrom(dice) })],
  ])();
}

function changeSchema(dice: Dice, { system, field }: { system: number; field: FieldName }): Operation {
  return dice.once(2)
    ? { act: dice.pick(['hide', 'unhide', 'unhide'] as const), system, field }
    : { act: dice.pick(['dropOption', 'addOption'] as const), system, nth: dice.below(4) };
}
