import { sql } from 'kysely';
import { expect } from 'vitest';
import { keepDeliveries } from '../../src/hub/arrivals/intake.ts';
import type { Hub } from '../../src/hub/database.ts';
import { dueConnections } from '../../src/hub/rhythm/due-connections.ts';
import { must } from '../../src/kernel/must.ts';
import { tend } from '../../src/sync/tend.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Stream = { readonly id: string; readonly connectionId: string };

async function contacts(hub: Hub, name: string): Promise<Stream> {
  const { rows } = await sql<Stream>`
    select s.id, c.id as "connectionId" from stream s join connection c on c.id = s.connection_id
    where c.name = ${name} and s.object = 'contact'`.execute(hub);
  return must(rows[0], `the contacts of ${name}`);
}

/** As if the vendor had told of these records. */
const tell = async (hub: Hub, { id, connectionId }: Stream, key: string, remoteIds: readonly string[], gatherMs = 0): Promise<void> => {
  const looks = remoteIds.map((remoteId) => ({ streamId: id, scope: 'all', remoteId }));
  await keepDeliveries(hub, [{ connectionId, key, looks, gatherMs, strangers: 0, unread: null }]);
};
/** Looks at nothing by schedule. */
const tendHinted = (world: World, connectionId: string) =>
  tend(world.engine, connectionId, { signal: AbortSignal.timeout(20_000), look: () => false });
const states = async (hub: Hub): Promise<readonly string[]> =>
  (await sql<{ state: string }>`select state from input where kind = 'webhook' order by id`.execute(hub)).rows.map((row) => row.state);
const notDue = (hub: Hub) => sql`update stream set next_at = now() + interval '1 hour', sweep_at = now() + interval '1 hour'`.execute(hub);

test('an edit that a webhook tells of is seen at once, without a poll, and carried on', async ({ hub }) => {
  await using world = await openWorld(hub);
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  await notDue(hub);
  world.hs.contacts.edit(id, { firstname: 'Augusta' });
  const stream = await contacts(hub, 'hubspot');
  await tell(hub, stream, 'first', [id]);
  expect(await dueConnections(hub)).toContain(stream.connectionId);
  await tendHinted(world, stream.connectionId);
  expect((await world.record('ada@example.com'))?.fields.first_name).toBe('Augusta');
  expect(await states(hub)).toEqual(['applied']);
  await tendHinted(world, (await contacts(hub, 'salesforce')).connectionId);
  expect(world.inSalesforce('FirstName', 'Augusta')).toHaveLength(1);
});

test('where calls are few, deliveries wait for each other, and one look covers them all', async ({ hub }) => {
  await using world = await openWorld(hub);
  const ids = ['ada', 'bea', 'cy'].map((name) => world.hs.contacts.add({ email: `${name}@example.com`, lastname: name }));
  await world.settle();
  await notDue(hub);
  const stream = await contacts(hub, 'hubspot');
  for (const [nth, id] of ids.entries()) {
    world.hs.contacts.edit(id, { firstname: 'New' });
    await tell(hub, stream, `told ${nth}`, [id], 60_000);
  }
  const calls = world.sandbox('hubspot').calls();
  await tendHinted(world, stream.connectionId);
  expect([await dueConnections(hub), await states(hub)]).toEqual([[], ['accepted', 'accepted', 'accepted']]);
  expect(world.sandbox('hubspot').calls()).toBe(calls);
  // A minute after the first: those that came later go with it.
  await sql`update look set noted_at = now() where remote_id = ${must(ids[0], 'the first')}`.execute(hub);
  expect(await dueConnections(hub)).toEqual([stream.connectionId]);
  await tendHinted(world, stream.connectionId);
  expect(await states(hub)).toEqual(['applied', 'applied', 'applied']);
  expect((await world.record('cy@example.com'))?.fields.first_name).toBe('New');
});

test('a webhook about nothing new, about nobody, or that comes twice writes nothing', async ({ hub }) => {
  await using world = await openWorld(hub);
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  await notDue(hub);
  const changes = (await world.changes()).length;
  const stream = await contacts(hub, 'hubspot');
  await tell(hub, stream, 'nothing new', [id]);
  await tell(hub, stream, 'nobody', ['999999999']);
  await tell(hub, stream, 'nothing new, again', [id, '999999999']);
  const tended = await tendHinted(world, stream.connectionId);
  expect(tended?.error).toBeNull();
  expect(await states(hub)).toEqual(['no_op', 'no_op', 'no_op']);
  expect([(await world.changes()).length, await world.settle()]).toEqual([changes, 0]);
});

test('a removal that a webhook tells of is found without a sweep', async ({ hub }) => {
  await using world = await openWorld(hub);
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  await notDue(hub);
  world.hs.contacts.remove(id);
  const stream = await contacts(hub, 'hubspot');
  await tell(hub, stream, 'removed', [id]);
  await tendHinted(world, stream.connectionId);
  const [link] = (await world.links(must(await world.record('ada@example.com'), 'Ada').id)).filter((one) => one.connection === 'hubspot');
  expect(link?.state).toBe('gone');
  expect(await states(hub)).toEqual(['applied']);
});

test('while the vendor fails a delivery stays accepted, and is looked at later', async ({ hub }) => {
  await using world = await openWorld(hub);
  const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  await notDue(hub);
  world.hs.contacts.edit(id, { firstname: 'Augusta' });
  const stream = await contacts(hub, 'hubspot');
  await tell(hub, stream, 'first', [id]);
  world.sandbox('hubspot').fail({ on: 'POST /crm/objects/2026-09/contacts/batch/read', answer: 503, times: 1 });
  expect((await tendHinted(world, stream.connectionId))?.error?.kind).toBe('unreachable');
  expect(await states(hub)).toEqual(['accepted']);
  await world.age(0);
  await tendHinted(world, stream.connectionId);
  expect([await states(hub), (await world.record('ada@example.com'))?.fields.first_name]).toEqual([['applied'], 'Augusta']);
});

test('a webhook about a record that was merged away brings in the survivor as people have made it since', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (const name of ['Ada', 'Grace'])
    world.hs.contacts.add({ email: `${name}@example.com`.toLowerCase(), firstname: name, lastname: 'King' });
  await world.settle();
  await notDue(hub);
  const [ada, grace] = ['ada', 'grace'].map((name) => must(world.inSalesforce('Email', `${name}@example.com`)[0], name).Id);
  const stream = await contacts(hub, 'salesforce');
  world.later(60);
  world.sf.edit(String(grace), { FirstName: 'Grace Brewster' });
  await tell(hub, stream, 'an edit', [String(grace)]);
  await tendHinted(world, stream.connectionId);
  world.later(60);
  world.sf.merge(String(ada), [String(grace)]);
  world.sf.edit(String(ada), { FirstName: 'Augusta' });
  await tell(hub, stream, 'a merge', [String(grace)]);
  await tendHinted(world, stream.connectionId);
  const { rows } = await sql<{ name: string }>`
    select r.fields ->> 'first_name' as name from record r where r.object = 'contact' and r.merged_into is null`.execute(hub);
  expect(rows).toEqual([{ name: 'Augusta' }]);
  await world.settle();
  expect(world.sf.get(String(ada)).FirstName).toBe('Augusta');
});
