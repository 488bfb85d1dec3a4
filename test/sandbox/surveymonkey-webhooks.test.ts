import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signatureOf } from '../../connectors/surveymonkey/sandbox/webhooks/signature.ts';
import { must } from '../../src/kernel/must.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type Account, CES, errorOf, type Json, NPS, openAccount, openReceiver, rows } from './surveymonkey-stage.ts';

let account: Account;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
const open = async (switches: SandboxOptions['switches'] = {}): Promise<Account> => {
  account = await openAccount(switches);
  return account;
};
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  await account.close();
  await receiver.close();
});

let paths = 0;
function registration(eventType: string, more: Json = {}): Json {
  paths += 1;
  const url = receiver.url(`/hooks/${eventType}/${paths}`);
  return { name: `On ${eventType}`, event_type: eventType, object_type: 'survey', object_ids: [NPS], subscription_url: url, ...more };
}
const register = (eventType: string, more: Json = {}) => account.call('POST', '/v3/webhooks', { body: registration(eventType, more) });
const told = async (): Promise<readonly Json[]> => {
  await account.hands.sender.deliver();
  return receiver.got.splice(0).map(({ event }) => event);
};

test('the signature is that of the test vector', async () => {
  await open();
  const app = { clientId: 'demo-client-id', clientSecret: 'demo-client-secret' };
  expect(signatureOf('{"event_type":"response_completed","object_id":"11900000001"}', app)).toBe('v3l5YS6z/iyqY3px2ii5KD+Ec4U=');
});

describe('registering', () => {
  test('the address must answer HEAD with 200, unless that is waived, and belong to no other webhook', async () => {
    await open();
    receiver.answers.HEAD = 404;
    expect(errorOf(await register('response_completed'))).toEqual([400, '1002']);
    expect((await register('response_completed', { bypass_ping: true })).status).toBe(201);
    receiver.answers.HEAD = 200;
    const taken = { subscription_url: receiver.url('/same') };
    expect((await register('response_completed', taken)).status).toBe(201);
    expect(errorOf(await register('response_updated', taken))).toEqual([409, '1026']);
    await account.close();
    await open({ sameUrlStatus: 400 });
    await register('response_completed', taken);
    expect(errorOf(await register('response_updated', taken))).toEqual([400, '1002']);
  });

  test('each kind of event has objects of its own, or none', async () => {
    await open();
    const [web] = account.hands.collectors.of(NPS);
    expect((await register('survey_created', { object_type: undefined, object_ids: undefined })).status).toBe(201);
    expect((await register('response_completed', { object_type: 'collector', object_ids: [web?.id] })).status).toBe(201);
    for (const [event, more] of [
      ['survey_created', {}],
      ['collector_created', { object_type: 'collector', object_ids: [web?.id] }],
      ['response_completed', { object_ids: [] }],
      ['response_completed', { object_ids: ['1'] }],
      ['response_completed', { object_type: 'page' }],
      ['response_seen', {}],
      ['response_completed', { subscription_url: 'here' }],
      ['response_completed', { event_types: ['response_updated'] }],
    ] as const)
      expect([event, errorOf(await register(event, more))]).toEqual([event, [400, '1002']]);
  });

  test('they are listed by name, shown, changed, and ended', async () => {
    await open();
    const { body } = await register('response_completed', { authorization: 'Bearer of news' });
    expect(rows((await account.get('/webhooks')).body)).toEqual([{ id: body.id, name: body.name, href: body.href }]);
    expect((await account.get(`/webhooks/${body.id}`)).body).toMatchObject({ event_type: 'response_completed', object_ids: [NPS] });
    const path = `/v3/webhooks/${body.id}`;
    expect((await account.call('PATCH', path, { body: { object_ids: [NPS, CES] } })).body.object_ids).toEqual([NPS, CES]);
    expect((await account.call('PUT', path, { body: registration('response_deleted') })).body).not.toHaveProperty('authorization');
    expect((await account.call('DELETE', path)).status).toBe(204);
    expect(errorOf(await account.get(`/webhooks/${body.id}`))).toEqual([404, '1020']);
  });
});

describe('what is told', () => {
  test('a pointer, signed over the very bytes with the credentials of the app, under a type of its own', async () => {
    await open();
    await register('response_completed', { authorization: 'Bearer of news' });
    const id = account.hands.answer({ surveyId: NPS, nps: 9, comment: 'ก ข' });
    await account.hands.sender.deliver();
    const { headers, body, event } = must(receiver.got[0], 'a delivery');
    expect(event).toMatchObject({
      name: 'On response_completed',
      filter_type: 'survey',
      filter_id: NPS,
      event_type: 'response_completed',
      event_id: expect.stringMatching(/^\d+$/),
      object_type: 'response',
      object_id: id,
      event_datetime: '2026-11-22T09:00:00+00:00',
      resources: { survey_id: NPS, collector_id: expect.any(String), user_id: expect.any(String) },
    });
    expect(event.resources).not.toHaveProperty('respondent_id');
    expect(body).not.toContain('ก ข');
    expect(headers).toMatchObject({
      'content-type': 'application/vnd.surveymonkey.response.v1+json',
      'sm-apikey': 'sandbox-client-id',
      authorization: 'Bearer of news',
      'sm-signature': createHmac('sha1', 'sandbox-client-id&sandbox-client-secret').update(body).digest('base64'),
    });
  });

  test('a filter by collector tells who answered, and hears of no other collector', async () => {
    await open();
    const [web, mail] = account.hands.collectors.of(NPS);
    await register('response_created', { object_type: 'collector', object_ids: [web?.id] });
    const id = account.hands.answer({ surveyId: NPS, nps: 9 });
    account.hands.answer({ surveyId: NPS, nps: 9, collectorId: must(mail, 'a collector').id });
    account.hands.answer({ surveyId: CES, ces: 3 });
    expect(await told()).toMatchObject([
      { filter_type: 'collector', filter_id: web?.id, resources: { respondent_id: id, recipient_id: '0' } },
    ]);
  });

  test('one update for each page that is saved, then the end; edits, erasures, and other ends', async () => {
    await open();
    const all = ['created', 'updated', 'completed', 'disqualified', 'overquota', 'deleted'];
    for (const kind of all) await register(`response_${kind}`);
    const kinds = async () => (await told()).map(({ event_type }) => String(event_type).slice('response_'.length));
    const { hands } = account;
    const id = hands.answer({ surveyId: NPS, nps: 3, status: 'partial' });
    expect(await kinds()).toEqual(['created', 'updated']);
    hands.complete(id, { comment: 'slow', liked: ['Price'] });
    expect(await kinds()).toEqual(['updated', 'completed']);
    hands.edit(id, { nps: 5, comment: 'better' });
    expect(await kinds()).toEqual(['updated', 'updated']);
    hands.erase(id);
    expect(await kinds()).toEqual(['deleted']);
    hands.answer({ surveyId: NPS, nps: 3, comment: 'x', status: 'disqualified' });
    expect(await kinds()).toEqual(['created', 'updated', 'updated', 'disqualified']);
    hands.answer({ surveyId: NPS, status: 'overquota' });
    expect(await kinds()).toEqual(['created', 'overquota']);
  });

  test('surveys and collectors that come, change, and go', async () => {
    await open();
    await register('survey_created', { object_type: undefined, object_ids: undefined });
    for (const event of ['survey_updated', 'survey_deleted', 'collector_created', 'collector_updated', 'collector_deleted'])
      await register(event);
    const { hands } = account;
    const made = hands.surveys.add('New', { pages: 1, questionsPerPage: 1 });
    hands.surveys.edit(NPS, { title: 'Renamed' });
    const { id } = hands.collectors.add(NPS, { type: 'weblink' });
    hands.collectors.edit(id, { status: 'closed' });
    hands.collectors.remove(id);
    hands.surveys.remove(NPS);
    expect((await told()).map(({ event_type, object_id }) => [event_type, object_id])).toEqual([
      ['survey_created', made],
      ['survey_updated', NPS],
      ['collector_created', id],
      ['collector_updated', id],
      ['collector_deleted', id],
      ['survey_deleted', NPS],
    ]);
  });
});

describe('how it goes wrong', () => {
  const answers = (count: number): readonly string[] =>
    Array.from({ length: count }, () => account.hands.answer({ surveyId: NPS, nps: 9 }));

  test('what is not taken is tried again after 1, 5, and 25 minutes, and then given up', async () => {
    await open();
    await register('response_completed');
    receiver.answers.POST = 500;
    answers(1);
    const tries: number[] = [];
    for (const minutes of [0, 0.9, 0.1, 4.9, 0.1, 24.9, 0.1, 60]) {
      account.hands.wind(minutes * 60_000);
      tries.push((await told()).length);
    }
    expect(tries).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect(account.hands.sender.counts()).toEqual({ waiting: 0, lost: 1 });
    expect(account.hands.sender.log().map(({ attempt, status }) => [attempt, status])).toEqual([3, 2, 1, 0].map((nth) => [nth, 500]));
  });

  test('they come twice, out of order, and some not at all', async () => {
    await open({ webhookDuplicates: 0.5, webhookLoss: 0.3, webhooksShuffled: true });
    await register('response_completed');
    const made = answers(60);
    const seen = (await told()).map(({ object_id }) => String(object_id));
    const once = [...new Set(seen)];
    expect(once.length).toBe(60 - account.hands.sender.counts().lost);
    expect(once.length).toBeLessThan(55);
    expect(seen.length).toBeGreaterThan(once.length + 5);
    expect(once).not.toEqual(made.filter((id) => once.includes(id)));
  });

  test('they go out by themselves unless they are told to wait', async () => {
    await open({ webhooksByThemselves: true });
    await register('response_completed');
    answers(1);
    await vi.waitFor(() => expect(receiver.got).toHaveLength(1), { timeout: 10_000 });
  });

  test('what belongs to a webhook that was ended is not sent', async () => {
    await open();
    const { body } = await register('response_completed');
    answers(1);
    await account.call('DELETE', `/v3/webhooks/${body.id}`);
    expect(await told()).toEqual([]);
  });
});
