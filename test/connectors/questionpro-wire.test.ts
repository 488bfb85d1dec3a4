import { describe, expect, test } from 'vitest';
import { indexQuestions, type Known } from '../../connectors/questionpro/answers.ts';
import { tagOfLanguage } from '../../connectors/questionpro/languages.ts';
import { observe } from '../../connectors/questionpro/observation.ts';
import { instantOfEpoch, instantOfStamp } from '../../connectors/questionpro/times.ts';
import { parseQuestions, parseResponses } from '../../connectors/questionpro/wire.ts';
import { plainText } from '../../src/kernel/html.ts';
import { must } from '../../src/kernel/must.ts';

const survey = { id: '1', name: 'S' };
const nothing: Known = indexQuestions([]);

function known(...questions: object[]): Known {
  return indexQuestions(parseQuestions({ response: questions }).items);
}
function choices(...texts: string[]) {
  return texts.map((text, at) => ({ answerID: at + 10, text }));
}
function answered(questionID: number, ...answerValues: object[]) {
  return { questionID, questionCode: 'Q1', questionText: 'T', questionDescription: '', answerValues };
}
function row(responseSet: unknown, more: object = {}) {
  return { responseID: 5, surveyID: 1, utctimestamp: 1795238045, responseStatus: 'Completed', responseSet, ...more };
}
function seen(raw: unknown, questions: Known = nothing) {
  return observe(must(parseResponses({ response: [raw] }).items[0], 'row'), survey, questions);
}
const value = (raw: unknown, questions: Known) =>
  seen(raw, questions).response?.answers.map(({ question, value }) => [question.kind, value]);

describe('times', () => {
  test.each([
    ['05 Oct, 2020 02:51:51 PM PDT', '2020-10-05T21:51:51.000Z'],
    ['20 Nov, 2026 09:14:05 PM PST', '2026-11-21T05:14:05.000Z'],
    ['01 Jan, 2026 12:00:00 AM IST', '2025-12-31T18:30:00.000Z'],
    ['01 Jan, 2026 12:30:00 PM GMT+09:00', '2026-01-01T03:30:00.000Z'],
  ])('%s is %s', (stamp, iso) => expect(instantOfStamp(stamp)).toBe(iso));
  test('a zone that nobody knows is no time, never a guess', () => {
    expect(instantOfStamp('05 Oct, 2020 02:51:51 PM XYZ')).toBeNull();
    expect(instantOfStamp('yesterday')).toBeNull();
  });
  test('an epoch is read in seconds and in milliseconds', () => {
    expect(instantOfEpoch(1795238045)).toBe('2026-11-21T05:14:05.000Z');
    expect(instantOfEpoch(1795238045000)).toBe('2026-11-21T05:14:05.000Z');
    expect([instantOfEpoch(0), instantOfEpoch(null), instantOfEpoch(1e300)]).toEqual([null, null, null]);
  });
  test('without the epoch the stamp counts', () => {
    const one = seen(row([], { utctimestamp: null, timestamp: '05 Oct, 2020 02:51:51 PM PDT' }));
    expect(one.response?.submittedAt).toBe('2020-10-05T21:51:51.000Z');
  });
});

describe('answers', () => {
  const eleven = Array.from({ length: 11 }, (_, at) => String(at));
  test('on a scale from 0 the label is the score, and the place stands in for a label in words only', () => {
    const labels = ['Not at all likely', ...eleven.slice(1, 10), 'Extremely likely'];
    const asked = known({ questionID: 1, type: 'multiplechoice_radio', answers: choices(...labels) });
    expect(value(row([answered(1, { answerID: 17, answerText: '7', value: { scale: '8' } })]), asked)).toEqual([['nps', 7]]);
    expect(value(row([answered(1, { answerID: 20, answerText: 'Extremely likely', value: { scale: '11' } })]), asked)).toEqual([
      ['nps', 10],
    ]);
    expect(value(row([answered(1, { answerID: 10, answerText: 'Not at all likely', value: { scale: 1 } })]), asked)).toEqual([['nps', 0]]);
  });
  test('on a scale from 1 the label is the score too', () => {
    const asked = known({ questionID: 1, type: 'multiplechoice_radio', answers: choices('1', '2', '3', '4', '5') });
    expect(value(row([answered(1, { answerID: 12, answerText: '3', value: { scale: '3' } })]), asked)).toEqual([['csat', 3]]);
  });
  test('eleven choices in words are NPS only with the hint, and five with the hint are not', () => {
    const words = eleven.map((n) => `step ${n}`);
    const asked = known({ questionID: 1, type: 'multiplechoice_radio', answers: choices(...words) });
    const entry = answered(1, { answerID: 14, answerText: 'step 4', value: { scale: '5' } });
    expect(value(row([entry]), asked)).toEqual([['choice', 'step 4']]);
    const hint = '{detractor:Very Unlikely,promoter:Very Likely}';
    expect(value(row([{ ...entry, questionDescription: hint }]), asked)).toEqual([['nps', 4]]);
    const five = known({ questionID: 1, type: 'multiplechoice_radio', answers: choices('1', '2', '3', '4', '5') });
    const three = answered(1, { answerID: 12, answerText: '3', value: { scale: '3' } });
    expect(value(row([{ ...three, questionDescription: hint }]), five)).toEqual([['csat', 3]]);
  });
  test('counts of years are choices, and not a scale', () => {
    const asked = known({
      questionID: 1,
      type: 'multiplechoice_radio',
      answers: choices('1 year', '2 years', '3 years', '4 years', '5 years'),
    });
    expect(value(row([answered(1, { answerID: 11, answerText: '2 years', value: {} })]), asked)).toEqual([['choice', '2 years']]);
  });
  test('answer id 0 is nothing chosen, but what was written beside it stays', () => {
    const asked = known(
      { questionID: 1, type: 'text_multiple_row' },
      { questionID: 2, type: 'multiplechoice_radio', answers: choices('A', 'B') },
    );
    expect(value(row([answered(2, { answerID: 0, answerText: 'A', value: {} })]), asked)).toEqual([]);
    expect(value(row([answered(1, { answerID: 0, answerText: '', value: { text: 'slow' } })]), asked)).toEqual([['text', 'slow']]);
  });
  test('an unknown type of question keeps what was answered', () => {
    const asked = known({ questionID: 1, type: 'hologram' });
    expect(value(row([answered(1, { answerID: 3, answerText: 'blue', value: {} })]), asked)).toEqual([['other', 'blue']]);
    expect(value(row([answered(99, { answerID: 3, answerText: '9', value: { scale: '10' } })]), asked)).toEqual([['other', '9']]);
  });
  test('the box behind a choice is an answer of its own', () => {
    const asked = known({ questionID: 1, type: 'multiplechoice_radio', answers: choices('Yes', 'No') });
    const entry = answered(1, { answerID: 10, answerText: 'Yes', value: { dynamicExplodeText: 'too late' } });
    expect(value(row([entry]), asked)).toEqual([
      ['choice', 'Yes'],
      ['text', 'too late'],
    ]);
  });
  test('ranks come in their order', () => {
    const asked = known({ questionID: 1, type: 'rank_order_drag_drop', answers: choices('A', 'B') });
    const entry = answered(1, { answerID: 10, answerText: 'A', value: { rank: 2 } }, { answerID: 11, answerText: 'B', value: { rank: 1 } });
    expect(value(row([entry]), asked)).toEqual([['rank', ['B', 'A']]]);
  });
});

describe('rows', () => {
  test('what cannot be read is kept as it came, and costs none of the others', () => {
    const page = parseResponses({
      response: [null, 'x', { responseID: 7, responseSet: 'broken' }, row([null, { questionID: 3, answerValues: 5 }])],
    });
    expect(page.items).toHaveLength(4);
    const all = page.items.map((item) => observe(item, survey, nothing));
    expect(new Set(all.map(({ id }) => id)).size).toBe(4);
    for (const { response } of all) expect(response?.answers.every(({ question }) => question.kind === 'other')).toBe(true);
    expect(all[2]?.response?.answers[0]?.value).toContain('broken');
    expect(all[3]?.response?.answers).toHaveLength(2);
  });
  test('a page that is no list is a broken answer', () => {
    for (const body of [null, [], {}, { response: {} }, 'x'])
      expect(() => parseResponses(body)).toThrow(expect.objectContaining({ kind: 'broken_answer' }));
  });
  test.each([
    ['Completed', 'complete'],
    ['Started', 'partial'],
    ['Terminated', 'terminated'],
    ['Screened Out', 'terminated'],
    ['something new', 'partial'],
    [undefined, 'partial'],
  ])('%s is %s, and only what is complete has a time of submission', (responseStatus, state) => {
    const { response } = seen(row([], { responseStatus }));
    expect(response?.state).toBe(state);
    expect(response?.submittedAt === null).toBe(state !== 'complete');
  });
  test('addresses of machines and places stay behind', () => {
    const one = seen(row([], { ipAddress: '203.0.113.9', location: { countryCode: 'JP', latitude: 35.6 } }));
    expect(JSON.stringify(one)).not.toMatch(/203\.0\.113|35\.6|JP/);
  });
});

test('languages are tags or nothing', () => {
  expect(['Japanese', 'English (UK)', 'pt_br', 'Klingon', null].map(tagOfLanguage)).toEqual(['ja', 'en', 'pt-BR', null, null]);
});

test('questions written in HTML read as people see them', () => {
  expect(plainText('<p>Tom &amp; <b>Jer</b>ry&nbsp;&#39;s<br/>show &lt;1&gt;</p>')).toBe("Tom & Jerry 's show <1>");
});
