import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { makePlan } from '../../src/sync/plan/plan.ts';
import { segmentGroups } from '../../src/sync/segments/groups.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const SEGMENT = 'recent_detractors';

/** What people do with lists, by the portal's own API. */
function listsOf(world: World) {
  const { token } = must(
    SANDBOXES.find(({ id }) => id === 'hubspot'),
    'the sandbox',
  ).credentials;
  const send = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${world.sandbox('hubspot').origin}/crm/v3/lists${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { list: { listId: string }; results: { recordId: string }[] };
  };
  const idOf = async () => (await send('GET', '/object-type-id/0-1/name/Recent%20detractors')).list.listId;
  return {
    members: async () => (await send('GET', `/${await idOf()}/memberships`)).results.map(({ recordId }) => recordId),
    add: async (id: string) => void (await send('PUT', `/${await idOf()}/memberships/add`, [id])),
    remove: async (id: string) => void (await send('PUT', `/${await idOf()}/memberships/remove`, [id])),
  };
}

/** Two detractors and a promoter, by what they answered. */
async function open(hub: Hub) {
  const world = await openWorld(hub);
  const add = (name: string) => world.hs.contacts.add({ email: `${name}@example.com`, lastname: name });
  const [ada, bea, cleo] = [add('ada'), add('bea'), add('cleo')];
  await world.settle();
  const say = async (name: string, score: number, daysAgo: number) => {
    await sql`
      insert into response (id, connection_id, remote_id, survey_id, survey_name, submitted_at, state, answers, keys, scores, attachment, record_id)
      select gen_random_uuid(), c.id, gen_random_uuid()::text, 's', 'Survey', now() - ${daysAgo} * interval '1 day', 'complete', '[]', '{}',
        ${JSON.stringify([{ metric: 'nps', score, question: 'q' }])}::jsonb, 'attached', r.id
      from connection c, record r where c.name = 'hubspot' and r.object = 'contact' and r.fields ->> 'email' = ${`${name}@example.com`}`.execute(
      hub,
    );
    await sql`update record set dirty = true where object = 'contact' and fields ->> 'email' = ${`${name}@example.com`}`.execute(hub);
  };
  await say('ada', 1, 1.5);
  await say('bea', 2, 2.5);
  await say('cleo', 9, 3.5);
  await world.settle();
  return { world, lists: listsOf(world), say, ada, bea, cleo };
}

// Each lives through many looks at two systems or three.
vi.setConfig({ testTimeout: 90_000 });

const wish = (make: boolean) => ({ make, signal: AbortSignal.timeout(20_000) });

test('a segment becomes a static list once somebody asks for it, foreseen by a plan, and is kept in step by sets', async ({ hub }) => {
  const { world, lists, say, ada, bea } = await open(hub);
  await using _world = world;
  const plan = await makePlan(
    world.engine,
    { streams: [{ connection: 'hubspot', object: 'segment' }] },
    { actor: 'admin', signal: AbortSignal.timeout(20_000) },
  );
  const planned = must(plan.summary, 'the summary').counts.filter(
    ({ object, operation }) => object === 'segment' && operation === 'create',
  );
  expect(planned).toMatchObject([{ connection: 'hubspot', records: 3 }]);
  await setEnabled(world.engine, 'hubspot', true, 'segment');
  await world.settle();
  expect((await world.holds()).map(({ reason }) => reason)).toContainEqual(
    expect.stringContaining('HubSpot has no list "Recent detractors"'),
  );
  expect(await segmentGroups(world.engine, 'hubspot', wish(false))).toMatchObject([{ standing: 'missing' }, { standing: 'missing' }]);
  await segmentGroups(world.engine, 'hubspot', wish(true));
  expect(await segmentGroups(world.engine, 'hubspot', wish(false))).toMatchObject([{ standing: 'there' }, { standing: 'there' }]);
  await world.settle();
  expect((await lists.members()).sort()).toEqual([ada, bea].sort());
  expect(await world.holds()).toEqual([]);
  // Who is no detractor any more is taken off; who becomes one is put on.
  await say('ada', 7, 0);
  await say('cleo', 3, 0);
  await world.settle();
  expect((await lists.members()).sort()).toEqual([bea, world.inHubspot('email', 'cleo@example.com')[0]?.id].sort());
  // Time alone takes somebody out: it is looked at when the day has come.
  await sql`update record set fields = fields || '{"feedback_at": "2020-01-01T00:00:00.000Z"}' where fields ->> 'email' = 'bea@example.com'`.execute(
    hub,
  );
  expect(await world.settle()).toBe(0);
  await sql`update segment_check set at = now()`.execute(hub);
  await world.settle();
  expect(await lists.members()).not.toContain(bea);
  expect(await world.settle()).toBe(0);
});

test('whom people put on a list stays on it, and a call whose answer is lost puts nobody there twice or for ever', async ({ hub }) => {
  const { world, lists, say, ada, bea } = await open(hub);
  await using _world = world;
  await segmentGroups(world.engine, 'hubspot', wish(true));
  await lists.add(ada);
  await setEnabled(world.engine, 'hubspot', true, 'segment');
  world.sandbox('hubspot').fail({ on: 'PUT /crm/*/memberships/add', times: 1, lose: 'after' });
  await world.cycle();
  await world.age(60);
  await world.settle();
  expect((await lists.members()).sort()).toEqual([ada, bea].sort());
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from segment_member where segment = ${SEGMENT}`.execute(hub);
  expect(rows[0]?.n).toBe(2);
  await say('bea', 8, 0);
  await world.settle();
  expect(await lists.members()).toEqual([ada]);
  expect(await world.settle()).toBe(0);
});

test('a segment becomes the members of a campaign by its name, each with the status of the mapping, and nobody else is removed', async ({
  hub,
}) => {
  const { world, say } = await open(hub);
  await using _world = world;
  const members = () =>
    world.sf
      .all('CampaignMember')
      .filter(({ IsDeleted }) => !IsDeleted)
      .map(({ CampaignId, ContactId, Status }) => ({ CampaignId, Status, who: world.sf.get(String(ContactId)).Email }))
      .sort((a, b) => String(a.who).localeCompare(String(b.who)));
  const campaign = world.sf.create('Campaign', { Name: 'Recent detractors' });
  await setEnabled(world.engine, 'salesforce', true, 'segment');
  world.sandbox('salesforce').fail({ on: 'POST *composite/sobjects', times: 1, lose: 'after' });
  await world.cycle();
  await world.age(60);
  await world.settle();
  expect(members()).toEqual(['ada', 'bea'].map((name) => ({ CampaignId: campaign, Status: 'Sent', who: `${name}@example.com` })));
  expect((await world.holds())[0]?.reason).toContain('Salesforce has no campaign "Recent promoters"');
  await say('bea', 8, 0);
  await world.settle();
  expect(members()).toMatchObject([{ who: 'ada@example.com' }]);
  expect(await world.settle()).toBe(0);
});
