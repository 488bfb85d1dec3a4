import { expect, onTestFinished, test } from 'vitest';
import { questionpro } from '../../connectors/questionpro/index.ts';
import { manifest } from '../../connectors/questionpro/manifest.ts';
import { type QuestionproSandbox, questionproSandbox } from '../../connectors/questionpro/sandbox/index.ts';
import { monthFirst } from '../../connectors/questionpro/times.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openMemory } from '../support/memory.ts';
import { testSession } from '../support/session.ts';

const DAY_MS = 86_400_000;
const VISIT = 11_000_004;
const CX = 'cx';

async function stage(switches: SandboxOptions['switches'] = {}, people = 0) {
  let hand: QuestionproSandbox | undefined;
  let now = new Date('2026-11-03T20:00:00Z');
  const definition = { ...questionproSandbox, open: (options: SandboxOptions) => (hand = questionproSandbox.open(options)) };
  const open = await openSandbox(definition, {
    seed: 7,
    town: makeTown({ seed: 7, people }),
    now: () => now,
    switches: { callsPerMinute: 0, organizationCallsPerMinute: 0, ...switches },
  });
  onTestFinished(() => open.close());
  const connect = (settings: Record<string, string> = { cx: 'true' }) => {
    const session = testSession(manifest, { origin: open.origin, token: 'qp-sandbox-key', settings: { userId: '1', ...settings } });
    return { session, port: must(questionpro.open(session).objects.response, 'the response port') };
  };
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return {
    open,
    hand: must(hand, 'the sandbox'),
    connect,
    ago,
    wind: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

const scopesOf = async (port: ReturnType<Awaited<ReturnType<typeof stage>>['connect']>['port']) =>
  (await Array.fromAsync(must(port.read.scopes, 'scopes')())).map(({ scope }) => scope);

test('CX is read when it is asked for, and then every answer of it once', async () => {
  const { connect, hand } = await stage({}, 80);
  expect(await scopesOf(connect({}).port)).not.toContain(CX);
  const { port } = connect();
  expect(await scopesOf(port)).toContain(CX);
  const memory = openMemory();
  const shown = await memory.read(port, CX);
  expect(shown.map(({ id }) => id).sort()).toEqual(
    hand
      .cx()
      .map(({ id }) => `${VISIT}:${id}`)
      .sort(),
  );
  expect(shown.length).toBeGreaterThan(5);
});

test('the third of a month is written month first', () => {
  expect(monthFirst('2026-11-03T20:00:00.000Z')).toBe('11/03/2026');
  expect(monthFirst('2026-03-11T00:00:00.000Z')).toBe('03/11/2026');
});

test.each(['America/Los_Angeles', 'Asia/Kolkata'])(
  'an answer is an ordinary response with its time, score, and labels, in %s',
  async (timeZone) => {
    const { connect, hand, ago } = await stage({ timeZone, cxShowsSegment: true });
    const at = ago(2);
    const customs = { custom1: 'haruka@example.jp', custom3: 'gold', custom5: 'A-17' };
    const id = hand.answer({
      surveyId: VISIT,
      score: 9,
      comment: 'とても早い',
      customs,
      externalReference: 'CRM-1',
      at,
      segmentCode: 'S3',
    });
    const memory = openMemory();
    await memory.read(connect().port, CX);
    const { fields, response, changedAt } = memory.one(`${VISIT}:${id}`);
    expect(changedAt).toBe(at.toISOString());
    expect(fields).toMatchObject({
      external_reference: 'CRM-1',
      segment_code: 'S3',
      'custom:Email': 'haruka@example.jp',
      'custom:custom3': 'gold',
      'custom:Order': 'A-17',
    });
    expect(response).toMatchObject({
      survey: { id: String(VISIT), name: 'After your visit' },
      state: 'complete',
      submittedAt: at.toISOString(),
    });
    expect(response?.answers.map(({ question, value }) => [question.kind, value])).toEqual([
      ['nps', 9],
      ['text', 'とても早い'],
    ]);
  },
);

test('where nothing else knows the surveys of CX, what was answered is kept all the same, and stays', async () => {
  const { connect, hand } = await stage({ cxSurveysApart: true });
  const ids = Array.from({ length: 6 }, (_, score) => hand.answer({ surveyId: VISIT, score, comment: 'fine' }));
  const { port } = connect();
  const memory = openMemory();
  await memory.read(port, CX);
  const first = memory.one(`${VISIT}:${ids[3]}`);
  expect(first.response?.survey).toEqual({ id: String(VISIT), name: `Survey ${VISIT}` });
  expect(first.response?.answers.map(({ question, value }) => [question.ref, value])).toEqual([
    ['Q1', '3'],
    ['Q2', 'fine'],
  ]);
  hand.remove(must(ids[0], 'an id'));
  const seen = await port.read.byIds(
    ids.map((id) => `${VISIT}:${id}`),
    openMemory().ask('all'),
  );
  expect(seen.map(({ kind }) => kind)).toEqual(['gone', 'present', 'present', 'present', 'present', 'present']);
});

test('a survey that stands in both lists gives one response', async () => {
  const { connect, hand } = await stage({ cxSurveysListed: true });
  const id = hand.answer({ surveyId: VISIT, score: 4, comment: 'slow' });
  const { port } = connect();
  const [one, two] = [openMemory(), openMemory()];
  await one.read(port, String(VISIT));
  await two.read(port, CX);
  expect([...two.held.keys()]).toEqual([`${VISIT}:${id}`]);
  expect(two.one(`${VISIT}:${id}`)).toEqual(one.one(`${VISIT}:${id}`));
});

test.each([10, 1_100])(
  'with %i answers a quiet look costs one call, and one that came two more, for its survey and questions',
  async (held) => {
    const { connect, hand, ago, wind } = await stage();
    for (let n = 0; n < held; n += 1) hand.answer({ surveyId: VISIT, score: n % 11, happenedAt: ago(60), at: ago(59) });
    const memory = openMemory();
    await memory.read(connect().port, CX);
    wind(60_000);
    const quiet = connect();
    expect(await memory.read(quiet.port, CX)).toEqual([]);
    expect(quiet.session.calls()).toBe(1);
    const id = hand.answer({ surveyId: VISIT, score: 8 });
    const busy = connect();
    expect((await memory.read(busy.port, CX)).map((one) => one.id)).toEqual([`${VISIT}:${id}`]);
    expect(busy.session.calls()).toBe(3);
  },
);

test.each([
  ['in the next look when the list is short', 10, 1],
  ['within a day when it is long, though it goes by the day of what it is about', 1_100, 0],
])('an answer to what happened half a year ago is found %s', async (_when, held, atOnce) => {
  const { connect, hand, ago, wind } = await stage();
  for (let n = 0; n < held; n += 1) hand.answer({ surveyId: VISIT, score: n % 11, happenedAt: ago(60), at: ago(59) });
  const memory = openMemory();
  const { port } = connect();
  await memory.read(port, CX);
  const id = hand.answer({ surveyId: VISIT, score: 1, happenedAt: ago(180) });
  wind(60_000);
  const first = await memory.read(port, CX);
  expect(first).toHaveLength(atOnce);
  wind(DAY_MS);
  expect([...first, ...(await memory.read(port, CX))].map((one) => one.id)).toEqual([`${VISIT}:${id}`]);
});

test('a response that was begun and is completed later is the same response', async () => {
  const { connect, hand, wind } = await stage();
  const memory = openMemory();
  const { port } = connect();
  const id = hand.answer({ surveyId: VISIT, status: 'Started' });
  await memory.read(port, CX);
  expect(memory.one(`${VISIT}:${id}`).response).toMatchObject({ state: 'partial', submittedAt: null });
  wind(60_000);
  hand.complete(id, { score: 10 });
  await memory.read(port, CX);
  expect(memory.one(`${VISIT}:${id}`).response).toMatchObject({ state: 'complete' });
  expect(memory.held.size).toBe(1);
});

test('nothing is lost of many pages in no order while answers come in', async () => {
  const { connect, hand } = await stage({ order: 'shuffled', arrivalsPerPage: 2 }, 20);
  for (let n = 0; n < 2_300; n += 1) hand.answer({ surveyId: VISIT, score: n % 11 });
  const before = hand.cx();
  const memory = openMemory();
  await memory.read(connect().port, CX);
  expect(before.filter(({ id }) => !memory.held.has(`${VISIT}:${id}`))).toEqual([]);
});

test('a read that was cut off goes on where it stopped', async () => {
  const { connect, hand } = await stage();
  for (let n = 0; n < 2_300; n += 1) hand.answer({ surveyId: VISIT, score: n % 11 });
  const memory = openMemory();
  const first = await memory.read(connect().port, CX, { pages: 1 });
  const rest = await memory.read(connect().port, CX);
  expect(first).toHaveLength(1000);
  expect(first.length + rest.length).toBe(2_300);
  expect(memory.held.size).toBe(2_300);
});

test('a cursor from the future, of another version, or of a survey asks for a fresh read', async () => {
  const { connect, hand } = await stage();
  hand.answer({ surveyId: VISIT, score: 5, happenedAt: new Date('2029-12-30T00:00:00Z') });
  const future = { v: 1, phase: 'cx_delta', startedAt: '2030-01-01T00:00:00.000Z', fullAt: null, total: null };
  for (const cursor of [future, { v: 99 }, { v: 1, phase: 'delta' }, { ...future, startedAt: 'soon' }]) {
    const pages = connect().port.read.changes(cursor, openMemory().ask(CX));
    await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'cursor_expired' });
  }
});

test('the schema of CX names its labels, its business unit, and its questions', async () => {
  const { connect, hand } = await stage();
  hand.answer({ surveyId: VISIT, score: 5 });
  const names = (await connect().port.fields(CX)).map(({ name, type }) => `${name} ${type}`);
  for (const name of ['external_reference text', 'segment_code text', 'custom:Email text', 'custom:custom3 text', 'answer:Q1 number'])
    expect(names).toContain(name);
});

test('a licence without CX says so, and costs none of the surveys', async () => {
  const { connect, open } = await stage();
  open.fail({
    on: 'POST /a/api/v2/cx/responses*',
    answer: 403,
    body: { response: { error: { id: 1011, httpStatusCode: 403, message: 'Permission not granted', name: '' } } },
  });
  const { port } = connect();
  expect((await scopesOf(port)).at(-1)).toBe(CX);
  await expect(openMemory().read(port, CX)).rejects.toMatchObject({ code: '1011' });
});
