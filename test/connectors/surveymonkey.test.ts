import { createHmac } from 'node:crypto';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { surveymonkey } from '../../connectors/surveymonkey/index.ts';
import { manifest } from '../../connectors/surveymonkey/manifest.ts';
import type { Heard } from '../../src/contract/limits.ts';
import type { Delivery } from '../../src/contract/webhook.ts';
import { must } from '../../src/kernel/must.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { askToken, wholeAnswer } from '../../src/sync/sign-in/token-request.ts';
import { type Memory, openMemory } from '../support/memory.ts';
import { testSession } from '../support/session.ts';

const ORIGIN = 'https://api.surveymonkey.com';
const NOW = '2026-11-22T12:00:00Z';
const SURVEY = '512345678';
/** A private app: so each of its surveys is read every quarter of an hour at least. */
const DAY = { 'x-ratelimit-app-global-day-limit': '500' };
const BULK = `/v3/surveys/${SURVEY}/responses/bulk`;
const LIST = {
  page: 1,
  per_page: 1000,
  sort_by: 'date_modified',
  sort_order: 'ASC',
  include: 'response_count,date_modified,language,question_count',
};
const ASCENDING = { per_page: 100, sort_by: 'date_modified', sort_order: 'ASC' };

beforeEach(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

type Body = Readonly<Record<string, unknown>> | readonly unknown[] | string;
type Query = Readonly<Record<string, string | number>>;
/** One answer to one request, exactly as it has to be asked. `at` is the vendor's clock. */
function answers(path: string, query: Query, body: Body, { status = 200, headers = {}, at = NOW, origin = ORIGIN } = {}): void {
  nock(origin, { reqheaders: { authorization: 'bearer t', accept: 'application/json' } })
    .get(path)
    .query(query)
    .reply(status, typeof body === 'string' ? body : JSON.stringify(body), { date: new Date(at).toUTCString(), ...DAY, ...headers });
}

function connect(settings: Readonly<Record<string, string>> = {}) {
  const heard: Heard[] = [];
  const session = testSession(manifest, { origin: ORIGIN, token: 't', settings });
  const ports = surveymonkey.open({ ...session, heard: (limits) => void heard.push(limits) });
  return { session, ports, heard, port: must(ports.objects.response, 'the response port') };
}
type Port = ReturnType<typeof connect>['port'];

const page = (data: readonly unknown[], next = false) => ({
  data,
  links: { self: 'x', ...(next ? { next: 'https://elsewhere.example/v3' } : {}) },
});
const response = (n: number, at: string, more: object = {}) => ({
  ...{ id: String(118900000000 + n), survey_id: SURVEY, response_status: 'completed', date_modified: at.replace('Z', '+00:00'), pages: [] },
  ...more,
});
const listed = (count: number, at = '2026-11-20T00:00:00+00:00') => ({
  id: SURVEY,
  title: 'Care',
  date_modified: at,
  response_count: count,
});
const DETAILS = {
  id: SURVEY,
  title: 'Care',
  date_modified: '2026-11-20T00:00:00+00:00',
  page_count: 1,
  pages: [{ id: '1', questions: [] }],
};
const details = (body: Body = DETAILS) => answers(`/v3/surveys/${SURVEY}/details`, {}, body);

const idsOf = (seen: readonly { readonly id: string }[]) => seen.map(({ id }) => Number(id.split(':')[1]) - 118900000000);

/** Looks as the hub does: the list of surveys, and then each of them. */
async function look(port: Port, memory: Memory): Promise<readonly number[]> {
  const shown: number[] = [];
  for await (const { scope } of must(port.read.scopes, 'scopes')()) shown.push(...idsOf(await memory.read(port, scope)));
  return shown;
}

/** Everything was read, up to a response of the 20th. */
async function settled(count = 1): Promise<{ port: Port; memory: Memory; session: ReturnType<typeof connect>['session'] }> {
  const { port, session } = connect();
  const memory = openMemory();
  answers('/v3/surveys', LIST, page([listed(count)]));
  answers(BULK, { ...ASCENDING, page: 1 }, page([response(1, '2026-11-20T12:04:42Z')]));
  details();
  expect(await look(port, memory)).toEqual([1]);
  expect(nock.isDone()).toBe(true);
  return { port, memory, session };
}

describe('the test call', () => {
  const me = { id: '1', username: 'acme', account_type: 'team_advantage' };
  const NEEDED = ['users_read', 'surveys_read', 'responses_read', 'responses_read_detail'];

  test('says whose account it is, on which plan, and that its day ends in Greenwich', async () => {
    answers('/v3/users/me', {}, { ...me, scopes: { available: NEEDED, granted: NEEDED } });
    expect(await connect().ports.identify()).toEqual({ id: '1', name: 'acme (team_advantage)', timeZone: 'UTC' });
  });

  test.each([
    [
      { available: NEEDED, granted: ['users_read', 'surveys_read', 'responses_read'] },
      {},
      '1014',
      /not granted responses_read_detail: tick it/,
    ],
    [
      { available: ['users_read'], granted: ['users_read'] },
      {},
      '1015',
      /plan of the account \(team_advantage\) does not include surveys_read/,
    ],
    [
      undefined,
      { 'x-oauth-scopes-available': NEEDED.join(','), 'x-oauth-scopes-granted': 'users_read,surveys_read,responses_read' },
      '1014',
      /not granted responses_read_detail/,
    ],
  ])('tells a scope that was not ticked from one that the plan does not have: %j', async (scopes, headers, code, message) => {
    answers('/v3/users/me', {}, { ...me, ...(scopes === undefined ? {} : { scopes }) }, { headers });
    await expect(connect().ports.identify()).rejects.toMatchObject({ kind: 'not_allowed', code, message: expect.stringMatching(message) });
  });

  test('where nothing is said of scopes, nothing is held against them', async () => {
    answers('/v3/users/me', {}, me);
    expect((await connect().ports.identify()).id).toBe('1');
  });
});

describe('signing in', () => {
  const app = { client_id: new Secret('demo-client-id'), client_secret: new Secret('demo-client-secret') };
  const way = must(
    manifest.auth.find(({ kind }) => kind === 'oauth2'),
    'the way through a browser',
  );
  const exchange = async () => {
    const { session, ports } = connect();
    const asking = {
      ...{ origin: ORIGIN, settings: {}, credential: { kind: 'oauth2', values: app }, now: () => new Date(NOW) },
      exchange: async (request: Request) => wholeAnswer(await session.fetch(request)),
    };
    const shown = { grant_type: 'authorization_code', code: 'c0de', redirect_uri: 'https://hub.example/oauth/callback' } as const;
    if (way.kind !== 'oauth2') throw new Error('it is no code flow');
    return askToken({ session: asking, port: must(ports.signIn, 'the sign-in port') }, way, shown);
  };
  const form = {
    ...{ grant_type: 'authorization_code', code: 'c0de', redirect_uri: 'https://hub.example/oauth/callback' },
    ...{ client_id: 'demo-client-id', client_secret: 'demo-client-secret' },
  };

  test('a code is shown as a form, and the token that comes stays for ever, at the host that comes with it', async () => {
    nock(ORIGIN, { reqheaders: { 'content-type': 'application/x-www-form-urlencoded' } })
      .post('/oauth/token', form)
      .reply(200, { access_token: 't', token_type: 'bearer', access_url: 'https://api.eu.surveymonkey.com/' });
    const reply = await exchange();
    expect(reply).toMatchObject({ refreshToken: null, expiresInS: null, instanceUrl: 'https://api.eu.surveymonkey.com', scopes: null });
    answers('/v3/users/me', {}, { id: '1' }, { origin: 'https://api.eu.surveymonkey.com' });
    const { session } = connect();
    const grant = { accessToken: reply.accessToken, instanceUrl: reply.instanceUrl, expiresAt: null };
    expect(await surveymonkey.open({ ...session, grant: async () => grant }).identify()).toMatchObject({ id: '1' });
  });

  test.each([
    [400, { error: 'invalid_grant', error_description: 'spent' }, 'signed_out', 'invalid_grant'],
    [401, { error: { id: '1011', message: 'The authorization token provided was invalid.' } }, 'signed_out', '1011'],
    [400, { status: 1, errmsg: 'Client revoked access grant' }, 'signed_out', '1013'],
    [502, 'oops', 'unreachable', undefined],
    [200, { token_type: 'bearer' }, 'broken_answer', undefined],
    [200, { access_token: 't', access_url: 'nowhere' }, 'broken_answer', undefined],
  ])('a token endpoint that says %i %j is %s', async (status, body, kind, code) => {
    nock(ORIGIN).post('/oauth/token').reply(status, body);
    await expect(exchange()).rejects.toMatchObject({ kind, code });
  });
});

describe('reading', () => {
  test('asks for what was modified, oldest first, from the minute in which a page ended, and shows each response once', async () => {
    const { port } = connect();
    const memory = openMemory();
    answers(BULK, { ...ASCENDING, page: 1 }, page([response(1, '2026-11-20T12:03:11Z'), response(2, '2026-11-20T12:04:02Z')], true));
    details();
    const second = page([response(2, '2026-11-20T12:04:02Z'), response(3, '2026-11-20T12:05:59Z', { collection_mode: 'preview' })]);
    answers(BULK, { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T12:04:00' }, second);
    expect(idsOf(await memory.read(port, SURVEY))).toEqual([1, 2]);
    expect(nock.isDone()).toBe(true);
  });

  test('a survey whose counters stand still costs no call, until it is time to look all the same', async () => {
    const { port, memory, session } = await settled();
    const before = session.calls();
    answers('/v3/surveys', LIST, page([listed(1)]), { at: '2026-11-22T12:14:00Z' });
    expect(await look(port, memory)).toEqual([]);
    expect(session.calls() - before).toBe(1);
    answers('/v3/surveys', LIST, page([listed(1)]), { at: '2026-11-22T12:18:01Z' });
    answers(BULK, { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T11:54:00' }, page([response(1, '2026-11-20T12:04:42Z')]));
    expect(await look(port, memory)).toEqual([]);
    expect(nock.isDone()).toBe(true);
  });

  test('what moved costs one call, with ten minutes read again, and one more when the survey was edited', async () => {
    const { port, memory } = await settled();
    const since = { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T11:54:00' };
    answers('/v3/surveys', LIST, page([listed(2)]));
    answers(BULK, since, page([response(1, '2026-11-20T12:04:42Z'), response(2, '2026-11-21T08:00:30Z')]));
    expect(await look(port, memory)).toEqual([2]);
    answers('/v3/surveys', LIST, page([listed(3, '2026-11-21T09:00:00+00:00')]));
    answers(BULK, { ...since, start_modified_at: '2026-11-21T07:50:00' }, page([response(3, '2026-11-21T09:30:00Z')]));
    details({ ...DETAILS, title: 'Care again' });
    expect(await look(port, memory)).toEqual([3]);
    expect(memory.one(`${SURVEY}:118900000003`).response?.survey.name).toBe('Care again');
    expect(nock.isDone()).toBe(true);
  });

  test('the definition is kept over a restart', async () => {
    const { memory } = await settled();
    answers('/v3/surveys', LIST, page([listed(2)]));
    answers(BULK, { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T11:54:00' }, page([response(2, '2026-11-21T08:00:30Z')]));
    expect(await look(connect().port, memory)).toEqual([2]);
  });

  test('counters that are ahead of the responses are not believed before they were looked into again', async () => {
    const { port, memory } = await settled();
    const since = { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T11:54:00' };
    for (const shown of [[], [response(2, '2026-11-22T11:50:00Z')]]) {
      answers('/v3/surveys', LIST, page([listed(2)]));
      answers(BULK, since, page(shown));
      expect(await look(port, memory)).toEqual(shown.length === 0 ? [] : [2]);
    }
    answers('/v3/surveys', LIST, page([listed(2)]));
    expect(await look(port, memory)).toEqual([]);
    // Where nothing ever comes of it, it is given up.
    for (const moved of [true, true, true, false]) {
      answers('/v3/surveys', LIST, page([listed(9)]));
      if (moved) answers(BULK, { ...since, start_modified_at: '2026-11-22T11:40:00' }, page([]));
      expect(await look(port, memory)).toEqual([]);
    }
    expect(nock.isDone()).toBe(true);
  });

  test('a response that somebody is in the middle of is looked after, and completed is another version of it', async () => {
    const { port, memory } = await settled();
    const part = response(2, '2026-11-22T11:50:00Z', { response_status: 'partial' });
    answers('/v3/surveys', LIST, page([listed(2)]));
    answers(BULK, { ...ASCENDING, page: 1, start_modified_at: '2026-11-20T11:54:00' }, page([part]));
    expect(await look(port, memory)).toEqual([2]);
    answers('/v3/surveys', LIST, page([listed(2)]), { at: '2026-11-22T12:05:00Z' });
    answers(BULK, { ...ASCENDING, page: 1, start_modified_at: '2026-11-22T11:40:00' }, page([response(2, '2026-11-22T11:55:00Z')]));
    expect(await look(port, memory)).toEqual([2]);
    const { response: whole, fields } = memory.one(`${SURVEY}:118900000002`);
    expect([whole?.state, fields.status]).toEqual(['complete', 'completed']);
    expect(nock.isDone()).toBe(true);
  });

  test('more of one minute than a page holds is counted through, and begun again when a row is gone from before', async () => {
    const { port } = connect();
    const memory = openMemory();
    const minute = '2026-11-20T12:03:00Z';
    const [first, second, third] = [1, 2, 3].map((n) => [response(2 * n - 1, minute), response(2 * n, minute)]);
    const since = { ...ASCENDING, start_modified_at: minute.slice(0, 19) };
    answers(BULK, { ...ASCENDING, page: 1 }, page(must(first, 'a page'), true));
    details();
    answers(BULK, { ...since, page: 1 }, page(must(first, 'a page'), true));
    answers(BULK, { ...since, page: 2 }, page([response(4, minute), response(5, minute)], true));
    answers(BULK, { ...since, page: 3 }, page([response(6, minute)]));
    // Asked again, the last page is empty: another row of the first is gone.
    answers(BULK, { ...since, page: 3 }, page([]));
    answers(BULK, { ...since, page: 1 }, page(must(second, 'a page'), true));
    answers(BULK, { ...since, page: 2 }, page(must(third, 'a page')));
    answers(BULK, { ...since, page: 2 }, page(must(third, 'a page')));
    expect(idsOf(await memory.read(port, SURVEY))).toEqual([1, 2, 4, 5, 6, 3]);
    expect(nock.isDone()).toBe(true);
  });

  test('an order that is not the one that was asked for is refused, since it would hide rows', async () => {
    answers(BULK, { ...ASCENDING, page: 1 }, page([response(1, '2026-11-20T12:03:00Z'), response(2, '2026-11-20T11:03:00Z')]));
    await expect(openMemory().read(connect().port, SURVEY)).rejects.toMatchObject({ kind: 'broken_answer' });
  });

  test('the list of surveys goes on until no page comes after it, and settings narrow it down', async () => {
    const asked = async (settings: Readonly<Record<string, string>>) => {
      answers('/v3/surveys', LIST, page([{ id: '1', title: 'One' }, { id: '2' }], true));
      answers('/v3/surveys', { ...LIST, page: 2 }, page([{ id: '2' }, { id: '9007199254740993' }]));
      return Array.fromAsync(must(connect(settings).port.read.scopes, 'scopes')());
    };
    expect(await asked({})).toEqual([
      { scope: '1', name: 'One' },
      { scope: '2', name: 'Survey 2' },
      { scope: '9007199254740993', name: 'Survey 9007199254740993' },
    ]);
    expect(await asked({ surveyIds: '2, 7' })).toEqual([{ scope: '2', name: 'Survey 2' }]);
  });

  test.each([
    ['the details leave out the pages after a hundred', 200, { ...DETAILS, page_count: 101, pages: DETAILS.pages }],
    ['it has more questions than details show', 413, { error: { id: '1030', message: 'too large' } }],
  ])('a survey is read page by page where %s', async (_why, status, body) => {
    answers(`/v3/surveys/${SURVEY}/details`, {}, body, { status });
    if (status === 413) answers(`/v3/surveys/${SURVEY}`, {}, { id: SURVEY, title: 'Care' });
    answers(`/v3/surveys/${SURVEY}/pages`, { page: 1, per_page: 1000 }, page([{ id: '1' }, { id: '2' }]));
    if (status === 413) answers(`/v3/surveys/${SURVEY}/pages/1/questions`, { page: 1, per_page: 1000 }, page([]));
    answers(`/v3/surveys/${SURVEY}/pages/2/questions`, { page: 1, per_page: 1000 }, page([{ id: '8', heading: 'Named only' }]));
    answers(
      `/v3/surveys/${SURVEY}/pages/2/questions/8`,
      {},
      { id: '8', headings: [{ heading: 'Why?' }], family: 'open_ended', subtype: 'essay' },
    );
    expect(await connect().port.fields(SURVEY)).toContainEqual(
      expect.objectContaining({ name: 'answer:8', label: 'Why?', type: 'long_text' }),
    );
    expect(nock.isDone()).toBe(true);
  });
});

describe('looking at responses by their ids', () => {
  const one = (n: number) => `/v3/surveys/${SURVEY}/responses/${118900000000 + n}/details`;
  const id = (n: number) => `${SURVEY}:${118900000000 + n}`;
  const gone = { error: { id: '1020', message: 'There was an error retrieving the requested resource.' } };

  test('one costs one call, and is gone only when SurveyMonkey says so in its own words', async () => {
    answers(one(1), {}, gone, { status: 404 });
    expect(await connect().port.read.byIds([id(1)], openMemory().ask(SURVEY))).toEqual([
      { kind: 'gone', id: id(1), changedAt: '2026-11-22T12:00:00.000Z' },
    ]);
    answers(one(1), {}, '<html>', { status: 404 });
    await expect(connect().port.read.byIds([id(1)], openMemory().ask(SURVEY))).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  test('one that the plan hides is not there, and takes nothing away from who has seen it', async () => {
    const hidden = { error: { id: '1015', message: 'over the limit of the plan' } };
    answers(one(1), {}, hidden, { status: 403 });
    expect(await connect().port.read.byIds([id(1)], openMemory().ask(SURVEY))).toEqual([
      { kind: 'gone', id: id(1), changedAt: new Date(0).toISOString() },
    ]);
    answers(one(1), {}, { error: { id: '1014', message: 'not granted' } }, { status: 403 });
    await expect(connect().port.read.byIds([id(1)], openMemory().ask(SURVEY))).rejects.toMatchObject({ kind: 'not_allowed' });
  });

  test('of several the newest come together, and a trial of the survey is no response', async () => {
    answers(
      BULK,
      { ...ASCENDING, sort_order: 'DESC', page: 1 },
      page([response(2, '2026-11-22T11:00:00Z'), response(1, '2026-11-21T11:00:00Z')]),
    );
    details();
    answers(one(3), {}, response(3, '2026-11-01T11:00:00Z'));
    answers(one(4), {}, response(4, '2026-11-01T11:00:00Z', { collection_mode: 'survey_preview' }));
    const ids = [1, 3, 2, 4, 1].map(id);
    // A sweep asks for those of all surveys together.
    const seen = await connect().port.read.byIds([...ids, 'odd'], openMemory().ask('all'));
    expect(seen.map((each) => [each.id, each.kind])).toEqual([
      ...ids.map((each, at) => [each, at === 3 ? 'gone' : 'present']),
      ['odd', 'gone'],
    ]);
    expect(nock.isDone()).toBe(true);
  });
});

test('the ids of a survey are listed a thousand at a time, and those of a survey that is gone are all gone after one call', async () => {
  const { port } = connect();
  const listing = { page: 1, per_page: 1000, sort_by: 'date_modified', sort_order: 'ASC' };
  answers(`/v3/surveys/${SURVEY}/responses`, listing, page([{ id: '1', href: 'x' }, { id: '2' }], true));
  answers(`/v3/surveys/${SURVEY}/responses`, { ...listing, page: 2 }, page([{ id: '3' }]));
  const ids = must(port.read.ids, 'a census')(openMemory().ask(SURVEY));
  expect((await Array.fromAsync(ids)).flat()).toEqual(['1', '2', '3'].map((id) => `${SURVEY}:${id}`));
  answers(BULK, { ...ASCENDING, sort_order: 'DESC', page: 1 }, { error: { id: '1020', message: 'gone' } }, { status: 404 });
  const seen = await port.read.byIds([`${SURVEY}:1`, `${SURVEY}:2`], openMemory().ask('all'));
  expect(seen.map(({ kind, changedAt }) => [kind, changedAt])).toEqual([1, 2].map(() => ['gone', '2026-11-22T12:00:00.000Z']));
});

describe('refusals', () => {
  const minute = { 'x-ratelimit-app-global-minute-remaining': '0', 'x-ratelimit-app-global-minute-reset': '17' };
  const day = { ...minute, 'x-ratelimit-app-global-day-remaining': '0', 'x-ratelimit-app-global-day-reset': '43200' };
  test.each([
    [401, '1013', 'signed_out', {}, undefined],
    [403, '1014', 'not_allowed', {}, undefined],
    [403, '1015', 'not_allowed', {}, undefined],
    [403, '1016', 'not_allowed', {}, undefined],
    [403, '1018', 'misconfigured', {}, undefined],
    [404, '1020', 'misconfigured', {}, undefined],
    [404, '1052', 'signed_out', {}, undefined],
    [410, '1053', 'signed_out', {}, undefined],
    [429, '1040', 'rate_limited', {}, 60_000],
    [429, '1040', 'rate_limited', minute, 17_000],
    [429, '1040', 'rate_limited', { ...minute, 'retry-after': '3' }, 3_000],
    [429, '1040', 'quota_spent', day, 43_200_000],
    [500, '1050', 'unreachable', {}, undefined],
    [503, '1051', 'unreachable', {}, undefined],
    [502, '1054', 'unreachable', {}, undefined],
    [302, '', 'misconfigured', {}, undefined],
  ])('%i with the id %s is %s', async (status, code, kind, headers, retryAfterMs) => {
    answers('/v3/users/me', {}, { error: { id: code, message: 'Because.', http_status_code: status } }, { status, headers });
    await expect(connect().ports.identify()).rejects.toMatchObject({ kind, retryAfterMs, ...(code === '' ? {} : { code }) });
  });

  test('a region that is not the account’s says which addresses there are, and access that was taken back is signed out with any status', async () => {
    answers('/v3/users/me', {}, { error: { id: '1018', message: 'Wrong data center.' } }, { status: 403 });
    await expect(connect().ports.identify()).rejects.toThrow(/Wrong data center.*api\.eu\.surveymonkey\.com/);
    answers('/v3/users/me', {}, { status: 1, errmsg: 'Client revoked access grant' });
    await expect(connect().ports.identify()).rejects.toMatchObject({ kind: 'signed_out', code: '1013' });
  });

  test('the limits of the app are passed on from every answer that tells them', async () => {
    const { ports, heard } = connect();
    const told = { 'minute-limit': '120', 'minute-remaining': '119', 'day-limit': '500', 'day-remaining': '420' };
    const headers = Object.fromEntries(Object.entries(told).map(([name, value]) => [`x-ratelimit-app-global-${name}`, value]));
    answers('/v3/users/me', {}, { id: '1' }, { headers });
    await ports.identify();
    answers('/v3/users/me', {}, { id: '1' });
    await ports.identify();
    expect(heard).toEqual([{ window: { max: 120, left: 119 }, day: { max: 500, used: 80 } }, {}]);
  });
});

describe('webhooks', () => {
  const webhooks = must(surveymonkey.webhooks, 'the webhook port');
  function delivery(body: string, headers: Readonly<Record<string, string>> = {}, method = 'POST'): Delivery {
    const bytes = new TextEncoder().encode(body);
    return { method, url: 'https://hub.example/webhooks/1', headers: new Headers(headers), body: bytes, receivedAt: new Date(NOW) };
  }
  const sign = (body: string, key: string) => createHmac('sha1', key).update(body).digest('base64');
  const BODY = '{"event_type":"response_completed","object_id":"11900000001"}';
  const headers = { 'Sm-Apikey': 'demo-client-id', 'Sm-Signature': 'v3l5YS6z/iyqY3px2ii5KD+Ec4U=' };

  test('a signature is of the body, by the app’s own id and secret', async () => {
    expect(await webhooks.verify(delivery(BODY, headers), 'demo-client-secret')).toBe(true);
    expect(await webhooks.verify(delivery(`${BODY} `, headers), 'demo-client-secret')).toBe(false);
    expect(await webhooks.verify(delivery(BODY, headers), 'another')).toBe(false);
    expect(await webhooks.verify(delivery(BODY, { ...headers, 'Sm-Apikey': 'another' }), 'demo-client-secret')).toBe(false);
    for (const odd of ['', 'no base64', sign(BODY, 'x').toLowerCase(), `${headers['Sm-Signature']}=`])
      expect(await webhooks.verify(delivery(BODY, { ...headers, 'Sm-Signature': odd }), 'demo-client-secret')).toBe(false);
    const unsecret = { 'Sm-Apikey': 'demo-client-id', 'Sm-Signature': sign(BODY, 'demo-client-id&') };
    expect(await webhooks.verify(delivery(BODY, unsecret), '')).toBe(false);
    expect(await webhooks.verify(delivery(BODY, { 'Sm-Signature': sign(BODY, '&s') }), 's')).toBe(false);
  });

  test('an address answers that it is there, and nothing else is a challenge', () => {
    expect(webhooks.greet(delivery('', {}, 'HEAD'))?.status).toBe(200);
    expect(webhooks.greet(delivery(BODY, headers))).toBeNull();
  });

  test('an event points at a response, and events about anything else at none', () => {
    const event = { event_type: 'response_completed', object_type: 'response', object_id: '11', filter_type: 'survey', filter_id: '5' };
    const hints = (more: object) => webhooks.hints(delivery(JSON.stringify({ ...event, ...more }))).hints;
    const at = { object: 'response', scope: '5', id: '5:11', account: null };
    expect(hints({ resources: { survey_id: '5', user_id: '77' } })).toEqual([{ ...at, reason: 'changed' }]);
    expect(hints({ event_type: 'response_deleted' })).toEqual([{ ...at, reason: 'removed' }]);
    expect(hints({ filter_type: 'collector', filter_id: '6', resources: { survey_id: '5', collector_id: '6' } })).toEqual([
      { ...at, reason: 'changed' },
    ]);
    expect(hints({ event_type: 'survey_updated', object_type: 'survey' })).toEqual([]);
    for (const body of ['', '[]', 'null', '{"event_type":"response_completed","object_id":"1"}'])
      expect(() => webhooks.hints(delivery(body))).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
  });
});
