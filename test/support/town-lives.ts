import fc from 'fast-check';
import type { FieldValue } from '../../src/contract/records.ts';
import type { Rule } from '../../src/mapping/mapping.ts';
import { sameValue } from '../../src/merge/same.ts';
import { LOSSES } from '../merge/values.ts';
import type { Ending, RemoteField, RemoteSpec, Town, TownSpec } from './town.ts';

export const FIELDS = ['name', 'note', 'city', 'score'] as const;
const CONNECTORS = ['crm', 'shop', 'desk', 'mail'] as const;

const fieldOf = (name: string): fc.Arbitrary<RemoteField> =>
  fc.record({
    loss: name === 'score' ? fc.constantFrom('none', 'round') : fc.constantFrom('none', 'truncate', 'lowerCase', 'trim'),
    known: fc.boolean(),
    writable: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
    direction: fc.constant('both' as const),
  });
const remoteOf = (connector: string): fc.Arbitrary<RemoteSpec> =>
  fc.record({
    connector: fc.constant(connector),
    fields: fc.record(Object.fromEntries(FIELDS.map((name) => [name, fieldOf(name)]))),
    answers: fc.constantFrom('record', 'id'),
  });
const rules: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Rule>({ kind: 'newest' }) },
  fc.constantFrom<Rule>({ kind: 'hub' }, { kind: 'hold' }),
  fc.constantFrom(...CONNECTORS).map((system): Rule => ({ kind: 'prefer', system })),
  fc.shuffledSubarray([...CONNECTORS], { minLength: 2 }).map((systems): Rule => ({ kind: 'order', systems })),
);

export const towns: fc.Arbitrary<TownSpec> = fc.integer({ min: 2, max: 4 }).chain((count) =>
  fc.record({
    remotes: fc.tuple(...CONNECTORS.slice(0, count).map(remoteOf)),
    rules: fc.record(Object.fromEntries(FIELDS.map((name) => [name, rules]))),
    nulls: fc.oneof({ weight: 4, arbitrary: fc.constant('clear' as const) }, fc.constantFrom('ignore', 'keep')),
  }),
);

export type Step =
  | { readonly act: 'edit'; readonly remote: number; readonly field: string; readonly clear: boolean; readonly style: number }
  | { readonly act: 'look' | 'recover'; readonly remote: number }
  | { readonly act: 'reconcile' }
  | { readonly act: 'send'; readonly remote: number; readonly ending: Ending };

const remoteNumber = fc.nat({ max: 3 });
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        act: fc.constant('edit' as const),
        remote: remoteNumber,
        field: fc.constantFrom(...FIELDS),
        clear: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
        style: fc.nat({ max: 3 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('look' as const, 'recover' as const), remote: remoteNumber }) },
    { weight: 2, arbitrary: fc.constant({ act: 'reconcile' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('send' as const),
        remote: remoteNumber,
        ending: fc.constantFrom('answered' as const, 'lost_after' as const, 'lost_before' as const),
      }),
    },
  ),
  { maxLength: 24 },
);

/** What the nth edit writes: no two alike, whatever a remote makes of it. */
export function typed(nth: number, field: string, style: number): FieldValue {
  if (field === 'score') return nth + (style % 4) / 10;
  return `E${nth}${['', ' Mixed Case and long', ' padded   ', ' x'][style % 4]}`;
}

export function live(town: Town, spec: TownSpec, story: readonly Step[]): void {
  let edited = 0;
  for (const step of story) {
    const at = 'remote' in step ? step.remote % spec.remotes.length : 0;
    switch (step.act) {
      case 'edit':
        edited += 1;
        town.edit(at, step.field, step.clear ? null : typed(edited, step.field, step.style));
        break;
      case 'look':
        town.look(at);
        break;
      case 'recover':
        town.recover(at);
        break;
      case 'reconcile':
        town.reconcile();
        break;
      case 'send':
        town.send(at, step.ending);
        break;
    }
  }
}

/** Every field of every remote that does not show the hub's value, as far as it can, and that no open hold names. */
export function disagreements(town: Town, spec: TownSpec): readonly string[] {
  return spec.remotes.flatMap((remote, at) =>
    Object.entries(remote.fields).flatMap(([name, field]) => {
      const [hub, shown] = [town.fields()[name] ?? null, town.values(at)[name] ?? null];
      if (town.holds(at).some((hold) => hold.field === name) || sameValue(LOSSES[field.loss](hub), shown)) return [];
      if (spec.nulls !== 'clear' && (hub === null || shown === null)) return [];
      return [`${name}: the hub has ${JSON.stringify(hub)}, ${remote.connector} shows ${JSON.stringify(shown)}`];
    }),
  );
}
