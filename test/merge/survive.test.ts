import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fields, FieldValue } from '../../src/contract/records.ts';
import type { Stamp } from '../../src/hub/stored.ts';
import type { HubField, HubObject, Line, Rule } from '../../src/mapping/mapping.ts';
import { stampOf } from '../../src/merge/link-draft.ts';
import { sameValue } from '../../src/merge/same.ts';
import { type Side, type Survivorship, survive } from '../../src/merge/survive.ts';
import { values } from './values.ts';

const NAMES = ['title', 'phone', 'tags', 'score'] as const;
const field = (name: string): HubField => ({
  name,
  label: name,
  type: 'text',
  to: null,
  category: 'basic',
  sensitivity: 'internal',
  identity: null,
  unique: false,
  steward: null,
  rollup: name === 'score' ? { of: 'nps', take: 'last' } : null,
  response: null,
});
const OBJECT: HubObject = { name: 'contact', label: 'Contact', fields: new Map(NAMES.map((name) => [name, field(name)])) };
const line = (hub: string, rule: Rule): Line => ({
  hub,
  remote: hub,
  direction: 'both',
  rule,
  nulls: 'clear',
  codec: { encode: (value) => ({ ok: true, value }), decode: (value) => ({ ok: true, value }) },
  ref: null,
});
const how = (crm: Rule, shop: Rule = crm): Survivorship => ({
  object: OBJECT,
  lines: new Map([
    ['crm', NAMES.map((name) => line(name, crm))],
    ['shop', NAMES.map((name) => line(name, shop))],
  ]),
  connectors: new Map([
    ['c1', 'crm'],
    ['c2', 'crm'],
    ['s1', 'shop'],
  ]),
});

const rules: fc.Arbitrary<Rule> = fc.oneof(
  fc.constantFrom<Rule>({ kind: 'newest' }, { kind: 'hub' }, { kind: 'hold' }),
  fc.constantFrom('crm', 'shop').map((system): Rule => ({ kind: 'prefer', system })),
  fc.shuffledSubarray(['crm', 'shop', 'hub'], { minLength: 1 }).map((systems): Rule => ({ kind: 'order', systems })),
);
const stamps: fc.Arbitrary<Stamp> = fc.tuple(
  fc.constantFrom('2026-11-22T08:00:00.000Z', '2026-11-22T09:00:00.000Z', '2026-11-22T10:00:00.000Z'),
  fc.constantFrom('c1', 'c2', 's1', 'hub'),
);
const sides: fc.Arbitrary<Side> = fc
  .record({
    fields: fc.record(Object.fromEntries(NAMES.map((name) => [name, values])), { requiredKeys: [] }),
    stamps: fc.record({ title: stamps, phone: stamps, tags: stamps }, { requiredKeys: [] }),
    star: stamps,
  })
  .map(({ fields, stamps: own, star }) => ({ fields: withoutBlanks(fields), stamps: { '*': star, ...own } }));
const hows = fc.tuple(rules, rules).map(([crm, shop]) => how(crm, shop));
const withoutBlanks = (fields: Readonly<Record<string, FieldValue | undefined>>): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined || sameValue(value, null) ? [] : [[name, value]])),
  );
const MERGED = NAMES.filter((name) => name !== 'score');
const valuesOf = (side: Side) => MERGED.map((name) => [name, side.fields[name] ?? null] as const);
const NOBODY: Side = { fields: {}, stamps: {} };

function expectSame(a: Side, b: Side): void {
  for (const [name, value] of valuesOf(a)) {
    expect([name, sameValue(value, b.fields[name] ?? null)]).toEqual([name, true]);
    expect([name, stampOf(a.stamps, name)]).toEqual([name, stampOf(b.stamps, name)]);
  }
}

describe('the laws of survivorship', () => {
  test('which of two records is called the winner changes no value that survives, and no stamp', () => {
    fc.assert(
      fc.property(sides, sides, hows, (a, b, by) => expectSame(survive({ winner: a, loser: b }, by), survive({ winner: b, loser: a }, by))),
    );
  });
  test('merging with an empty record changes nothing', () => {
    fc.assert(
      fc.property(sides, hows, (a, by) => {
        expectSame(survive({ winner: a, loser: NOBODY }, by), a);
        expectSame(survive({ winner: NOBODY, loser: a }, by), a);
        expect(survive({ winner: a, loser: NOBODY }, by).changed).toEqual({});
      }),
    );
  });
  test('merging the same record in once more changes nothing more', () => {
    fc.assert(
      fc.property(sides, sides, hows, (a, b, by) => {
        const once = survive({ winner: a, loser: b }, by);
        const twice = survive({ winner: once, loser: b }, by);
        expectSame(twice, once);
        expectSame(survive({ winner: a, loser: a }, by), a);
      }),
    );
  });
  test('every value that survives was there before, and every one that did not stands in the journal with its source', () => {
    fc.assert(
      fc.property(sides, sides, hows, (winner, loser, by) => {
        const survivor = survive({ winner, loser }, by);
        for (const name of MERGED) {
          const [own, other, kept] = [winner, loser, survivor].map((side) => side.fields[name] ?? null);
          if (Array.isArray(own ?? null) || Array.isArray(other ?? null)) continue;
          expect([own, other].some((value) => sameValue(value ?? null, kept ?? null))).toBe(true);
          for (const [value, side] of [
            [own, winner],
            [other, loser],
          ] as const) {
            if (value == null || sameValue(value, null) || sameValue(value, kept ?? null)) continue;
            const [at, of] = stampOf(side.stamps, name);
            expect(survivor.changed[name]?.lost).toEqual({ value, by: of, at });
            expect(survivor.conflict).toBe(true);
          }
          expect(sameValue(survivor.changed[name]?.new ?? kept ?? null, kept ?? null)).toBe(true);
        }
      }),
    );
  });
});

const EARLY = '2026-11-22T08:00:00.000Z';
const LATE = '2026-11-22T09:00:00.000Z';
const titled = (title: Fields[string], at: string, by: string): Side => ({ fields: { title }, stamps: { '*': [at, by] } });
const kept = (rule: Rule, a: Side, b: Side) => survive({ winner: a, loser: b }, how(rule)).fields.title;

describe('the rules', () => {
  test('newest: the later edit stays, whoever is the winner', () => {
    expect(kept({ kind: 'newest' }, titled('Old', EARLY, 'c1'), titled('New', LATE, 'c2'))).toBe('New');
  });
  test('an ordered list: the first system that has an opinion, also against a newer edit', () => {
    const rule: Rule = { kind: 'order', systems: ['shop', 'crm'] };
    expect(kept(rule, titled('Shop', EARLY, 's1'), titled('Crm', LATE, 'c1'))).toBe('Shop');
    expect(kept(rule, titled('Older', EARLY, 'c1'), titled('Newer', LATE, 'c2'))).toBe('Newer');
  });
  test('prefer: that system’s, else the newer', () => {
    const rule: Rule = { kind: 'prefer', system: 'crm' };
    expect(kept(rule, titled('Crm', EARLY, 'c1'), titled('Shop', LATE, 's1'))).toBe('Crm');
    expect(kept(rule, titled('Hub', EARLY, 'hub'), titled('Shop', LATE, 's1'))).toBe('Shop');
  });
  test('hub: what was edited here, against any system', () => {
    expect(kept({ kind: 'hub' }, titled('Hub', EARLY, 'hub'), titled('Shop', LATE, 's1'))).toBe('Hub');
  });
  test('hold: the newer stands, and the other is a conflict that says that a person decides', () => {
    const { fields, changed, conflict } = survive(
      { winner: titled('Old', EARLY, 'c1'), loser: titled('New', LATE, 'c2') },
      how({ kind: 'hold' }),
    );
    expect([fields.title, conflict]).toEqual(['New', true]);
    expect(changed.title).toMatchObject({ old: 'Old', new: 'New', lost: { value: 'Old', by: 'c1', at: EARLY } });
    expect(changed.title?.rule).toMatch(/a person decides/);
  });
  test('a blank never beats a value, however new it is', () => {
    const cleared: Side = { fields: {}, stamps: { '*': [LATE, 'hub'] } };
    for (const rule of [{ kind: 'newest' }, { kind: 'hub' }, { kind: 'order', systems: ['hub'] }] as const)
      expect(kept(rule, cleared, titled('Analyst', EARLY, 'c1'))).toBe('Analyst');
  });
  test('lists unite, and nothing of them is lost', () => {
    const tagged = (tags: readonly string[]): Side => ({ fields: { tags }, stamps: { '*': [EARLY, 'c1'] } });
    const united = survive({ winner: tagged(['red']), loser: tagged(['blue', 'red']) }, how({ kind: 'newest' }));
    expect(united.fields.tags).toEqual(['blue', 'red']);
    expect([united.conflict, united.changed.tags?.lost]).toEqual([false, undefined]);
  });
  test('a roll-up stays as it is, to be computed anew', () => {
    const scored = (score: number): Side => ({ fields: { score }, stamps: { '*': [LATE, 'hub'] } });
    expect(survive({ winner: scored(3), loser: scored(9) }, how({ kind: 'newest' }))).toMatchObject({ fields: { score: 3 }, changed: {} });
  });
  test('where the lines of two systems differ, the one that names systems counts', () => {
    const by = how({ kind: 'newest' }, { kind: 'order', systems: ['shop', 'crm'] });
    const merged = survive({ winner: titled('Crm', LATE, 'c1'), loser: titled('Shop', EARLY, 's1') }, by);
    expect(merged.fields.title).toBe('Shop');
  });
});
