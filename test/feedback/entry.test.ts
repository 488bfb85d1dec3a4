import { expect, test } from 'vitest';
import type { Answer } from '../../src/contract/survey.ts';
import { type Scored, USUAL_SCALE } from '../../src/feedback/classify.ts';
import { partOf, type Told } from '../../src/feedback/entry.ts';

const question = (id: string, text: string, scale: Answer['question']['scale'] = null): Answer['question'] => ({
  ...{ id, ref: null, text, scale },
  kind: scale === null ? 'text' : 'number',
});
const told = (more: Partial<Told> = {}): Told => ({
  survey: { id: 's1', name: 'Your visit' },
  state: 'complete',
  language: 'th',
  channel: 'email',
  at: '2026-11-22T10:15:30.250Z',
  connection: 'tf',
  remoteId: 'r-1',
  comment: null,
  scores: [],
  answers: [],
  ...more,
});
const scored = (metric: Scored['metric'], score: number, more: Partial<Scored> = {}): Scored => ({
  ...{ metric, key: metric, score, question: metric, scale: USUAL_SCALE[metric], topBox: 2, higherIsBetter: true },
  ...{ nature: null, touchpoint: null },
  ...more,
});
const title = (...scores: readonly Scored[]) => partOf(told({ scores }), 'title');

test('a title says each score, on its scale and with its meaning', () => {
  expect(title(scored('nps', 9))).toBe('NPS 9 of 10 (promoter): Your visit');
  expect(title(scored('nps', 6), scored('csat', 4))).toBe('NPS 6 of 10 (detractor), CSAT 4 of 5 (satisfied): Your visit');
  expect(title(scored('csat', 4, { topBox: 1 }))).toBe('CSAT 4 of 5 (not satisfied): Your visit');
  // CES 1.0: much effort is bad.
  expect(title(scored('ces', 6, { higherIsBetter: false }))).toBe('CES 6 of 7 (hard): Your visit');
  expect(title(scored('ces', 6))).toBe('CES 6 of 7 (easy): Your visit');
  expect(title(scored('ces', 4))).toBe('CES 4 of 7 (neither easy nor hard): Your visit');
  expect(title(scored('ces', 5, { scale: { min: 1, max: 5 }, higherIsBetter: false }))).toBe('CES 5 of 5 (hard): Your visit');
  expect(title()).toBe('Survey response: Your visit');
  expect(partOf(told({ state: 'partial' }), 'title')).toBe('Survey response: Your visit (not finished)');
});

test('a text has every answer as it was written below its question, and what tells two alike responses apart', () => {
  const answers: Answer[] = [
    { question: question('q1', 'How likely?', { min: 0, max: 10 }), value: 9 },
    { question: question('q2', 'Which?'), value: ['ข้าว', 'お茶'] },
    { question: question('q3', ' '), value: 'Line one\r\nline two' },
    { question: question('q4', 'Left out'), value: null },
    { question: question('q5', 'Again?'), value: true },
  ];
  expect(partOf(told({ answers, scores: [scored('nps', 9)] }), 'text')).toBe(
    [
      'Your visit\n2026-11-22 10:15 UTC, language th, channel email\nNPS 9 of 10 (promoter)',
      'How likely?\n9',
      'Which?\nข้าว, お茶',
      'q3\nLine one\nline two',
      'Again?\nyes',
      'Response tf/r-1',
    ].join('\n\n'),
  );
});

test('the other parts are what they are called, and blank where there is nothing', () => {
  const one = told({ scores: [scored('nps', 9)], comment: 'Fine.', state: 'terminated' });
  expect(
    (['time', 'state', 'survey', 'channel', 'language', 'metric', 'score', 'meaning', 'comment', 'reference'] as const).map((part) =>
      partOf(one, part),
    ),
  ).toEqual(['2026-11-22T10:15:30.250Z', 'terminated', 'Your visit', 'email', 'th', 'nps', 9, 'promoter', 'Fine.', 'tf/r-1']);
  expect((['metric', 'score', 'meaning', 'comment'] as const).map((part) => partOf(told(), part))).toEqual([null, null, null, null]);
});
