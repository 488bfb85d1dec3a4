import { sql } from 'kysely';
import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import type { Engine } from '../../src/sync/engine.ts';
import { reconcile } from '../../src/sync/reconciling/reconcile.ts';
import { tend } from '../../src/sync/tend.ts';
import { test, untilBlocked } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const PEOPLE = 60;

/** Somebody edits a field of somebody, anywhere; the value is new each time. */
function editSomething(world: World, random: () => number, nth: number): void {
  const pick = <T>(items: readonly T[]): T => must(items[Math.floor(random() * items.length)], 'something to pick');
  if (random() < 0.5)
    world.hs.contacts.edit(pick(world.hs.contacts.all()).id, { [pick(['jobtitle', 'city', 'phone', 'address'])]: `H${nth}` });
  else world.sf.edit(pick(world.sf.all('Contact')).Id, { [pick(['Title', 'MailingCity', 'Phone', 'MailingStreet'])]: `S${nth}` });
}

/** What two workers do at the same time with everything that there is. */
async function allAtOnce(engines: readonly Engine[], connections: readonly string[]): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  const look = () => true;
  await Promise.all(
    engines.flatMap((engine) => [
      ...connections.map((id) => tend(engine, id, { signal, look })),
      reconcile(engine, 'contact', signal),
      reconcile(engine, 'contact', signal),
    ]),
  );
}

test.for([1, 2, 3])(
  'workers side by side, and edits all the while: nothing is forgotten and nothing doubled (%i)',
  { timeout: 60_000 },
  async (seed, { hub }) => {
    await using world = await openWorld(hub);
    const random = randomFrom(seed);
    for (let nth = 0; nth < PEOPLE; nth += 1) {
      if (nth % 2 === 0) world.sf.create('Contact', { LastName: `Last ${nth}`, Email: `p${nth}@example.com` });
      else world.hs.contacts.add({ lastname: `Last ${nth}`, email: `p${nth}@example.com` });
    }
    const engines: readonly Engine[] = [world.engine, { ...world.engine, opened: new Map() }];
    const { rows } = await sql<{ id: string }>`select id from connection`.execute(hub);
    const connections = rows.map(({ id }) => id);
    await allAtOnce(engines, connections);
    for (let round = 0; round < 12; round += 1) {
      world.later(1);
      const working = allAtOnce(engines, connections);
      for (let nth = 0; nth < 12; nth += 1) editSomething(world, random, round * 100 + nth);
      await working;
    }
    await world.settle();
    expect(await world.summary()).toMatchObject({
      people: { hub: PEOPLE, hubspot: PEOPLE, salesforce: PEOPLE },
      differing: 0,
      duplicates: 0,
      holds: 0,
    });
    for (const row of world.sf.all('Contact')) {
      const [there] = world.inHubspot('email', String(row.Email));
      const { jobtitle, city, phone, address } = must(there, `${String(row.Email)} in HubSpot`).properties;
      expect([row.Email, jobtitle ?? null, city ?? null, phone ?? null, address ?? null]).toEqual([
        row.Email,
        row.Title,
        row.MailingCity,
        row.Phone,
        row.MailingStreet,
      ]);
    }
    expect(await world.settle()).toBe(0);
  },
);

test('a record that is given a place while a stranger is recognised as it takes the stranger into that place', async ({ hub }) => {
  await using world = await openWorld(hub);
  const signal = AbortSignal.timeout(20_000);
  const { rows } = await sql<{ id: string; name: string }>`select id, name from connection`.execute(hub);
  const idOf = (name: string) => must(rows.find((row) => row.name === name)?.id, name);
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  await tend(world.engine, idOf('hubspot'), { signal, look: () => true, write: false });
  const ada = must(await world.record('ada@example.com'), 'Ada').id;
  const there = world.sf.create('Contact', { LastName: 'Lovelace', Email: 'ada@example.com' });
  await tend(world.engine, idOf('salesforce'), { signal, look: () => true, write: false, merge: false });
  await sql`delete from link where record_id = ${ada} and remote_id is null`.execute(hub);

  const other = await hub.startTransaction().execute();
  await sql`select 1 from record where id = ${ada} for update`.execute(other);
  await sql`insert into link (id, connection_id, object, record_id, due) values (gen_random_uuid(), ${idOf('salesforce')}, 'contact', ${ada}, true)`.execute(
    other,
  );
  const reconciling = reconcile(world.engine, 'contact', signal);
  await untilBlocked(hub, 'for update', signal);
  await other.commit().execute();
  await reconciling;

  expect((await world.links(ada)).map(({ connection, remoteId }) => [connection, remoteId])).toEqual([
    ['hubspot', expect.any(String)],
    ['salesforce', there],
  ]);
  await world.settle();
  expect(await world.summary()).toMatchObject({ people: { hub: 1, hubspot: 1, salesforce: 1 }, differing: 0, duplicates: 0 });
});
