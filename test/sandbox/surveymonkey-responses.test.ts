import { describe, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import { type Account, CES, CSAT, errorOf, ids, type Json, KINDS, NPS, object, open, rows, town } from './surveymonkey-stage.ts';

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`);
const bulk = (survey: string, query = ''): string => `/surveys/${survey}/responses/bulk${query}`;
const questionsIn = (response: Json | undefined): readonly Json[] =>
  rows(must(response, 'a response'), 'pages').flatMap((page) => rows(page, 'questions'));
async function only({ get }: Account, survey: string, query = ''): Promise<Json> {
  const { body } = await get(bulk(survey, query));
  expect(body.total).toBe(1);
  return must(rows(body)[0], 'the response');
}
/** The questions of a survey by the words of their headings. */
async function defined({ get }: Account, survey: string): Promise<(heading: string) => Json> {
  const { body } = await get(`/surveys/${survey}/details`);
  const all = rows(body, 'pages').flatMap((page) => rows(page, 'questions'));
  return (heading) =>
    must(
      all.find((question) => JSON.stringify(question.headings).includes(heading)),
      heading,
    );
}
const parts = (question: Json, kind: string): readonly Json[] => rows(object(question.answers), kind);

describe('one response', () => {
  test('is ids all through, and joins with the definition', async () => {
    const account = await open();
    const id = account.hands.answer({
      surveyId: NPS,
      nps: 6,
      comment: 'サポートが丁寧でした',
      liked: ['Support', 'your newsletter'],
      contact: { name: 'Ada', email: 'ada@example.com' },
      customVariables: { crm_id: 'CRM-000481', stray: 'x' },
      startedAt: at('12:03:11'),
      at: at('12:04:02'),
    });
    const response = await only(account, NPS);
    expect(response).toMatchObject({
      id,
      survey_id: NPS,
      collection_mode: 'default',
      response_status: 'completed',
      custom_value: '',
      custom_variables: { crm_id: 'CRM-000481' },
      metadata: {},
      total_time: 51,
      date_created: '2026-11-20T12:03:11+00:00',
      date_modified: '2026-11-20T12:04:02+00:00',
    });
    expect(response.custom_variables).not.toHaveProperty('stray');
    expect(['', '0']).toContain(response.recipient_id);
    const question = await defined(account, NPS);
    const [recommend, liked, contact] = [question('recommend'), question('What do you like'), question('come back')];
    expect(questionsIn(response).map(({ answers }) => answers)).toEqual([
      [{ row_id: parts(recommend, 'rows')[0]?.id, choice_id: parts(recommend, 'choices')[6]?.id }],
      [{ text: 'サポートが丁寧でした' }],
      [{ choice_id: parts(liked, 'choices')[2]?.id }, { other_id: object(object(liked.answers).other).id, text: 'your newsletter' }],
      [
        { row_id: parts(contact, 'rows')[0]?.id, text: 'Ada' },
        { row_id: parts(contact, 'rows')[2]?.id, text: 'ada@example.com' },
      ],
    ]);
    expect(questionsIn(response)[0]).toHaveProperty('variable_id');
    expect((await account.get(`/surveys/${NPS}/responses/${id}/details`)).body).toEqual(response);
    const head = (await account.get(`/surveys/${NPS}/responses/${id}`)).body;
    expect(head).toMatchObject({ id });
    expect(head).not.toHaveProperty('pages');
    expect(rows((await account.get(`/surveys/${NPS}/responses`)).body)).toEqual([{ id, href: response.href }]);
  });

  test('simple adds the words, and pages and questions can be chosen', async () => {
    const account = await open();
    account.hands.answer({ surveyId: NPS, nps: 10, comment: 'Fast' });
    const simple = questionsIn(await only(account, NPS, '?simple=true'));
    expect(simple.map(({ answers }) => object((answers as readonly Json[])[0]).simple_text)).toEqual(['Extremely likely - 10', 'Fast']);
    expect(simple[0]).toMatchObject({ answers: [{ tag_data: [] }] });
    const [first, second] = rows(await only(account, NPS), 'pages');
    expect(rows(await only(account, NPS, `?page_ids=${second?.id}`), 'pages').map(({ id }) => id)).toEqual([second?.id]);
    const asked = await only(account, NPS, `?question_ids=${rows(must(first, 'a page'), 'questions')[0]?.id}`);
    expect(questionsIn(asked)).toHaveLength(1);
  });

  test('a choice that was taken away is gone from the definition and stays in the answer', async () => {
    const account = await open();
    account.hands.answer({ surveyId: CSAT, csat: 'n/a', topic: 'Price' });
    const before = await defined(account, CSAT);
    const price = must(
      parts(before('What was it about'), 'choices').find(({ text }) => text === 'Price'),
      'price',
    );
    account.hands.wind(60_000);
    account.hands.surveys.removeChoice(CSAT, String(price.id));
    const left = await defined(account, CSAT);
    expect(parts(left('What was it about'), 'choices').map(({ text }) => text)).not.toContain('Price');
    const answers = questionsIn(await only(account, CSAT)).flatMap((question) => rows(question, 'answers'));
    expect(answers.map(({ choice_id }) => choice_id)).toContain(price.id);
    const notAScore = parts(left('How satisfied'), 'choices').find(({ is_na }) => is_na === true);
    expect(answers[0]?.choice_id).toBe(notAScore?.id);
    const { body } = await account.get(`/surveys/${CSAT}`);
    expect(body.date_modified).toBe('2026-11-22T09:01:00+00:00');
  });

  test('a recommendation question made by hand has its scores for weights', async () => {
    const question = await defined(await open(), CES);
    expect(parts(question('recommend us'), 'choices').map(({ weight }) => weight)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(parts(question('made it easy'), 'choices').map(({ weight }) => weight)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('every kind of question is answered in a shape of its own', async () => {
    const account = await open();
    account.hands.fillIn(KINDS);
    const { body } = await account.get(`/surveys/${KINDS}/details`);
    const kinds = new Map(
      rows(body, 'pages')
        .flatMap((page) => rows(page, 'questions'))
        .map(({ id, family, subtype, display_options: shown }) => [
          id,
          [family, subtype, object(shown ?? {}).display_type].join(' ').trim(),
        ]),
    );
    const shapes = new Map(
      questionsIn(await only(account, KINDS)).map(({ id, answers }) => {
        const all = (answers as readonly Json[]).map((answer) => Object.keys(answer).sort().join(' '));
        return [kinds.get(id), [...new Set(all)]];
      }),
    );
    expect(shapes.size).toBe(kinds.size - 2);
    expect(Object.fromEntries(shapes)).toMatchObject({
      'single_choice menu': ['choice_id'],
      'multiple_choice vertical': ['choice_id'],
      'matrix single': ['choice_id row_id'],
      'matrix rating': ['choice_id row_id', 'other_id text'],
      'matrix ranking': ['choice_id row_id'],
      'matrix menu': ['choice_id col_id row_id'],
      'open_ended essay': ['text'],
      'open_ended single slider': ['text'],
      'open_ended single file_upload': ['content_type download_url text'],
      'open_ended numerical': ['row_id text'],
      'demographic us': ['row_id text'],
      'datetime both': ['row_id text'],
    });
    expect(JSON.stringify(await only(account, KINDS))).toContain('12/31/2015 11:59 PM');
  });

  test('who was invited is shown, unless the collector hides everybody', async () => {
    const account = await open();
    const { hands } = account;
    const [, named, hidden] = hands.collectors.of(NPS);
    const contact = hands.contacts.put({ email: 'haruka@example.jp', firstName: '遥', lastName: '佐藤', customFields: { '6': 'CRM-1' } });
    const invite = (collectorId: string): string => {
      const collector = hands.collectors.get(collectorId);
      const message = hands.invitations.write(collector, { type: 'invite', subject: '', bodyHtml: '', recipientStatus: null });
      return hands.invitations.put(message, { contact, extraFields: {} }).id;
    };
    const recipientId = invite(must(named, 'a collector').id);
    hands.answer({ surveyId: NPS, nps: 9, collectorId: must(named, 'a collector').id, recipientId });
    expect(await only(account, NPS, '?email=HARUKA@example.jp')).toMatchObject({
      recipient_id: recipientId,
      email_address: 'haruka@example.jp',
      first_name: '遥',
      metadata: { contact: { email: { type: 'string', value: 'haruka@example.jp' }, last_name: { value: '佐藤' } } },
    });
    const closed = must(hidden, 'a collector').id;
    hands.answer({ surveyId: NPS, nps: 2, collectorId: closed, recipientId: invite(closed) });
    const anonymous = await only(account, NPS, `?collector_ids=${closed}`);
    expect(anonymous).toMatchObject({ metadata: {}, ip_address: '' });
    expect(['', '0']).toContain(anonymous.recipient_id);
    expect(anonymous).not.toHaveProperty('email_address');
  });
});

describe('lists of responses', () => {
  test('fifty on a page unless asked, and never more than a hundred with answers', async () => {
    const account = await open();
    for (let nth = 0; nth < 120; nth += 1) account.hands.answer({ surveyId: NPS, nps: 9, at: at('10:00:00') });
    const sizes = async (path: string) => [rows((await account.get(path)).body).length, (await account.get(path)).body.per_page];
    expect(await sizes(bulk(NPS))).toEqual([50, 50]);
    expect(await sizes(bulk(NPS, '?per_page=1000'))).toEqual([100, 100]);
    expect(await sizes(`/surveys/${NPS}/responses?per_page=1000`)).toEqual([120, 1000]);
    const strict = await open({ perPageOver: 'refuse' });
    expect(errorOf(await strict.get(bulk(NPS, '?per_page=101')))).toEqual([400, '1003']);
  });

  test('both ends of a time are inside, to the whole minute', async () => {
    const account = await open();
    const [a, b, c] = ['10:00:59', '10:01:00', '10:02:30'].map((time) => account.hands.answer({ surveyId: NPS, nps: 9, at: at(time) }));
    const found = async (query: string) => ids((await account.get(bulk(NPS, `?sort_by=date_modified&${query}`))).body);
    expect(await found('start_modified_at=2026-11-20T10:01:59')).toEqual([b, c]);
    expect(await found('start_modified_at=2026-11-20T10:00:59')).toEqual([a, b, c]);
    expect(await found('end_modified_at=2026-11-20T10:01:00&sort_order=DESC')).toEqual([b, a]);
    expect(await found('start_created_at=2026-11-20T10:01:00')).toEqual([c]);
    expect(errorOf(await account.get(bulk(NPS, '?start_modified_at=2026-11-20')))).toEqual([400, '1003']);
    expect(errorOf(await account.get(bulk(NPS, '?start_modified_at=2026-11-20T10:01:59%2B00:00')))).toEqual([400, '1003']);
  });

  test('they come in no order unless they are sorted, and what is modified moves', async () => {
    const account = await open();
    const all = Array.from({ length: 30 }, (_, nth) => account.hands.answer({ surveyId: NPS, nps: 9, at: at(`10:${nth + 10}:00`) }));
    const list = async (query: string) => ids((await account.get(bulk(NPS, query))).body);
    const unsorted = await list('');
    expect(new Set(unsorted)).toEqual(new Set(all));
    expect(unsorted).not.toEqual(all);
    expect(await list('?sort_by=date_modified&sort_order=ASC')).toEqual(all);
    expect(await list('?sort_by=date_modified&sort_order=DESC')).toEqual(all.toReversed());
    account.hands.edit(must(all[0], 'a response'), { comment: 'on second thoughts' });
    expect(await list('?sort_by=date_modified&sort_order=ASC')).toEqual([...all.slice(1), all[0]]);
    expect(errorOf(await account.get(bulk(NPS, '?sort_by=id')))).toEqual([400, '1003']);
  });

  test('they can be asked for by state, collector, words, and how long they took', async () => {
    const account = await open();
    const { hands } = account;
    const web = must(hands.collectors.of(NPS)[0], 'the web link').id;
    const one = hands.answer({ surveyId: NPS, nps: 9, customValue: 'vip', startedAt: at('10:00:00'), at: at('10:05:00') });
    const two = hands.answer({ surveyId: NPS, nps: 9, status: 'disqualified', ip: '198.51.100.7' });
    const found = async (path: string) => new Set(ids((await account.get(path)).body));
    expect(await found(bulk(NPS, '?status=disqualified'))).toEqual(new Set([two]));
    expect(await found(bulk(NPS, '?custom=vip'))).toEqual(new Set([one]));
    expect(await found(bulk(NPS, '?ip=198.51.100.7'))).toEqual(new Set([two]));
    expect(await found(bulk(NPS, '?total_time_min=2&total_time_units=minute'))).toEqual(new Set([one]));
    expect(await found(bulk(NPS, '?total_time_max=60'))).toEqual(new Set([two]));
    expect(await found(`/collectors/${web}/responses/bulk`)).toEqual(new Set([one, two]));
    expect(await found(`/collectors/${hands.collectors.of(CES)[0]?.id}/responses`)).toEqual(new Set());
    expect(errorOf(await account.get(bulk(NPS, '?status=done')))).toEqual([400, '1003']);
  });

  test('the plan hides what is over its limit', async () => {
    const account = await open({ responsesShown: 1 });
    const [one, two] = [9, 3].map((nps) => account.hands.answer({ surveyId: NPS, nps }));
    expect(ids((await account.get(bulk(NPS))).body)).toEqual([one]);
    expect(errorOf(await account.get(`/surveys/${NPS}/responses/${two}/details`))).toEqual([403, '1015']);
  });

  test('answers come in between the pages of a busy account', async () => {
    const account = await open({ arrivalsPerPage: 3 }, { full: true });
    await account.get(bulk(NPS));
    expect(account.hands.all().filter(({ modifiedAt }) => modifiedAt === Date.parse('2026-11-22T09:00:00Z'))).toHaveLength(3);
  });
});

describe('a response over time', () => {
  test('what was begun goes on, is finished, and is edited, under one id and with a new date each time', async () => {
    const account = await open();
    const { hands } = account;
    const id = hands.answer({ surveyId: NPS, nps: 3, status: 'partial', at: at('10:00:00') });
    const seen = async () => {
      const [response] = rows((await account.get(bulk(NPS))).body);
      return [response?.response_status, String(response?.date_modified).slice(11, 19), questionsIn(response).length];
    };
    expect(await seen()).toEqual(['partial', '10:00:00', 1]);
    hands.goOn(id, { comment: 'slow' });
    expect(await seen()).toEqual(['partial', '09:00:00', 2]);
    hands.wind(60_000);
    hands.complete(id, { liked: ['Price'] });
    expect(await seen()).toEqual(['completed', '09:01:00', 3]);
    hands.wind(60_000);
    hands.edit(id, { nps: 8 });
    expect(await seen()).toEqual(['completed', '09:02:00', 3]);
    expect(() => hands.complete(id)).toThrow('not under way');
  });

  test('the API changes, replaces, makes, and erases', async () => {
    const account = await open();
    const { call, get, hands } = account;
    const id = hands.answer({ surveyId: NPS, nps: 3, comment: 'slow', at: at('10:00:00') });
    const [page, next] = rows(await only(account, NPS), 'pages');
    const [question] = rows(must(page, 'a page'), 'questions');
    const choice = parts((await defined(account, NPS))('recommend'), 'choices')[9]?.id;
    const pages = [
      { id: page?.id, questions: [{ id: question?.id, answers: [{ ...rows(must(question, 'one'), 'answers')[0], choice_id: choice }] }] },
    ];
    const path = `/v3/surveys/${NPS}/responses/${id}`;
    const patched = await call('PATCH', path, { body: { custom_value: 'seen', custom_variables: { crm_id: '7' }, pages } });
    expect(patched).toMatchObject({ status: 200, body: { custom_value: 'seen', custom_variables: { crm_id: '7' } } });
    expect(questionsIn(patched.body)).toHaveLength(2);
    expect(patched.body.date_modified).toBe('2026-11-22T09:00:00+00:00');
    expect(questionsIn((await call('PUT', path, { body: { pages } })).body)).toHaveLength(1);
    expect(errorOf(await call('PUT', path, { body: { pages: [] } }))).toEqual([400, '1002']);
    expect(errorOf(await call('PATCH', path, { body: { pages: [{ id: next?.id, questions: [{ id: question?.id }] }] } }))).toEqual([
      400,
      '1002',
    ]);
    const wrong = [{ id: page?.id, questions: [{ id: question?.id, answers: [{ choice_id: '1' }] }] }];
    expect(errorOf(await call('PATCH', path, { body: { pages: wrong } }))).toEqual([400, '1002']);
    const web = must(hands.collectors.of(NPS)[0], 'the web link').id;
    const made = await call('POST', `/v3/collectors/${web}/responses`, { body: { pages, custom_value: 'by hand' } });
    expect(made).toMatchObject({ status: 201, body: { collector_id: web, custom_value: 'by hand', response_status: 'completed' } });
    expect((await call('DELETE', path)).status).toBe(204);
    expect(errorOf(await get(`/surveys/${NPS}/responses/${id}/details`))).toEqual([404, '1020']);
    expect((await call('DELETE', `/v3/collectors/${web}/responses`)).status).toBe(204);
    expect((await get(bulk(NPS))).body.total).toBe(0);
    hands.grants.loseScope('responses_write');
    expect(errorOf(await call('DELETE', path))).toEqual([403, '1014']);
  });
});

test('roll-ups are of weights, without previews: the mean of the recommendation question is the metric', async () => {
  const account = await open();
  for (const nps of [10, 9, 9, 7, 0]) account.hands.answer({ surveyId: NPS, nps });
  account.hands.answer({ surveyId: NPS, nps: 0, mode: 'preview' });
  account.hands.answer({ surveyId: NPS, nps: 0, mode: 'survey_preview' });
  const { body } = await account.get(`/surveys/${NPS}/rollups`);
  const [first, comment] = rows(body);
  expect(first).toMatchObject({
    family: 'matrix',
    summary: [{ answered: 5, skipped: 0, stats: { min: -100, max: 100, mean: 40, median: 100 } }],
  });
  expect(rows(object(rows(must(first, 'one'), 'summary')[0]), 'choices').map(({ count }) => count)).toEqual([
    1, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1,
  ]);
  expect(comment).toMatchObject({ summary: [{ answered: 0, skipped: 5 }] });
  const [page] = rows((await account.get(`/surveys/${NPS}/details`)).body, 'pages');
  expect(rows((await account.get(`/surveys/${NPS}/pages/${page?.id}/rollups`)).body)).toEqual([first]);
  expect(rows((await account.get(`/surveys/${NPS}/pages/${page?.id}/questions/${first?.id}/rollups`)).body)).toEqual([first]);
});

describe('an account of one year', () => {
  test('its people are those of the town, known by invitation, link, or answer, or not at all', async () => {
    const account = await open({}, { full: true });
    const all = account.hands.all();
    const count = (test: (response: (typeof all)[number]) => boolean): number => all.filter(test).length;
    expect(all.length).toBe(Math.round(town.people.length * 0.65) + 1);
    expect(count(({ recipientId }) => recipientId !== null)).toBeGreaterThan(10);
    expect(count(({ customVariables }) => customVariables.crm_id !== undefined)).toBeGreaterThan(30);
    expect(count(({ customVariables }) => customVariables.email !== undefined)).toBeGreaterThan(3);
    expect(count(({ who }) => who === null)).toBeGreaterThan(3);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['completed', 'partial', 'disqualified', 'overquota']));
    expect(new Set(all.map(({ mode }) => mode))).toEqual(new Set(['default', 'preview', 'survey_preview']));
    const inCrm = new Set([...town.inSystem('hubspot'), ...town.inSystem('salesforce')].map(({ id }) => id));
    for (const { customVariables } of all) if (customVariables.crm_id !== undefined) expect(inCrm).toContain(customVariables.crm_id);
    const addresses = new Set(town.people.flatMap(({ email }) => email ?? []));
    for (const { email } of account.hands.contacts.all()) expect(addresses).toContain(email);
    expect(account.stage.sandbox.people()).toBeGreaterThan(80);
    expect((await account.everything(bulk(NPS, '?per_page=20&sort_by=date_modified'))).length).toBe(
      count(({ surveyId }) => surveyId === NPS),
    );
  });

  test('the same seed tells the same year, and the same things go on', async () => {
    const [one, other] = [await open({}, { full: true }), await open({}, { full: true })];
    expect(other.hands.all()).toEqual(one.hands.all());
    const said = ({ stage }: Account): readonly string[] => {
      const random = randomFrom(9);
      return Array.from({ length: 20 }, () => stage.sandbox.life.stir(random));
    };
    expect(said(other)).toEqual(said(one));
    expect(other.hands.all()).toEqual(one.hands.all());
  });
});
