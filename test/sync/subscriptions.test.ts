import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import { surveymonkeyHands, surveymonkeySandbox } from '../../connectors/surveymonkey/sandbox/index.ts';
import type { typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { SandboxApp } from '../../src/sandbox/sandbox.ts';
import { withdrawWebhooks } from '../../src/sync/connecting/withdraw-webhooks.ts';
import { tend } from '../../src/sync/tend.ts';
import { openStage } from '../http/stage.ts';
import { test } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { openWorld, type World } from './world.ts';

type Typeform = ReturnType<typeof typeformSandbox.open>;
type Questionpro = ReturnType<typeof questionproSandbox.open>;
const isTypeform = (app: SandboxApp): app is Typeform => 'forms' in app;
const isQuestionpro = (app: SandboxApp): app is Questionpro => 'surveys' in app;

/** Both CRMs and one survey tool, and the hub's own address, which the tool can reach. */
async function open(hub: Hub, connector: string, switches: Record<string, number | boolean> = {}) {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', connector], switches: { [connector]: switches } });
  const { rows } = await sql<{ id: string }>`select id from connection where name = ${connector}`.execute(hub);
  const { id } = must(rows[0], 'the connection');
  const port = await freePort();
  const stage = openStage(hub, { connectors: world.engine.connectors, vault: world.engine.vault, publicUrl: `http://127.0.0.1:${port}` });
  const server = serve({ fetch: (request, bindings) => stage.app.fetch(request, bindings), port, hostname: '127.0.0.1' });
  await world.settle();
  const tendIt = async (looks: boolean) => {
    await sql`update look set noted_at = now()`.execute(hub);
    await sql`update subscription set next_at = now()`.execute(hub);
    await tend(world.engine, id, { signal: AbortSignal.timeout(20_000), look: () => looks });
  };
  const webhook = async (method: 'PUT' | 'DELETE', json?: object) =>
    (await stage.ask('admin', `/api/v1/connections/${id}/webhook`, { method, ...(json === undefined ? {} : { json }) })).status;
  const standing = async () =>
    must((await (await stage.ask('admin', `/api/v1/connections/${id}/webhook`)).json()) as { subscription: unknown }, 'it').subscription;
  const close = async () => {
    server.close();
    await world[Symbol.asyncDispose]();
  };
  return { world, tendIt, webhook, standing, [Symbol.asyncDispose]: () => close() };
}

const isStored = async ({ hub }: World, remoteId: string) =>
  (await sql`select 1 from response where remote_id like ${`%:${remoteId}`}`.execute(hub)).rows.length === 1;

test('Typeform tells the hub of an answer by itself, and a webhook that it has switched off is switched on again', async ({ hub }) => {
  await using all = await open(hub, 'typeform');
  const { world, tendIt, webhook, standing } = all;
  const tf = world.sandbox('typeform').sandbox;
  if (!isTypeform(tf)) throw new Error('Typeform is not where it should be');
  expect(await webhook('PUT', { subscribe: true })).toBe(200);
  await tendIt(false);
  expect(await standing()).toMatchObject({ kept: tf.forms.length, mended: 0, reason: null });
  const form = must(tf.forms[0], 'a form');
  const told = tf.answer({ formId: form.id, nps: 9, hidden: { email: 'ada@example.com' }, at: new Date() });
  await tf.webhooks.deliver();
  await tendIt(false);
  expect(await isStored(world, told)).toBe(true);

  const [ours] = tf.webhooks.of(form.id);
  tf.webhooks.put({ ...must(ours, 'the webhook'), enabled: false });
  await tendIt(false);
  expect(tf.webhooks.of(form.id)).toMatchObject([{ enabled: true }]);
  expect(await standing()).toMatchObject({ mended: 1 });
  expect(await webhook('DELETE')).toBe(204);
  await tendIt(false);
  expect(tf.webhooks.of(form.id)).toEqual([]);
});

test('before a connection is forgotten its webhooks are taken back, and a vendor that does not do it is told of', async ({ hub }) => {
  await using all = await open(hub, 'typeform');
  const { world, tendIt, webhook } = all;
  const { sandbox: tf, fail } = world.sandbox('typeform');
  if (!isTypeform(tf)) throw new Error('Typeform is not where it should be');
  const connection = must((await sql<{ id: string }>`select id from connection where name = 'typeform'`.execute(hub)).rows[0], 'it');
  const withdraw = (limit = AbortSignal.timeout(20_000)) => withdrawWebhooks(world.engine, connection.id, limit);
  expect(await withdraw()).toEqual({ webhooks: 'none' });
  await webhook('PUT', { subscribe: true });
  await tendIt(false);
  const form = must(tf.forms[0], 'a form').id;
  expect(tf.webhooks.of(form)).toHaveLength(1);
  fail({ on: 'GET /forms', answer: 503 });
  expect(await withdraw()).toEqual({ webhooks: 'left', reason: expect.stringContaining('503') });
  const isUp = AbortSignal.abort(new DOMException('', 'TimeoutError'));
  expect(await withdraw(isUp)).toEqual({ webhooks: 'left', reason: 'The system has not answered in time.' });
  expect(await withdraw()).toEqual({ webhooks: 'withdrawn' });
  expect(tf.webhooks.of(form)).toEqual([]);
});

test('an answer that Typeform tells of before its lists show it is neither lost nor taken for deleted', async ({ hub }) => {
  await using all = await open(hub, 'typeform', { visibilityDelayMs: 20 * 60_000 });
  const { world, tendIt, webhook } = all;
  const tf = world.sandbox('typeform').sandbox;
  if (!isTypeform(tf)) throw new Error('Typeform is not where it should be');
  await webhook('PUT', { subscribe: true });
  await tendIt(false);
  const told = tf.answer({ formId: must(tf.forms[0], 'a form').id, nps: 9, at: new Date() });
  await tf.webhooks.deliver();
  await tendIt(true);
  expect(await isStored(world, told)).toBe(false);
  world.later(30 * 60);
  await tendIt(true);
  expect(await isStored(world, told)).toBe(true);
  // A late view of nothing, once more.
  await sql`insert into look (stream_id, scope, remote_id, input_id) select s.id, ${must(tf.forms[0], 'a form').id}, ${`${must(tf.forms[0], 'a form').id}:${told}`}, i.id from stream s, input i where s.connection_id::text = i.actor and i.kind = 'webhook' limit 1`.execute(
    hub,
  );
  await tendIt(false);
  expect(await isStored(world, told)).toBe(true);
});

test('QuestionPro signs nothing, so a header holds the secret; a delivery that an answer has broken still says which response it is', async ({
  hub,
}) => {
  await using all = await open(hub, 'questionpro', { webhookBroken: true });
  const { world, tendIt, webhook, standing } = all;
  const qp = world.sandbox('questionpro').sandbox;
  if (!isQuestionpro(qp)) throw new Error('QuestionPro is not where it should be');
  await webhook('PUT', { subscribe: true });
  await tendIt(false);
  expect(await standing()).toMatchObject({ kept: qp.surveys.length, reason: null });
  const survey = must(qp.surveys[0], 'a survey');
  const told = qp.answer({ surveyId: survey.id, score: 9, comment: 'so "good"', at: new Date() });
  await qp.webhooks.deliver();
  await tendIt(false);
  expect(await isStored(world, String(told))).toBe(true);
  await webhook('DELETE');
  await tendIt(false);
  expect(qp.webhooks.of(survey.id)).toEqual([]);
});

test('SurveyMonkey is asked for two webhooks on all surveys, and for the surveys that came since; its secret is that of the app', async ({
  hub,
}) => {
  await using all = await open(hub, 'surveymonkey');
  const { world, tendIt, webhook, standing } = all;
  const sm = surveymonkeyHands(world.sandbox('surveymonkey').sandbox);
  expect(await webhook('PUT', { subscribe: true })).toBe(422);
  expect(await webhook('PUT', { subscribe: true, secret: surveymonkeySandbox.credentials.client_secret })).toBe(200);
  await tendIt(false);
  expect(await standing()).toMatchObject({ kept: 2, reason: null });
  const survey = must(sm.surveys.all()[0], 'a survey');
  const id = sm.answer({ surveyId: survey.id, nps: 9 });
  await sm.sender.deliver();
  await tendIt(false);
  expect(await isStored(world, id)).toBe(true);
  const [first] = sm.webhooks.all();
  const { id: webhookId, ...given } = must(first, 'a webhook');
  sm.webhooks.replace(webhookId, { ...given, objectIds: [survey.id] });
  await tendIt(false);
  expect(sm.webhooks.all().map(({ objectIds }) => objectIds.length)).toEqual([sm.surveys.all().length, sm.surveys.all().length]);
});

test('what was deleted in Typeform or QuestionPro goes with the next sweep', async ({ hub }) => {
  await using all = await open(hub, 'typeform');
  const { world, tendIt } = all;
  const tf = world.sandbox('typeform').sandbox;
  if (!isTypeform(tf)) throw new Error('Typeform is not where it should be');
  const form = must(tf.forms[0], 'a form');
  const [kept, deleted] = [9, 3].map((nps) => tf.answer({ formId: form.id, nps, at: new Date(Date.now() - 7_200_000) }));
  await tendIt(true);
  tf.remove(form.id, must(deleted, 'a response'));
  await sql`update stream set sweep_at = now() - interval '1 s' where object = 'response'`.execute(hub);
  world.later(60 * 60);
  await tendIt(true);
  expect([await isStored(world, must(kept, 'a response')), await isStored(world, must(deleted, 'a response'))]).toEqual([true, false]);
});
