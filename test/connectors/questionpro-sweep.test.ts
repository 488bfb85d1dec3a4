import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FROM_THE_START, type Place, sweep } from '../../connectors/questionpro/sweep.ts';
import { type Listed, parseResponses, type Row } from '../../connectors/questionpro/wire.ts';

const PER_PAGE = 10;

/** A list of responses that `stir` disturbs before every page. */
function listOf(ids: number[], stir: (ids: number[]) => number[] = (same) => same) {
  let now = ids;
  let calls = 0;
  const list = async (page: number): Promise<Listed<Row>> => {
    calls += 1;
    if (calls > 1) now = stir(now);
    const response = now.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((responseID) => ({ responseID }));
    return parseResponses({ response, pagination: { totalItems: now.length, totalPages: Math.ceil(now.length / PER_PAGE) } });
  };
  return { list, calls: () => calls };
}

async function swept(list: (page: number) => Promise<Listed<Row>>, from: Place = FROM_THE_START, held = new Set<string>()) {
  const shown: string[] = [];
  const unknown = async (rows: readonly Row[]) => rows.filter(({ id }) => !held.has(id));
  for await (const { rows } of sweep({ list, unknown }, from)) {
    for (const { id } of rows) held.add(id);
    shown.push(...rows.map(({ id }) => id));
  }
  return { shown, held };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('a list at rest is read once, page by page, and each row is shown once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 60 }), async (count) => {
      const { list, calls } = listOf(numbers(count));
      expect((await swept(list)).shown).toEqual(numbers(count).map(String));
      expect(calls()).toBe(Math.max(1, Math.ceil(count / PER_PAGE)));
    }),
  );
});

test('a row that slipped to an earlier page, because one before it was deleted, is read again', async () => {
  let deleted = false;
  const { list } = listOf(numbers(35), (ids) => {
    if (deleted) return ids;
    deleted = true;
    return ids.slice(1);
  });
  const { held, shown } = await swept(list);
  expect(held.has('10')).toBe(true);
  expect(shown).toHaveLength(35);
});

test('a list that turns round between pages, with the same total, is still read whole', async () => {
  let turned = false;
  const { list } = listOf(numbers(40), (ids) => {
    if (turned) return ids;
    turned = true;
    return ids.toReversed();
  });
  expect((await swept(list)).held.size).toBe(40);
});

test('a list that grows with every page comes to an end, with all that was there at first', async () => {
  let next = 1000;
  const { list } = listOf(numbers(45), (ids) => [next++, ...ids]);
  const { held } = await swept(list);
  expect(numbers(45).filter((id) => !held.has(String(id)))).toEqual([]);
});

test('without a count of pages the list ends where nothing new comes, also when the last page is repeated for ever', async () => {
  const page = parseResponses({ response: [{ responseID: 1 }, { responseID: 2 }] });
  expect((await swept(async () => page)).shown).toEqual(['1', '2']);
});

test('a sweep that goes on after a cut leaves out nothing and repeats nothing that is held', async () => {
  const held = new Set(numbers(20).map(String));
  const { list } = listOf(numbers(35));
  const { shown } = await swept(list, { page: 3, again: false, read: 20, total: 35 }, held);
  expect(shown).toEqual(numbers(35).slice(20).map(String));
  // One row was deleted meanwhile, so that what stood first on page 3 stands last on page 2.
  const moved = listOf(numbers(35).slice(1));
  const after = await swept(moved.list, { page: 3, again: false, read: 20, total: 35 }, new Set(numbers(20).map(String)));
  expect(after.held.has('20')).toBe(true);
});
