import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { noteLacking } from '../../src/sync/connecting/lost-scope.ts';
import { syncUntilQuiet } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** HubSpot refuses one call about these objects, as it does when a scope was taken away. */
function takeAway(world: World, ...objects: readonly string[]): void {
  for (const object of objects) {
    const scope = `crm.objects.${object}.read`;
    const errors = [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } }];
    const body = { status: 'error', category: 'MISSING_SCOPES', message: 'This app lacks scopes.', errors };
    world.sandbox('hubspot').fail({ on: `POST /crm/objects/2026-09/${object}/search`, times: 1, answer: 403, body });
  }
}

const trouble = async (hub: Hub) =>
  (
    await sql<{ object: string; cause: string; reason: string }>`
    select object, cause, reason from stream where cause is not null order by object`.execute(hub)
  ).rows;
const stateOf = async (hub: Hub) =>
  (await hub.selectFrom('connection').select('state').where('name', '=', 'hubspot').executeTakeFirst())?.state;
const rested = (hub: Hub) => sql`update stream set resume_at = resume_at - interval '300 s'`.execute(hub);
const asked = (world: World, object: string): number =>
  [...world.sandbox('hubspot').requests].filter(([name]) => name.includes(`/${object}`)).reduce((sum, [, count]) => sum + count, 0);

/** A company and a contact that both systems have. */
async function openPair(hub: Hub) {
  const world = await openWorld(hub);
  const company = world.hs.companies.add({ name: 'Acme', domain: 'acme.example' });
  const contact = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  return { world, company, contact };
}

test('a scope that is lost stops its object alone, with the reason, and what waited flows when it is given back', async ({ hub }) => {
  const { world, company, contact } = await openPair(hub);
  await using _ = world;
  takeAway(world, 'contacts');
  world.hs.companies.edit(company, { name: 'Acme Limited' });
  world.hs.contacts.edit(contact, { jobtitle: 'Countess' });
  await world.cycle();
  expect(world.sf.all('Account').map(({ Name }) => Name)).toEqual(['Acme Limited']);
  expect(world.inSalesforce('Title', 'Countess')).toEqual([]);
  const [only, ...others] = await trouble(hub);
  expect([only?.object, only?.cause, others]).toEqual(['contact', 'scope_missing', []]);
  expect(only?.reason).toContain('crm.objects.contacts.read');
  expect(await stateOf(hub)).toBe('ready');

  const before = asked(world, 'contacts');
  await world.cycle();
  expect(asked(world, 'contacts')).toBe(before);

  await rested(hub);
  await world.settle();
  expect(world.inSalesforce('Title', 'Countess')).toHaveLength(1);
  expect(await trouble(hub)).toEqual([]);
});

test('a sync that goes on until it is quiet ends without the object, and says so', async ({ hub }) => {
  const { world, contact } = await openPair(hub);
  await using _ = world;
  const edited = world.inSalesforce('Email', 'ada@example.com')[0];
  takeAway(world, 'contacts');
  world.hs.contacts.edit(contact, { city: 'London' });
  world.sf.edit(String(edited?.Id), { Title: 'Countess' });
  const quiet = await syncUntilQuiet(world.engine, AbortSignal.timeout(25_000));
  expect(quiet.troubles.map(({ connection }) => connection)).toEqual(['hubspot contact']);
});

test('when no object is reached any more, that is the trouble of the connection', async ({ hub }) => {
  const { world } = await openPair(hub);
  await using _ = world;
  takeAway(world, 'contacts', 'companies');
  await world.cycle();
  expect((await trouble(hub)).map(({ object }) => object)).toEqual(['company', 'contact']);
  expect(await stateOf(hub)).toBe('not_allowed');
});

test('what a sign-in was not given stays told while the object is looked at', async ({ hub }) => {
  const { world } = await openPair(hub);
  await using _ = world;
  const { id } = await hub.selectFrom('connection').select('id').where('name', '=', 'hubspot').executeTakeFirstOrThrow();
  await noteLacking(hub, id, [{ object: 'contact', act: 'write', scopes: ['crm.objects.contacts.write'] }]);
  await world.cycle();
  expect(await trouble(hub)).toEqual([
    { object: 'contact', cause: 'scope_missing', reason: 'The sign-in lacks crm.objects.contacts.write' },
  ]);
});
