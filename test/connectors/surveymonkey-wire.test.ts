import { expect, test } from 'vitest';
import { observe } from '../../connectors/surveymonkey/observation.ts';
import { schemaOf } from '../../connectors/surveymonkey/schema.ts';
import { parseDetails, type Survey, withPast } from '../../connectors/surveymonkey/survey.ts';
import { parseResponses } from '../../connectors/surveymonkey/wire.ts';
import { must } from '../../src/kernel/must.ts';

type Raw = Readonly<Record<string, unknown>>;
const choices = (texts: readonly string[], weight: (at: number) => number | undefined = () => undefined): readonly Raw[] =>
  texts.map((text, at) => ({ id: String(100 + at), text, position: at + 1, ...(weight(at) === undefined ? {} : { weight: weight(at) }) }));
const row = (id: string, text = '') => ({ id, text, position: 1 });
const blank = (count: number) => Array.from({ length: count }, () => '');
const counted = (from: number, count: number) => Array.from({ length: count }, (_, at) => String(from + at));

function survey(...questions: readonly Raw[]): Survey {
  const asked = questions.map((question, at) => ({
    id: String(at + 1),
    headings: [{ heading: `<b>Question</b>&nbsp;${at + 1}` }],
    ...question,
  }));
  const details = { id: '9', title: ' Care ', language: 'ja', custom_variables: { crm_id: 'CRM' }, pages: [{ id: '5', questions: asked }] };
  const { survey: head, pages } = parseDetails(details);
  return { ...head, questions: pages.flatMap((page) => page.questions) };
}

const response = (answers: Readonly<Record<string, unknown>>, more: Raw = {}) => ({
  id: '118900000001',
  collection_mode: 'default',
  response_status: 'completed',
  date_modified: '2026-11-20T13:04:02+01:00',
  ...more,
  pages: [{ id: '5', questions: Object.entries(answers).map(([id, given]) => ({ id, answers: given })) }],
});
const seen = (raw: unknown, of: Survey) => observe(must(parseResponses({ data: [raw] }).items[0], 'a row'), of);
const answersIn = (raw: unknown, of: Survey) =>
  (seen(raw, of).response?.answers ?? []).map(({ question, value }) => [question.id, question.kind, question.scale?.max ?? null, value]);

const BANK = ['Not at all likely - 0', ...counted(1, 9), 'Extremely likely - 10'];
const promoters = (at: number) => (at <= 6 ? -100 : at <= 8 ? 0 : 100);

test.each([
  ['the question bank makes it, with weights that are no scores', BANK, promoters],
  ['it is made with words at both ends only', ['Never', ...blank(9), 'Surely'], promoters],
  ['it was made by hand, with weights from 1', counted(0, 11), (at: number) => at + 1],
  ['it was made by hand, with weights from 0', blank(11), (at: number) => at],
  ['it was made by hand, without a word in it', blank(11), (at: number) => at + 1],
  ['it was made by hand, from the highest to the lowest', counted(0, 11).reverse(), (at: number) => at + 1],
])('NPS is the number on the scale, and never the weight, when %s', (_how, texts, weight) => {
  const of = survey({ family: 'matrix', subtype: 'rating', answers: { rows: [row('7')], choices: choices(texts, weight) } });
  const scores = texts.map((_, at) => answersIn(response({ '1': [{ row_id: '7', choice_id: String(100 + at) }] }), of));
  const wanted = texts[0] === '10' ? (at: number) => 10 - at : (at: number) => at;
  expect(scores).toEqual(texts.map((_, at) => [['1', 'nps', 10, wanted(at)]]));
});

test('a scale from 1 to 11 is no NPS, and neither is one of another length', () => {
  const kindOf = (texts: readonly string[], weight?: (at: number) => number) =>
    answersIn(
      response({ '1': [{ row_id: '7', choice_id: '100' }] }),
      survey({ family: 'matrix', subtype: 'rating', answers: { rows: [row('7')], choices: choices(texts, weight) } }),
    );
  expect(kindOf(counted(1, 11), (at) => at + 1)).toEqual([['1', 'rating', 11, 1]]);
  expect(kindOf(blank(10), (at) => at + 1)).toEqual([['1', 'rating', 10, 1]]);
  expect(kindOf(['a', 'b', 'c'], (at) => at * 10)).toEqual([['1', 'matrix', null, 'a']]);
});

test('satisfaction and effort are their weights, and who says "does not apply" has not answered', () => {
  const na = { id: '199', text: 'N/A', position: 6, is_na: true, weight: 0 };
  const stars = {
    family: 'matrix',
    subtype: 'rating',
    display_options: { display_type: 'emoji', display_subtype: 'star' },
    answers: { rows: [row('7')], choices: [...choices(['Bad', '', 'So', '', 'Good'], (at) => at + 1), na] },
  };
  const of = survey(
    stars,
    {
      family: 'single_choice',
      subtype: 'vertical',
      answers: { choices: choices(['Easy', 'e', 'd', 'c', 'b', 'a', 'Hard'], (at) => 7 - at) },
    },
    stars,
    { family: 'matrix', subtype: 'rating', answers: { rows: [row('7', 'Speed'), row('8', 'Care')], choices: choices(counted(1, 5)) } },
  );
  const raw = response({
    '1': [{ row_id: '7', choice_id: '104' }],
    '2': [{ choice_id: '100' }],
    '3': [{ row_id: '7', choice_id: '199' }],
    '4': [
      { row_id: '8', choice_id: '101' },
      { row_id: '7', choice_id: '104' },
    ],
  });
  expect(answersIn(raw, of)).toEqual([
    ['1', 'csat', 5, 5],
    ['2', 'ces', 7, 7],
    ['4:7', 'matrix', 5, 5],
    ['4:8', 'matrix', 5, 2],
  ]);
  expect(seen(raw, of).fields).toMatchObject({ 'answer:1': 5, 'answer:2': 7, 'answer:4:8': 2 });
});

const MIXED = [
  {
    family: 'single_choice',
    subtype: 'menu',
    answers: { choices: choices(['Red', 'Blue']), other: { id: '190', is_answer_choice: true } },
  },
  {
    family: 'multiple_choice',
    subtype: 'vertical',
    answers: { choices: choices(['A', 'B']), other: { id: '191', is_answer_choice: false } },
  },
  { family: 'matrix', subtype: 'ranking', answers: { rows: [row('7', 'Price'), row('8', 'Care')], choices: choices(['1', '2']) } },
  { family: 'matrix', subtype: 'multi', answers: { rows: [row('7', 'Mon'), row('8', 'Tue')], choices: choices(['am', 'pm']) } },
  {
    family: 'matrix',
    subtype: 'menu',
    answers: { rows: [row('7', 'Shop')], cols: [{ id: '60', text: 'Size', choices: choices(['S', 'L']) }] },
  },
  { family: 'open_ended', subtype: 'essay', answers: null },
  { family: 'open_ended', subtype: 'numerical', answers: { rows: [row('7', 'Years')] } },
  { family: 'open_ended', subtype: 'multi', answers: { rows: [row('7', 'First'), row('8', 'Second')] } },
  { family: 'open_ended', subtype: 'single', validation: { type: 'email' } },
  { family: 'demographic', subtype: 'us', answers: { rows: [{ id: '7', text: 'メール', type: 'email' }, row('8', 'Phone Number:')] } },
  { family: 'datetime', subtype: 'both', answers: { rows: [row('7', 'When')] } },
  { family: 'open_ended', subtype: 'single', display_options: { display_type: 'file_upload' } },
  { family: 'presentation', subtype: 'image' },
  { family: 'hologram', subtype: 'cube' },
];

test('every kind of question comes through in plain terms, and under names that the schema has', () => {
  const of = survey(...MIXED);
  const raw = response({
    '1': [{ other_id: '190', text: 'Green' }],
    '2': [{ choice_id: '101' }, { choice_id: '100' }, { other_id: '191', text: 'Because.' }],
    '3': [
      { row_id: '7', choice_id: '101' },
      { row_id: '8', choice_id: '100' },
    ],
    '4': [
      { row_id: '7', choice_id: '100' },
      { row_id: '7', choice_id: '101' },
    ],
    '5': [{ row_id: '7', col_id: '60', choice_id: '101' }],
    '6': [{ text: 'サポートが丁寧でした' }],
    '7': [{ row_id: '7', text: '1,200' }],
    '8': [{ row_id: '8', text: 'second' }],
    '9': [{ text: ' Haruka@example.jp ' }],
    '10': [
      { row_id: '7', text: 'other@example.jp' },
      { row_id: '8', text: '+81 90 1234 5678' },
    ],
    '11': [{ row_id: '7', text: '12/31/2015 11:59 PM' }],
    '12': [{ download_url: 'https://files.example/1', content_type: 'image/png' }],
    '13': [{ text: 'nobody can answer it' }],
    '14': [{ text: 'round' }],
  });
  const { fields, response: whole } = seen(raw, of);
  expect(answersIn(raw, of).map(([id, kind, , value]) => [id, kind, value])).toEqual([
    ['1', 'choice', 'Green'],
    ['2', 'choices', ['B', 'A']],
    ['2:191', 'text', 'Because.'],
    ['3', 'rank', ['Care', 'Price']],
    ['4:7', 'matrix', ['am', 'pm']],
    ['5:7:60', 'matrix', 'L'],
    ['6', 'text', 'サポートが丁寧でした'],
    ['7', 'number', 1200],
    ['8:8', 'text', 'second'],
    ['9', 'contact', ' Haruka@example.jp '],
    ['10:7', 'contact', 'other@example.jp'],
    ['10:8', 'contact', '+81 90 1234 5678'],
    ['11', 'date', '12/31/2015 11:59 PM'],
    ['12', 'file', 'https://files.example/1'],
    ['14', 'other', 'round'],
  ]);
  expect(fields).toMatchObject({ 'contact:email': 'Haruka@example.jp', 'contact:phone': '+81 90 1234 5678', 'answer:4:7': ['am', 'pm'] });
  expect(fields).not.toHaveProperty(['answer:9']);
  expect(whole?.answers.find(({ question }) => question.id === '5:7:60')?.question.text).toBe('Question 5 — Shop — Size');
  const schema = new Map(schemaOf(of).map(({ name, type }) => [name, type]));
  expect(Object.keys(fields).filter((name) => !schema.has(name))).toEqual([]);
  expect([schema.get('answer:2'), schema.get('answer:7'), schema.get('answer:6'), schema.get('custom:crm_id')]).toEqual([
    ...['choices', 'number', 'long_text', 'text'],
  ]);
  expect(schema.size).toBe(schemaOf(of).length);
});

test('a choice that was taken away keeps its words for who has chosen it, and its id where nobody here has seen it', () => {
  const color = (texts: readonly string[]) => ({ family: 'single_choice', answers: { choices: choices(texts) } });
  const stars = (count: number) => ({
    family: 'matrix',
    subtype: 'rating',
    answers: { rows: [row('7')], choices: choices(blank(count), (at) => at + 1) },
  });
  const before = survey(color(['Red', 'Blue']), stars(5), { family: 'open_ended', subtype: 'essay' });
  const now = survey(color(['Red']), stars(5));
  const of = withPast(now, before);
  const raw = response({ '1': [{ choice_id: '101' }], '2': [{ row_id: '7', choice_id: '108' }], '3': [{ text: 'still here' }] });
  expect(answersIn(raw, of)).toEqual([
    ['1', 'choice', null, 'Blue'],
    ['2:7:108', 'other', null, expect.stringContaining('"choiceId":"108"')],
    ['3', 'text', null, 'still here'],
  ]);
  // A scale is what it is now, whoever chose from it before.
  expect(answersIn(response({ '2': [{ row_id: '7', choice_id: '102' }] }), withPast(survey(color([]), stars(4)), before))).toEqual([
    ['2', 'rating', 4, 3],
  ]);
  expect(answersIn(raw, now).map(([id, kind, , value]) => [id, kind, value])).toEqual([
    ['1', 'choice', '101'],
    ['2:7:108', 'other', expect.anything()],
    ['3', 'other', 'still here'],
  ]);
  expect(seen(raw, now).fields).not.toHaveProperty(['answer:3']);
});

test('who answered is told by custom variables, the invited contact, and the custom value, and where from stays behind', () => {
  const one = seen(
    response(
      {},
      {
        recipient_id: '9009001122',
        custom_value: ' CV-1 ',
        custom_variables: { crm_id: 'CRM-000481', empty: '' },
        ip_address: '203.0.113.9',
        metadata: {
          contact: {
            email: { type: 'string', value: 'haruka@example.jp' },
            first_name: { type: 'string', value: '' },
            secret: { value: 'x' },
          },
          respondent: { language: { type: 'string', value: 'th' } },
        },
      },
    ),
    survey(),
  );
  expect(one).toMatchObject({
    id: '9:118900000001',
    changedAt: '2026-11-20T12:04:02.000Z',
    response: {
      survey: { id: '9', name: 'Care' },
      state: 'complete',
      submittedAt: '2026-11-20T12:04:02.000Z',
      language: 'th',
      channel: 'email',
    },
  });
  expect(one.fields).toEqual({
    status: 'completed',
    collector_id: null,
    recipient_id: '9009001122',
    custom_value: 'CV-1',
    'custom:crm_id': 'CRM-000481',
    'custom:empty': null,
    'invited:email': 'haruka@example.jp',
  });
  const anonymous = seen(response({}, { recipient_id: '0', collection_mode: 'data_entry' }), survey());
  expect(anonymous).toMatchObject({ fields: { recipient_id: null, custom_value: null }, response: { channel: 'import', language: 'ja' } });
});

test.each([
  ['partial', 'partial'],
  ['overquota', 'terminated'],
  ['disqualified', 'terminated'],
  [undefined, 'partial'],
])('a response whose status is %s is %s, and was not submitted', (status, state) => {
  expect(seen(response({}, { response_status: status }), survey()).response).toMatchObject({ state, submittedAt: null });
});

test('what cannot be read is kept as it came, and costs none of the others', () => {
  const rows = parseResponses({ data: [null, 'x', response({ '1': 'broken' }), response({})] }).items;
  const all = rows.map((one) => observe(one, survey({ family: 'open_ended', subtype: 'single' })));
  expect(new Set(all.map(({ id }) => id)).size).toBe(3);
  expect(
    all
      .slice(0, 3)
      .flatMap(({ response: one }) => one?.answers ?? [])
      .map(({ question }) => question.kind),
  ).toEqual(['other', 'other', 'other']);
  expect(() => parseResponses({ data: {} })).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
});
