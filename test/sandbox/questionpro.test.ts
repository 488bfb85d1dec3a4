import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type QuestionproSandbox, questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import { type OpenSandbox, openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

type Json = Readonly<Record<string, unknown>>;
type Stage = OpenSandbox & { readonly hand: QuestionproSandbox };

const town = makeTown({ seed: 3, people: 300 });
const nobody = makeTown({ seed: 3, people: 0 });
const START = Date.parse('2026-11-22T09:00:00Z');
const [NPS, CSAT, CES] = [11_000_001, 11_000_002, 11_000_003];
const opened: OpenSandbox[] = [];

async function open(switches: SandboxOptions['switches'] = {}, options: { full?: boolean; now?: () => Date } = {}): Promise<Stage> {
  let hand: QuestionproSandbox | undefined;
  const definition = { ...questionproSandbox, open: (given: SandboxOptions) => (hand = questionproSandbox.open(given)) };
  const stage = await openSandbox(definition, {
    town: options.full ? town : nobody,
    now: options.now ?? (() => new Date(START)),
    switches,
    seed: 4,
  });
  opened.push(stage);
  if (hand === undefined) throw new Error('the stage opens its sandbox');
  return { ...stage, hand };
}
afterAll(() => Promise.all(opened.map((stage) => stage.close())));

async function call(stage: Stage, path: string, init: RequestInit = {}): Promise<{ status: number; body: Json; headers: Headers }> {
  const answer = await fetch(`${stage.origin}/a/api/v2${path}`, { headers: { 'api-key': 'qp-sandbox-key' }, ...init });
  return { status: answer.status, body: (await answer.json()) as Json, headers: answer.headers };
}
const filter = (stage: Stage, survey: number, body: unknown, query = ''): ReturnType<typeof call> =>
  call(stage, `/surveys/${survey}/responses/filter${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const rows = (body: Json): readonly Json[] => body.response as readonly Json[];
const ids = (body: Json): readonly unknown[] => rows(body).map(({ responseID }) => responseID);
const one = (body: Json): Json => body.response as Json;
const errorOf = (body: Json): Json => (body.response as Json).error as Json;
const set = (response: Json): readonly Json[] => response.responseSet as readonly Json[];
const firstAnswer = (entry: Json | undefined): Json => (entry?.answerValues as readonly Json[] | undefined)?.[0] ?? {};

describe('an account of one year', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open({}, { full: true });
  });

  test('the surveys of the user are listed with their counters', async () => {
    const { body } = await call(stage, '/users/1/surveys');
    expect(rows(body).map(({ surveyID }) => surveyID)).toEqual([NPS, CSAT, CES]);
    for (const survey of rows(body)) {
      const responses = stage.hand.all().filter((response) => response.survey.id === survey.surveyID);
      expect(survey.startedResponses).toBe(responses.length);
      expect(survey.completedResponses).toBe(responses.filter(({ status }) => status === 'Completed').length);
      expect(survey.lastResponseReceived).toMatch(/^\d\d \w{3}, 2026 \d\d:\d\d:\d\d [AP]M P[SD]T$/);
    }
    expect((await call(stage, '/users/2/surveys')).status).toBe(403);
    expect(one((await call(stage, `/surveys/${CSAT}`)).body)).toEqual(rows(body)[1]);
  });

  test('its answers carry its own time, refusals too', async () => {
    const answers = await Promise.all([call(stage, '/users/1'), call(stage, '/users/1', { headers: {} })]);
    for (const { headers } of answers) expect(headers.get('date')).toBe(new Date(START).toUTCString());
  });

  test('all pages together hold every response once', async () => {
    const seen: unknown[] = [];
    let totalPages = 1;
    for (let page = 1; page <= totalPages; page += 1) {
      const { body } = await call(stage, `/surveys/${NPS}/responses?page=${page}&perPage=25`);
      const pagination = body.pagination as Json;
      expect(pagination).toMatchObject({ perPage: 25, currentPage: page });
      totalPages = Number(pagination.totalPages);
      seen.push(...ids(body));
    }
    const held = stage.hand.all().filter(({ survey }) => survey.id === NPS);
    expect(totalPages).toBe(Math.ceil(held.length / 25));
    expect(seen).toEqual(held.map(({ id }) => id));
  });

  test('what is one response in a list is the same alone', async () => {
    const { body } = await call(stage, `/surveys/${CES}/responses?perPage=1`);
    const [response] = rows(body);
    expect(one((await call(stage, `/surveys/${CES}/responses/${response?.responseID}`)).body)).toEqual(response);
    expect((await call(stage, `/surveys/${NPS}/responses/${response?.responseID}`)).status).toBe(404);
  });

  test('people answer in three languages, in their own script, and some do not finish', () => {
    const all = stage.hand.all();
    expect(all.length).toBeGreaterThan(150);
    expect(new Set(all.map(({ language }) => language))).toEqual(new Set(['English', 'Japanese', 'Thai']));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['Completed', 'Started', 'Terminated']));
    expect(all.some(({ comment, language }) => language === 'Thai' && /\p{Script=Thai}/u.test(comment ?? ''))).toBe(true);
  });

  test('they are known by a CRM id, a custom variable, or the contact question, and a few not at all', () => {
    const all = stage.hand.all();
    const crmIds = new Set(['hubspot', 'salesforce'].flatMap((system) => town.inSystem(system).map(({ id }) => id)));
    const referenced = all.filter(({ externalReference }) => externalReference !== '');
    expect(referenced.length).toBeGreaterThan(40);
    expect(referenced.filter(({ externalReference }) => !crmIds.has(externalReference))).toEqual([]);
    expect(all.filter(({ customs }) => customs.custom1?.includes('@')).length).toBeGreaterThan(30);
    expect(all.filter(({ contact }) => contact?.email).length).toBeGreaterThan(10);
    expect(all.filter(({ contact }) => contact?.phone && contact.email === '').length).toBeGreaterThan(3);
    const anonymous = all.filter(({ externalReference, customs, contact, status }) => {
      return status === 'Completed' && !externalReference && !customs.custom1 && !customs.custom2?.startsWith('+') && contact === null;
    });
    expect(anonymous.length / all.length).toBeLessThan(0.15);
    expect(stage.hand.people()).toBeGreaterThan(80);
    expect(stage.hand.people()).toBeLessThan(all.length);
  });

  test('the same seed tells the same year', async () => {
    const again = await open({}, { full: true });
    expect(again.hand.all()).toEqual(stage.hand.all());
  });
});

describe('one response', () => {
  test('the text of a 0 to 10 answer is the score, its scale is only the position', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: NPS, score: 9, comment: '配送がとても早かった' });
    const response = one((await call(stage, `/surveys/${NPS}/responses/${id}`)).body);
    expect(firstAnswer(set(response)[0])).toMatchObject({ answerText: '9', value: { scale: '10' } });
    expect(firstAnswer(set(response)[1])).toMatchObject({ answerText: '', value: { text: '配送がとても早かった' } });
  });

  test('on a 1 to 5 question both are equal', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: CSAT, score: 3 });
    const response = one((await call(stage, `/surveys/${CSAT}/responses/${id}`)).body);
    expect(firstAnswer(set(response)[0])).toMatchObject({ answerText: '3', value: { scale: '3' } });
  });

  test('a score that the question does not offer cannot be filed', async () => {
    const { hand } = await open();
    expect(() => hand.answer({ surveyId: NPS, score: 11 })).toThrow(/from 0 to 10/);
    expect(() => hand.answer({ surveyId: CES, score: 0 })).toThrow(/from 1 to 7/);
  });

  test('each row of a matrix is an entry of its own, with the id of the row', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: CSAT, score: 4, matrix: [5, 4, 1] });
    const questions = rows((await call(stage, `/surveys/${CSAT}/questions`)).body);
    const matrix = questions.find(({ type }) => type === 'matrix_radio');
    const [matrixRows, columns] = [matrix?.rows as readonly Json[], matrix?.columns as readonly Json[]];
    const response = one((await call(stage, `/surveys/${CSAT}/responses/${id}`)).body);
    const entries = set(response).filter(({ questionCode }) => String(questionCode).startsWith('Q2_'));
    expect(entries.map(({ questionID }) => questionID)).toEqual(matrixRows.map(({ rowID }) => rowID));
    expect(entries.map((entry) => firstAnswer(entry).answerText)).toEqual(['5', '4', '1']);
    const columnIds = columns.map(({ columnID }) => columnID);
    for (const entry of entries) expect(columnIds).toContain(firstAnswer(entry).answerID);
  });

  test('a contact question comes part by part, named in the answer text', async () => {
    const stage = await open();
    const contact = { firstName: 'Ada', lastName: 'King', email: 'ada@example.com', phone: '' };
    const id = stage.hand.answer({ surveyId: NPS, score: 10, contact });
    const response = one((await call(stage, `/surveys/${NPS}/responses/${id}`)).body);
    const parts = set(response).filter(({ questionCode }) => String(questionCode).startsWith('Q3_'));
    expect(parts.map((part) => [part.questionCode, firstAnswer(part).answerText, (firstAnswer(part).value as Json).text])).toEqual([
      ['Q3_1', 'FIRST_NAME', 'Ada'],
      ['Q3_2', 'LAST_NAME', 'King'],
      ['Q3_3', 'EMAIL', 'ada@example.com'],
      ['Q3_4', 'PHONE', ''],
    ]);
  });

  test('a word that was not offered stands beside "Other"', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: CSAT, score: 4, topic: 'the driver' });
    const response = one((await call(stage, `/surveys/${CSAT}/responses/${id}`)).body);
    const topic = set(response).find(({ questionCode }) => questionCode === 'Q3');
    expect(firstAnswer(topic)).toMatchObject({ answerText: 'Other', value: { other: 'the driver' } });
  });

  test('a text left empty has the answer id 0', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: NPS, score: 2 });
    const response = one((await call(stage, `/surveys/${NPS}/responses/${id}`)).body);
    expect(firstAnswer(set(response)[1]).answerID).toBe(0);
  });

  test('a custom variable is known by its label where it has one, and null when it is empty', async () => {
    const stage = await open();
    const labelled = stage.hand.answer({ surveyId: CSAT, score: 4, customs: { custom1: 'ada@example.com', custom7: 'x' } });
    const plain = stage.hand.answer({ surveyId: NPS, score: 4, customs: { custom1: 'ada@example.com' } });
    expect(one((await call(stage, `/surveys/${CSAT}/responses/${labelled}`)).body).customVariables).toEqual({
      Email: 'ada@example.com',
      Mobile: null,
      Plan: null,
      custom4: null,
      custom5: null,
      custom7: 'x',
    });
    expect(one((await call(stage, `/surveys/${NPS}/responses/${plain}`)).body).customVariables).toEqual({
      custom1: 'ada@example.com',
      custom2: null,
      custom3: null,
      custom4: null,
      custom5: null,
    });
  });

  test('its time is written in the zone of the account, with the letters of that day, and in UTC beside it', async () => {
    const stage = await open();
    const summer = stage.hand.answer({ surveyId: NPS, score: 4, at: new Date('2026-11-01T08:59:59Z') });
    const winter = stage.hand.answer({ surveyId: NPS, score: 4, at: new Date('2026-11-21T05:14:05Z') });
    expect(one((await call(stage, `/surveys/${NPS}/responses/${summer}`)).body)).toMatchObject({
      timestamp: '01 Nov, 2026 01:59:59 AM PDT',
      utctimestamp: Date.parse('2026-11-01T08:59:59Z') / 1000,
    });
    expect(one((await call(stage, `/surveys/${NPS}/responses/${winter}`)).body)).toMatchObject({
      timestamp: '20 Nov, 2026 09:14:05 PM PST',
      utctimestamp: 1_795_238_045,
    });
    const indian = await open({ timeZone: 'Asia/Kolkata', utcTimestampIn: 'milliseconds' });
    const id = indian.hand.answer({ surveyId: NPS, score: 4, at: new Date('2026-11-21T05:14:05Z') });
    expect(one((await call(indian, `/surveys/${NPS}/responses/${id}`)).body)).toMatchObject({
      timestamp: '21 Nov, 2026 10:44:05 AM IST',
      utctimestamp: 1_795_238_045_000,
    });
  });

  test('one that was started is completed later under its id, and the counters show it', async () => {
    const stage = await open();
    const id = stage.hand.answer({ surveyId: NPS, status: 'Started', at: new Date(START - 3_600_000) });
    const before = one((await call(stage, `/surveys/${NPS}`)).body);
    stage.hand.complete(id, { score: 8 });
    const after = one((await call(stage, `/surveys/${NPS}`)).body);
    expect([before.completedResponses, after.completedResponses]).toEqual([0, 1]);
    expect([before.startedResponses, after.startedResponses]).toEqual([1, 1]);
    expect(one((await call(stage, `/surveys/${NPS}/responses/${id}`)).body)).toMatchObject({
      responseStatus: 'Completed',
      utctimestamp: START / 1000,
    });
  });
});

describe('the filter', () => {
  test('both ends of the window are inside, in the zone that it names', async () => {
    const stage = await open();
    const at = (iso: string): number => stage.hand.answer({ surveyId: NPS, score: 5, at: new Date(iso) });
    const [before, first, last, after] = [
      at('2026-11-20T09:59:59Z'),
      at('2026-11-20T10:00:00Z'),
      at('2026-11-20T11:00:00Z'),
      at('2026-11-20T11:00:01Z'),
    ];
    const utc = await filter(stage, NPS, { startDate: '2026-11-20T10:00:00', endDate: '2026-11-20T11:00:00', timeZone: 'GMT+00:00' });
    expect(ids(utc.body)).toEqual([first, last]);
    const bangkok = await filter(stage, NPS, { startDate: '2026-11-20T16:59:59', endDate: '2026-11-20T18:00:00', timeZone: 'GMT+07:00' });
    expect(ids(bangkok.body)).toEqual([before, first, last]);
    const newYork = await filter(stage, NPS, { startDate: '2026-11-20T06:00:01', endDate: '2026-11-20T07:00:00', timeZone: 'GMT-05:00' });
    expect(ids(newYork.body)).toEqual([after]);
  });

  test('without a zone the window is US Pacific, in summer and in winter', async () => {
    const stage = await open();
    const summer = stage.hand.answer({ surveyId: NPS, score: 5, at: new Date('2026-07-01T19:00:00Z') });
    const winter = stage.hand.answer({ surveyId: NPS, score: 5, at: new Date('2026-11-20T20:00:00Z') });
    expect(ids((await filter(stage, NPS, { startDate: '2026-07-01T12:00:00', endDate: '2026-07-01T12:00:00' })).body)).toEqual([summer]);
    expect(ids((await filter(stage, NPS, { startDate: '2026-11-20T12:00:00', endDate: '2026-11-20T12:00:00' })).body)).toEqual([winter]);
  });

  test('the window looks at the completion, or at the start when it is told to', async () => {
    const filed = async (switches: SandboxOptions['switches']): Promise<readonly unknown[]> => {
      const stage = await open(switches);
      const times = { startedAt: new Date('2026-11-20T10:00:00Z'), at: new Date('2026-11-20T10:05:00Z') };
      stage.hand.answer({ surveyId: NPS, score: 5, ...times });
      const window = { startDate: '2026-11-20T10:04:00', endDate: '2026-11-20T10:06:00', timeZone: 'GMT+00:00' };
      return ids((await filter(stage, NPS, window)).body);
    };
    expect(await filed({})).toHaveLength(1);
    expect(await filed({ windowOn: 'start' })).toHaveLength(0);
  });

  test('it tells the results apart by mode', async () => {
    const stage = await open();
    const [done, begun, ended] = [
      stage.hand.answer({ surveyId: NPS, score: 5 }),
      stage.hand.answer({ surveyId: NPS, status: 'Started' }),
      stage.hand.answer({ surveyId: NPS, status: 'Terminated' }),
    ];
    const by = async (resultMode: number): Promise<readonly unknown[]> => ids((await filter(stage, NPS, { resultMode })).body);
    expect(await by(0)).toEqual([done, begun, ended]);
    expect([await by(1), await by(2), await by(3)]).toEqual([[begun], [done], [ended]]);
  });

  test('it finds by custom variable, low and high, and by external reference', async () => {
    const stage = await open();
    const id = stage.hand.answer({
      surveyId: CSAT,
      score: 5,
      externalReference: '1001',
      customs: { custom1: 'a@b.example', custom7: 'north' },
    });
    stage.hand.answer({ surveyId: CSAT, score: 5 });
    expect(ids((await filter(stage, CSAT, { custom1: 'a@b.example' })).body)).toEqual([id]);
    expect(ids((await filter(stage, CSAT, { highCustomVariables: { custom7: 'north' } })).body)).toEqual([id]);
    expect(ids((await call(stage, `/surveys/${CSAT}/responses/filter?extRef=1001`)).body)).toEqual([id]);
  });

  test('a window that nobody answered in is an empty page of no pages', async () => {
    const stage = await open();
    const { body } = await filter(stage, NPS, { startDate: '2020-01-01T00:00:00', endDate: '2020-01-02T00:00:00', timeZone: 'GMT+00:00' });
    expect(body).toMatchObject({ response: [], pagination: { totalItems: 0, totalPages: 0, currentPage: 1 } });
  });

  test('what it cannot read is refused, and the reason is told apart', async () => {
    const stage = await open();
    expect(errorOf((await filter(stage, NPS, '{"resultMode":')).body)).toMatchObject({ id: 1001, httpStatusCode: 400 });
    for (const body of [
      { resultMode: 7 },
      { startDate: '2026-11-20T10:00:00' },
      { startDate: '2026-11-20T10:00:00Z', endDate: '2026-11-20T11:00:00Z' },
      { startDate: '2026-11-20T10:00:00', endDate: '2026-11-20T11:00:00', timeZone: 'UTC' },
      { custom6: 'x' },
      [],
    ]) {
      const { status, body: answer } = await filter(stage, NPS, body);
      expect([status, errorOf(answer).id]).toEqual([400, 1002]);
    }
  });
});

describe('who may call, and how often', () => {
  test('without the key in its header nobody gets in', async () => {
    const stage = await open();
    expect((await call(stage, '/users/1/surveys', { headers: {} })).status).toBe(401);
    const { status, body } = await call(stage, '/users/1/surveys?apiKey=qp-sandbox-key', { headers: {} });
    expect(status).toBe(401);
    expect(errorOf(body)).toMatchObject({ id: 1010, name: 'UNAUTHORIZED', resourceUrl: expect.stringContaining('apiKey=') });
  });

  test('the 301st call of a minute is refused, and the next minute opens again', async () => {
    let now = START;
    const stage = await open({ retryAfter: true }, { now: () => new Date(now) });
    const statuses = await Promise.all(Array.from({ length: 301 }, () => call(stage, '/users/1').then(({ status }) => status)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(300);
    now += 59_999;
    const refused = await call(stage, '/users/1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    now += 1;
    expect((await call(stage, '/users/1')).status).toBe(200);
  });

  test('a spent quota refuses every call for good, with the id that elsewhere means a missing right', async () => {
    let now = START;
    const stage = await open({ callQuota: 2, errorIdAs: 'string' }, { now: () => new Date(now) });
    await call(stage, '/users/1');
    await call(stage, '/users/1');
    now += 86_400_000;
    const { status, body } = await call(stage, '/users/1');
    expect(status).toBe(429);
    expect(errorOf(body)).toMatchObject({ id: '1013', message: expect.stringContaining('API call limit exceeded') });
  });

  test('unknown paths, surveys, and page numbers are refused each in its way', async () => {
    const stage = await open();
    expect(errorOf((await call(stage, '/surveys/5')).body)).toMatchObject({ id: 1040, httpStatusCode: 404 });
    expect((await call(stage, '/nothing/here')).status).toBe(404);
    expect((await call(stage, '/surveys/five')).status).toBe(400);
    expect(errorOf((await call(stage, `/surveys/${NPS}/responses?page=0`)).body)).toMatchObject({ id: 1003, httpStatusCode: 400 });
    const clamped = await call(stage, `/surveys/${NPS}/responses?perPage=10000`);
    expect((clamped.body.pagination as Json).perPage).toBe(1000);
    expect((await call(await open({ perPageOver: 'refuse' }), `/surveys/${NPS}/responses?perPage=10000`)).status).toBe(400);
  });

  test('a switch that it does not know is refused', async () => {
    await expect(open({ callsPerMinutes: 5 })).rejects.toThrow(/no switch "callsPerMinutes"/);
    await expect(open({ callsPerMinute: 'many' })).rejects.toThrow(/is a number/);
    await expect(open({ order: 'sideways' })).rejects.toThrow(/asc, desc, shuffled/);
    await expect(open({ timeZone: 'Mars/Olympus' })).rejects.toThrow(/time zone/);
  });
});

describe('life', () => {
  test('newest first, an answer that arrives between two pages pushes a row onto the next', async () => {
    const stage = await open({ order: 'desc' });
    const filed = [1, 2, 3, 4].map((score) => stage.hand.answer({ surveyId: NPS, score }));
    const first = ids((await call(stage, `/surveys/${NPS}/responses?perPage=2`)).body);
    stage.hand.answer({ surveyId: NPS, score: 5 });
    const second = ids((await call(stage, `/surveys/${NPS}/responses?perPage=2&page=2`)).body);
    expect(first).toEqual([filed[3], filed[2]]);
    expect(second).toEqual([filed[2], filed[1]]);
  });

  test('answers arrive by themselves after each page when they are told to', async () => {
    const stage = await open({ arrivalsPerPage: 2 }, { full: true });
    const before = stage.hand.all().length;
    await call(stage, `/surveys/${NPS}/responses`);
    expect(stage.hand.all().length).toBeGreaterThan(before);
  });

  test('shuffled, the order is the same at every look', async () => {
    const stage = await open({ order: 'shuffled' }, { full: true });
    const look = async (): Promise<readonly unknown[]> => ids((await call(stage, `/surveys/${NPS}/responses?perPage=1000`)).body);
    const seen = await look();
    expect(await look()).toEqual(seen);
    expect(seen).not.toEqual(seen.toSorted((a, b) => Number(a) - Number(b)));
  });

  test('a stir is an answer now, told in one sentence', async () => {
    const stage = await open({}, { full: true });
    const before = stage.hand.all().length;
    const random = randomFrom(1);
    const told = Array.from({ length: 40 }, () => stage.hand.life.stir(random));
    for (const sentence of told) expect(sentence).toMatch(/^[^\n]+\.$/);
    const fresh = stage.hand.all().filter(({ at }) => at === START);
    expect(fresh).toHaveLength(40);
    expect(stage.hand.all().length).toBeLessThan(before + 40);
  });
});

describe('the CX workspace', () => {
  const cx = (stage: Stage, transactionStartDate: unknown, transactionEndDate: unknown) =>
    call(stage, '/cx/responses', { method: 'POST', body: JSON.stringify({ transactionStartDate, transactionEndDate }) });

  test('lists answers by the day of what they are about, month first, in the zone of the account', async () => {
    const stage = await open();
    // Still the second in Los Angeles.
    const happenedAt = new Date('2026-11-03T05:00:00Z');
    const id = stage.hand.answer({ surveyId: 11_000_004, score: 3, happenedAt });
    expect(ids((await cx(stage, '11/02/2026', '11/02/2026')).body)).toEqual([id]);
    expect(ids((await cx(stage, '11/03/2026', '11/30/2026')).body)).toEqual([]);
    // The day first is another day, or none.
    expect(ids((await cx(stage, '02/11/2026', '03/11/2026')).body)).toEqual([]);
    for (const odd of ['13/11/2026', '2026-11-03', '11/31/2026', '1/2/2026', undefined, 5]) {
      const { status, body } = await cx(stage, odd, '11/30/2026');
      expect([status, errorOf(body).id]).toEqual([400, 1002]);
    }
  });

  test('shows an answer with the time of its own clock only, and the business unit where it is told to', async () => {
    const shownIn = async (switches: SandboxOptions['switches']): Promise<Json> => {
      const stage = await open(switches);
      stage.hand.answer({ surveyId: 11_000_004, score: 3, customs: { custom1: 'a@b.example' }, segmentCode: 'S2' });
      return rows((await cx(stage, '01/01/2026', '12/31/2026')).body)[0] ?? {};
    };
    const shown = await shownIn({ timeZone: 'Asia/Kolkata' });
    expect(shown).toMatchObject({ timestamp: '22 Nov, 2026 02:30:00 PM IST', customVariables: { Email: 'a@b.example', custom3: null } });
    for (const name of ['utctimestamp', 'surveyName', 'segmentCode']) expect(shown).not.toHaveProperty(name);
    expect(firstAnswer(set(shown)[0])).toMatchObject({ answerText: '3', value: { scale: '4' } });
    expect(await shownIn({ cxShowsSegment: true })).toMatchObject({ segmentCode: 'S2' });
  });

  test('stands apart from the surveys of the user, as far as it is told to', async () => {
    const stage = await open({ cxSurveysApart: true });
    const id = stage.hand.answer({ surveyId: 11_000_004, score: 3 });
    for (const path of ['', '/questions', '/responses', `/responses/${id}`])
      expect((await call(stage, `/surveys/11000004${path}`)).status).toBe(404);
    const listed = await call(await open({ cxSurveysListed: true }), '/users/1/surveys');
    expect(rows(listed.body)).toHaveLength(4);
  });
});
