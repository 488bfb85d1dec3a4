import { expect, onTestFinished, test } from 'vitest';
import { questionpro } from '../../connectors/questionpro/index.ts';
import { manifest } from '../../connectors/questionpro/manifest.ts';
import { type QuestionproSandbox, questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import type { AnyPort } from '../../src/contract/connector.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openMemory } from '../support/memory.ts';
import { testSession } from '../support/session.ts';

const DAY_MS = 86_400_000;
const NPS = '11000001';
const CSAT = '11000002';
const CES = '11000003';

async function stage(switches: SandboxOptions['switches'] = {}, people = 60) {
  let hand: QuestionproSandbox | undefined;
  let now = new Date();
  const definition = {
    ...questionproSandbox,
    open: (options: SandboxOptions) => {
      hand = questionproSandbox.open(options);
      return hand;
    },
  };
  const open = await openSandbox(definition, {
    seed: 7,
    town: makeTown({ seed: 7, people }),
    now: () => now,
    switches: { callsPerMinute: 0, organizationCallsPerMinute: 0, ...switches },
  });
  onTestFinished(() => open.close());
  const connect = (settings: Record<string, string> = {}) => {
    const session = testSession(manifest, { origin: open.origin, token: 'qp-sandbox-key', settings: { userId: '1', ...settings } });
    const ports = questionpro.open(session);
    return { session, ports, port: must(ports.objects.response, 'the response port') };
  };
  return {
    open,
    hand: must(hand, 'the sandbox'),
    connect,
    wind: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
  };
}

async function scopesOf(port: AnyPort): Promise<readonly string[]> {
  const scopes = [];
  for await (const { scope } of must(port.read.scopes, 'scopes')()) scopes.push(scope);
  return scopes;
}

test('the key proves whose account it is, and a wrong one is signed out', async () => {
  const { connect, open } = await stage();
  expect(await connect().ports.identify()).toMatchObject({ id: '1' });
  const wrong = questionpro.open(testSession(manifest, { origin: open.origin, token: 'other', settings: { userId: '1' } }));
  await expect(wrong.identify()).rejects.toMatchObject({ kind: 'signed_out', code: '1010' });
});

test('a first read shows every response of every survey once', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  let shown = 0;
  for (const scope of await scopesOf(port)) shown += (await memory.read(port, scope)).length;
  expect([...memory.held.keys()].sort()).toEqual(
    hand
      .all()
      .map(({ survey, id }) => `${survey.id}:${id}`)
      .sort(),
  );
  expect(shown).toBe(hand.all().length);
});

test('the score is what was answered, never its place in the list', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  const filed = [0, 7, 10].map((score) => ({ score, id: hand.answer({ surveyId: Number(NPS), score, comment: '<b>1 < 2</b>' }) }));
  await memory.read(port, NPS);
  for (const { score, id } of filed) {
    const { response, fields } = memory.one(`${NPS}:${id}`);
    const nps = response?.answers.find(({ question }) => question.kind === 'nps');
    expect(nps).toMatchObject({ value: score, question: { ref: 'Q1', scale: { min: 0, max: 10 } } });
    expect(nps?.question.text).toMatch(/^How likely is it/);
    expect(fields['answer:Q1']).toBe(score);
    expect(response?.answers.find(({ question }) => question.kind === 'text')?.value).toBe('<b>1 < 2</b>');
  }
});

test('matrix rows, topics, labels, contact parts, custom variables, and languages come through as given', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  const delivery = hand.answer({
    surveyId: Number(CSAT),
    score: 4,
    matrix: [1, 2, 5],
    topic: 'the driver',
    customs: { custom1: 'haruka@example.jp', custom9: 'high' },
    externalReference: 'CRM-000481',
    language: 'Japanese',
  });
  const contact = { firstName: 'Somchai', lastName: 'ใจดี', email: 'somchai@example.co.th', phone: '+66812345678' };
  const support = hand.answer({ surveyId: Number(CES), score: 7, contact, language: 'Thai' });
  for (const scope of [CSAT, CES]) await memory.read(port, scope);

  const { fields, response } = memory.one(`${CSAT}:${delivery}`);
  expect(fields).toMatchObject({
    external_reference: 'CRM-000481',
    'custom:Email': 'haruka@example.jp',
    'custom:Mobile': null,
    'custom:custom9': 'high',
  });
  expect(response?.language).toBe('ja');
  const byKind = (kind: string) => response?.answers.filter(({ question }) => question.kind === kind) ?? [];
  expect(byKind('csat').map(({ value }) => value)).toEqual([4]);
  expect(byKind('matrix').map(({ value, question }) => [question.text, value])).toEqual([
    ['And in particular with ... — Speed', 1],
    ['And in particular with ... — Friendliness', 2],
    ['And in particular with ... — Packaging', 5],
  ]);
  expect(byKind('choices').map(({ value }) => value)).toEqual([['the driver']]);

  const help = memory.one(`${CES}:${support}`);
  expect(help.fields).toMatchObject({
    'contact:first_name': 'Somchai',
    'contact:last_name': 'ใจดี',
    'contact:email': 'somchai@example.co.th',
    'contact:phone': '+66812345678',
  });
  expect(help.response?.language).toBe('th');
  expect(help.response?.answers[0]).toMatchObject({ value: 7, question: { kind: 'ces', scale: { min: 1, max: 7 } } });
});

test('a quiet cycle costs one call for all surveys together', async () => {
  const { connect } = await stage();
  const memory = openMemory();
  const first = connect();
  for (const scope of await scopesOf(first.port)) await memory.read(first.port, scope);
  const { port, session } = connect();
  for (const scope of await scopesOf(port)) expect(await memory.read(port, scope)).toEqual([]);
  expect(session.calls()).toBe(1);
});

test('news in one survey costs two calls more: its window and its questions', async () => {
  const { connect, hand, wind } = await stage();
  const memory = openMemory();
  const first = connect();
  for (const scope of await scopesOf(first.port)) await memory.read(first.port, scope);
  wind(60_000);
  const id = hand.answer({ surveyId: Number(NPS), score: 9 });
  const { port, session } = connect();
  for (const scope of await scopesOf(port)) await memory.read(port, scope);
  expect(memory.one(`${NPS}:${id}`).response?.state).toBe('complete');
  expect(session.calls()).toBe(3);
});

test('one opened connector shows what came between two reads, without listing the surveys again', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  for (const scope of await scopesOf(port)) await memory.read(port, scope);
  const id = hand.answer({ surveyId: Number(NPS), score: 2 });
  await memory.read(port, NPS);
  expect(memory.one(`${NPS}:${id}`).response?.answers[0]?.value).toBe(2);
});

test.each(['completion', 'start'])('a response begun long ago and completed now is found, when the window goes by %s', async (windowOn) => {
  const { connect, hand, wind, now } = await stage({ windowOn });
  const { port } = connect();
  const memory = openMemory();
  const begun = new Date(now().getTime() - 20 * DAY_MS);
  const id = hand.answer({ surveyId: Number(NPS), status: 'Started', startedAt: begun, at: begun });
  await memory.read(port, NPS);
  const partial = memory.one(`${NPS}:${id}`);
  expect(partial.response).toMatchObject({ state: 'partial', submittedAt: null });
  wind(60_000);
  hand.complete(id, { score: 10, comment: 'at last' });
  await memory.read(port, NPS);
  const complete = memory.one(`${NPS}:${id}`);
  expect(complete.response).toMatchObject({ state: 'complete', submittedAt: complete.changedAt });
  expect(complete.changedAt > partial.changedAt).toBe(true);
});

test('a response filed with an old date is found, because the vendor counts it', async () => {
  const { connect, hand, now } = await stage();
  const { port } = connect();
  const memory = openMemory();
  await memory.read(port, NPS);
  const id = hand.answer({ surveyId: Number(NPS), score: 5, at: new Date(now().getTime() - 200 * DAY_MS) });
  await memory.read(port, NPS);
  expect(memory.held.has(`${NPS}:${id}`)).toBe(true);
});

test('what is counted and never shown is looked for a few times, and then left alone', async () => {
  const { connect, open, hand } = await stage();
  const memory = openMemory();
  const first = connect();
  await memory.read(first.port, NPS);
  const empty = { response: [], pagination: { perPage: 1000, totalItems: 0, currentPage: 1, totalPages: 0 }, requestID: 'x' };
  open.fail({ on: `* /a/api/v2/surveys/${NPS}/responses*`, answer: 200, body: empty, times: 50 });
  hand.answer({ surveyId: Number(NPS), score: 5, at: new Date(Date.now() - 400 * DAY_MS) });
  const costs: number[] = [];
  for (let cycle = 0; cycle < 6; cycle += 1) {
    const { port, session } = connect();
    await memory.read(port, NPS);
    costs.push(session.calls());
  }
  expect(costs).toEqual([3, 2, 2, 1, 1, 1]);
});

test.each(['asc', 'desc', 'shuffled'])('nothing is lost while answers come in between the pages of an %s list', async (order) => {
  const { connect, hand } = await stage({ order, arrivalsPerPage: 2 });
  for (let i = 0; i < 2300; i += 1) hand.answer({ surveyId: Number(NPS), score: i % 11 });
  const before = hand.all().filter(({ survey }) => survey.id === Number(NPS));
  const { port } = connect();
  const memory = openMemory();
  await memory.read(port, NPS);
  expect(before.filter(({ id }) => !memory.held.has(`${NPS}:${id}`))).toEqual([]);
});

test('a read that was cut off goes on where it stopped, and ends with everything', async () => {
  const { connect, hand } = await stage();
  for (let i = 0; i < 2300; i += 1) hand.answer({ surveyId: Number(NPS), score: i % 11 });
  const memory = openMemory();
  const first = await memory.read(connect().port, NPS, { pages: 1 });
  const rest = await memory.read(connect().port, NPS);
  const all = hand.all().filter(({ survey }) => survey.id === Number(NPS));
  expect(first).toHaveLength(1000);
  expect(first.length + rest.length).toBe(all.length);
  expect(memory.held.size).toBe(all.length);
});

test('ids are answered one by one in their order, and an unknown one is gone', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const id = hand.answer({ surveyId: Number(NPS), score: 8 });
  const seen = await port.read.byIds([`${NPS}:1`, `${NPS}:${id}`], openMemory().ask(NPS));
  expect(seen.map(({ kind, id: one }) => [kind, one])).toEqual([
    ['gone', `${NPS}:1`],
    ['present', `${NPS}:${id}`],
  ]);
});

test('a spent quota is told from a busy minute, and a page of HTML from a missing response', async () => {
  const spent = await stage({ callQuota: 1 });
  const { ports } = spent.connect();
  await ports.identify();
  await expect(ports.identify()).rejects.toMatchObject({ kind: 'quota_spent', code: '1013' });
  const busy = await stage({ callsPerMinute: 1 });
  const hasty = busy.connect().ports;
  await hasty.identify();
  await expect(hasty.identify()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
  const { connect, open } = await stage();
  open.fail({ on: 'GET /a/api/v2/*', answer: 502, body: '<html>bad gateway</html>' });
  await expect(connect().ports.identify()).rejects.toMatchObject({ kind: 'unreachable' });
  open.fail({ on: 'GET /a/api/v2/*', answer: 404, body: '<html>not here</html>' });
  await expect(connect().port.read.byIds([`${NPS}:1`], openMemory().ask(NPS))).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('named surveys are the only ones read, also those of a colleague', async () => {
  const { connect } = await stage();
  expect(await scopesOf(connect({ surveyIds: `${CES}, ${NPS}` }).port)).toEqual([NPS, CES]);
  await expect(scopesOf(connect({ surveyIds: `${CES},99` }).port)).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('the schema names the questions, and the custom variables as the admin called them', async () => {
  const { connect } = await stage();
  const names = (await connect().port.fields(CSAT)).map(({ name, type }) => `${name} ${type}`);
  expect(names).toContain('custom:Email text');
  expect(names).toContain('answer:Q1 number');
  expect(names).toContain('answer:Q2_1 number');
  expect(names).toContain('external_reference text');
});

test('a cursor of another version asks for a fresh read', async () => {
  const { connect } = await stage();
  const pages = connect().port.read.changes({ v: 99 }, openMemory().ask(NPS));
  await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'cursor_expired' });
});

test('many responses that have just come are looked at with two calls, and an old one beside them with one more', async () => {
  const { open, hand, connect, now } = await stage({}, 0);
  const old = hand.answer({ surveyId: Number(NPS), score: 1, at: new Date(now().getTime() - 90 * DAY_MS) });
  const fresh = Array.from({ length: 50 }, (_, n) =>
    hand.answer({ surveyId: Number(NPS), score: n % 11, at: new Date(now().getTime() - n * 1000) }),
  );
  const { port } = connect();
  const ids = [...fresh, old].map((id) => `${NPS}:${id}`);
  const seen = await port.read.byIds(ids, openMemory().ask(NPS));
  expect(seen.map(({ id, kind }) => [id, kind])).toEqual(ids.map((id) => [id, 'present']));
  // The survey, its last days, the old one, and the questions.
  expect(open.calls()).toBe(4);
});
