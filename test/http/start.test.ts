import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { askPlan, movePlan } from '../../src/hub/plans/plans.ts';
import { test } from '../support/database.ts';
import { openStage, quietActions } from './stage.ts';

const ASKED = { kind: 'plan', streams: [], mappings: null, hashes: {} } as const;
const SUMMARY = { counts: [], blanked: [], nonUnique: [], nonUniqueKeys: 0, warnings: [], forecast: [] };

async function connection(hub: Hub, name: string, sandbox: 'ours' | 'theirs' | null = null): Promise<string> {
  const id = newId();
  const far = { origin: 'https://api.crm.test', settings: '{}', account: '{"id":"1","name":"Acme"}', reason: null, resume_at: null };
  await hub
    .insertInto('connection')
    .values({ id, connector: 'crm', name, sandbox, ...far })
    .execute();
  const none = { backfilled_at: null, observed_at: null, wrote_at: null, schema: null, schema_at: null };
  await hub
    .insertInto('stream')
    .values({ id: newId(), connection_id: id, object: 'contact', hub_object: 'contact', direction: 'both', ...none })
    .execute();
  return id;
}

test('the start lands at the first step that is not done, whoever asks', async ({ hub }) => {
  const stage = openStage(hub);
  const step = async () => ((await (await stage.ask('admin', '/api/v1/start')).json()) as { step: string }).step;
  const patch = (json: object) => stage.ask('admin', '/api/v1/start', { method: 'PATCH', json });
  expect(await step()).toBe('systems');
  expect((await patch({ systems: ['nothing'] })).status).toBe(422);
  await patch({ systems: ['crm'], step: 'enable' });
  expect(await step()).toBe('connect');
  await connection(hub, 'Main');
  expect(await step()).toBe('objects');
  await patch({ step: 'connect' });
  expect(await step()).toBe('connect');
});

test('nothing is switched on by a plan that nobody has looked at, nor by another one than was looked at', async ({ hub }) => {
  let planId = '';
  const beginPlan = async () => {
    planId = await askPlan(hub, ASKED, 'operator:1');
    return { ok: true as const, id: planId };
  };
  const stage = openStage(hub, { actions: quietActions({ beginPlan }) });
  const post = (path: string, json: object = {}) => stage.ask('admin', `/api/v1/start/${path}`, { method: 'POST', json });
  const wanted = async () =>
    (await hub.selectFrom('plan').select('wanted_by').where('id', '=', planId).executeTakeFirst())?.wanted_by ?? null;
  await connection(hub, 'Main');
  await stage.ask('admin', '/api/v1/start', { method: 'PATCH', json: { systems: ['crm'], objects: ['contact'], step: 'enable' } });
  expect((await post('enable', { plan: null })).status).toBe(409);
  expect((await post('plan')).status).toBe(200);
  expect((await post('seen', { plan: planId })).status).toBe(409);
  await movePlan(hub, planId, ['computing'], { state: 'ready', summary: SUMMARY, digest: 'x' });
  expect((await post('enable', { plan: planId })).status).toBe(409);
  expect((await post('finish')).status).toBe(409);
  expect(await wanted()).toBeNull();
  expect((await post('seen', { plan: newId() })).status).toBe(409);
  expect((await post('seen', { plan: planId })).status).toBe(200);
  // Other objects mean another plan: the one that was looked at is none any more.
  await stage.ask('admin', '/api/v1/start', { method: 'PATCH', json: { objects: ['contact'] } });
  expect((await post('enable', { plan: planId })).status).toBe(409);
  await post('plan');
  await movePlan(hub, planId, ['computing'], { state: 'ready', summary: SUMMARY, digest: 'x' });
  await post('seen', { plan: planId });
  expect((await post('enable', { plan: planId })).status).toBe(200);
  expect(await wanted()).toMatch(/^key:/);
  await movePlan(hub, planId, ['ready'], { state: 'applied', summary: SUMMARY });
  expect(await (await post('finish')).json()).toMatchObject({ done: true });
});

test('people who are made up are not mixed with an account that is worked with', async ({ hub }) => {
  const stage = openStage(hub);
  const enable = (id: string) => stage.ask('admin', `/api/v1/connections/${id}`, { method: 'PATCH', json: { enabled: true } });
  const [ours, test_, real] = [
    await connection(hub, 'Sandbox', 'ours'),
    await connection(hub, 'Test', 'theirs'),
    await connection(hub, 'Main'),
  ];
  expect((await enable(ours)).status).toBe(200);
  expect((await enable(test_)).status).toBe(200);
  const refused = await enable(real);
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('made up');
  expect((await stage.ask('admin', '/api/v1/sandboxes', { method: 'POST', json: { connector: 'crm' } })).status).toBe(422);
});

test('a schedule that cannot be is refused at its place, and one that can is shown with the times that follow from it', async ({ hub }) => {
  const stage = openStage(hub);
  const id = await connection(hub, 'Main');
  const put = (json: object) => stage.ask('admin', `/api/v1/connections/${id}/schedule`, { method: 'PUT', json });
  const wrong = await put({ cron: 'now and then', timeZone: 'UTC', quiet: [] });
  expect([wrong.status, await wrong.json()]).toMatchObject([422, { errors: [{ pointer: '#/cron' }] }]);
  expect((await put({ cron: null, timeZone: 'UTC', quiet: [{ from: '25:00', to: '06:00', days: [] }] })).status).toBe(422);
  const kept = (await (await put({ cron: '0 6 * * *', timeZone: 'Asia/Tokyo', quiet: [] })).json()) as { schedule: { nextAt: string } };
  expect(kept.schedule.nextAt).toMatch(/T21:00:00/);
  expect(await (await put({ cron: null, timeZone: 'UTC', quiet: [] })).json()).toMatchObject({ schedule: null });
});
