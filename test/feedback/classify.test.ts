import { expect, test } from 'vitest';
import type { Answer, SurveyResponse } from '../../src/contract/survey.ts';
import { classify as classifyWith, type Terms } from '../../src/feedback/classify.ts';
import type { MetricBinding } from '../../src/mapping/response-mapping.ts';

type Question = Answer['question'];

function answer(question: Partial<Question> & Pick<Question, 'id' | 'kind'>, value: Answer['value']): Answer {
  return { question: { ref: null, text: '', scale: null, ...question }, value };
}
function response(...answers: Answer[]): SurveyResponse {
  const survey = { id: 's1', name: 'S' };
  return { survey, submittedAt: '2026-11-20T00:00:00.000Z', state: 'complete', language: 'en', channel: null, answers };
}
function bind(question: string, metric: MetricBinding['metric'], survey: string | null = null): MetricBinding {
  return { survey, question, metric, key: metric, nature: null, touchpoint: null, higherIsBetter: true, topBox: 2, scale: null };
}
const classify = (asked: SurveyResponse, terms: Pick<Terms, 'metrics' | 'comments'> & Partial<Terms>) =>
  classifyWith(asked, {}, { surveys: [], touchpoint: null, ...terms });
const unbound = { metrics: [], comments: [] };
const NPS = { min: 0, max: 10 };

test('an NPS question counts by itself, a five-point rating as CSAT, and effort only when it is bound', () => {
  const asked = response(
    answer({ id: 'a', kind: 'nps', scale: NPS }, 9),
    answer({ id: 'b', kind: 'csat', scale: { min: 1, max: 5 } }, 4),
    answer({ id: 'c', kind: 'ces', scale: { min: 1, max: 7 } }, 6),
    answer({ id: 'd', kind: 'rating', scale: { min: 1, max: 10 } }, 6),
  );
  expect(classify(asked, unbound).scores).toMatchObject([
    { metric: 'nps', score: 9, question: 'a' },
    { metric: 'csat', score: 4, question: 'b' },
  ]);
  expect(classify(asked, { metrics: [bind('c', 'ces')], comments: [] }).scores[0]).toMatchObject({
    metric: 'ces',
    score: 6,
    question: 'c',
  });
});

test('a binding goes by ref or id, and one for this survey outranks one for all', () => {
  const asked = response(answer({ id: 'a', ref: 'main', kind: 'choice' }, '4'));
  expect(classify(asked, { metrics: [bind('main', 'csat')], comments: [] }).scores).toMatchObject([
    { metric: 'csat', score: 4, question: 'main' },
  ]);
  const both = [bind('main', 'csat'), bind('a', 'ces', 's1')];
  expect(classify(asked, { metrics: both, comments: [] }).scores[0]?.metric).toBe('ces');
  expect(classify(asked, { metrics: [bind('main', 'csat', 'other survey')], comments: [] }).scores).toEqual([]);
});

test('what is asked of employees stays told apart', () => {
  const asked = response(answer({ id: 'a', kind: 'nps', scale: NPS }, 9), answer({ id: 'b', kind: 'nps', scale: NPS }, 3));
  const binding = { ...bind('b', 'nps'), key: 'enps', ofEmployees: true as const };
  expect(classify(asked, { metrics: [binding], comments: [] }).scores.map(({ key, ofEmployees }) => [key, ofEmployees])).toEqual([
    ['enps', true],
    ['nps', undefined],
  ]);
});

test('the number in front of a label is its score, and no number is a reason', () => {
  const asked = response(answer({ id: 'a', kind: 'choice' }, '9 - Very likely'), answer({ id: 'b', kind: 'choice' }, 'Very likely'));
  const { scores, rejected } = classify(asked, { metrics: [bind('a', 'nps'), bind('b', 'nps')], comments: [] });
  expect(scores).toMatchObject([{ metric: 'nps', score: 9, question: 'a' }]);
  expect(rejected).toEqual([{ question: 'b', metric: 'nps', reason: 'the answer is not a number' }]);
});

test.each([
  [11, NPS, '11 is outside 0 to 10'],
  [7.5, NPS, '7.5 is not a whole number'],
  [7, { min: 1, max: 10 }, 'NPS is asked from 0 to 10, this question from 1 to 10'],
])('%s on %o is no NPS answer, and it is said why', (value, scale, reason) => {
  const { scores, rejected } = classify(response(answer({ id: 'a', kind: 'nps', scale }, value)), unbound);
  expect(scores).toEqual([]);
  expect(rejected).toEqual([{ question: 'a', metric: 'nps', reason }]);
});

test('what was not answered is neither a score nor rejected', () => {
  const asked = response(answer({ id: 'a', kind: 'nps', scale: NPS }, null), answer({ id: 'b', kind: 'nps', scale: NPS }, ''));
  expect(classify(asked, unbound)).toEqual({ scores: [], rejected: [], comment: null, touchpoint: null });
});

test('the comment is the first free text, unless questions are bound: then only those, in their order', () => {
  const asked = response(
    answer({ id: 'x', kind: 'contact' }, 'Ada'),
    answer({ id: 'a', kind: 'text' }, '   '),
    answer({ id: 'b', kind: 'text' }, ' 配送が遅い '),
    answer({ id: 'c', ref: 'why', kind: 'text' }, 'because'),
  );
  expect(classify(asked, unbound).comment).toBe('配送が遅い');
  expect(classify(asked, { metrics: [], comments: ['a', 'why', 'b'] }).comment).toBe('because');
  expect(classify(asked, { metrics: [], comments: ['of another survey'] }).comment).toBeNull();
});
