import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { handsOf } from '../../connectors/hubspot/sandbox/index.ts';
import { salesforceHand } from '../../connectors/salesforce/sandbox/index.ts';
import { must } from '../../src/kernel/must.ts';
import { provision } from '../../src/sync/schema/provision.ts';
import { cycleOnce } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import { openStage, type Stage } from '../support/stage.ts';

const BARE = { uniqueId: false, feedbackProperties: false, salesData: false };
const QUICK = { indexLagMs: 0, searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 };
const FEEDBACK = ['nps_score', 'nps_category', 'nps_mean', 'csat_score', 'ces_score', 'feedback_comment', 'feedback_at', 'feedback_count'];

async function openBare(hub: Parameters<typeof openStage>[0], salesforce: Readonly<Record<string, boolean>> = {}) {
  const stage = await openStage(hub, {
    connectors: ['hubspot', 'salesforce', 'typeform'],
    people: 12,
    unpaced: true,
    switches: { hubspot: { ...BARE, ...QUICK }, typeform: { callsPerSecond: 0 }, salesforce },
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const sandbox = must(stage.sandboxes.get('hubspot'), 'the sandbox');
  const sf = salesforceHand(must(stage.sandboxes.get('salesforce'), 'the other sandbox').sandbox);
  return { ...stage, sandbox, hs: handsOf(sandbox.sandbox), sf };
}

async function settle({ engine }: Pick<Stage, 'engine'>): Promise<void> {
  for (let round = 0, wrote = 1; wrote > 0 || round < 2; round += 1) {
    if (round > 8) throw new Error('still writing');
    wrote = await cycleOnce(engine, AbortSignal.timeout(20_000));
  }
}

const wish = (apply: boolean, object?: string) => ({ apply, object, signal: AbortSignal.timeout(20_000) });

async function provisioned(stage: Pick<Stage, 'engine'>, apply: boolean, connection = 'hubspot') {
  const came = must(await provision(stage.engine, connection, wish(apply)), 'the connection');
  if (!came.ok) throw came.error;
  return came.objects;
}

test("the hub's own fields are shown, then made, and what was waiting for them flows at once, also through a process that began before", async ({
  hub,
}) => {
  const stage = await openBare(hub);
  await settle(stage);
  const scored = () => stage.hs.contacts.all().filter(({ properties }) => properties.nps_score != null);
  expect(scored()).toEqual([]);
  const before = stage.sandbox.calls();
  const [company, contact] = await provisioned(stage, false);
  expect(stage.sandbox.calls() - before).toBeLessThanOrEqual(9);
  expect(company).toMatchObject({ object: 'company', fields: [{ name: 'syncline_id', unique: true, standing: { state: 'missing' } }] });
  expect(contact?.fields.map(({ name }) => name)).toEqual([...FEEDBACK, 'syncline_id']);
  expect(contact).toMatchObject({ lacking: [], error: null });
  const other = { engine: { ...stage.engine, opened: new Map(), paces: new Map() } };
  const made = await provisioned(other, true);
  expect(made.flatMap(({ fields }) => fields).map(({ standing, outcome }) => [standing?.state, outcome?.done])).toEqual(
    Array.from({ length: FEEDBACK.length + 3 }, () => ['fits', 'made']),
  );
  const { rows } = await sql<{ schema: { name: string; unique?: boolean; type: string }[]; misfits: unknown[]; due: boolean }>`
    select s.schema, s.misfits, s.next_at <= now() as due from stream s join connection c on c.id = s.connection_id where c.name = 'hubspot' and s.object = 'contact'`.execute(
    hub,
  );
  expect(rows[0]?.schema).toContainEqual(expect.objectContaining({ name: 'nps_score', type: 'number' }));
  expect(rows[0]).toMatchObject({ misfits: [], due: true });
  stage.sf.create('Contact', { FirstName: 'Ada', LastName: 'Byron', Email: 'ada.byron@example.com' });
  await settle(stage);
  const ada = stage.hs.contacts.all().find(({ properties }) => properties.email === 'ada.byron@example.com');
  expect(ada?.properties.syncline_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(scored().length).toBeGreaterThan(0);
  const [one] = scored();
  expect(one?.properties).toMatchObject({
    nps_score: expect.stringMatching(/^\d+$/),
    nps_category: expect.stringMatching(/^(promoter|passive|detractor)$/),
  });
  // Quiet afterwards: what was written is read back as it was.
  const calls = new Map(stage.sandbox.requests);
  await settle(stage);
  const writes = [...stage.sandbox.requests].filter(
    ([name, count]) => /batch\/(create|update)$/.test(name) && count !== (calls.get(name) ?? 0),
  );
  expect(writes).toEqual([]);
  const again = await provisioned(stage, true);
  expect(again.flatMap(({ fields }) => fields.map(({ outcome }) => outcome?.done))).toEqual(
    Array.from({ length: FEEDBACK.length + 3 }, () => 'found'),
  );
});

test('fields that a system shows to nobody when they are made are seen all the same, and what was waiting for them flows at once', async ({
  hub,
}) => {
  const stage = await openBare(hub, { uniqueId: false, feedbackFields: false });
  await settle(stage);
  const made = await provisioned(stage, true, 'salesforce');
  expect(made.map(({ object }) => object)).toEqual(['company', 'contact', 'feedback']);
  expect(made[1]?.fields.map(({ name }) => name)).toEqual([
    ...['NPS_Score__c', 'NPS_Category__c', 'NPS_Mean__c', 'CSAT_Score__c', 'CES_Score__c', 'Feedback_Comment__c', 'Feedback_At__c'],
    ...['Feedback_Count__c', 'Syncline_Id__c'],
  ]);
  for (const { fields } of made)
    for (const { standing, outcome } of fields) expect([standing?.state, outcome?.done]).toEqual(['fits', 'made']);
  stage.hs.contacts.add({ email: 'ada.byron@example.com', firstname: 'Ada', lastname: 'Byron' });
  await settle(stage);
  const contacts = stage.sf.all('Contact');
  expect(contacts.find(({ Email }) => Email === 'ada.byron@example.com')?.Syncline_Id__c).toMatch(/^[0-9a-f-]{36}$/);
  const [scored] = contacts.filter(({ NPS_Score__c }) => typeof NPS_Score__c === 'number');
  expect(scored).toMatchObject({
    NPS_Category__c: expect.stringMatching(/^(promoter|passive|detractor)$/),
    Feedback_Count__c: expect.any(Number),
  });
  const writes = () =>
    [...must(stage.sandboxes.get('salesforce'), 'it').requests].filter(([name]) => /^(POST|PATCH) .*composite(?!\/batch)/.test(name));
  const before = new Map(writes());
  await settle(stage);
  expect(writes().filter(([name, count]) => count !== before.get(name))).toEqual([]);
});

test('a right that is missing is told for its object, and the others are made', async ({ hub }) => {
  const stage = await openBare(hub);
  stage.sandbox.fail({
    on: 'POST /crm/properties/*/companies/*',
    times: 9,
    answer: 403,
    body: {
      ...{ status: 'error', category: 'MISSING_SCOPES', message: 'no' },
      errors: [{ message: 'no', context: { requiredGranularScopes: ['crm.schemas.companies.write'] } }],
    },
  });
  const [company, contact] = await provisioned(stage, true);
  expect(company).toMatchObject({ error: { kind: 'not_allowed', message: expect.stringContaining('crm.schemas.companies.write') } });
  expect(company?.fields).toMatchObject([{ standing: { state: 'missing' }, outcome: null }]);
  expect(contact?.fields.every(({ outcome }) => outcome?.done === 'made')).toBe(true);
});

test('nothing is made where nothing is written, and a name that stands for nothing is said', async ({ hub }) => {
  const stage = await openBare(hub);
  expect(await provision(stage.engine, 'nobody', wish(true))).toBeNull();
  expect(await provision(stage.engine, 'typeform', wish(true))).toMatchObject({ ok: false, error: { kind: 'misconfigured' } });
  expect(await provision(stage.engine, 'hubspot', wish(true, 'call'))).toMatchObject({ ok: false, error: { kind: 'misconfigured' } });
  await sql`update stream set direction = 'in' where object in ('contact', 'company', 'feedback')`.execute(hub);
  expect(await provision(stage.engine, 'hubspot', wish(true))).toMatchObject({ ok: false });
});
