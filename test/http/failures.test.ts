import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { openHolds } from '../../src/hub/records/holds.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage, quietActions } from './stage.ts';

/** Two links that fail, one of them for good, and a value that is too long. */
async function withFailures(hub: Hub) {
  const ids = await seed(hub);
  const link = { connection_id: ids.crm, object: 'contact', base: '{}', sent: null, sent_at: null, expected: null, evidence: null };
  const [busy, dead] = [newId(), newId()];
  await hub
    .insertInto('link')
    .values([
      {
        ...link,
        id: busy,
        remote_id: '1',
        record_id: ids.bob,
        state: 'failing',
        cause: 'record_locked',
        reason: 'locked',
        due: true,
        attempts: 3,
        not_before: new Date('2030-01-01'),
      },
      {
        ...link,
        id: dead,
        remote_id: '2',
        record_id: ids.ama,
        state: 'failing',
        cause: 'record_locked',
        reason: 'given up',
        due: false,
        attempts: 12,
        given_up: newId(),
      },
    ])
    .execute();
  await hub.updateTable('link').set({ state: 'held', cause: 'value_too_long', reason: 'too long' }).where('id', '=', ids.link).execute();
  const place = { connectionId: ids.crm, object: 'contact', remoteId: '4711', recordId: ids.ada, linkId: ids.link };
  await openHolds(hub, [
    {
      ...place,
      kind: 'refused_field',
      field: 'phone',
      reason: 'Phone takes at most 10 characters',
      detail: { because: 'too_long', limit: 10, value: 'x' },
    },
  ]);
  return { ...ids, busy, dead };
}

describe('failures', () => {
  test('are grouped by cause, with what happened and what to do in the language of the caller', async ({ hub }) => {
    await withFailures(hub);
    const stage = openStage(hub);
    const groups = async (language?: string) => {
      const answer = await stage.ask(
        'viewer',
        '/api/v1/failures',
        language === undefined ? {} : { headers: { 'accept-language': language } },
      );
      return ((await answer.json()) as { items: { cause: { id: string; text: string } }[] }).items;
    };
    const items = await groups();
    expect(items.slice(0, 1)).toMatchObject([
      {
        cause: { id: 'record_locked', recovery: 'wait' },
        links: 2,
        givenUp: 1,
        holds: 0,
        nextTryAt: '2030-01-01T00:00:00.000Z',
        example: { system: 'Main CRM' },
      },
    ]);
    expect(items.find((one) => one.cause.id === 'value_too_long')).toMatchObject({ links: 1, holds: 1, givenUp: 0, nextTryAt: null });
    const texts = [await groups('en'), await groups('ja-JP'), await groups('th')].map((own) => own[0]?.cause.text ?? '');
    expect(texts[0]).toBe('Main CRM is busy with this record or with one that it belongs to.');
    expect(texts[1]).toMatch(/Main CRM.*処理中/);
    expect(texts[2]).toMatch(/Main CRM.*ประมวลผล/);
  });

  test('of one cause are listed with the next try, page by page', async ({ hub }) => {
    const ids = await withFailures(hub);
    const stage = openStage(hub);
    const page = async (cursor = '') =>
      (await (await stage.ask('viewer', `/api/v1/failures/record_locked?limit=1${cursor}`)).json()) as {
        items: { id: string }[];
        next: string | null;
      };
    const first = await page();
    const second = await page(`&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual([ids.busy, ids.dead].sort());
    expect([...first.items, ...second.items].find(({ id }) => id === ids.busy)).toMatchObject({
      state: 'failing',
      attempts: 3,
      givenUp: false,
      nextTryAt: '2030-01-01T00:00:00.000Z',
      recordTitle: 'Bob 100%_sure',
      cause: { id: 'record_locked' },
    });
    expect(second.next).toBeNull();
    expect((await stage.ask('viewer', '/api/v1/failures/nobody_knows')).status).toBe(404);
  });

  test('are handed to the engine for what a person decides, for one or for all', async ({ hub }) => {
    const ids = await withFailures(hub);
    const asked: unknown[] = [];
    const actions = quietActions({ actOnFailures: async (...what) => asked.push(what) && 2 });
    const stage = openStage(hub, { actions });
    const post = (path: string) => stage.ask('steward', `/api/v1${path}`, { method: 'POST' });
    expect(await (await post('/failures/record_locked/retry')).json()).toEqual({ links: 2 });
    expect((await post(`/failures/record_locked/skip?connectionId=${ids.crm}`)).status).toBe(200);
    expect((await post(`/links/${ids.dead}/exclude`)).status).toBe(200);
    expect(asked).toEqual([
      [{ cause: 'record_locked', connectionId: undefined }, 'retry', expect.any(String)],
      [{ cause: 'record_locked', connectionId: ids.crm }, 'skip', expect.any(String)],
      [{ linkId: ids.dead }, 'exclude', expect.any(String)],
    ]);
    expect((await post('/failures/record_locked/include')).status).toBe(404);
    expect((await post(`/links/${newId()}/retry`)).status).toBe(404);
  });

  test('that an action does not fit are refused with the reason', async ({ hub }) => {
    const ids = await withFailures(hub);
    const stage = openStage(hub);
    const answer = await stage.ask('steward', `/api/v1/links/${ids.busy}/include`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toMatchObject([422, { detail: expect.stringContaining('not taken out by hand') }]);
  });
});

test('a record says of each link why it is not in sync, what to do, and when it is tried next', async ({ hub }) => {
  const ids = await withFailures(hub);
  const stage = openStage(hub);
  const record = (id: string) => stage.ask('viewer', `/api/v1/records/${id}`).then((answer) => answer.json());
  expect(await record(ids.bob)).toMatchObject({
    links: [{ id: ids.busy, cause: { id: 'record_locked' }, attempts: 3, nextTryAt: '2030-01-01T00:00:00.000Z' }],
  });
  expect(await record(ids.ada)).toMatchObject({
    links: [{ cause: { id: 'value_too_long', text: 'The value of Phone is longer than Main CRM takes (limit: 10).' }, nextTryAt: null }],
  });
});

test('a connection in trouble, a hold, and a run say what is the matter', async ({ hub }) => {
  const ids = await withFailures(hub);
  await hub
    .updateTable('connection')
    .set({ state: 'signed_out', reason: '401', cause: 'access_revoked' })
    .where('id', '=', ids.crm)
    .execute();
  const stage = openStage(hub);
  const read = (path: string) => stage.ask('viewer', `/api/v1${path}`).then((answer) => answer.json());
  expect(await read(`/connections/${ids.crm}`)).toMatchObject({
    cause: { id: 'access_revoked', text: 'Somebody has withdrawn the access to Main CRM, or removed the app there.' },
  });
  expect(await read('/holds?cause=value_too_long')).toMatchObject({ items: [{ field: 'phone', cause: { id: 'value_too_long' } }] });
  await hub
    .insertInto('run_outcome')
    .values([
      { run_id: ids.run, outcome: 'accepted', n: '3' },
      { run_id: ids.run, outcome: 'applied', n: '2' },
      { run_id: ids.run, outcome: 'excluded', n: '1' },
    ])
    .execute();
  expect(await read('/runs')).toMatchObject({
    items: [{ id: ids.run, accounting: { accepted: 3, applied: 2, noOp: 1, excluded: 1, holds: true } }],
  });
});
