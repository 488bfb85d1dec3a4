import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Account, CSAT, errorOf, KINDS, NPS, openAccount, openReceiver, rows } from './surveymonkey-stage.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

const ask = (method: string, path: string, body?: unknown) =>
  account.call(method, `/_sandbox/api${path}`, { token: '', ...(body === undefined ? {} : { body }) });

test('people answer, go on, finish, edit, and erase, by calls', async () => {
  const made = await ask('POST', '/responses', { surveyId: NPS, nps: 3, status: 'partial', customVariables: { crm_id: '7' } });
  expect(made.status).toBe(201);
  const id = String(made.body.id);
  await ask('POST', `/responses/${id}/goOn`, { comment: 'slow' });
  await ask('POST', `/responses/${id}/complete`, { liked: ['Price'] });
  await ask('POST', `/responses/${id}/edit`, { nps: 8 });
  expect(rows((await ask('GET', '/responses')).body, 'results')).toMatchObject([
    { id, status: 'completed', customVariables: { crm_id: '7' } },
  ]);
  expect((await ask('GET', '/state')).body).toMatchObject({ responses: { completed: 1, partial: 0 }, webhooks: { waiting: 0 } });
  expect((await ask('POST', `/responses/${id}/complete`, {})).status).toBe(400);
  expect((await ask('POST', '/responses', { surveyId: NPS, nps: 'much' })).status).toBe(400);
  expect((await ask('POST', '/responses', { surveyId: '1', nps: 1 })).status).toBe(400);
  expect((await ask('POST', `/responses/${id}/erase`)).status).toBe(204);
  expect((await account.get(`/surveys/${NPS}/responses`)).body.total).toBe(0);
});

test('authors, contacts, and time', async () => {
  const { body } = await ask('POST', '/surveys', { title: 'Long', pages: 101, questionsPerPage: 1 });
  expect((await account.get(`/surveys/${body.id}`)).body.page_count).toBe(101);
  const { pages } = account.hands.surveys.get(CSAT);
  const choices = () => account.hands.surveys.get(CSAT).pages[0]?.questions[0]?.choices.map(({ id }) => id);
  const [first] = choices() ?? [];
  expect((await ask('DELETE', `/surveys/${CSAT}/choices/${first}`)).status).toBe(204);
  expect(choices()).not.toContain(first);
  expect(pages).toHaveLength(2);
  const { id } = account.hands.contacts.put({ email: 'ada@example.com', firstName: 'Ada', lastName: 'L' });
  await ask('POST', `/contacts/${id}/status`, { status: 'optout' });
  expect((await account.get('/contacts?status=optout')).body.total).toBe(1);
  expect((await ask('POST', '/clock', { ms: 1000 })).body).toEqual({ now: '2026-11-22T09:00:01.000Z' });
});

test('the page shows surveys and responses; what it offers is done, and what cannot be is said', async () => {
  const page = async (path: string, form?: Readonly<Record<string, string>>) => {
    const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const answer = await fetch(`${account.stage.origin}/_sandbox${path}`, body);
    return { status: answer.status, text: await answer.text() };
  };
  const { text } = await page(`/surveys/${NPS}/answers`, { score: '9', comment: '<i>fast</i>', crm_id: '<4711>' });
  expect(text).toContain('How are we doing?');
  expect(text).toContain('&lt;4711&gt;');
  const [one] = account.hands.all();
  expect(one).toMatchObject({ surveyId: NPS, customVariables: { crm_id: '<4711>' } });
  expect((await page(`/responses/${one?.id}/complete`, {})).text).toContain('not under way');
  expect((await page(`/surveys/${NPS}/answers`, { score: '11' })).text).toContain('there is no choice');
  await page(`/surveys/${KINDS}/fillIn`, {});
  await page(`/responses/${one?.id}/erase`, {});
  expect(account.hands.all().map(({ surveyId }) => surveyId)).toEqual([KINDS]);
  expect((await ask('POST', `/surveys/${KINDS}/fillIn`)).status).toBe(201);
});

test('access, limits, and troubles', async () => {
  const client = (await ask('GET', '/oauth/client')).body;
  const given = await ask('POST', '/oauth/code', { redirectUri: 'http://127.0.0.1:9/' });
  const form = { grant_type: 'authorization_code', code: String(given.body.code), redirect_uri: 'http://127.0.0.1:9/' };
  const body = new URLSearchParams({ ...form, client_id: String(client.id), client_secret: String(client.secret) });
  const { access_token: token } = await (await fetch(`${account.stage.origin}/oauth/token`, { method: 'POST', body })).json();
  const me = () => account.call('GET', '/v3/users/me', { token });
  expect((await me()).status).toBe(200);
  await ask('POST', '/troubles', { kind: 'broken', on: 'GET /v3/users/me', times: 5 });
  expect(errorOf(await me())).toEqual([500, '1050']);
  await ask('DELETE', '/troubles');
  await ask('POST', '/scopes/lose', { scope: 'users_read' });
  expect(errorOf(await me())).toEqual([403, '1014']);
  await ask('POST', '/plan', { plan: 'basic' });
  expect(errorOf(await account.get(`/surveys/${NPS}/responses/bulk`))).toEqual([403, '1015']);
  await ask('POST', '/tokens/end', { token, how: 'revoked' });
  expect(errorOf(await me())).toEqual([401, '1013']);
  await ask('POST', '/user/delete', { how: 'deleted' });
  expect(errorOf(await account.get('/users/me'))).toEqual([410, '1053']);
  expect((await ask('POST', '/troubles', { kind: 'thunder' })).status).toBe(400);
  expect((await ask('POST', '/limits/elsewhere', { count: 3 })).status).toBe(204);
});

test('webhooks wait until they are told to go', async () => {
  const receiver = await openReceiver();
  const hook = {
    name: 'n',
    event_type: 'response_completed',
    object_type: 'survey',
    object_ids: [NPS],
    subscription_url: receiver.url('/h'),
  };
  await account.call('POST', '/v3/webhooks', { body: hook });
  await ask('POST', '/responses', { surveyId: NPS, nps: 9 });
  expect((await ask('GET', '/webhooks')).body).toMatchObject({ waiting: 1, webhooks: [{ eventType: 'response_completed' }] });
  expect((await ask('POST', '/webhooks/deliver')).body).toEqual({ waiting: 0, lost: 0 });
  expect(receiver.got).toHaveLength(1);
  await receiver.close();
});
