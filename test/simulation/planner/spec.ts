import type { Direction, Gates, MergePolicy, NullPolicy, RemovalPolicy, Rule } from '../../../src/mapping/mapping.ts';
import type { LOSSES } from '../../merge/values.ts';
import type { Dice } from './dice.ts';
import type { FieldName } from './model.ts';

/** One field of a system. `known`: the mapping knows what the vendor makes of it, so that it is in the echo; else only the vendor's answers show it. */
export type RemoteField = { readonly loss: keyof typeof LOSSES; readonly known: boolean; readonly writable: boolean };
export type LineSpec = { readonly direction: Direction; readonly rule: Rule; readonly nulls: NullPolicy };

/** A system with its mapping, as both are when a history begins. */
export type SystemSpec = {
  readonly connector: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, RemoteField>>;
  readonly lines: Readonly<Record<string, LineSpec>>;
  /** Whether the answer to a write shows the record, or only its id. */
  readonly answers: 'record' | 'id';
  /** Which id a record goes by after a merge over there. */
  readonly mergesInto: 'winner' | 'new_id';
  /** How far its clock is from everybody else's. */
  readonly skewMs: number;
  readonly gates: Gates;
  readonly removed: { readonly in: RemovalPolicy; readonly out: RemovalPolicy };
  readonly merged: MergePolicy;
};
/** Somebody as all systems know them, more or less: the e-mail address may be shared, the name nearly somebody else's. */
export type PersonSpec = { readonly email: string; readonly name: string };
export type WorldSpec = {
  readonly fields: readonly FieldName[];
  readonly systems: readonly SystemSpec[];
  readonly people: readonly PersonSpec[];
};

const SYSTEMS = [
  ['crm', 'emea'],
  ['crm', 'apac'],
  ['shop', 'shop'],
  ['desk', 'desk'],
  ['mail', 'mail'],
] as const;
const NAMES = ['Ada Lovelace', 'Bo Marsh-Quint', 'Chidi Okonkwo', 'Dagny Ulvsdottir', 'Eriko Haruyama'] as const;
const OPTIONAL: readonly FieldName[] = ['note', 'city', 'score', 'stage', 'tags', 'boss', 'nps'];
const DAY_MS = 86_400_000;

/** A world to live a history in. */
export function dreamUp(dice: Dice): WorldSpec {
  const count = dice.weigh<number>([
    [5, 2],
    [5, 3],
    [2, 4],
    [1, 5],
  ]);
  const optional = dice.shuffled(OPTIONAL).slice(0, 2 + dice.below(2));
  const fields: readonly FieldName[] = ['email', 'name', ...optional];
  const systems = dice.shuffled(SYSTEMS).slice(0, count);
  const rules = new Map(fields.map((name) => [name, ruleFrom(dice, systems.flat())]));
  const nulls = dice.weigh<NullPolicy>([
    [6, 'clear'],
    [1, 'ignore'],
    [1, 'keep'],
  ]);
  const limits = dice.once(3);
  return {
    fields,
    people: peopleFrom(dice, 2 + dice.below(3)),
    systems: systems.map(([connector, name]) => systemFrom(dice, { connector, name, fields, rules, nulls, limits })),
  };
}

/** Who wins a field, by any of the names that a rule may use. */
export function ruleFrom(dice: Dice, names: readonly string[]): Rule {
  const system = dice.pick(names) ?? 'crm';
  return dice.weigh<() => Rule>([
    [6, () => ({ kind: 'newest' })],
    [1, () => ({ kind: 'hub' })],
    [1, () => ({ kind: 'hold' })],
    [1, () => ({ kind: 'prefer', system })],
    [1, () => ({ kind: 'order', systems: [...new Set(dice.shuffled(names).slice(0, 3))] })],
  ])();
}

function peopleFrom(dice: Dice, count: number): readonly PersonSpec[] {
  const people: PersonSpec[] = [];
  for (let i = 0; i < count; i += 1) {
    const before = dice.pick(people);
    const email = before !== undefined && dice.once(4) ? before.email : `p${i}@x.io`;
    people.push({ email, name: `P${i} ${NAMES[i % NAMES.length]}` });
  }
  return people;
}

type Surroundings = {
  readonly connector: string;
  readonly name: string;
  readonly fields: readonly FieldName[];
  readonly rules: ReadonlyMap<string, Rule>;
  readonly nulls: NullPolicy;
  readonly limits: boolean;
};

function systemFrom(dice: Dice, { connector, name, fields, rules, nulls, limits }: Surroundings): SystemSpec {
  const lines = fields.map((field): [string, LineSpec] => {
    if (field === 'nps') return [field, { direction: 'out', rule: { kind: 'hub' }, nulls: 'clear' }];
    const direction = limits && field !== 'email' && dice.once(6) ? dice.pick(['in', 'out'] as const) : 'both';
    return [field, { direction, rule: rules.get(field) ?? { kind: 'newest' }, nulls }];
  });
  return {
    connector,
    name,
    fields: Object.fromEntries(fields.map((field) => [field, remoteFieldFrom(dice, field)])),
    lines: Object.fromEntries(lines),
    answers: dice.pick(['record', 'id'] as const),
    mergesInto: dice.pick(['winner', 'new_id'] as const),
    skewMs: dice.once(4) ? dice.below(2 * DAY_MS) - DAY_MS : 0,
    gates: gatesFrom(dice, fields),
    removed: { in: removalFrom(dice), out: removalFrom(dice) },
    merged: 'follow',
  };
}

const LOSSES_OF: Partial<Record<FieldName, readonly (keyof typeof LOSSES)[]>> = {
  note: ['none', 'truncate', 'lowerCase', 'trim'],
  city: ['none', 'truncate', 'lowerCase', 'trim'],
  score: ['none', 'round'],
};

function remoteFieldFrom(dice: Dice, field: FieldName): RemoteField {
  const losses = LOSSES_OF[field] ?? ['none'];
  return { loss: dice.pick(losses) ?? 'none', known: dice.once(2), writable: field === 'email' || !dice.once(12) };
}

export const removalFrom = (dice: Dice): RemovalPolicy => dice.pick(['ignore', 'archive', 'delete', 'ask']);

/** Most systems let everybody pass. */
export function gatesFrom(dice: Dice, fields: readonly FieldName[]): Gates {
  const gate = () => ({
    when: fields.includes('stage') && dice.once(4) ? ({ field: 'stage', operator: 'is_not', value: 'lost' } as const) : null,
    leaves: dice.weigh<'freeze' | 'unlink' | 'archive'>([
      [3, 'freeze'],
      [1, 'unlink'],
      [1, 'archive'],
    ]),
    creates: !dice.once(12),
  });
  return { in: gate(), out: gate() };
}
