import { expect, onTestFinished, test } from 'vitest';
import { surveymonkey } from '../../connectors/surveymonkey/index.ts';
import { manifest } from '../../connectors/surveymonkey/manifest.ts';
import { surveymonkeyHands, surveymonkeySandbox } from '../../connectors/surveymonkey/sandbox/index.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openMemory } from '../support/memory.ts';
import { testSession } from '../support/session.ts';

const { token } = surveymonkeySandbox.credentials;

async function stage(switches: SandboxOptions['switches'] = {}, people = 300) {
  let now = new Date('2026-11-22T00:00:00Z');
  const open = await openSandbox(surveymonkeySandbox, {
    seed: 7,
    town: makeTown({ seed: 7, people }),
    now: () => now,
    switches: { callsPerMinute: 0, callsPerDay: 0, webhooksByThemselves: false, ...switches },
  });
  onTestFinished(() => open.close());
  const session = testSession(manifest, { origin: open.origin, token });
  const ports = surveymonkey.open(session);
  const wind = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { open, hands: surveymonkeyHands(open.sandbox), session, ports, port: must(ports.objects.response, 'the response port'), wind };
}

test('NPS is what SurveyMonkey works out itself, in the question of its bank and in the one made by hand', async () => {
  const { open, hands, port } = await stage();
  for (const [at, isBank] of [
    [0, true],
    [2, false],
  ] as const) {
    const survey = must(hands.surveys.all()[at], 'a survey');
    const question = must(
      survey.pages.flatMap(({ questions }) => questions).find(({ role }) => role === 'nps'),
      'its NPS question',
    );
    const memory = openMemory();
    const responses = (await memory.read(port, survey.id)).flatMap((one) => (one.kind === 'present' ? must(one.response, 'whole') : []));
    const scores = responses.flatMap(({ answers, state }) =>
      state === 'complete' ? answers.filter(({ question: { kind } }) => kind === 'nps').map(({ value }) => Number(value)) : [],
    );
    const asked = await fetch(`${open.origin}/v3/surveys/${survey.id}/rollups?status=completed`, {
      headers: { authorization: `bearer ${token}` },
    });
    const { data } = (await asked.json()) as { data: { id: string; summary: { answered: number; stats: { mean: number } }[] }[] };
    const told = must(data.find(({ id }) => id === question.id)?.summary[0], 'the summary');
    const weight = (score: number) => (score >= 9 ? 100 : score >= 7 ? 0 : -100);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(scores.length).toBeGreaterThan(10);
    expect(scores.length).toBe(told.answered);
    expect(mean(isBank ? scores.map(weight) : scores)).toBeCloseTo(told.stats.mean, 1);
  }
});

test('every kind of question is answered, in a kind that the hub knows, under a name that the schema has', async () => {
  const { hands, port } = await stage({ idPrefix: '9007199' });
  const survey = must(hands.surveys.all()[3], 'the survey of every kind');
  const memory = openMemory();
  const [one] = await memory.read(port, survey.id);
  const { response, fields } = memory.one(must(one, 'a response').id);
  const kinds = (response?.answers ?? []).map(({ question }) => question.kind);
  expect([...new Set(kinds)].sort()).toEqual(['choice', 'choices', 'contact', 'date', 'file', 'matrix', 'number', 'rank', 'text']);
  const types = new Map((await port.fields(survey.id)).map(({ name, type }) => [name, type]));
  expect(Object.keys(fields).filter((name) => !types.has(name))).toEqual([]);
  expect(one?.id).toMatch(/^9007199\d+:9007199\d+$/);
});

test('a plan that shows no answers, and a scope that was not ticked, are told apart before anything is read', async () => {
  const basic = await stage({ plan: 'basic' }, 5);
  await expect(basic.ports.identify()).rejects.toMatchObject({ kind: 'not_allowed', code: '1015' });
  const unticked = await stage({ granted: 'users_read surveys_read responses_read' }, 5);
  await expect(unticked.ports.identify()).rejects.toMatchObject({ kind: 'not_allowed', code: '1014' });
  const survey = must(unticked.hands.surveys.all()[0], 'a survey').id;
  await expect(openMemory().read(unticked.port, survey)).rejects.toMatchObject({ kind: 'not_allowed', code: '1014' });
});

test('a survey of 120 pages, and one of 1,100 questions, are known whole', async () => {
  const { hands, port } = await stage({ questionRows: 'brief' }, 5);
  for (const [pages, questionsPerPage] of [
    [120, 1],
    [11, 100],
  ] as const) {
    const id = hands.surveys.add('Long', { pages, questionsPerPage });
    const asked = (await port.fields(id)).filter(({ name }) => name.startsWith('answer:'));
    expect(asked).toHaveLength(pages * questionsPerPage);
  }
});

test('another region is told with the addresses that there are, and a spent day with when there is more', async () => {
  const { ports } = await stage({ region: 'eu' }, 5);
  await expect(ports.identify()).rejects.toMatchObject({ kind: 'misconfigured', code: '1018' });
  const spent = await stage({ callsPerDay: 2, overshoots: 0 }, 5);
  spent.wind(18 * 3_600_000);
  for (let call = 0; call < 2; call += 1) await spent.ports.identify();
  await expect(spent.ports.identify()).rejects.toMatchObject({ kind: 'quota_spent', retryAfterMs: 6 * 3_600_000 });
});
