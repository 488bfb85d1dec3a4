import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BRAKE_KINDS, brakeKey, brakeOf, flipKey, massLimit } from '../../src/merge/brakes.ts';
import { planRecord } from '../../src/merge/merge-record.ts';
import type { RecordPlan } from '../../src/merge/record-plan.ts';
import type { LinkTree, RecordTree } from '../../src/merge/record-tree.ts';
import { openTown } from '../support/town.ts';
import { FIELDS, live, steps, towns } from '../support/town-lives.ts';

const every = (tree: RecordTree, change: (link: LinkTree) => Partial<LinkTree>): RecordTree => ({
  ...tree,
  links: tree.links.map((link) => ({ ...link, ...change(link) })),
});
const braked = (tree: RecordTree, keys: readonly string[]): RecordTree =>
  every(tree, () => ({ braked: new Map(keys.map((key) => [key, `${key} waits`])) }));
const keysOf = ({ links }: RecordPlan): readonly string[] => [...new Set(links.flatMap((link) => link.braked.map(({ by }) => by)))];
const massOf = ({ mass }: RecordPlan): readonly string[] => [...new Set([...mass.values()].flat())];
const fieldOf = (line: LinkTree['lines'][number]) => line.hub;

const lives = fc.tuple(towns, steps).map(([spec, story]) => {
  const town = openTown(spec);
  live(town, spec, story);
  return town.tree();
});
const lived = lives.filter(({ links }) => links.length > 0);

test('a limit is never less than fifty, and two of a hundred of many', () => {
  expect([0, 50, 2_500, 2_549, 2_550, 100_000].map(massLimit)).toEqual([50, 50, 50, 50, 51, 2_000]);
});

test('an operation is found by its key again, whatever its field is called', () => {
  fc.assert(
    fc.property(fc.constantFrom(...BRAKE_KINDS), fc.option(fc.string({ minLength: 1 })), (kind, field) => {
      expect(brakeOf(brakeKey(kind, field))).toEqual({ kind, field });
    }),
  );
  expect(brakeOf(flipKey('removals_in'))).toBeNull();
});

describe('blanks', () => {
  const blanks = FIELDS.flatMap((field) => [brakeKey('blanks_in', field), brakeKey('blanks_out', field)]);

  test('that are braked neither come in nor go out, and everything else does as before', () => {
    fc.assert(
      fc.property(lived, (tree) => {
        const free = planRecord(tree);
        const held = planRecord(braked(tree, blanks));
        for (const change of held.changes) {
          for (const { old, new: now } of Object.values(change.fields)) expect(now === null && old !== null).toBe(false);
        }
        for (const [at, link] of held.links.entries()) {
          for (const [remote, value] of Object.entries(link.push)) {
            const seen = tree.links[at]?.expected?.[remote] ?? tree.links[at]?.seen?.[remote] ?? null;
            if (value === null) expect(seen).toBeNull();
          }
        }
        if (massOf(free).length > 0) return;
        expect({ ...held, mass: null }).toEqual({ ...free, mass: null });
      }),
      { numRuns: 2_000 },
    );
  });

  test('are held exactly where they are counted', () => {
    fc.assert(
      fc.property(lived, (tree) => {
        const held = planRecord(braked(tree, blanks));
        expect([...keysOf(held)].sort()).toEqual([...massOf(held)].sort());
      }),
      { numRuns: 1_000 },
    );
  });

  test('do not hold one field on account of another', () => {
    fc.assert(
      fc.property(lived, fc.constantFrom(...FIELDS), (tree, field) => {
        const held = planRecord(braked(tree, [brakeKey('blanks_in', field)]));
        for (const key of keysOf(held)) expect(key).toBe(brakeKey('blanks_in', field));
      }),
    );
  });
});

describe('removals', () => {
  const lost = (tree: RecordTree, at: number, policy: 'archive' | 'delete' | 'ask' | 'ignore'): RecordTree => ({
    ...tree,
    links: tree.links.map((link, n) =>
      n === at
        ? { ...link, presence: 'lost', seen: null, sent: null, removed: { in: policy, out: 'delete' } }
        : { ...link, removed: { in: policy, out: 'delete' } },
    ),
  });
  const policies = fc.constantFrom('archive', 'delete', 'ask', 'ignore');

  test('are counted once by the link that tells them, whatever the policy', () => {
    fc.assert(
      fc.property(lived, policies, (tree, policy) => {
        const plan = planRecord(lost(tree, 0, policy));
        expect(plan.mass.get(tree.links[0]?.linkId ?? '')).toContain('removals_in');
      }),
    );
  });

  test('that are braked leave the record in use, and the other links take part', () => {
    fc.assert(
      fc.property(lived, policies, (tree, policy) => {
        const plan = planRecord(braked(lost(tree, 0, policy), ['removals_in']));
        expect(plan.archived).toBeNull();
        expect(plan.links[0]?.standing.kind).toBe('braked');
        expect(plan.links[0]?.push).toEqual({});
        for (const link of plan.links.slice(1)) expect(link.standing.kind).toBe('part');
      }),
    );
  });

  test('that a person decided are carried out under a brake as well', () => {
    fc.assert(
      fc.property(lived, (tree) => {
        const decided = every(braked(lost(tree, 0, 'ask'), ['removals_in']), () => ({ decidedRemoval: 'archive' }));
        const plan = planRecord(decided);
        expect(plan.archived).not.toBeNull();
        expect(massOf(plan)).not.toContain('removals_in');
      }),
    );
  });
});

test('nothing reads or writes a frozen field, and the others flow as before', () => {
  fc.assert(
    fc.property(lived, fc.constantFrom(...FIELDS), (tree, field) => {
      const [free, frozen] = [planRecord(tree), planRecord(braked(tree, [flipKey(field)]))];
      expect(frozen.fields[field]).toEqual(tree.fields[field]);
      for (const [at, link] of frozen.links.entries()) {
        expect(Object.keys(link.pushed)).not.toContain(field);
        const { [field]: _frozen, ...others } = free.links[at]?.pushed ?? {};
        expect(link.pushed).toEqual(others);
        const isMapped = tree.links[at]?.lines.map(fieldOf).includes(field) === true;
        expect(link.braked.map(({ by }) => by)).toEqual(isMapped ? [flipKey(field)] : []);
      }
    }),
    { numRuns: 1_000 },
  );
});
