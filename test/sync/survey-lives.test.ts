import { serve } from '@hono/node-server';
import { sql } from 'kysely';
import { expect, onTestFinished } from 'vitest';
import { surveymonkeyHands, surveymonkeySandbox } from '../../connectors/surveymonkey/sandbox/index.ts';
import { newSecret } from '../../src/hub/access/sign-ins.ts';
import { findConnection } from '../../src/hub/connections/connections.ts';
import type { Hub } from '../../src/hub/database.ts';
import { dueConnections } from '../../src/hub/rhythm/due-connections.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { followTicket } from '../../src/sync/sign-in/follow-ticket.ts';
import { tend } from '../../src/sync/tend.ts';
import { openStage } from '../http/stage.ts';
import { test } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { openEngine } from '../support/stage.ts';
import { openWorld, type World } from './world.ts';

const { client_secret: SECRET, token: TOKEN } = surveymonkeySandbox.credentials;
const HOURS_8 = 8 * 60 * 60;

/** Both CRMs and a survey tool whose own people have not answered yet, with Ada in both. */
async function open(hub: Hub) {
  const world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'surveymonkey'] });
  const sm = surveymonkeyHands(world.sandbox('surveymonkey').sandbox);
  const ada = world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com' });
  await world.settle();
  return { world, sm, ada, survey: must(sm.surveys.all()[0], 'a survey') };
}

type Response = { readonly state: string; readonly from: string | null; readonly answers: string };
async function responseOf(hub: Hub, id: string): Promise<Response | undefined> {
  const { rows } = await sql<Response>`
    select state, evidence ->> 'from' as "from", answers::text as answers from response where remote_id like ${`%:${id}`}`.execute(hub);
  return rows[0];
}

const score = (world: World, id: string) => world.sf.get(id).NPS_Score__c;

test('an answer counts once it is finished, as it was edited last, and no longer once it was deleted', async ({ hub }) => {
  const { world, sm, ada, survey } = await open(hub);
  await using _world = world;
  const id = sm.answer({ surveyId: survey.id, nps: 3, customVariables: { crm_id: ada }, status: 'partial' });
  await world.settle();
  expect([(await responseOf(hub, id))?.state, score(world, ada) ?? null]).toEqual(['partial', null]);
  world.later(60);
  sm.complete(id, { comment: 'Slow.' });
  await world.settle();
  expect([(await responseOf(hub, id))?.state, score(world, ada)]).toEqual(['complete', 3]);
  world.later(HOURS_8);
  sm.edit(id, { nps: 9 });
  world.later(HOURS_8);
  await world.settle();
  expect(score(world, ada)).toBe(9);

  sm.erase(id);
  const calls = world.sandbox('surveymonkey').calls();
  await sql`update stream set sweep_at = now() where object = 'response'`.execute(hub);
  await world.settle();
  expect([await responseOf(hub, id), score(world, ada)]).toEqual([undefined, null]);
  // Two looks at all surveys, two lists of them, the ids of each alone, and what is missing by itself.
  const surveys = sm.surveys.all().length;
  expect(world.sandbox('surveymonkey').calls() - calls).toBeLessThanOrEqual(2 * (1 + surveys) + 2 + surveys + 1);
  expect(await world.settle()).toBe(0);
});

test('who answered is found by what the link carried, the invited contact, and what was typed in; and nobody who wants to be nobody', async ({
  hub,
}) => {
  const { world, sm, ada, survey } = await open(hub);
  await using _world = world;
  const contact = sm.contacts.put({ email: 'Ada@Example.com', firstName: 'Ada', lastName: 'Lovelace' });
  const invite = (anonymousType: 'not_anonymous' | 'fully_anonymous') => {
    const collector = sm.collectors.add(survey.id, { type: 'email', senderEmail: 'cx@syncline.example', anonymousType });
    const bodyHtml = '[SurveyLink] [OptOutLink] [PrivacyLink] [FooterLink]';
    const message = sm.invitations.write(collector, { type: 'invite', subject: 'How?', bodyHtml, recipientStatus: null });
    sm.invitations.put(message, { contact, extraFields: {} });
    sm.invitations.send(message, null);
    return { collectorId: collector.id, recipientId: must(sm.invitations.recipients(collector.id)[0], 'the recipient').id };
  };
  const given = [
    [{ customVariables: { crm_id: ada } }, 'custom:crm_id'],
    [{ customValue: ada }, 'custom_value'],
    [invite('not_anonymous'), 'invited:email'],
    [{ contact: { email: 'ada@example.com' } }, 'contact:email'],
    [invite('fully_anonymous'), null],
  ] as const;
  const ids = given.map(([how]) => sm.answer({ surveyId: survey.id, nps: 8, ...how }));
  await world.settle();
  const found = await Promise.all(ids.map(async (id) => (await responseOf(hub, id))?.from));
  expect(found).toEqual(given.map(([, from]) => from));
  expect(world.sf.get(ada).Feedback_Count__c).toBe(4);
});

test('a choice that was taken away keeps its words in answers that are read again', async ({ hub }) => {
  const { world, sm, survey } = await open(hub);
  await using _world = world;
  const liked = must(
    survey.pages.flatMap(({ questions }) => questions).find(({ role }) => role === 'liked'),
    'the question',
  );
  const choice = must(liked.choices[1], 'a choice');
  const id = sm.answer({ surveyId: survey.id, nps: 8, liked: [choice.text] });
  await world.settle();
  sm.surveys.removeChoice(survey.id, choice.id);
  world.later(HOURS_8);
  sm.edit(id, { comment: 'One more thing' });
  await world.settle();
  const { answers = '' } = (await responseOf(hub, id)) ?? {};
  expect(answers).toContain('One more thing');
  expect(answers).toContain(`"${choice.text}"`);
});

test('what the survey tool tells of over the wire is looked at a minute later, together, and without a poll', async ({ hub }) => {
  const { world, sm, ada, survey } = await open(hub);
  await using _world = world;
  const connection = must(await findConnection(hub, 'surveymonkey'), 'the connection');
  const { vault, connectors } = world.engine;
  await vault.storeWebhookSecret(connection.id, SECRET);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const { app } = openStage(hub, { vault, connectors, publicUrl });
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  onTestFinished(() => void server.close());
  for (const event of ['response_completed', 'response_updated', 'response_deleted']) {
    const subscribed = await fetch(`${world.sandbox('surveymonkey').origin}/v3/webhooks`, {
      method: 'POST',
      headers: { authorization: `bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ name: event, event_type: event, object_type: 'survey', object_ids: [survey.id] },
        subscription_url: `${publicUrl}/webhooks/${connection.id}?event=${event}`,
      }),
    });
    expect(subscribed.status).toBe(201);
  }
  const tendHinted = () => tend(world.engine, connection.id, { signal: AbortSignal.timeout(20_000), look: () => false });
  const aMinuteLater = async () => {
    await sm.sender.deliver();
    expect(await dueConnections(hub)).not.toContain(connection.id);
    await sql`update look set noted_at = noted_at - interval '1 minute'`.execute(hub);
    expect(await dueConnections(hub)).toContain(connection.id);
    await tendHinted();
  };
  await sql`update stream set next_at = now() + interval '1 hour', sweep_at = now() + interval '1 hour'`.execute(hub);
  const ids = [1, 2, 3].map((nps) => sm.answer({ surveyId: survey.id, nps, comment: 'So.', customVariables: { crm_id: ada } }));
  const calls = world.sandbox('surveymonkey').calls();
  await aMinuteLater();
  for (const id of ids) expect((await responseOf(hub, id))?.state).toBe('complete');
  // One for the newest responses together, and one for what the survey asks.
  expect(world.sandbox('surveymonkey').calls() - calls).toBe(2);
  sm.erase(must(ids[2], 'the last'));
  await aMinuteLater();
  expect(await responseOf(hub, must(ids[2], 'the last'))).toBeUndefined();
});

test('signed in by a code, a connection goes on with a token that has no end, at the host that came with it, until it is taken back', async ({
  hub,
}) => {
  const engine = await openEngine(hub);
  const stage = await openSandbox(surveymonkeySandbox, {
    town: makeTown({ seed: 1, people: 20 }),
    switches: { webhooksByThemselves: false },
  });
  onTestFinished(stage.close);
  const sm = surveymonkeyHands(stage.sandbox);
  const { client_id, client_secret } = surveymonkeySandbox.credentials;
  // The host of the account is another one than that where people sign in.
  const elsewhere = stage.origin.replace('127.0.0.1', 'localhost');
  const draft = {
    ...{ connector: 'surveymonkey', name: 'sm', origin: elsewhere },
    ...{ auth: { kind: 'oauth2', values: { client_id, client_secret } }, settings: {} },
  };
  const [ticket, cookie] = [newSecret(), newSecret()];
  const begun = await begin(engine, { draft, redirectUri: 'https://hub.example/oauth/callback', binding: { ticket }, actor: 'ada' });
  if (!begun.ok) throw new Error(begun.message);
  await followTicket(engine, ticket, cookie);
  const agreed = await fetch(begun.link, { redirect: 'manual' });
  const back = new URL(agreed.headers.get('location') ?? '').searchParams;
  const code = { state: back.get('state') ?? '', code: back.get('code'), error: null, errorDescription: null };
  await finish(engine, code, { session: null, cookie });
  const connection = must(await findConnection(hub, 'sm'), 'the connection');
  expect(connection.account).toMatchObject({ timeZone: 'UTC' });
  const grant = must(await engine.vault.grants.read(connection.id), 'the grant');
  expect(grant).toMatchObject({ refreshToken: null, expiresAt: null, instanceUrl: stage.origin });
  await setEnabled(engine, 'sm', true);
  const tended = () => tend(engine, connection.id, { signal: AbortSignal.timeout(20_000), look: () => true });
  expect((await tended())?.error).toBeNull();
  sm.grants.end(grant.accessToken.reveal(), 'revoked');
  expect((await tended())?.error).toMatchObject({ kind: 'signed_out' });
});
