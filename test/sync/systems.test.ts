import { expect } from 'vitest';
import { type HubspotSandbox, handsOf } from '../../connectors/hubspot/sandbox/index.ts';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../src/sync/connect.ts';
import { Pace } from '../../src/sync/pace.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** A second portal of the same connector, connected under a name of its own. */
async function openSecondPortal(world: World): Promise<{ portal: OpenSandbox; hs: HubspotSandbox }> {
  const definition = must(
    SANDBOXES.find(({ id }) => id === 'hubspot'),
    'the sandbox',
  );
  const switches = { indexLagMs: 0, searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 };
  const portal = await openSandbox(definition, { town: makeTown({ seed: 2, people: 0 }), seed: 2, switches });
  const auth = { kind: 'token', values: { token: definition.credentials.token ?? '' } };
  const connected = await connect(world.engine, {
    connector: 'hubspot',
    name: 'emea',
    origin: portal.origin,
    auth,
    settings: definition.settings,
  });
  if (!connected.ok) throw new Error(connected.message);
  world.engine.paces.set(connected.id, new Pace([], systemClock));
  await setEnabled(world.engine, 'emea', true);
  return { portal, hs: handsOf(portal.sandbox) };
}

test('two portals of one connector and another CRM: a record has a place in each, and an edit of one reaches all others once', async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  const { portal, hs: emea } = await openSecondPortal(world);
  try {
    const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
    expect(await world.settle()).toBe(2);
    const there = must(
      emea.contacts.all().find(({ properties }) => properties.email === 'ada@example.com'),
      'Ada in the second portal',
    );
    expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);

    emea.contacts.edit(there.id, { city: 'London' });
    expect(await world.settle()).toBe(2);
    expect(world.hs.contacts.get(id)?.properties.city).toBe('London');
    expect(world.inSalesforce('Email', 'ada@example.com')[0]?.MailingCity).toBe('London');
    expect(await world.settle()).toBe(0);
  } finally {
    await portal.close();
  }
});

test('edits of different fields in three systems at once all stand, in all of them', async ({ hub }) => {
  await using world = await openWorld(hub);
  const { portal, hs: emea } = await openSecondPortal(world);
  try {
    const id = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
    await world.settle();
    const [second] = emea.contacts.all();
    const [third] = world.inSalesforce('Email', 'ada@example.com');
    world.hs.contacts.edit(id, { city: 'London' });
    emea.contacts.edit(second?.id ?? '', { jobtitle: 'Countess' });
    world.sf.edit(String(third?.Id), { MailingPostalCode: 'W1' });
    await world.settle();
    const want = { city: 'London', jobtitle: 'Countess', zip: 'W1' };
    expect(world.hs.contacts.get(id)?.properties).toMatchObject(want);
    expect(emea.contacts.get(second?.id ?? '')?.properties).toMatchObject(want);
    expect(world.inSalesforce('Email', 'ada@example.com')[0]).toMatchObject({
      MailingCity: 'London',
      Title: 'Countess',
      MailingPostalCode: 'W1',
    });
    expect(await world.settle()).toBe(0);
  } finally {
    await portal.close();
  }
});
