import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/contract/records.ts';
import { type FlipLine, findFlip } from '../../src/merge/flips.ts';

/** A story of turns, each a writer and its value. */
function story(...turns: readonly (readonly [by: string, value: FieldValue])[]): readonly FlipLine[] {
  let old: FieldValue = null;
  return turns.map(([by, value], minute) => {
    const line = { by, who: null, at: new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString(), change: { old, new: value } };
    old = value;
    return line;
  });
}
const turns = (count: number, [one, other]: readonly [readonly [string, FieldValue], readonly [string, FieldValue]]) =>
  story(...Array.from({ length: count }, (_, at) => (at % 2 === 0 ? one : other)));
const writer = fc.constantFrom('hubspot', 'salesforce', 'hub');

/** A value of the hub's that a remote rewrites again and again. */
const rewritten = (values: readonly string[]): readonly FlipLine[] =>
  values.map((value, minute) => {
    const at = new Date(Date.UTC(2026, 10, 22, 8, minute)).toISOString();
    const settled = { by: 'hub', at, direction: 'both', rule: { kind: 'hub' }, nulls: 'clear' } as const;
    return { by: 'hubspot', who: 'workflow 7', at, change: { old: 'ours', new: 'ours', lost: { value, by: 'hubspot', at }, settled } };
  });

describe('a field goes back and forth', () => {
  test('when two writers take it from each other for the third time', () => {
    const pair = [
      ['hubspot', 'a'],
      ['salesforce', 'b'],
    ] as const;
    expect(findFlip(turns(5, pair))).toBeNull();
    const flip = findFlip(turns(6, pair));
    expect(flip?.times).toBe(3);
    expect(flip?.writers.map(({ by, value }) => [by, value])).toEqual([
      ['hubspot', 'a'],
      ['salesforce', 'b'],
    ]);
  });

  test('when a remote rewrites what it is given each time, be it the same or something new', () => {
    expect(findFlip(rewritten(['1', '2']))).toBeNull();
    expect(findFlip(rewritten(['1', '2', '3']))?.writers.map(({ by }) => by)).toEqual(['hubspot', 'hub']);
    expect(findFlip(rewritten(['x', 'x', 'x']))).not.toBeNull();
  });
});

describe('a field does not go back and forth', () => {
  test('when one writer changes their mind, however often', () => {
    fc.assert(
      fc.property(writer, fc.array(fc.constantFrom<FieldValue>('a', 'b', null)), (by, values) => {
        expect(findFlip(story(...values.map((value) => [by, value] as const)))).toBeNull();
      }),
    );
  });

  test('when persons of two systems correct each other twice', () => {
    expect(findFlip(story(['salesforce', 'a'], ['hubspot', 'b'], ['salesforce', 'a'], ['hubspot', 'b'], ['salesforce', 'a']))).toBeNull();
  });

  test('when every value is a new one', () => {
    fc.assert(
      fc.property(fc.array(writer), (writers) => {
        expect(findFlip(story(...writers.map((by, at) => [by, `value ${at}`] as const)))).toBeNull();
      }),
    );
  });
});

test('a war between two goes on being one, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(writer, fc.constantFrom<FieldValue>('a', 'b', 'c'))), (before) => {
      const war = turns(8, [
        ['salesforce', 'x'],
        ['hubspot', 'y'],
      ]);
      expect(findFlip([...story(...before), ...war])).not.toBeNull();
    }),
  );
});
