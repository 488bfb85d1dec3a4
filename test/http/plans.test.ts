import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { askPlan, type PlanAsked, type PlannedFields, type PlanOperation } from '../../src/hub/plans/plans.ts';
import { test } from '../support/database.ts';
import { openStage, quietActions } from './stage.ts';

const ASKED: PlanAsked = { kind: 'plan', streams: [{ id: newId(), connection: 'main', object: 'contact' }], hashes: {} };
const SUMMARY = { counts: [], blanked: [], nonUnique: [], nonUniqueKeys: 0, warnings: [], forecast: [] };
const title = (value: string): PlannedFields => ({ job_title: { old: null, new: value, rule: null, source: 'main' } });

/** A plan that is ready, with these lines. */
async function readyPlan(hub: Hub, lines: readonly { operation: PlanOperation; title: string; fields: PlannedFields }[]): Promise<string> {
  const id = await askPlan(hub, ASKED, 'test');
  await hub
    .updateTable('plan')
    .set({ state: 'ready', summary: JSON.stringify(SUMMARY), digest: 'd' })
    .where('id', '=', id)
    .execute();
  if (lines.length === 0) return id;
  await hub
    .insertInto('plan_line')
    .values(
      lines.map((line, i) => ({
        plan_id: id,
        seq: String(i + 1),
        connection_id: null,
        object: 'contact',
        record_id: null,
        remote_id: `r${i}`,
        title: line.title,
        operation: line.operation,
        reason: null,
        fields: JSON.stringify(line.fields),
        key: `k${i}`,
        drift: null,
        now_fields: null,
      })),
    )
    .execute();
  return id;
}
const LINES = [
  { operation: 'create', title: 'Ada Lovelace', fields: title('=HYPERLINK("x")') },
  { operation: 'update', title: 'Eve, "M"', fields: title('Spy') },
  { operation: 'exclude', title: 'Nobody', fields: {} },
] as const;

test('a plan is asked for, found in the list, and left to the workers', async ({ hub }) => {
  const wishes: unknown[] = [];
  const beginPlan = async (wish: unknown, actor: string) => {
    wishes.push(wish);
    return { ok: true as const, id: await askPlan(hub, ASKED, actor) };
  };
  const stage = openStage(hub, { actions: quietActions({ beginPlan }) });
  const made = await stage.ask('admin', '/api/v1/plans', {
    method: 'POST',
    json: { streams: [{ connection: 'main', object: 'contact' }] },
  });
  expect(made.status).toBe(202);
  const plan = (await made.json()) as { id: string; state: string };
  expect(plan.state).toBe('computing');
  expect(wishes).toEqual([{ streams: [{ connection: 'main', object: 'contact' }] }]);
  expect(stage.nudges).toEqual([{ name: 'reconcile' }]);
  const listed = (await (await stage.ask('admin', '/api/v1/plans')).json()) as { items: { id: string }[] };
  expect(listed.items.map((one) => one.id)).toEqual([plan.id]);
  expect((await stage.ask('admin', `/api/v1/plans/${plan.id}/apply`, { method: 'POST', json: {} })).status).toBe(409);
});

test('what cannot be planned is refused with the reason', async ({ hub }) => {
  const stage = openStage(hub);
  const answer = await stage.ask('admin', '/api/v1/plans', { method: 'POST', json: {} });
  expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([422, 'There is nothing to plan.']);
  expect((await stage.ask('admin', `/api/v1/plans/${newId()}`)).status).toBe(404);
  expect((await stage.ask('admin', `/api/v1/plans/${newId()}/lines`)).status).toBe(404);
});

test('lines are paged in their order, and filtered by what they do and say', async ({ hub }) => {
  const stage = openStage(hub);
  const id = await readyPlan(hub, LINES);
  type Page = { items: { title: string }[]; next: string | null };
  const page = async (query: string): Promise<Page> =>
    (await (await stage.ask('admin', `/api/v1/plans/${id}/lines?${query}`)).json()) as Page;
  const titles: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { items, next }: Page = await page(`limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    titles.push(...items.map((line) => line.title));
    cursor = next;
  }
  expect(titles).toEqual(LINES.map((line) => line.title));
  const found = async (query: string) => (await page(query)).items.map((line) => line.title);
  expect(await found('operation=update')).toEqual(['Eve, "M"']);
  expect(await found('field=job_title')).toEqual(['Ada Lovelace', 'Eve, "M"']);
  expect(await found('text=lovel')).toEqual(['Ada Lovelace']);
  expect(await found('text=%25')).toEqual([]);
  expect(await found('text=r2')).toEqual(['Nobody']);
  expect((await stage.ask('admin', `/api/v1/plans/${id}/lines?cursor=nonsense`)).status).toBe(400);
});

test('an export has a row for each field, and nothing in it is a formula', async ({ hub }) => {
  const stage = openStage(hub);
  const id = await readyPlan(hub, LINES);
  const csv = await stage.ask('admin', `/api/v1/plans/${id}/export`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect(csv.headers.get('content-disposition')).toContain(`plan-${id}.csv`);
  expect((await csv.text()).split('\r\n').slice(1)).toEqual([
    'create,,contact,r0,,Ada Lovelace,job_title,,"\'=HYPERLINK(""x"")",,main,,',
    'update,,contact,r1,,"Eve, ""M""",job_title,,Spy,,main,,',
    'exclude,,contact,r2,,Nobody,,,,,,,',
    '',
  ]);
  const jsonl = await stage.ask('admin', `/api/v1/plans/${id}/export?format=jsonl&operation=update`);
  const lines = (await jsonl.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { title: string; fields: unknown });
  expect(lines.map((line) => [line.title, line.fields])).toEqual([['Eve, "M"', title('Spy')]]);
});

test('a plan is wanted once, by whoever said so first, and one that is thrown away is not applied', async ({ hub }) => {
  const stage = openStage(hub);
  const id = await readyPlan(hub, []);
  const post = async (what: string) => stage.ask('admin', `/api/v1/plans/${id}/${what}`, { method: 'POST', json: {} });
  const first = (await (await post('apply')).json()) as { wantedBy: string };
  expect(first.wantedBy).toMatch(/^key:/);
  expect((await post('apply')).status).toBe(202);
  expect(stage.nudges).toHaveLength(2);
  expect((await post('abandon')).status).toBe(200);
  expect((await post('apply')).status).toBe(409);
  expect((await stage.ask('admin', '/api/v1/plans')).status).toBe(200);
});

test('a plan that is being applied is paused, resumed, and cancelled by request, with how far it has come; others are not', async ({
  hub,
}) => {
  const stage = openStage(hub);
  const id = await readyPlan(hub, [...LINES]);
  const act = (what: string) => stage.ask('admin', `/api/v1/plans/${id}/${what}`, { method: 'POST' });
  expect((await act('pause')).status).toBe(409);
  const counts = [{ connection: 'main', object: 'contact', operation: 'create', records: 8 }];
  const summary = JSON.stringify({
    ...SUMMARY,
    counts,
    forecast: [{ connection: 'main', calls: 1, seconds: 40, latencyMs: 1, measured: true }],
  });
  await hub.updateTable('plan').set({ state: 'applying', summary }).where('id', '=', id).execute();
  const run = newId();
  await hub
    .insertInto('run')
    .values({ id: run, stream_id: null, kind: 'apply', plan_id: id, counts: '{}', error: null, ended_at: null })
    .execute();
  const read = async () => (await stage.ask('admin', `/api/v1/plans/${id}`)).json();
  expect(await read()).toMatchObject({ state: 'applying', runId: run, progress: { total: 8, done: 0, secondsLeft: 40 } });
  for (const [what, state] of [
    ['pause', 'paused'],
    ['pause', 'paused'],
    ['resume', 'applying'],
    ['cancel', 'cancelling'],
  ] as const) {
    const answer = await act(what);
    expect([answer.status, await answer.json()]).toMatchObject([202, { state, steeredBy: expect.stringMatching(/^key:/) }]);
  }
  expect(await read()).toMatchObject({ state: 'cancelling', progress: { secondsLeft: null } });
  expect((await act('resume')).status).toBe(409);
});
