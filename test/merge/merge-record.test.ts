import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRecord } from '../../src/merge/merge-record.ts';
import type { RecordPlan } from '../../src/merge/record-plan.ts';
import type { LinkTree, RecordTree } from '../../src/merge/record-tree.ts';
import { openTown, type RemoteSpec, settleDown, type Town, type TownSpec } from '../support/town.ts';
import { disagreements, FIELDS, live, steps, towns, typed } from '../support/town-lives.ts';
import type { LOSSES } from './values.ts';

const RUNS = 5_000;

/** The tree once its plan is stored, before anything is sent. */
const stored = (tree: RecordTree, plan: RecordPlan): RecordTree => {
  const bases = new Map(plan.links.map((link) => [link.linkId, link.base]));
  return {
    ...tree,
    fields: plan.fields,
    stamps: plan.stamps,
    links: tree.links.map((link): LinkTree => ({ ...link, base: bases.get(link.linkId) ?? link.base })),
  };
};

describe('the laws of one record', () => {
  test('the same tree gives the same plan, and is left as it was', () => {
    fc.assert(
      fc.property(towns, steps, (spec, story) => {
        const town = openTown(spec);
        live(town, spec, story);
        const before = JSON.stringify(town.tree());
        expect(planRecord(town.tree())).toEqual(planRecord(town.tree()));
        expect(JSON.stringify(town.tree())).toBe(before);
      }),
      { numRuns: 1_000 },
    );
  });

  test('planning what was just planned moves nothing, and sends the same', () => {
    fc.assert(
      fc.property(towns, steps, (spec, story) => {
        const town = openTown(spec);
        live(town, spec, story);
        const tree = town.tree();
        const plan = planRecord(tree);
        const again = planRecord(stored(tree, plan));
        expect(again.moved).toBe(false);
        expect(again.changes).toEqual([]);
        expect(again.links).toEqual(plan.links);
      }),
      { numRuns: RUNS },
    );
  });

  test('the order of the links decides nothing', () => {
    fc.assert(
      fc.property(towns, steps, fc.infiniteStream(fc.nat()), (spec, story, draws) => {
        const town = openTown(spec);
        live(town, spec, story);
        const straight = town.tree();
        const order = straight.links.map((_, at) => ({ at, lot: draws.next().value as number })).sort((a, b) => a.lot - b.lot);
        const shuffled = { ...straight, links: order.flatMap(({ at }) => straight.links[at] ?? []) };
        const [one, other] = [planRecord(straight), planRecord(shuffled)];
        expect(other.fields).toEqual(one.fields);
        expect(other.stamps).toEqual(one.stamps);
        expect(new Map(other.links.map((link) => [link.linkId, link]))).toEqual(new Map(one.links.map((link) => [link.linkId, link])));
      }),
      { numRuns: RUNS },
    );
  });
});

type Kind = { readonly loss: keyof typeof LOSSES; readonly known: boolean; readonly writable: boolean };
const remote = (connector: string, answers: RemoteSpec['answers'], kind: Partial<Kind>): RemoteSpec => ({
  connector,
  answers,
  fields: Object.fromEntries(
    FIELDS.map((name) => [name, { loss: 'none', known: true, writable: true, direction: 'both', ...(name === 'name' ? kind : {}) }]),
  ),
});
const spec = (...remotes: RemoteSpec[]): TownSpec => ({ remotes, rules: {}, nulls: 'clear' });

/** All three have met, and everything is in step. */
function met(town: Town, three: TownSpec): void {
  town.edit(0, 'name', 'Ada Lovelace-King ');
  expect(settleDown(town, three, 3)).toBeLessThanOrEqual(3);
}

describe('three systems that keep less than they are given', () => {
  test.each<[what: string, three: TownSpec]>([
    ['one shortens', spec(remote('crm', 'record', {}), remote('shop', 'record', { loss: 'truncate' }), remote('desk', 'id', {}))],
    [
      'one shortens, and the mapping does not know',
      spec(remote('crm', 'record', {}), remote('shop', 'id', { loss: 'truncate', known: false }), remote('desk', 'id', {})),
    ],
    [
      'one lower-cases, one trims',
      spec(remote('crm', 'id', {}), remote('shop', 'record', { loss: 'lowerCase' }), remote('desk', 'id', { loss: 'trim' })),
    ],
    [
      'one shortens, one lower-cases, one trims',
      spec(
        remote('crm', 'record', { loss: 'truncate' }),
        remote('shop', 'id', { loss: 'lowerCase' }),
        remote('desk', 'record', { loss: 'trim' }),
      ),
    ],
  ])('%s: three rounds bring agreement, and an edit anywhere goes everywhere', (_what, three) => {
    const town = openTown(three);
    met(town, three);
    expect(disagreements(town, three)).toEqual([]);
    for (const at of [0, 1, 2]) {
      town.edit(at, 'name', typed(at + 1, 'name', 1));
      expect(settleDown(town, three, 3)).toBeLessThanOrEqual(3);
      expect(disagreements(town, three)).toEqual([]);
      expect(town.changes.filter((change) => change.conflict)).toEqual([]);
    }
  });

  test('a value that one shortened is not cut for the others', () => {
    const three = spec(remote('crm', 'record', {}), remote('shop', 'record', { loss: 'truncate' }), remote('desk', 'id', {}));
    const town = openTown(three);
    met(town, three);
    expect([town.values(0).name, town.values(1).name, town.values(2).name]).toEqual([
      'Ada Lovelace-King ',
      'Ada Lovela',
      'Ada Lovelace-King ',
    ]);
  });

  test('a field that is read-only in one is held there with the reason, and flows between the others', () => {
    const three = spec(remote('crm', 'record', {}), remote('shop', 'record', { writable: false }), remote('desk', 'id', {}));
    const town = openTown(three);
    met(town, three);
    expect(town.values(2).name).toBe('Ada Lovelace-King ');
    expect(town.holds(1)).toEqual([expect.objectContaining({ kind: 'refused_field', field: 'name', reason: 'name is read-only in shop' })]);
  });

  test('a system that rounds does not round for the others', () => {
    const three = spec(
      remote('crm', 'record', {}),
      {
        ...remote('shop', 'id', {}),
        fields: { ...remote('shop', 'id', {}).fields, score: { loss: 'round', known: true, writable: true, direction: 'both' } },
      },
      remote('desk', 'id', {}),
    );
    const town = openTown(three);
    town.edit(0, 'score', 8.4);
    settleDown(town, three, 3);
    expect([town.values(0).score, town.values(1).score, town.values(2).score]).toEqual([8.4, 8, 8.4]);
  });

  test('a system that rewrites what a rule wrote there is let have its way, not written to for ever', () => {
    const three: TownSpec = {
      ...spec(remote('crm', 'record', {}), remote('shop', 'id', { loss: 'lowerCase', known: false })),
      rules: { name: { kind: 'hub' } },
    };
    const town = openTown(three);
    met(town, three);
    expect(town.values(1).name).toBe('ada lovelace-king ');
    expect(town.fields().name).toBe('Ada Lovelace-King ');
  });

  test('somebody who edits against a rule is overruled each time, and each value is named', () => {
    const three: TownSpec = { ...spec(remote('crm', 'record', {}), remote('shop', 'id', {})), rules: { name: { kind: 'hub' } } };
    const town = openTown(three);
    met(town, three);
    for (const value of ['Bea', 'Bea', 'Bea']) {
      town.edit(1, 'name', value);
      settleDown(town, three, 3);
      expect(town.values(1).name).toBe('Ada Lovelace-King ');
    }
    expect(town.changes.filter((change) => change.fields.name?.lost?.value === 'Bea')).toHaveLength(3);
  });
});
