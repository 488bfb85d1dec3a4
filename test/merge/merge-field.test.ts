import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import { type Echo, mergeField, type Trees, type Verdict } from '../../src/merge/merge-field.ts';
import { sameValue } from '../../src/merge/same.ts';
import { echoes, LOSSES, scenes, values } from './values.ts';

const RUNS = 20_000;
const none: Echo = LOSSES.none;
const trees = (given: Partial<Trees>): Trees => ({ base: undefined, sent: undefined, hub: null, remote: undefined, ...given });
const agreedOn = (hub: FieldValue, remote: FieldValue = hub) => ({ hub, remote });

/** The trees after the verdict was carried out; a clash the way that `winner` says. */
function carriedOut(before: Trees, verdict: Verdict, echo: Echo, winner: 'hub' | 'remote'): Trees {
  const push = (value: FieldValue): Trees => {
    const shown = echo(value);
    return shown === undefined ? before : { base: { hub: value, remote: shown }, sent: undefined, hub: value, remote: shown };
  };
  const pull = (value: FieldValue): Trees => ({ base: agreedOn(value), sent: undefined, hub: value, remote: value });
  switch (verdict.kind) {
    case 'still':
      return before;
    case 'agree':
      return { ...before, base: verdict.base, sent: undefined };
    case 'pull':
      return pull(verdict.value);
    case 'push':
      return push(verdict.value);
    case 'clash':
      return winner === 'hub' ? push(verdict.hub) : pull(verdict.remote);
  }
}

describe('the laws of one field', () => {
  test('the same trees give the same verdict', () => {
    fc.assert(
      fc.property(scenes, ({ trees, echo }) => {
        const copy: Trees = structuredClone(trees);
        expect(mergeField(copy, echo)).toEqual(mergeField(trees, echo));
        expect(copy).toEqual(trees);
      }),
      { numRuns: RUNS },
    );
  });

  test('after a verdict is carried out nothing moves any more', () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom('hub', 'remote'), ({ trees, echo }, winner) => {
        const verdict = mergeField(trees, echo);
        const wanted = verdict.kind === 'push' ? verdict.value : verdict.kind === 'clash' && winner === 'hub' ? verdict.hub : undefined;
        fc.pre(wanted === undefined || echo(wanted) !== undefined);
        expect(mergeField(carriedOut(trees, verdict, echo, winner), echo).kind).toBe('still');
      }),
      { numRuns: RUNS },
    );
  });

  test('the echo of what was sent is nobody’s edit, whatever came before', () => {
    fc.assert(
      fc.property(scenes, values, ({ trees, echo }, sent) => {
        const remote = echo(sent);
        fc.pre(remote !== undefined);
        expect(['still', 'agree', 'push']).toContain(mergeField({ ...trees, sent, remote }, echo).kind);
      }),
      { numRuns: RUNS },
    );
  });

  test('a value that was not shown decides nothing', () => {
    fc.assert(
      fc.property(scenes, ({ trees, echo }) => {
        expect(mergeField({ ...trees, remote: undefined }, echo)).toEqual({ kind: 'still' });
      }),
    );
  });

  test('a verdict names only values that a side holds', () => {
    fc.assert(
      fc.property(scenes, ({ trees, echo }) => {
        const verdict = mergeField(trees, echo);
        if (verdict.kind === 'pull') expect(verdict.value).toBe(trees.remote);
        if (verdict.kind === 'push') expect(verdict.value).toBe(trees.hub);
        if (verdict.kind === 'clash') expect([verdict.hub, verdict.remote]).toEqual([trees.hub, trees.remote]);
      }),
      { numRuns: RUNS },
    );
  });

  test('an edit of the remote is never pushed over, and an edit of the hub is never pulled over', () => {
    fc.assert(
      fc.property(scenes, ({ trees, echo }) => {
        const { base, remote, hub } = trees;
        fc.pre(base !== undefined && remote !== undefined);
        const verdict = mergeField({ ...trees, sent: undefined }, echo);
        if (!sameValue(remote, base.remote)) expect(verdict.kind).not.toBe('push');
        if (!sameValue(hub, base.hub)) expect(verdict.kind).not.toBe('pull');
      }),
      { numRuns: RUNS },
    );
  });

  test('sameness is an equivalence', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(sameValue(a, a)).toBe(true);
        expect(sameValue(a, b)).toBe(sameValue(b, a));
        if (sameValue(a, b) && sameValue(b, c)) expect(sameValue(a, c)).toBe(true);
      }),
    );
  });

  test('an echo of an echo is the echo', () => {
    fc.assert(
      fc.property(values, echoes, (value, echo) => {
        const once = echo(value);
        if (once !== undefined) expect(echo(once)).toEqual(once);
      }),
    );
  });
});

describe('one field, case by case', () => {
  test.each<[promise: string, given: Partial<Trees>, echo: Echo, verdict: Verdict]>([
    ['nobody moved', { base: agreedOn('Ada'), hub: 'Ada', remote: 'Ada' }, none, { kind: 'still' }],
    ['the remote cleared it', { base: agreedOn('Ada'), hub: 'Ada', remote: null }, none, { kind: 'pull', value: null }],
    ['the remote did not show it', { base: agreedOn('Ada'), hub: 'Bea' }, none, { kind: 'still' }],
    [
      'a shortened value is no edit',
      { base: agreedOn('Ada Lovelace', 'Ada Lovela'), hub: 'Ada Lovelace', remote: 'Ada Lovela' },
      LOSSES.truncate,
      { kind: 'still' },
    ],
    ['both wrote the same', { base: agreedOn('Ada'), hub: 'Bea', remote: 'Bea' }, none, { kind: 'agree', base: agreedOn('Bea') }],
    ['both wrote, apart', { base: agreedOn('Ada'), hub: 'Bea', remote: 'Cleo' }, none, { kind: 'clash', hub: 'Bea', remote: 'Cleo' }],
    ['a first meeting, the hub blank', { hub: null, remote: 'Ada' }, none, { kind: 'pull', value: 'Ada' }],
    ['a first meeting, the remote blank', { hub: 'Ada', remote: null }, none, { kind: 'push', value: 'Ada' }],
    ['a first meeting, both filled', { hub: 'Ada', remote: 'Bea' }, none, { kind: 'clash', hub: 'Ada', remote: 'Bea' }],
    [
      'what was sent arrived',
      { base: agreedOn('Ada'), sent: 'Bea', hub: 'Bea', remote: 'Bea' },
      none,
      { kind: 'agree', base: agreedOn('Bea') },
    ],
    [
      'what was sent arrived, and the hub went on',
      { base: agreedOn('Ada'), sent: 'Bea', hub: 'Cleo', remote: 'Bea' },
      none,
      { kind: 'push', value: 'Cleo' },
    ],
    [
      'what was sent did not arrive',
      { base: agreedOn('Ada'), sent: 'Bea', hub: 'Bea', remote: 'Ada' },
      none,
      { kind: 'push', value: 'Bea' },
    ],
    [
      'what was sent arrived, and somebody edited it there',
      { base: agreedOn('Ada'), sent: 'Bea', hub: 'Bea', remote: 'Cleo' },
      none,
      { kind: 'clash', hub: 'Bea', remote: 'Cleo' },
    ],
    [
      'what was sent may have arrived in another form, while the hub went back to what it was',
      { base: agreedOn('Ada'), sent: 'Bea', hub: 'Ada', remote: 'bea' },
      none,
      { kind: 'clash', hub: 'Ada', remote: 'bea' },
    ],
    [
      'a list that was sent arrived, and somebody took an option away there',
      { base: agreedOn(['a']), sent: ['a', 'b'], hub: ['a', 'b'], remote: ['b'] },
      none,
      { kind: 'pull', value: ['b'] },
    ],
    ['a multi-select is a set', { base: agreedOn(['a', 'b']), hub: ['a', 'b'], remote: ['b', 'a'] }, none, { kind: 'still' }],
  ])('%s', (_promise, given, echo, verdict) => {
    expect(mergeField(trees(given), echo)).toEqual(verdict);
  });
});
