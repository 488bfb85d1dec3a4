import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Fields, Observation } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { StreamKey } from '../../src/hub/records/accounting.ts';
import { knownVersions, storeObservations } from '../../src/hub/records/observations.ts';
import { test } from '../support/database.ts';
import { addConnection } from './rows.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 0, 0, second)).toISOString();
const present = (id: string, second: number, fields: Fields): Observation => ({
  kind: 'present',
  id,
  changedAt: at(second),
  version: null,
  fields,
});
const gone = (id: string, second: number): Observation => ({ kind: 'gone', id, changedAt: at(second) });

async function openKey(hub: Hub): Promise<StreamKey> {
  return { connectionId: await addConnection(hub), object: 'contact' };
}

function heldOf(hub: Hub, { connectionId }: StreamKey) {
  return hub
    .selectFrom('observation')
    .select(['remote_id', 'fields', 'gone', 'dirty', 'changed_at'])
    .where('connection_id', '=', connectionId)
    .orderBy('remote_id')
    .execute();
}

/** A number that moves with every row version that is written. */
async function written(hub: Hub): Promise<string> {
  const { rows } = await sql<{ sum: string }>`select coalesce(sum(xmin::text::bigint), 0)::text as sum from observation`.execute(hub);
  return rows[0]?.sum ?? '';
}

test('versions that come in any order, any number of times, and in any pages end in the newest', async ({ hub }) => {
  const deliveries = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 6 }), async (versions, pageSize) => {
      const key = await openKey(hub);
      const seen = versions.map(([id, second]) =>
        second === 5 ? gone(id, second) : present(id, second, { city: `city ${second}`, empty: null }),
      );
      let counted = 0;
      for (let start = 0; start < seen.length; start += pageSize) {
        const { changed, unchanged, stale, gone: left } = await storeObservations(hub, key, seen.slice(start, start + pageSize));
        counted += changed + unchanged + stale + left;
      }
      expect(counted).toBe(seen.length);
      for (const row of await heldOf(hub, key)) {
        // That somebody was gone before we knew of them says nothing.
        const mine = versions.filter(([id]) => id === row.remote_id);
        const known = mine.slice(mine.findIndex(([, second]) => second !== 5)).map(([, second]) => second);
        const newest = Math.max(...known);
        expect(row.changed_at.toISOString()).toBe(at(newest));
        expect(row.gone).toBe(newest === 5);
        if (newest !== 5) expect(row.fields).toEqual({ city: `city ${newest}`, empty: null });
      }
    }),
    { numRuns: 40 },
  );
});

test('what is unchanged costs no write, and makes nothing dirty', async ({ hub }) => {
  const key = await openKey(hub);
  const seen = [present('a', 1, { city: 'Osaka' }), present('b', 1, { city: 'Kyoto' })];
  await storeObservations(hub, key, seen);
  await hub.updateTable('observation').set({ dirty: false }).execute();
  const before = await written(hub);
  expect(await storeObservations(hub, key, [...seen, ...seen])).toMatchObject({
    changed: 0,
    unchanged: 4,
    stale: 0,
    gone: 0,
    changedIds: [],
  });
  expect(await written(hub)).toBe(before);
  expect((await heldOf(hub, key)).map(({ dirty }) => dirty)).toEqual([false, false]);
});

test('a view that shows less takes nothing away, and null is not the same as not shown', async ({ hub }) => {
  const key = await openKey(hub);
  await storeObservations(hub, key, [present('a', 1, { city: 'Osaka', phone: '1', title: 'Dr' })]);
  await storeObservations(hub, key, [present('a', 2, { city: 'Kyoto', phone: null })]);
  expect((await heldOf(hub, key)).map(({ fields }) => fields)).toEqual([{ city: 'Kyoto', phone: null, title: 'Dr' }]);
});

test('a record that comes back is there again', async ({ hub }) => {
  const key = await openKey(hub);
  await storeObservations(hub, key, [present('a', 1, { city: 'Osaka' })]);
  await storeObservations(hub, key, [gone('a', 2)]);
  expect(await heldOf(hub, key)).toMatchObject([{ gone: true, dirty: true }]);
  await storeObservations(hub, key, [present('a', 3, { city: 'Osaka' })]);
  expect(await heldOf(hub, key)).toMatchObject([{ gone: false, fields: { city: 'Osaka' } }]);
});

test('only the very version that is held is known', async ({ hub }) => {
  const key = await openKey(hub);
  await storeObservations(hub, key, [present('a', 2, {}), present('b', 2, {})]);
  const asked = [
    { id: 'a', changedAt: at(2) },
    { id: 'b', changedAt: at(3) },
    { id: 'c', changedAt: at(2) },
  ];
  expect(await knownVersions(hub, key, asked)).toEqual(new Set(['a']));
  expect(await knownVersions(hub, { ...key, object: 'company' }, asked)).toEqual(new Set());
});

test('one connection does not see what another has', async ({ hub }) => {
  const [one, other] = [await openKey(hub), await openKey(hub)];
  await storeObservations(hub, one, [present('a', 5, { city: 'Osaka' })]);
  expect(await storeObservations(hub, other, [present('a', 1, { city: 'Kyoto' })])).toMatchObject({ changed: 1 });
  expect((await heldOf(hub, one)).map(({ fields }) => fields)).toEqual([{ city: 'Osaka' }]);
});
