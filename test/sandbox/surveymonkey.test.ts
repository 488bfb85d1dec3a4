import { describe, expect, test } from 'vitest';
import { type Account, errorOf, ids, type Json, KINDS, NPS, object, open, rows, START, textAt } from './surveymonkey-stage.ts';

const DAY_MS = 86_400_000;
const CALLBACK = 'http://127.0.0.1:9/back';

/** Consent and exchange, as the app does it. */
async function exchange({ stage }: Account, changes: Readonly<Record<string, string>> = {}, wait: () => void = () => {}) {
  const query = new URLSearchParams({ response_type: 'code', client_id: 'sandbox-client-id', redirect_uri: CALLBACK, state: 's 1' });
  const consent = await fetch(`${stage.origin}/oauth/authorize?${query}`, { redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  expect(back.searchParams.get('state')).toBe('s 1');
  wait();
  const form = {
    client_id: 'sandbox-client-id',
    client_secret: 'sandbox-client-secret',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: CALLBACK,
    grant_type: 'authorization_code',
    ...changes,
  };
  const send = async (body: URLSearchParams | string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${stage.origin}/oauth/token`, { method: 'POST', body, headers });
    return { status: answer.status, body: object(await answer.json()) };
  };
  return { form, send, first: await send(new URLSearchParams(form)) };
}

describe('getting in', () => {
  test('a code becomes a token without an end, and the host that it is good for', async () => {
    const account = await open();
    const { form, send, first } = await exchange(account);
    expect(first).toMatchObject({ status: 200, body: { token_type: 'bearer', access_url: account.stage.origin } });
    expect(Object.keys(first.body).sort()).toEqual(['access_token', 'access_url', 'token_type']);
    expect(await send(new URLSearchParams(form))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    account.hands.wind(400 * DAY_MS);
    const { access_token: token } = first.body;
    expect((await account.call('GET', '/v3/users/me', { token: String(token) })).status).toBe(200);
  });

  test('the exchange is form-encoded, within five minutes, with the right secret and address', async () => {
    const account = await open();
    const { form, send } = await exchange(account);
    expect((await send(JSON.stringify(form), { 'content-type': 'application/json' })).body.error).toBe('invalid_request');
    for (const [changes, error] of [
      [{ client_secret: 'x' }, 'invalid_client'],
      [{ redirect_uri: 'http://127.0.0.1:9/else' }, 'invalid_grant'],
      [{ grant_type: 'refresh_token' }, 'unsupported_grant_type'],
    ] as const) {
      expect((await exchange(account, changes)).first).toMatchObject({ status: 400, body: { error } });
    }
    const late = await exchange(account, {}, () => account.hands.wind(5 * 60_000));
    expect(late.first.body.error).toBe('invalid_grant');
  });

  test('the account of another region is told of by the exchange, refused here, and served there', async () => {
    const there = await open({ host: 'eu', region: 'eu' });
    const here = await open({ host: 'us', region: 'eu', accessUrl: there.stage.origin });
    const { first } = await exchange(here);
    const token = String(first.body.access_token);
    expect(first.body.access_url).toBe(there.stage.origin);
    expect(errorOf(await here.call('GET', '/v3/users/me', { token }))).toEqual([403, '1018']);
    expect((await there.call('GET', '/v3/users/me', { token })).status).toBe(200);
  });

  test('no token, a wrong one, and one that has ended are told apart', async () => {
    const account = await open();
    const me = (token: string) => account.call('GET', '/v3/users/me', { token });
    expect(errorOf(await me(''))).toEqual([401, '1010']);
    expect(errorOf(await me('wrong'))).toEqual([401, '1011']);
    expect(errorOf(await me('token-4-1-forged'))).toEqual([401, '1011']);
    const { first } = await exchange(account);
    account.hands.grants.end(String(first.body.access_token), 'expired');
    expect(errorOf(await me(String(first.body.access_token)))).toEqual([401, '1012']);
    account.hands.grants.end('sm-sandbox-token', 'revoked');
    expect(errorOf(await me('sm-sandbox-token'))).toEqual([401, '1013']);
    const older = await open({ revokedAs: 'status' });
    older.hands.grants.end('sm-sandbox-token', 'revoked');
    expect(await older.get('/users/me')).toMatchObject({ status: 401, body: { status: 1, errmsg: 'Client revoked access grant' } });
  });

  test('a draft app is off after 90 days, and a deleted user is soft deleted first', async () => {
    const account = await open({ app: 'draft' });
    account.hands.grants.deleteUser('soft deleted');
    expect(errorOf(await account.get('/users/me'))).toEqual([404, '1052']);
    account.hands.grants.deleteUser('deleted');
    expect(errorOf(await account.get('/users/me'))).toEqual([410, '1053']);
    account.hands.wind(90 * DAY_MS);
    expect(errorOf(await account.get('/users/me'))).toEqual([401, '1011']);
  });

  test('headers and the user say what the plan has and what was granted; each lack has its own refusal', async () => {
    const account = await open({ granted: 'users_read surveys_read responses_read responses_read_detail' });
    const { body, headers } = await account.get('/users/me');
    expect(headers.get('x-oauth-scopes-granted')).toBe('users_read,surveys_read,responses_read,responses_read_detail');
    expect(headers.get('x-oauth-scopes-available')).toContain('webhooks_write');
    expect(object(body.scopes).granted).toEqual(['users_read', 'surveys_read', 'responses_read', 'responses_read_detail']);
    expect(errorOf(await account.get('/webhooks'))).toEqual([403, '1014']);
    expect((await account.get(`/surveys/${NPS}/responses/bulk`)).status).toBe(200);
    account.hands.grants.changePlan('basic');
    const refused = await account.get(`/surveys/${NPS}/responses/bulk`);
    expect(errorOf(refused)).toEqual([403, '1015']);
    expect(refused.headers.get('x-oauth-scopes-available')).not.toContain('responses_read_detail');
    expect((await account.get(`/surveys/${NPS}/responses`)).status).toBe(200);
    account.hands.grants.loseScope('responses_read');
    expect(errorOf(await account.get(`/surveys/${NPS}/responses`))).toEqual([403, '1014']);
  });
});

describe('what a refusal looks like', () => {
  test('every refusal has the envelope, with its id in text', async () => {
    const { get, call } = await open();
    expect((await get('/surveys/1')).body).toEqual({
      error: {
        docs: expect.stringContaining('https://'),
        message: expect.any(String),
        id: '1020',
        name: 'Resource Not Found',
        http_status_code: 404,
      },
    });
    expect(errorOf(await get('/nothing'))).toEqual([404, '1020']);
    expect(errorOf(await call('GET', '/elsewhere'))).toEqual([404, '1020']);
    expect(errorOf(await call('POST', '/v3/contact_lists', { body: '{' }))).toEqual([400, '1001']);
    expect(errorOf(await call('POST', '/v3/contact_lists', { body: { name: 3 } }))).toEqual([400, '1002']);
    expect(errorOf(await get('/surveys?page=0'))).toEqual([400, '1003']);
    const headers = { 'content-type': 'text/plain' };
    expect(errorOf(await call('POST', '/v3/contact_lists', { body: '{}', headers }))).toEqual([400, '1004']);
    expect(errorOf(await get('/benchmark_bundles'))).toEqual([403, '1015']);
  });

  test('troubles of the vendor come in its own words, as often as asked', async () => {
    const { get, hands } = await open();
    hands.troubles.start({ kind: 'broken', on: 'GET /v3/users/*' });
    hands.troubles.start({ kind: 'unavailable', on: 'GET /v3/surveys', times: 2 });
    hands.troubles.start({ kind: 'bad_gateway', on: 'GET /v3/surveys' });
    expect(errorOf(await get('/users/me'))).toEqual([500, '1050']);
    expect((await get('/users/me')).status).toBe(200);
    const seen = [await get('/surveys'), await get('/surveys'), await get('/surveys')].map(errorOf);
    expect(seen).toEqual([
      [503, '1051'],
      [503, '1051'],
      [502, '1054'],
    ]);
    expect((await get('/surveys')).status).toBe(200);
  });
});

describe('the budget of the app', () => {
  const left = (headers: Headers) => ['Minute', 'Day'].map((name) => Number(headers.get(`x-ratelimit-app-global-${name}-remaining`)));

  test('120 a minute and 500 a day are told on every answer, refusals too, and the day ends at midnight GMT', async () => {
    const { get, call } = await open({ callsPerMinute: 120, callsPerDay: 500 });
    const { headers } = await get('/users/me');
    expect(left(headers)).toEqual([119, 499]);
    expect(headers.get('x-ratelimit-app-global-minute-limit')).toBe('120');
    expect(headers.get('x-ratelimit-app-global-day-limit')).toBe('500');
    expect(headers.get('x-ratelimit-app-global-minute-reset')).toBe('60');
    expect(headers.get('x-ratelimit-app-global-day-reset')).toBe(String(15 * 3600));
    const stranger = await call('GET', '/v3/users/me', { token: 'wrong' });
    expect(left(stranger.headers)).toEqual([119, 499]);
    expect(left((await get('/surveys/1')).headers)).toEqual([118, 498]);
  });

  test('three windows in 30 days may go half over, and then none', async () => {
    const { get, hands } = await open({ callsPerMinute: 4, callsPerDay: 0 });
    const passed = async (): Promise<number> => {
      let count = 0;
      for (let answer = await get('/users/me'); answer.status === 200; answer = await get('/users/me')) count += 1;
      return count;
    };
    const minutes: number[] = [];
    for (let nth = 0; nth < 4; nth += 1) {
      minutes.push(await passed());
      hands.wind(60_000);
    }
    expect(minutes).toEqual([6, 6, 6, 4]);
    hands.wind(30 * DAY_MS);
    expect(await passed()).toBe(6);
    const refused = await get('/users/me');
    expect(errorOf(refused)).toEqual([429, '1040']);
    expect(refused.headers.get('x-ratelimit-app-global-minute-remaining')).toBe('0');
  });

  test('a day that is used up, by other accounts too, is over until midnight', async () => {
    const { get, hands } = await open({ callsPerMinute: 0, callsPerDay: 500, overshoots: 0 });
    hands.limits.useElsewhere(499);
    expect((await get('/users/me')).status).toBe(200);
    hands.wind(15 * 3_600_000 - 1);
    const refused = await get('/users/me');
    expect(errorOf(refused)).toEqual([429, '1040']);
    expect(refused.headers.get('x-ratelimit-app-global-day-reset')).toBe('1');
    hands.wind(1);
    expect((await get('/users/me')).status).toBe(200);
  });

  test('a public app has none', async () => {
    const { get } = await open({ callsPerMinute: 1, callsPerDay: 1, app: 'public' });
    await get('/users/me');
    const { status, headers } = await get('/users/me');
    expect([status, headers.get('x-ratelimit-app-global-day-limit')]).toEqual([200, null]);
  });
});

describe('surveys', () => {
  test('lists come page by page, along links that end', async () => {
    const { get, stage } = await open();
    const first = await get('/surveys?per_page=3&include=language');
    expect(first.body).toMatchObject({ page: 1, per_page: 3, total: 4 });
    expect(Object.keys(object(first.body.links)).sort()).toEqual(['last', 'next', 'self']);
    const next = textAt(first.body, 'links', 'next') ?? '';
    expect(next).toBe(`${stage.origin}/v3/surveys?per_page=3&include=language&page=2`);
    const last = await get(next.replace(`${stage.origin}/v3`, ''));
    expect(ids(last.body)).toEqual([KINDS]);
    expect(Object.keys(object(last.body.links)).sort()).toEqual(['first', 'prev', 'self']);
    expect((await get('/surveys?per_page=5000')).body.per_page).toBe(1000);
  });

  test('a row has its name only, and what is asked for beside it', async () => {
    const { get } = await open({ dateOffsetMinutes: -300 });
    expect(rows((await get('/surveys')).body)[0]).toEqual({
      id: NPS,
      title: 'How are we doing?',
      nickname: '',
      href: expect.stringContaining(`/v3/surveys/${NPS}`),
    });
    const all = await get('/surveys?include=response_count,date_modified,language,question_count');
    expect(rows(all.body)[0]).toMatchObject({
      response_count: 0,
      date_modified: expect.stringMatching(/T04:00:00-05:00$/),
      question_count: 4,
    });
    expect(errorOf(await get('/surveys?include=answers'))).toEqual([400, '1003']);
  });

  test('they can be asked for by time, name, and folder, in the order of their changes', async () => {
    const { get, hands } = await open();
    hands.wind(30_500);
    hands.surveys.edit(KINDS, { title: 'One of each kind' });
    hands.wind(120_000);
    hands.surveys.edit(NPS, { folderId: '77' });
    expect(ids((await get('/surveys?sort_by=date_modified&sort_order=DESC')).body).slice(0, 2)).toEqual([NPS, KINDS]);
    expect(ids((await get('/surveys?start_modified_at=2026-11-22T09:00:59')).body)).toEqual([NPS, KINDS]);
    expect(ids((await get('/surveys?start_modified_at=2026-11-22T09:01:00')).body)).toEqual([NPS]);
    expect(ids((await get('/surveys?title=each&folder_id=0')).body)).toEqual([KINDS]);
    expect(errorOf(await get('/surveys?start_modified_at=2026-11-22T09:00:00%2B00:00'))).toEqual([400, '1003']);
  });

  test('the recommendation question is a matrix whose weights are no scores', async () => {
    const { get } = await open();
    const { body } = await get(`/surveys/${NPS}/details`);
    const [question] = rows(object(rows(body, 'pages')[0]), 'questions');
    expect(question).toMatchObject({ family: 'matrix', subtype: 'rating', headings: [{ heading: expect.stringContaining('<b>') }] });
    const { rows: lines, choices } = object(question?.answers) as { rows: readonly Json[]; choices: readonly Json[] };
    expect(lines.map(({ text }) => text)).toEqual(['']);
    expect(choices.map(({ weight }) => weight)).toEqual([...Array(7).fill(-100), 0, 0, 100, 100]);
    expect([choices[0]?.text, choices[1]?.text, choices[10]?.text]).toEqual(['Not at all likely - 0', '1', 'Extremely likely - 10']);
    expect(choices.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(body.custom_variables).toEqual({ crm_id: 'CRM id', lang: 'Language' });
  });

  test('there is one question of every family and subtype, stars, and a choice that is no score', async () => {
    const { get } = await open();
    const all = await Promise.all(ids((await get('/surveys')).body).map((id) => get(`/surveys/${id}/details`)));
    const questions = all.flatMap(({ body }) => rows(body, 'pages').flatMap((page) => rows(page, 'questions')));
    const kinds = new Set(questions.map(({ family, subtype }) => `${family} ${subtype}`));
    expect([...kinds].sort()).toEqual(
      [
        ...['vertical', 'horiz', 'menu'].map((subtype) => `single_choice ${subtype}`),
        'multiple_choice vertical',
        ...['single', 'rating', 'ranking', 'menu', 'multi'].map((subtype) => `matrix ${subtype}`),
        ...['single', 'multi', 'numerical', 'essay'].map((subtype) => `open_ended ${subtype}`),
        ...['international', 'us'].map((subtype) => `demographic ${subtype}`),
        ...['both', 'date_only', 'time_only'].map((subtype) => `datetime ${subtype}`),
        ...['descriptive_text', 'image'].map((subtype) => `presentation ${subtype}`),
      ].sort(),
    );
    const shown = questions.map((question) => object(question.display_options ?? {}).display_type);
    expect(new Set(shown)).toEqual(new Set([undefined, 'emoji', 'image_choice', 'slider', 'file_upload']));
    expect(JSON.stringify(questions)).toContain('"is_na":true');
    expect(JSON.stringify(questions)).not.toContain('"role"');
  });

  test('details end at the hundredth page without a word; the pages have the rest', async () => {
    const { get, hands, everything } = await open();
    const long = hands.surveys.add('Long', { pages: 120, questionsPerPage: 2 });
    const { body } = await get(`/surveys/${long}/details`);
    expect([rows(body, 'pages').length, body.page_count, body.question_count]).toEqual([100, 120, 240]);
    const pages = await everything(`/surveys/${long}/pages`);
    expect(pages).toHaveLength(120);
    const [question] = await everything(`/surveys/${long}/pages/${pages[119]?.id}/questions`);
    expect(question).toMatchObject({ family: 'open_ended', headings: [{ heading: 'Question 120.1' }] });
    expect((await get(`/surveys/${long}/pages/${pages[119]?.id}/questions/${question?.id}`)).body).toEqual(question);
    const huge = hands.surveys.add('Huge', { pages: 1, questionsPerPage: 1001 });
    expect(errorOf(await get(`/surveys/${huge}/responses/bulk`))).toEqual([413, '1030']);
  });

  test('ids are text, and may be longer than a number can be', async () => {
    const { get, hands } = await open({ idPrefix: '9007199' });
    const [survey] = rows((await get('/surveys')).body);
    const id = hands.answer({ surveyId: String(survey?.id), nps: 9 });
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    expect(ids((await get(`/surveys/${survey?.id}/responses`)).body)).toEqual([id]);
  });

  test('its answers carry its own time', async () => {
    const { get } = await open();
    expect((await get('/users/me')).headers.get('date')).toBe(new Date(START).toUTCString());
  });
});
