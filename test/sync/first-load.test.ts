import { sql } from 'kysely';
import { expect } from 'vitest';
import { listConnections, listStreams } from '../../src/hub/connections/connections.ts';
import type { LiveEvent } from '../../src/sync/engine.ts';
import { tend } from '../../src/sync/tend.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import { openStage } from '../support/stage.ts';
import { openWorld } from './world.ts';

test('a first load says how its records were matched', { timeout: 30_000 }, async ({ hub }) => {
  await using stage = await openStage(hub, { connectors: ['hubspot', 'salesforce'], people: 60 });
  // One after the other: beside another worker's merge the counts would be taken while it is still at it.
  for (const { id } of await listConnections(hub)) await tend(stage.engine, id, { signal: AbortSignal.timeout(25_000), look: () => true });
  const runs = await hub
    .selectFrom('run')
    .innerJoin('stream', 'stream.id', 'run.stream_id')
    .select(['stream.object', 'run.counts'])
    .where('run.kind', '=', 'first_load')
    .execute();
  const contacts = runs.filter((run) => run.object === 'contact').map((run) => run.counts);
  expect(contacts).toHaveLength(2);
  for (const counts of contacts) expect((counts.matched ?? 0) + (counts.began ?? 0) + (counts.ambiguous ?? 0)).toBe(counts.seen);
  expect(contacts.some((counts) => (counts.matched ?? 0) > 0)).toBe(true);
});

test('a mapped field that a system does not have is left out, named, and spoils nothing', { timeout: 30_000 }, async ({ hub }) => {
  const told: LiveEvent[] = [];
  await using stage = await openStage(hub, {
    connectors: ['salesforce'],
    people: 20,
    switches: { salesforce: { hiddenFields: 'Contact.Lifecycle_Stage__c' } },
  });
  await cycleOnce({ ...stage.engine, live: (event) => told.push(event) }, AbortSignal.timeout(25_000));
  const [connection] = await listConnections(hub);
  expect(connection?.state).toBe('ready');
  const stream = (await listStreams(hub)).find((one) => one.object === 'contact');
  expect(stream?.backfilled).toBe(true);
  const misfits = await hub.selectFrom('stream').select('misfits').where('object', '=', 'contact').executeTakeFirstOrThrow();
  expect(misfits.misfits.map(({ remote }) => remote)).toEqual(['Lifecycle_Stage__c']);
  expect(told.some((event) => event.event === 'misfits' && event.text.some((line) => line.includes('Lifecycle_Stage__c')))).toBe(true);
});

test('what was read before a page failed is kept, and the load goes on from there', { timeout: 30_000 }, async ({ hub }) => {
  await using world = await openWorld(hub, { people: 600 });
  const portal = world.sandbox('hubspot');
  const before = portal.sandbox.people();
  portal.fail({ on: 'GET /crm/objects/2026-09/contacts', skip: 2, answer: 500 });
  await world.cycle();
  const seen = async () =>
    Number(
      (
        await sql<{
          n: string;
        }>`select count(*) as n from observation o join connection c on c.id = o.connection_id where c.name = 'hubspot' and o.object = 'contact'`.execute(
          hub,
        )
      ).rows[0]?.n,
    );
  expect(await seen()).toBe(200);
  await world.age(60);
  await world.settle();
  expect(await seen()).toBe(world.hs.contacts.all().length);
  // Each page once, and the one that failed twice.
  expect(portal.requests.get('GET /crm/objects/2026-09/contacts')).toBe(Math.ceil(before / 100) + 1);
});
