import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { equationsOf } from '../../src/hub/records/accounting.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

/** Every run with its equation: all of it has to add up, at whatever instant somebody looks. */
async function equations(hub: Hub) {
  const { rows } = await sql<{ id: string; kind: string; name: string }>`
    select r.id, r.kind, c.name from run r join stream s on s.id = r.stream_id join connection c on c.id = s.connection_id order by r.id`.execute(
    hub,
  );
  const found = await equationsOf(
    hub,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, ...found.get(row.id) }));
}

const broken = async (hub: Hub) => (await equations(hub)).filter((run) => run.holds !== true);
const sum = async (hub: Hub, what: 'accepted' | 'applied' | 'echo' | 'pending' | 'held' | 'superseded' | 'noOp') =>
  (await equations(hub)).reduce((total, run) => total + (run[what] ?? 0), 0);

test('every version that is seen ends in exactly one state, and our own writes as echoes', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let nth = 0; nth < 20; nth += 1) {
    world.hs.contacts.add({ firstname: `First ${nth}`, lastname: 'Here', email: `p${nth}@acme.test` });
    world.sf.create('Contact', { FirstName: `First ${nth}`, LastName: 'There', Email: `q${nth}@acme.test` });
  }
  await world.cycle();
  expect(await broken(hub)).toEqual([]);
  await world.settle();
  expect(await broken(hub)).toEqual([]);
  expect(await sum(hub, 'pending')).toBe(0);
  expect(await sum(hub, 'applied')).toBe(40);
  expect(await sum(hub, 'echo')).toBeGreaterThanOrEqual(40);
});

test('the equation holds when the work is cut off anywhere', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (let round = 0; round < 6; round += 1) {
    for (let nth = 0; nth < 5; nth += 1) {
      world.hs.contacts.add({ firstname: `A ${round}`, lastname: `N ${nth}`, email: `a${round}-${nth}@acme.test` });
      world.sf.create('Contact', { FirstName: `B ${round}`, LastName: `N ${nth}`, Email: `b${round}-${nth}@acme.test` });
    }
    const [first] = world.hs.contacts.all();
    if (first !== undefined) world.hs.contacts.edit(first.id, { jobtitle: `Edited ${round}` });
    world.sandbox('salesforce').fail({ on: 'POST *composite*', times: 1, lose: round % 2 === 0 ? 'after' : 'before', skip: round % 3 });
    world.sandbox('hubspot').fail({ on: 'POST *batch*', times: 1, answer: 503, skip: round % 2 });
    await world.cycle();
    expect(await broken(hub)).toEqual([]);
    await world.age(60);
    world.later(2);
  }
  await world.settle();
  expect(await broken(hub)).toEqual([]);
  expect(await sum(hub, 'pending')).toBe(0);
});
