import { sql } from 'kysely';
import { expect } from 'vitest';
import { keepDeliveries } from '../../../src/hub/arrivals/intake.ts';
import type { Hub } from '../../../src/hub/database.ts';
import { dueConnections } from '../../../src/hub/rhythm/due-connections.ts';
import { resumeConnection } from '../../../src/hub/rhythm/pausing.ts';
import { connectionById } from '../../../src/hub/views/connections.ts';
import { must } from '../../../src/kernel/must.ts';
import { checkCompleteness } from '../../../src/sync/check/check-completeness.ts';
import { beginPlan, makePlan } from '../../../src/sync/plan/plan.ts';
import { pause } from '../../../src/sync/rhythm/pause.ts';
import { tend } from '../../../src/sync/tend.ts';
import { test } from '../../support/database.ts';
import { openWorld } from '../world.ts';

const BY = { actor: 'command line', why: 'They move to another edition tonight' };
const signal = () => AbortSignal.timeout(20_000);

async function idOf(hub: Hub, name: string): Promise<string> {
  return (await hub.selectFrom('connection').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id;
}

test('a paused connection is neither read nor written, its webhooks are kept, and all of it is caught up with when it goes on', async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const [there] = world.inSalesforce('Email', 'ada@example.com');
  const sf = await idOf(hub, 'salesforce');
  expect(await pause(world.engine, 'salesforce', BY)).toEqual({ rested: true });
  expect((await connectionById(hub, sf))?.paused).toMatchObject({ by: 'command line', why: BY.why });

  const before = world.sandbox('salesforce').calls();
  world.hs.contacts.edit(ada, { city: 'London' });
  world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Bea' });
  world.sf.edit(String(there?.Id), { Title: 'Countess' });
  const stream = await hub
    .selectFrom('stream')
    .select('id')
    .where('connection_id', '=', sf)
    .where('object', '=', 'contact')
    .executeTakeFirstOrThrow();
  await keepDeliveries(hub, [
    {
      connectionId: sf,
      key: 'told',
      looks: [{ streamId: stream.id, scope: 'all', remoteId: String(there?.Id) }],
      gatherMs: 0,
      strangers: 0,
      unread: null,
    },
  ]);
  for (let round = 0; round < 3; round += 1) await world.cycle();
  expect(await tend(world.engine, sf, { signal: signal() })).toBeNull();
  expect(await dueConnections(hub)).not.toContain(sf);
  expect(world.sandbox('salesforce').calls() - before).toBe(0);
  expect(world.inSalesforce('Email', 'bea@example.com')).toEqual([]);
  expect((await world.record('ada@example.com'))?.fields.city).toBe('London');

  await resumeConnection(hub, sf);
  expect(await dueConnections(hub)).toContain(sf);
  await world.settle();
  expect(world.inSalesforce('Email', 'ada@example.com')[0]).toMatchObject({ MailingCity: 'London', Title: 'Countess' });
  expect(world.inSalesforce('Email', 'bea@example.com')).toHaveLength(1);
  expect(world.hs.contacts.get(ada)?.properties.jobtitle).toBe('Countess');
  expect((await hub.selectFrom('input').select('state').where('kind', '=', 'webhook').execute()).map(({ state }) => state)).not.toContain(
    'accepted',
  );
});

test('a pause in the midst of writing lets the batch end that is under way, and no other one begins', async ({ hub }) => {
  let batches = 0;
  await using world = await openWorld(hub, {
    around: (connector) => ({
      ...connector,
      open: (session) => {
        const ports = connector.open(session);
        const contact = ports.objects.contact;
        const write = contact?.write;
        if (connector.manifest.id !== 'hubspot' || contact === undefined || write === undefined) return ports;
        const apply: typeof write.apply = async (writes, ask) => {
          batches += 1;
          if (batches === 1)
            await sql`update connection set paused_at = now(), paused_by = 'command line' where name = 'hubspot'`.execute(hub);
          return write.apply(writes, ask);
        };
        return { ...ports, objects: { ...ports.objects, contact: { ...contact, write: { ...write, apply } } } };
      },
    }),
  });
  for (let nth = 0; nth < 130; nth += 1) world.sf.create('Contact', { LastName: `Nr ${nth}`, Email: `nr${nth}@example.com` });
  await world.cycle();
  await world.cycle();
  expect(batches).toBe(1);
  expect(world.hs.contacts.all()).toHaveLength(100);
  await resumeConnection(hub, await idOf(hub, 'hubspot'));
  await world.age(3600);
  await world.settle();
  expect(world.hs.contacts.all()).toHaveLength(130);
});

test('who asks a paused connection for something is told so, and who pauses it twice does not hide who did first', async ({ hub }) => {
  await using world = await openWorld(hub);
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  await world.settle();
  await pause(world.engine, 'salesforce', BY);
  await pause(world.engine, 'salesforce', { actor: 'operator:2', why: null });
  expect(await pause(world.engine, 'nobody', BY)).toBeNull();
  const sf = await idOf(hub, 'salesforce');
  expect(must(await connectionById(hub, sf), 'it').paused).toMatchObject({ by: 'command line' });
  const checked = await checkCompleteness(world.engine, 'salesforce', { signal: signal() });
  expect(checked).toMatchObject({ ok: false, error: { code: 'PAUSED' } });
  expect(await beginPlan(world.engine, { streams: [{ connection: 'salesforce' }] }, 'x')).toMatchObject({ ok: false });
  // A plan of the others can be made; it says what it does not know.
  const plan = await makePlan(world.engine, { streams: [{ connection: 'hubspot' }] }, { actor: 'x', signal: signal() });
  expect(plan.state).toBe('ready');
  expect(plan.summary?.warnings.map(({ kind, connection }) => [kind, connection])).toContainEqual(['not_looked_at', 'salesforce']);
});
