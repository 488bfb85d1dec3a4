import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTACTS } from '../../connectors/hubspot/object-types.ts';
import { changeTies, type TieWish } from '../../connectors/hubspot/ties/change-ties.ts';
import { entriesOf, parseEntries, plainTie, shownOf, type Tie } from '../../connectors/hubspot/ties/ties.ts';
import { must } from '../../src/kernel/must.ts';

const reference = must(CONTACTS.references[0], 'the reference of contacts');
const LABELS = ['A', 'B', 'C'].map((label, at) => ({ category: 'USER_DEFINED', typeId: 1001 + at, label }));
const labels = fc.subarray(LABELS);
const id = fc.constantFrom('1', '2', '3', '4', '12');
const wished = fc.uniqueArray(fc.tuple(id, labels), { selector: ([one]) => one }).map((all) => new Map(all));

const ties = fc
  .tuple(wished, fc.option(id))
  .map(([all, primary]): readonly Tie[] => [...all].map(([one, some]) => ({ ...plainTie(one, one === primary), labels: some })));
const namesOf = (some: readonly Tie[]) => new Map(some.map((tie) => [tie.id, new Set(tie.labels.map(({ label }) => label))]));

/** A HubSpot that does what a change says: what is put replaces every type of its pair, and there is one primary. */
function carryOut(there: readonly Tie[], { puts, unlabels, removals }: ReturnType<typeof changeTies>): readonly Tie[] {
  const held = new Map(there.map((tie) => [tie.id, tie]));
  const has = (types: readonly { associationTypeId: number }[], typeId: number) => types.some((type) => type.associationTypeId === typeId);
  for (const { to, types } of puts) {
    if (has(types, 1)) for (const [other, tie] of held) held.set(other, { ...tie, primary: false });
    held.set(to, { ...plainTie(to, has(types, 1)), labels: LABELS.filter(({ typeId }) => has(types, typeId)) });
  }
  for (const { to, types } of unlabels) {
    const tie = must(held.get(to), to);
    const left = tie.labels.filter(({ typeId }) => !has(types, typeId));
    held.set(to, { ...tie, primary: tie.primary && !has(types, 1), labels: left });
  }
  for (const to of removals) held.delete(to);
  return [...held.values()];
}

const whole = (some: readonly Tie[]) => ({ ...shownOf(some), primary: some.find(({ primary }) => primary)?.id ?? null });
const wish = (more: Partial<TieWish>): TieWish => ({ primary: undefined, all: undefined, former: null, known: undefined, ...more });

test('what is carried out is what was worked out, whatever is there and whatever is wished', () => {
  const former = fc.option(id);
  const known = fc.option(ties.map(namesOf), { nil: undefined });
  const primary = fc.option(fc.option(id), { nil: undefined });
  const wishes = fc.record({ primary, all: fc.option(wished, { nil: undefined }), former, known });
  fc.assert(
    fc.property(ties, wishes, (there, one) => {
      const change = changeTies(there, one, reference);
      expect(whole(carryOut(there, change))).toStrictEqual(whole(change.after));
    }),
  );
});

test('a wish for what is known to be there holds afterwards, and to wish it again writes nothing', () => {
  fc.assert(
    fc.property(ties, wished, fc.option(id), (there, all, primary) => {
      const one = wish({ primary: primary ?? undefined, all, known: namesOf(there) });
      const { after } = changeTies(there, one, reference);
      const expected = new Map([...all].map(([key, some]) => [key, some.map(({ label }) => label)]));
      if (primary !== null && !expected.has(primary)) expected.set(primary, []);
      expect(shownOf(after).many).toStrictEqual(entriesOf(expected));
      if (primary !== null) expect(shownOf(after).one).toBe(primary);
      expect(changeTies(after, one, reference)).toMatchObject({ puts: [], unlabels: [], removals: [] });
    }),
  );
});

test('what the hub never saw is never taken away', () => {
  fc.assert(
    fc.property(ties, ties, wished, (there, seen, all) => {
      const known = namesOf(seen);
      const after = namesOf(changeTies(there, wish({ all, known }), reference).after);
      for (const [key, some] of namesOf(there)) {
        if (!known.has(key)) expect(after.has(key)).toBe(true);
        for (const label of some) if (known.get(key)?.has(label) !== true) expect(after.get(key)?.has(label)).toBe(true);
      }
    }),
  );
});

test('a list is read as it was written, a label may hold any sign, and what is no id is named', () => {
  const name = fc.string({ minLength: 1 });
  const lists = fc.dictionary(fc.constantFrom('1', '22', '333'), fc.uniqueArray(name, { maxLength: 3 }));
  fc.assert(
    fc.property(lists, (list) => {
      const parsed = parseEntries(entriesOf(Object.entries(list)));
      if ('wrong' in parsed) throw new Error(parsed.wrong);
      expect(new Map([...parsed].map(([key, some]) => [key, [...some].sort()]))).toStrictEqual(
        new Map(Object.entries(list).map(([key, some]) => [key, [...some].sort()])),
      );
    }),
  );
  for (const wrong of ['', 'Acme', '#A', '1#', '-1']) expect(parseEntries(['1', wrong])).toStrictEqual({ wrong });
  expect(parseEntries('1')).toStrictEqual({ wrong: '1' });
});
