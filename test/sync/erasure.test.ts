import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { surveymonkeyHands } from '../../connectors/surveymonkey/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { erasureById, listErasures } from '../../src/hub/views/erasures.ts';
import { must } from '../../src/kernel/must.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { eraseResponse } from '../../src/sync/erasing/erase-response.ts';
import { erasedIds } from '../../src/sync/erasing/erased-ids.ts';
import { explain } from '../../src/sync/explain/explain.ts';
import { decideOwner } from '../../src/sync/responses/decisions.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

// Each lives through many looks at three systems.
vi.setConfig({ testTimeout: 90_000 });

const SECRET = 'The driver was rude to me';

/** Both CRMs and a survey tool, and Ada, who has answered twice: the second time with words that are to be erased. */
async function open(hub: Hub) {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'surveymonkey'] });
  const sm = surveymonkeyHands(world.sandbox('surveymonkey').sandbox);
  const ada = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com' });
  await world.settle();
  const survey = must(sm.surveys.all()[0], 'a survey');
  const answer = (nps: number, comment: string) => sm.answer({ surveyId: survey.id, nps, comment, customVariables: { crm_id: ada } });
  answer(9, 'Fine.');
  await world.settle();
  world.later(60);
  const doomed = answer(2, SECRET);
  await world.settle();
  const idOf = async (remoteId: string) => {
    const { rows } = await sql<{ id: string }>`select id from response where remote_id like ${`%:${remoteId}`}`.execute(hub);
    return must(rows[0], `response ${remoteId}`).id;
  };
  return { world, sm, ada, survey, answer, doomed, idOf };
}

/** The tables in which a text stands anywhere. */
async function tablesWith(hub: Hub, text: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(hub);
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: hits } = await sql`select 1 from ${sql.table(name)} t where t::text like ${`%${text}%`} limit 1`.execute(hub);
    if (hits.length > 0) found.push(name);
  }
  return found.sort();
}
const notes = (world: Awaited<ReturnType<typeof open>>['world']) => world.hs.records('notes').all();
const tasks = (world: Awaited<ReturnType<typeof open>>['world']) => world.sf.all('Task').filter(({ IsDeleted }) => !IsDeleted);
const traces = async (hub: Hub) => (await sql`select 1 from erasure_trace`.execute(hub)).rows.length;

test('an erased response is nowhere any more, and what it was counted in is as if it had not been', async ({ hub }) => {
  const { world, sm, ada, doomed, idOf } = await open(hub);
  await using _world = world;
  expect(world.inSalesforce('Id', ada)).toMatchObject([{ NPS_Score__c: 2, Feedback_Comment__c: SECRET, Feedback_Count__c: 2 }]);
  expect([notes(world).length, tasks(world).length]).toEqual([2, 2]);
  const id = await idOf(doomed);
  expect(await eraseResponse(world.engine, id, 'admin')).toBe('erased');
  expect(await eraseResponse(world.engine, id, 'admin')).toBe('not_found');
  // What the hub itself knew is gone at once; what systems still hold is known until it has been taken from them.
  expect(await tablesWith(hub, SECRET)).toEqual(['link', 'observation']);
  expect(await world.record('ada@example.com')).toMatchObject({
    fields: { nps_score: 9, nps_category: 'promoter', feedback_comment: 'Fine.', feedback_count: 1 },
  });
  await world.settle();
  await world.settle();
  expect(await tablesWith(hub, SECRET)).toEqual([]);
  expect(await tablesWith(hub, doomed)).toEqual([]);
  expect(await traces(hub)).toBe(0);
  expect(world.inSalesforce('Id', ada)).toMatchObject([{ NPS_Score__c: 9, Feedback_Comment__c: 'Fine.', Feedback_Count__c: 1 }]);
  expect(world.inHubspot('email', 'ada@example.com')).toMatchObject([{ properties: { nps_score: '9', feedback_comment: 'Fine.' } }]);
  expect([notes(world).length, tasks(world).length]).toEqual([1, 1]);
  expect((await world.summary()).timeline).toMatchObject({ entries: 1, written: { hubspot: 1, salesforce: 1 } });
  expect(sm.surveys.all()).toHaveLength(4);
});

test('nothing brings an erased response back: no edit, no sweep, no reading afresh', async ({ hub }) => {
  const { world, sm, doomed, idOf } = await open(hub);
  await using _world = world;
  const { rows: before } = await sql<{ remote_id: string }>`select remote_id from response where remote_id like ${`%:${doomed}`}`.execute(
    hub,
  );
  const ids = before.map(({ remote_id }) => remote_id);
  await eraseResponse(world.engine, await idOf(doomed), 'admin');
  await world.settle();
  // Another connection to the same kind of tool knows it as well; a door of that name has ids of its own.
  const knownTo = async (connector: string) => [...(await erasedIds(world.engine, hub, { connector, name: 'other' }, ids))];
  expect([await knownTo('surveymonkey'), await knownTo('webhook')]).toEqual([ids, []]);
  const isAway = async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from response`.execute(hub);
    expect([rows[0]?.n, await tablesWith(hub, SECRET), notes(world).length, tasks(world).length]).toEqual([1, [], 1, 1]);
  };
  world.later(8 * 3600);
  sm.edit(doomed, { nps: 0, comment: SECRET });
  world.later(8 * 3600);
  await world.settle();
  await isAway();
  await sql`update stream set sweep_at = now() where object = 'response'`.execute(hub);
  await world.settle();
  await isAway();
  await sql`delete from cursor`.execute(hub);
  await world.settle();
  await isAway();
  const { rows } = await sql<{ n: string; holds: boolean }>`
    select sum(n) filter (where outcome = 'erased') as n, sum(n) filter (where outcome = 'accepted') = sum(n) filter (where outcome <> 'accepted') as holds
    from run_outcome o join run r on r.id = o.run_id join stream s on s.id = r.stream_id where s.object = 'response'`.execute(hub);
  expect(rows).toMatchObject([{ holds: true }]);
  expect(Number(rows[0]?.n)).toBeGreaterThan(0);
});

test('an erasure that a system could not follow at once is followed when it can', async ({ hub }) => {
  const { world, doomed, idOf } = await open(hub);
  await using _world = world;
  world.sandbox('hubspot').fail({ on: 'POST /crm/*/notes/batch/archive', times: 2, lose: 'before' });
  await setEnabled(world.engine, 'salesforce', false);
  const id = await idOf(doomed);
  await eraseResponse(world.engine, id, 'admin');
  await world.cycle();
  const off = { connection: 'salesforce', reason: 'the connection is switched off' };
  expect(await erasureById(hub, id)).toMatchObject({
    by: 'admin',
    isDone: false,
    left: expect.arrayContaining([
      { ...off, what: 'entry' },
      { ...off, what: 'counted' },
      expect.objectContaining({ connection: 'hubspot', what: 'entry' }),
    ]),
  });
  expect([notes(world).length, tasks(world).length]).toEqual([2, 2]);
  expect(await traces(hub)).toBe(2);
  expect(await tablesWith(hub, SECRET)).toEqual(['link', 'observation']);
  await setEnabled(world.engine, 'salesforce', true);
  // The next tries come at once, however many of them fail.
  for (let tries = 0; tries < 3; tries += 1) {
    await world.age(120);
    await world.settle();
  }
  expect([notes(world).length, tasks(world).length, await traces(hub), await tablesWith(hub, SECRET)]).toEqual([1, 1, 0, []]);
  expect(await listErasures(hub, { after: null, limit: 10 })).toMatchObject({ items: [{ id, isDone: true, left: [] }], last: null });
});

test('whom a response was taken from by hand keeps nothing of it either, and explains without it', async ({ hub }) => {
  const { world, doomed, idOf } = await open(hub);
  await using _world = world;
  const bea = world.sf.create('Contact', { FirstName: 'Bea', LastName: 'Byron', Email: 'bea@example.com' });
  await world.settle();
  const other = must(await world.record('bea@example.com'), 'Bea').id;
  const id = await idOf(doomed);
  await decideOwner(world.engine, id, { recordId: other }, 'steward');
  await world.settle();
  await eraseResponse(world.engine, id, 'admin');
  await world.settle();
  await world.settle();
  expect([await tablesWith(hub, SECRET), await traces(hub)]).toEqual([[], 0]);
  expect(world.inSalesforce('Id', bea)).toMatchObject([{ NPS_Score__c: null, Feedback_Comment__c: null, Feedback_Count__c: 0 }]);
  const ada = must(await world.record('ada@example.com'), 'Ada');
  expect(JSON.stringify(await explain(world.engine, ada.id))).not.toContain(SECRET);
});
