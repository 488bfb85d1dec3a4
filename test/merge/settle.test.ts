import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import { DIRECTIONS, NULL_POLICIES, type Rule } from '../../src/mapping/mapping.ts';
import { mergeField, type Verdict } from '../../src/merge/merge-field.ts';
import { sameValue } from '../../src/merge/same.ts';
import { type Policy, ruleInWords, settle } from '../../src/merge/settle.ts';
import { scenes } from './values.ts';

const RUNS = 20_000;
/** Of laws that few cases meet: the others are thrown away, uncounted. */
const RARE_RUNS = 4_000;
const isBlank = (value: FieldValue) => sameValue(value, null);
const [EARLY, LATE] = ['2026-11-22T08:00:00.000Z', '2026-11-22T09:00:00.000Z'];
const SYSTEMS = ['crm', 'shop', 'hub'] as const;

const rules: fc.Arbitrary<Rule> = fc.oneof(
  fc.constantFrom<Rule>({ kind: 'newest' }, { kind: 'hub' }, { kind: 'hold' }),
  fc.constantFrom('crm', 'shop', 'emea').map((system): Rule => ({ kind: 'prefer', system })),
  fc.shuffledSubarray(['crm', 'shop', 'emea'], { minLength: 1 }).map((systems): Rule => ({ kind: 'order', systems })),
);
const claims = fc.record({
  by: fc.constantFrom(...SYSTEMS),
  connection: fc.constantFrom('emea', 'apac', 'one'),
  at: fc.constantFrom(EARLY, LATE),
});
const policies: fc.Arbitrary<Policy> = fc.record({
  direction: fc.constantFrom(...DIRECTIONS),
  rule: rules,
  nulls: fc.constantFrom(...NULL_POLICIES),
  hub: claims,
  remote: claims,
});

/** A case with its decision. */
const settled = fc.tuple(scenes, policies).map(([{ trees, echo }, policy]) => {
  const verdict = mergeField(trees, echo);
  return { trees, policy, verdict, decision: settle(verdict, trees, policy) };
});

describe('the laws of a choice', () => {
  test('the same case is decided the same way', () => {
    fc.assert(
      fc.property(settled, ({ trees, policy, verdict, decision }) => {
        expect(settle(structuredClone(verdict), structuredClone(trees), structuredClone(policy))).toEqual(decision);
      }),
    );
  });

  test('nothing flows against the direction of the field', () => {
    fc.assert(
      fc.property(settled, ({ policy: { direction }, decision }) => {
        if (direction === 'in' || direction === 'off') expect(decision.kind).not.toBe('push');
        if (direction === 'out' || direction === 'off') expect(decision.kind).not.toBe('pull');
      }),
      { numRuns: RUNS },
    );
  });

  test('an edit that gives way to another is named', () => {
    fc.assert(
      fc.property(settled, ({ verdict, decision, policy: { direction } }) => {
        // Lists have no loser: what became of each option has laws of its own.
        fc.pre(verdict.kind === 'clash' && direction !== 'off' && verdict.blend === undefined);
        const lost = 'lost' in decision ? decision.lost : undefined;
        if (decision.kind === 'pull') expect(lost).toEqual(verdict.hub);
        if (decision.kind === 'push') expect(lost).toEqual(verdict.remote);
        if (decision.kind === 'agree' && !isBlank(verdict.remote) && !isBlank(verdict.hub)) expect(lost).toEqual(verdict.remote);
        expect(decision.kind).not.toBe('nothing');
      }),
      { numRuns: RARE_RUNS },
    );
  });

  test('an edit of one side alone that the rule turns down is named', () => {
    fc.assert(
      fc.property(settled, ({ verdict, decision, policy: { direction } }) => {
        fc.pre(verdict.kind === 'pull' && !isBlank(verdict.value) && direction !== 'off' && direction !== 'out');
        if (decision.kind !== 'pull') expect('lost' in decision ? decision.lost : undefined).toEqual(verdict.value);
      }),
      { numRuns: RARE_RUNS },
    );
  });

  test('a blank replaces a value only where blanks clear', () => {
    fc.assert(
      fc.property(settled, ({ trees, decision, policy }) => {
        fc.pre(policy.nulls !== 'clear');
        if (decision.kind === 'pull') expect(isBlank(decision.value) && !isBlank(trees.hub)).toBe(false);
        if (decision.kind === 'push') expect(isBlank(decision.value) && !isBlank(trees.remote ?? null)).toBe(false);
        if (decision.kind === 'blend') expect(isBlank(decision.value)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  test('every reason is said in words', () => {
    fc.assert(
      fc.property(settled, ({ decision }) => {
        if ('reason' in decision && decision.reason !== undefined) expect(decision.reason).toMatch(/\w+ \w+/);
      }),
    );
  });
});

const policy = (given: Partial<Policy>): Policy => ({
  direction: 'both',
  rule: { kind: 'newest' },
  nulls: 'clear',
  hub: { by: 'shop', at: EARLY },
  remote: { by: 'crm', at: LATE },
  ...given,
});
const clash = (hub: FieldValue, remote: FieldValue): Verdict => ({ kind: 'clash', hub, remote });
const decide = (verdict: Verdict, given: Partial<Policy>, hub: FieldValue = 'Ada', remote: FieldValue = 'Bea') =>
  settle(verdict, { hub, remote, base: { hub, remote: hub } }, policy(given));
const order = (...systems: string[]): Rule => ({ kind: 'order', systems });
const prefer = (system: string): Rule => ({ kind: 'prefer', system });

describe('a clash, rule by rule', () => {
  test.each<[promise: string, given: Partial<Policy>, kind: string, lost: FieldValue]>([
    ['the newest edit wins: the remote’s', {}, 'pull', 'Ada'],
    ['the newest edit wins: the hub’s', { hub: { by: 'shop', at: LATE }, remote: { by: 'crm', at: EARLY } }, 'push', 'Bea'],
    ['at the same moment the hub stays as it is', { hub: { by: 'shop', at: LATE } }, 'push', 'Bea'],
    ['the hub wins, however old', { rule: { kind: 'hub' } }, 'push', 'Bea'],
    ['the first system wins, however old', { rule: order('shop', 'crm') }, 'push', 'Bea'],
    [
      'the first system wins over a newer hub',
      { rule: order('crm', 'shop'), hub: { by: 'shop', at: LATE }, remote: { by: 'crm', at: EARLY } },
      'pull',
      'Ada',
    ],
    ['a system that is not in the list comes last', { rule: order('shop') }, 'push', 'Bea'],
    ['the preferred system wins', { rule: prefer('shop') }, 'push', 'Bea'],
    ['out of the hub only: the hub wins', { direction: 'out' }, 'push', 'Bea'],
    ['what was let stand gives way once the hub moves', { direction: 'out', rule: { kind: 'yield' } }, 'push', 'Bea'],
  ])('%s', (_promise, given, kind, lost) => {
    expect(decide(clash('Ada', 'Bea'), given)).toMatchObject({ kind, lost });
  });

  test('the rule to ask asks, and decides nothing', () => {
    expect(decide(clash('Ada', 'Bea'), { rule: { kind: 'hold' } })).toMatchObject({ kind: 'hold', hub: 'Ada', remote: 'Bea' });
  });

  test('the preferred system does not win with a blank', () => {
    expect(
      decide(clash('Ada', null), { rule: prefer('crm'), hub: { by: 'shop', at: LATE }, remote: { by: 'crm', at: EARLY } }),
    ).toMatchObject({ kind: 'push', value: 'Ada' });
  });

  test('lists of which each side took away what the other had left are emptied only where blanks clear', () => {
    const emptied: Verdict = { kind: 'clash', hub: ['blue'], remote: ['green'], blend: null };
    expect(decide(emptied, { nulls: 'clear' }, ['blue'], ['green'])).toMatchObject({ kind: 'blend', value: null });
    expect(decide(emptied, { nulls: 'keep' }, ['blue'], ['green'])).toMatchObject({ kind: 'pull', value: ['green'], lost: ['blue'] });
  });

  test('into the hub only: a remote that loses is left as it is, and its value is named', () => {
    expect(decide(clash('Ada', 'Bea'), { direction: 'in', rule: order('shop', 'crm') })).toMatchObject({
      kind: 'agree',
      base: { hub: 'Ada', remote: 'Bea' },
      lost: 'Bea',
    });
  });

  test('an edit is newer by its instant, not by how the time is written', () => {
    const later = { by: 'crm', at: '2026-11-22T10:30:00+02:00' };
    expect(decide(clash('Ada', 'Bea'), { remote: later })).toMatchObject({ kind: 'pull', value: 'Bea' });
  });
});

describe('an edit of one side, policy by policy', () => {
  const edited: Verdict = { kind: 'pull', value: 'Bea' };
  const cleared: Verdict = { kind: 'pull', value: null };
  const emptied: Verdict = { kind: 'push', value: null };

  test.each<[promise: string, verdict: Verdict, given: Partial<Policy>, decision: object]>([
    ['it is taken', edited, {}, { kind: 'pull', value: 'Bea' }],
    [
      'a rule holds for later edits too: a lower system is turned down',
      edited,
      { rule: order('shop', 'crm') },
      { kind: 'push', value: 'Ada', lost: 'Bea' },
    ],
    ['also where the field only comes in', edited, { rule: order('shop', 'crm'), direction: 'in' }, { kind: 'agree', lost: 'Bea' }],
    ['a higher system is heard', edited, { rule: order('crm', 'shop') }, { kind: 'pull', value: 'Bea' }],
    ['the hub’s own value stands', edited, { rule: { kind: 'hub' } }, { kind: 'push', value: 'Ada', lost: 'Bea' }],
    ['a field that only goes out is put back', edited, { direction: 'out' }, { kind: 'push', value: 'Ada', lost: 'Bea' }],
    [
      'unless its rule lets it stand',
      edited,
      { direction: 'out', rule: { kind: 'yield' } },
      { kind: 'agree', base: { hub: 'Ada', remote: 'Bea' } },
    ],
    ['a field that is off stays', edited, { direction: 'off' }, { kind: 'nothing' }],
    ['a blank clears', cleared, { nulls: 'clear' }, { kind: 'pull', value: null }],
    ['a blank is kept over there', cleared, { nulls: 'keep' }, { kind: 'agree', base: { hub: 'Ada', remote: null } }],
    ['a blank is ignored, and filled again', cleared, { nulls: 'ignore' }, { kind: 'push', value: 'Ada' }],
    [
      'a blank is ignored where nothing may be written',
      cleared,
      { nulls: 'ignore', direction: 'in' },
      { kind: 'agree', base: { hub: 'Ada', remote: null } },
    ],
    ['a blank of the hub clears', emptied, { nulls: 'clear' }, { kind: 'push', value: null }],
    ['a blank of the hub leaves the value over there', emptied, { nulls: 'keep' }, { kind: 'agree' }],
    ['a blank of the hub says nothing', emptied, { nulls: 'ignore' }, { kind: 'agree' }],
    ['a hub edit does not go where the field only comes in', { kind: 'push', value: 'Bea' }, { direction: 'in' }, { kind: 'nothing' }],
  ])('%s', (_promise, verdict, given, decision) => {
    expect(decide(verdict, given)).toMatchObject(decision);
  });

  test('a blank hub clears nothing over there unless blanks clear, whatever the rule', () => {
    for (const given of [{ rule: { kind: 'hub' } as Rule }, { direction: 'out' as const }]) {
      expect(
        settle(edited, { hub: null, remote: 'Bea', base: { hub: null, remote: null } }, policy({ ...given, nulls: 'keep' })).kind,
      ).not.toBe('push');
      expect(
        settle(edited, { hub: null, remote: 'Bea', base: { hub: null, remote: null } }, policy({ ...given, nulls: 'clear' })),
      ).toMatchObject({ kind: 'push', value: null });
    }
  });

  test('each rule reads as a clause', () => {
    expect([order('crm', 'shop'), prefer('crm')].map(ruleInWords)).toEqual([
      'the first of crm, shop wins',
      'crm wins unless it is blank there',
    ]);
  });
});
