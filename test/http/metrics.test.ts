import { expect } from 'vitest';
import { AskedQuestions, Benchmarks, DataQuality, FeedbackSummary, MetricReport } from '../../src/http/shapes/feedback.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage } from './stage.ts';

type Given = {
  readonly at: string;
  readonly nps: number;
  readonly nature?: string;
  readonly touchpoint?: string;
  readonly language?: string;
  readonly recordId?: string;
  readonly state?: 'complete' | 'partial';
  readonly key?: string;
  readonly ofEmployees?: true;
};

async function answer(
  hub: Hub,
  connectionId: string,
  { at, nps, nature, touchpoint, language, recordId, state = 'complete', key = 'recommend', ofEmployees }: Given,
) {
  const score = { metric: 'nps', key, score: nps, question: 'q', scale: { min: 0, max: 10 }, topBox: 2, higherIsBetter: true, ofEmployees };
  const id = newId();
  await hub
    .insertInto('response')
    .values({
      id,
      connection_id: connectionId,
      remote_id: id,
      survey_id: 's9',
      survey_name: 'Nine',
      submitted_at: at,
      state,
      language: language ?? null,
      channel: null,
      answers: '[]',
      keys: '{}',
      scores: JSON.stringify([{ ...score, nature: nature ?? null, touchpoint: touchpoint ?? null }]),
      comment: null,
      rejected: '[]',
      attachment: recordId === undefined ? 'unmatched' : 'attached',
      record_id: recordId ?? null,
      evidence: null,
    })
    .execute();
}

const open = async (hub: Hub) => {
  const stage = openStage(hub);
  const ids = await seed(hub);
  const report = async (query: string) => {
    const answered = await stage.ask('viewer', `/api/v1/feedback/metrics?key=recommend${query}`);
    return { status: answered.status, items: answered.status === 200 ? MetricReport.parse(await answered.json()).items : [] };
  };
  return { stage, ids, report, give: (given: Given) => answer(hub, ids.forms, given) };
};

test('of fewer than five employees no figure is told, however it is asked for', async ({ hub }) => {
  const { stage, give } = await open(hub);
  const at = '2026-03-01T00:00:00Z';
  for (const nps of [0, 3, 9, 10]) await give({ at, nps, key: 'enps', ofEmployees: true, language: nps < 5 ? 'ja' : 'th' });
  const ask = async (path: string) => (await stage.ask('viewer', `/api/v1/feedback/${path}`)).json();
  const reason = 'fewer than 5 employees have answered';
  expect(MetricReport.parse(await ask('metrics?key=enps'))).toMatchObject({ items: [], withheld: [{ key: 'enps', group: {}, reason }] });
  const { overall, surveys } = FeedbackSummary.parse(await ask('summary'));
  const survey = surveys.find(({ surveyId }) => surveyId === 's9');
  const withheld = [{ metric: 'nps', key: 'enps', nature: null, reason }];
  expect([overall.withheld, survey?.withheld, survey?.metrics]).toEqual([withheld, withheld, []]);
  await give({ at, nps: 9, key: 'enps', ofEmployees: true, language: 'th' });
  const { items } = MetricReport.parse(await ask('metrics?key=enps'));
  expect(items).toMatchObject([{ n: 5, score: 20 }]);
  expect(MetricReport.parse(await ask('metrics?key=enps&by=language'))).toMatchObject({
    items: [],
    withheld: [{ group: { language: 'ja' } }, { group: { language: 'th' } }],
  });
});

test('a metric is told by nature, touchpoint, language, and a field of the contact, and what is not complete counts nowhere', async ({
  hub,
}) => {
  const { ids, report, give } = await open(hub);
  const at = '2026-03-01T00:00:00Z';
  await give({ at, nps: 10, nature: 'relationship', language: 'ja', recordId: ids.bob });
  await give({ at, nps: 0, nature: 'transactional', touchpoint: 'delivery', language: 'th' });
  await give({ at, nps: 9, nature: 'transactional', touchpoint: 'delivery', language: 'ja' });
  await give({ at, nps: 0, nature: 'relationship', state: 'partial' });
  const told = (items: Awaited<ReturnType<typeof report>>['items']) =>
    items.map(({ nature, group, n, score }) => [nature, group, n, score]);
  expect(told((await report('')).items)).toEqual([
    ['relationship', {}, 1, 100],
    ['transactional', {}, 2, 0],
  ]);
  expect(told((await report('&by=touchpoint,language')).items)).toEqual([
    ['relationship', { touchpoint: null, language: 'ja' }, 1, 100],
    ['transactional', { touchpoint: 'delivery', language: 'ja' }, 1, 100],
    ['transactional', { touchpoint: 'delivery', language: 'th' }, 1, -100],
  ]);
  expect(told((await report('&by=segment:first_name&nature=relationship')).items)).toEqual([
    ['relationship', { 'segment:first_name': 'Bob' }, 1, 100],
  ]);
  expect(told((await report('&language=th')).items)).toEqual([['transactional', {}, 1, -100]]);
});

test('a period begins where the time zone says', async ({ hub }) => {
  const { report, give } = await open(hub);
  await give({ at: '2026-03-31T16:30:00Z', nps: 10 });
  await give({ at: '2026-03-31T14:30:00Z', nps: 0 });
  const periods = async (query: string) => (await report(query)).items.map(({ period, n }) => [period, n]);
  expect(await periods('&period=month')).toEqual([['2026-03-01', 2]]);
  expect(await periods('&period=month&timeZone=Asia/Tokyo')).toEqual([
    ['2026-03-01', 1],
    ['2026-04-01', 1],
  ]);
  expect(await periods('&period=week&timeZone=America/New_York')).toEqual([['2026-03-30', 2]]);
  expect(await periods('&period=year&from=2026-03-31T15:00:00Z')).toEqual([['2026-01-01', 1]]);
  expect((await report('&timeZone=Mars/Olympus')).status).toBe(422);
  expect((await report('&by=shoe_size')).status).toBe(422);
  expect(await report('&population=10')).toMatchObject({ status: 200, items: [{ population: 10 }] });
  expect([(await report('&population=10&by=language')).status, (await report('&population=0')).status]).toEqual([422, 400]);
});

test('what a viewer may not see is no segment either', async ({ hub }) => {
  const { stage, report } = await open(hub);
  expect((await report('&by=segment:salary')).status).toBe(422);
  expect((await stage.ask('steward', '/api/v1/feedback/metrics?by=segment:salary')).status).toBe(200);
});

test('answers that could not be counted are listed by their reason, and questions with every wording', async ({ hub }) => {
  const { stage, ids } = await open(hub);
  await hub
    .updateTable('response')
    .set({ rejected: '[{"question":"q","metric":"nps","reason":"11 is outside 0 to 10"}]' })
    .where('id', '=', ids.lost)
    .execute();
  const quality = DataQuality.parse(await (await stage.ask('viewer', '/api/v1/feedback/data-quality')).json());
  expect(quality.items).toMatchObject([{ question: 'q', metric: 'nps', reason: '11 is outside 0 to 10', count: 1 }]);
  const base = { connection_id: ids.forms, survey_id: 's1', question_id: 'q', ref: 'nps', kind: 'nps', scale: null };
  await hub
    .insertInto('survey_question')
    .values([
      { ...base, wording: 'How likely?', digest: newId(), first_seen_at: '2026-01-01T00:00:00Z', last_seen_at: '2026-02-01T00:00:00Z' },
      {
        ...base,
        wording: 'How very likely?',
        digest: newId(),
        first_seen_at: '2026-02-01T00:00:00Z',
        last_seen_at: '2026-03-01T00:00:00Z',
      },
    ])
    .execute();
  const { items } = AskedQuestions.parse(await (await stage.ask('viewer', '/api/v1/feedback/questions')).json());
  expect(items).toMatchObject([{ questionId: 'q', ref: 'nps', wordings: [{ text: 'How very likely?' }, { text: 'How likely?' }] }]);
  expect(Benchmarks.parse(await (await stage.ask('viewer', '/api/v1/feedback/benchmarks')).json())).toEqual({ items: [] });
});

test('every figure leads to the very responses that it is computed from', async ({ hub }) => {
  const { stage, ids, report, give } = await open(hub);
  await give({ at: '2026-03-31T16:30:00Z', nps: 10, nature: 'relationship', touchpoint: 'delivery', recordId: ids.ada });
  await give({ at: '2026-03-31T14:30:00Z', nps: 9, nature: 'relationship' });
  await give({ at: '2026-03-31T14:31:00Z', nps: 2, nature: 'transactional', language: 'ja' });
  await give({ at: '2026-03-31T14:32:00Z', nps: 2, nature: 'relationship', state: 'partial' });
  const [line, next] = (await report('&nature=relationship&period=month&timeZone=Asia/Tokyo')).items;
  expect([line?.from, line?.to, next?.from]).toEqual(['2026-02-28T15:00:00.000Z', '2026-03-31T15:00:00.000Z', '2026-03-31T15:00:00.000Z']);
  const found = async (query: string) => {
    const { items } = await (await stage.ask('steward', `/api/v1/responses?key=recommend&counted=true${query}`)).json();
    return items.flatMap(({ scores }: { scores: readonly { score: number }[] }) => scores.map(({ score }) => score));
  };
  expect(await found(`&nature=relationship&from=${line?.from}&to=${line?.to}`)).toEqual([9]);
  expect(await found('&scoreFrom=0&scoreTo=6')).toEqual([2]);
  expect(await found('&touchpoint=delivery&scoreFrom=9')).toEqual([10]);
  expect(await found('&nature=none')).toEqual([]);
  expect(await found('&language=ja')).toEqual([2]);
  expect((await stage.ask('viewer', '/api/v1/responses?contact=salary:9')).status).toBe(422);
  expect((await stage.ask('viewer', '/api/v1/responses?contact=shoe')).status).toBe(400);
});
