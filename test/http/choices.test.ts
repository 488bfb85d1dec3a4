import { sql } from 'kysely';
import { expect } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import { newId } from '../../src/hub/ids.ts';
import type { FieldChoices } from '../../src/hub/views/waiting-values.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage, PUBLIC_URL, quietActions } from './stage.ts';

const FIELD: FieldChoices = {
  ...{ connection: { id: newId(), name: 'HubSpot', connector: 'crm' }, object: 'company', hubObject: 'company', hubField: 'industry' },
  ...{
    field: 'industry',
    label: 'Industry',
    needs: 'schemas.write',
    records: 2,
    choices: [{ value: 'A', label: 'a' }],
    closed: null,
    added: 1,
    retried: 2,
  },
  values: [{ value: '<b>Space</b>', records: 2, there: false }],
};
const ADD = { object: 'company', field: 'industry', add: [{ value: ' Space ', label: ' Space travel ' }] };

test('choices are added as they were asked for, by whom, and the answer tells how the field stands', async ({ hub }) => {
  const asked: unknown[] = [];
  const actions = quietActions({
    fieldChoices: async (id, wish) => {
      asked.push([id, wish]);
      return { ok: true, found: FIELD };
    },
  });
  const { crm } = await seed(hub);
  const stage = openStage(hub, { actions });
  const path = `/api/v1/connections/${crm}/choices`;
  const looked = await stage.ask('admin', `${path}?object=company&field=industry`);
  expect([looked.status, await looked.json()]).toEqual([200, FIELD]);
  const done = await stage.ask('admin', path, { method: 'POST', json: ADD });
  expect([done.status, await done.json()]).toEqual([200, FIELD]);
  expect(asked).toEqual([
    [crm, { object: 'company', field: 'industry' }],
    // A value is what the hub holds, to the blank; a label is for people.
    [crm, { ...ADD, add: [{ value: ' Space ', label: 'Space travel' }], actor: expect.stringMatching(/^key:/) }],
  ]);
  const { rows } =
    await sql<object>`select action, subjects, detail, status from audit where kind = 'act' order by id desc limit 1`.execute(hub);
  expect(rows).toEqual([
    {
      action: 'post /connections/{id}/choices',
      subjects: [crm],
      detail: expect.objectContaining({ object: 'company', field: 'industry' }),
      status: 200,
    },
  ]);
});

test('what comes again is done once, and who signed in long ago proves first who they are', async ({ hub }) => {
  let times = 0;
  const actions = quietActions({
    fieldChoices: async () => {
      times += 1;
      return { ok: true, found: FIELD };
    },
  });
  const { crm } = await seed(hub);
  const stage = openStage(hub, { actions });
  const path = `/api/v1/connections/${crm}/choices`;
  const again = () => stage.ask('admin', path, { method: 'POST', json: ADD, headers: { 'idempotency-key': 'k1' } });
  expect([(await again()).status, (await again()).headers.get('idempotency-replayed'), times]).toEqual([200, 'true', 1]);
  const headers = { cookie: await stage.signIn('admin'), origin: PUBLIC_URL };
  await sql`update operator_session set confirmed_at = now() - interval '1 day'`.execute(hub);
  const refused = await stage.ask(null, path, { method: 'POST', json: ADD, headers });
  expect([refused.status, await refused.json(), times]).toEqual([403, expect.objectContaining({ code: 'fresh_sign_in_needed' }), 1]);
  expect((await stage.ask(null, `${path}?object=company&field=industry`, { headers })).status).toBe(200);
});

test('what a vendor refuses is told with what to do, and worth trying again only when it may pass', async ({ hub }) => {
  let error = new HubError('misconfigured', 'HubSpot lets nobody change the options of stage', { code: 'LIST_CLOSED' });
  const stage = openStage(hub, { actions: quietActions({ fieldChoices: async () => ({ ok: false, error }) }) });
  const { crm } = await seed(hub);
  const ask = () => stage.ask('admin', `/api/v1/connections/${crm}/choices`, { method: 'POST', json: ADD });
  const closed = await ask();
  expect([closed.status, await closed.json()]).toEqual([
    422,
    expect.objectContaining({ kind: 'misconfigured', detail: expect.stringContaining('lets nobody change') }),
  ]);
  error = new HubError('unreachable', 'HubSpot does not answer');
  expect((await ask()).status).toBe(424);
});

test.for([
  ['nothing to add', { ...ADD, add: [] }],
  ['a blank value', { ...ADD, add: [{ value: ' ', label: 'Space' }] }],
  ['a blank label', { ...ADD, add: [{ value: 'Space', label: '  ' }] }],
  ['a value that is too long', { ...ADD, add: [{ value: 'x'.repeat(256), label: 'Space' }] }],
  ['something unknown', { ...ADD, remove: ['Space'] }],
] as const)('%s is refused before anything is asked of the vendor', async ([, json], { hub }) => {
  const fieldChoices = async () => {
    throw new Error('nothing is asked');
  };
  const stage = openStage(hub, { actions: quietActions({ fieldChoices }) });
  const { crm } = await seed(hub);
  const refused = await stage.ask('admin', `/api/v1/connections/${crm}/choices`, { method: 'POST', json });
  expect(refused.status).toBe(422);
  expect((await stage.ask('admin', `/api/v1/connections/${newId()}/choices`, { method: 'POST', json: ADD })).status).toBe(404);
});

test('what lacks choices is listed as the engine finds it', async ({ hub }) => {
  const { choices: _, closed: __, added: ___, retried: ____, ...field } = FIELD;
  const lacking = { ...field, values: [{ value: 'Space', records: 2 }] };
  const stage = openStage(hub, { actions: quietActions({ missingChoices: async () => [lacking] }) });
  const listed = await stage.ask('admin', '/api/v1/missing-choices');
  expect([listed.status, await listed.json()]).toEqual([200, { items: [lacking] }]);
});
