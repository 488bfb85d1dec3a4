import { expect, onTestFinished, test } from 'vitest';
import { typeform } from '../../connectors/typeform/index.ts';
import { manifest } from '../../connectors/typeform/manifest.ts';
import { type TypeformSandbox, typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { AnyPort } from '../../src/contract/connector.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openMemory } from '../support/memory.ts';
import { testSession } from '../support/session.ts';

const NPS = 'u6nXL7aB';
const CSAT = 'Qc4tDel1';
const CES = 'Es7SuppT';
const MINUTE_MS = 60_000;

async function stage(switches: SandboxOptions['switches'] = {}, people = 60) {
  let hand: TypeformSandbox | undefined;
  let now = new Date('2026-11-22T00:00:00Z');
  const definition = {
    ...typeformSandbox,
    open: (options: SandboxOptions) => {
      hand = typeformSandbox.open(options);
      return hand;
    },
  };
  const open = await openSandbox(definition, {
    seed: 7,
    town: makeTown({ seed: 7, people }),
    now: () => now,
    switches: { callsPerSecond: 0, ...switches },
  });
  onTestFinished(() => open.close());
  const connect = (settings: Record<string, string> = {}) => {
    const session = testSession(manifest, { origin: open.origin, token: 'tfp_sandbox', settings });
    const ports = typeform.open(session);
    return { session, ports, port: must(ports.objects.response, 'the response port') };
  };
  const wind = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { open, hand: must(hand, 'the sandbox'), connect, wind, now: () => now };
}

async function scopesOf(port: AnyPort): Promise<readonly string[]> {
  const scopes = [];
  for await (const { scope } of must(port.read.scopes, 'scopes')()) scopes.push(scope);
  return scopes;
}

function completed(hand: TypeformSandbox, formId?: string): readonly string[] {
  return hand
    .all()
    .filter(({ state, form }) => state === 'completed' && (formId === undefined || form.id === formId))
    .map(({ form, token }) => `${form.id}:${token}`)
    .sort();
}

/** The completed responses of the form that is used for crowds which are not held. */
function missing(hand: TypeformSandbox, held: ReadonlyMap<string, unknown>): readonly string[] {
  return completed(hand, CES).filter((id) => !held.has(id));
}

test('the token proves whose account it is, and a wrong one is signed out', async () => {
  const { connect, open } = await stage();
  expect((await connect().ports.identify()).name).not.toBe('');
  const wrong = typeform.open(testSession(manifest, { origin: open.origin, token: 'tfp_other' }));
  await expect(wrong.identify()).rejects.toMatchObject({ recovery: 'ask_operator' });
});

test('a first read shows every completed response of every form once', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  let shown = 0;
  for (const scope of await scopesOf(port)) shown += (await memory.read(port, scope)).length;
  expect([...memory.held.keys()].sort()).toEqual(completed(hand));
  expect(shown).toBe(memory.held.size);
});

test('scales, nested questions, choices, hidden fields, and contact data come through as given', async () => {
  const { connect, hand } = await stage();
  const { port } = connect();
  const memory = openMemory();
  const nps = hand.answer({
    formId: NPS,
    nps: 6,
    comment: 'จัดส่งช้ามาก',
    liked: ['Delivery', 'Price'],
    email: 'somchai@example.co.th',
    phone: '+66812345678',
    hidden: { crm_id: 'CRM-000481', lang: 'th' },
  });
  const csat = hand.answer({ formId: CSAT, csat: 4, aspects: [1, 2, 5], topic: 'the driver', comment: 'ok' });
  const ces = hand.answer({ formId: CES, ces: 7 });
  for (const scope of [NPS, CSAT, CES]) await memory.read(port, scope);

  const one = memory.one(`${NPS}:${nps}`);
  expect(one.fields).toMatchObject({
    'hidden:crm_id': 'CRM-000481',
    'answer:nps_main': 6,
    'answer:nps_reason': 'จัดส่งช้ามาก',
    'answer:liked': ['Delivery', 'Price'],
    'contact:email': 'somchai@example.co.th',
    'contact:phone': '+66812345678',
  });
  expect(one.response).toMatchObject({ state: 'complete', language: 'th', submittedAt: one.changedAt });
  expect(one.response?.answers.find(({ question }) => question.kind === 'nps')?.question.scale).toEqual({ min: 0, max: 10 });

  const { fields, response } = memory.one(`${CSAT}:${csat}`);
  expect(fields).toMatchObject({ 'answer:csat_main': 4, 'answer:topic': 'the driver', 'answer:kC4dComment0': 'ok' });
  expect(response?.answers.find(({ question }) => question.kind === 'csat')?.question.scale).toEqual({ min: 1, max: 5 });
  expect(response?.answers.filter(({ question }) => question.kind === 'matrix').map(({ question }) => question.text)).toEqual([
    'And in particular? — Speed',
    'And in particular? — Care',
    'And in particular? — Packaging',
  ]);
  const effort = memory.one(`${CES}:${ces}`).response?.answers.find(({ question }) => question.kind === 'ces');
  expect(effort).toMatchObject({ value: 7, question: { ref: 'ces_main', scale: { min: 1, max: 7 } } });
});

test('a quiet form costs one call and shows nothing', async () => {
  const { connect } = await stage();
  const memory = openMemory();
  await memory.read(connect().port, NPS);
  const { port, session } = connect();
  expect(await memory.read(port, NPS)).toEqual([]);
  expect(session.calls()).toBe(1);
});

test('what came since is shown once, and the definition of its form is read once', async () => {
  const { connect, hand, wind } = await stage();
  const memory = openMemory();
  await memory.read(connect().port, NPS);
  wind(MINUTE_MS);
  const tokens = [1, 2, 3].map((nps) => hand.answer({ formId: NPS, nps }));
  const { port, session } = connect();
  const shown = await memory.read(port, NPS);
  expect(shown.map(({ id }) => id).sort()).toEqual(tokens.map((token) => `${NPS}:${token}`).sort());
  expect(session.calls()).toBe(2);
  expect(await memory.read(port, NPS)).toEqual([]);
});

test('a response that shows up half an hour late is not passed over by those that came after it', async () => {
  const { connect, hand, wind, now } = await stage();
  const memory = openMemory();
  await memory.read(connect().port, NPS);
  wind(31 * MINUTE_MS);
  hand.answer({ formId: NPS, nps: 10 });
  await memory.read(connect().port, NPS);
  // It was submitted before the one that is held already.
  const late = hand.answer({ formId: NPS, nps: 1, at: new Date(now().getTime() - 30 * MINUTE_MS) });
  await memory.read(connect().port, NPS);
  expect(memory.held.has(`${NPS}:${late}`)).toBe(true);
});

test('a response is left out until it is completed, and then shown', async () => {
  const { connect, hand, wind } = await stage();
  const memory = openMemory();
  const token = hand.answer({ formId: NPS, nps: 4, state: 'partial' });
  await memory.read(connect().port, NPS);
  expect(memory.held.has(`${NPS}:${token}`)).toBe(false);
  wind(5 * MINUTE_MS);
  hand.complete(NPS, token, { comment: 'now' });
  await memory.read(connect().port, NPS);
  expect(memory.one(`${NPS}:${token}`).fields['answer:nps_reason']).toBe('now');
});

test('an import of thousands in one second is read whole, at first and later', async () => {
  const { connect, hand, wind, now } = await stage();
  const memory = openMemory();
  await memory.read(connect().port, CES);
  wind(2 * 60 * MINUTE_MS);
  for (let i = 0; i < 2500; i += 1) hand.answer({ formId: CES, ces: (i % 7) + 1, at: now() });
  wind(30 * MINUTE_MS);
  for (let i = 0; i < 1200; i += 1) hand.answer({ formId: CES, ces: 1, at: new Date(now().getTime() - (1200 - i) * 1000) });
  await memory.read(connect().port, CES);
  expect(missing(hand, memory.held)).toEqual([]);
  const afresh = openMemory();
  await afresh.read(connect().port, CES);
  expect(afresh.held.size).toBe(memory.held.size);
  expect(await memory.read(connect().port, CES)).toEqual([]);
});

test('a history whose times and processing disagree is still read whole', async () => {
  const { connect, hand, now } = await stage();
  for (let i = 0; i < 2500; i += 1) hand.answer({ formId: CES, ces: 1, at: new Date(now().getTime() - ((i * 7919) % 2500) * MINUTE_MS) });
  const memory = openMemory();
  await memory.read(connect().port, CES);
  await memory.read(connect().port, CES);
  expect(missing(hand, memory.held)).toEqual([]);
});

test('a read that was cut off goes on where it stopped, and a place that was deleted asks for a fresh read', async () => {
  const { connect, hand } = await stage();
  for (let i = 0; i < 1500; i += 1) hand.answer({ formId: CES, ces: 2 });
  const memory = openMemory();
  await memory.read(connect().port, CES, { pages: 1 });
  const { before } = must(memory.cursor(CES), 'a cursor');
  await memory.read(connect().port, CES);
  expect(missing(hand, memory.held)).toEqual([]);

  const other = openMemory();
  await other.read(connect().port, CES, { pages: 1 });
  hand.remove(CES, String(before));
  await expect(other.read(connect().port, CES)).rejects.toMatchObject({ kind: 'cursor_expired' });
});

test('ids are answered in their order, also of what is not completed, and an unknown one is gone', async () => {
  const { connect, hand } = await stage();
  const done = hand.answer({ formId: NPS, nps: 4 });
  const open = hand.answer({ formId: NPS, nps: 4, state: 'partial' });
  const ids = [`${NPS}:${open}`, `${NPS}:nobody`, `${NPS}:${done}`];
  const seen = await connect().port.read.byIds(ids, openMemory().ask(NPS));
  expect(seen.map(({ id, kind }) => [id, kind])).toEqual([
    [ids[0], 'present'],
    [ids[1], 'gone'],
    [ids[2], 'present'],
  ]);
  const [first] = seen;
  expect(first?.kind === 'present' && first.response).toMatchObject({ state: 'partial', submittedAt: null });
});

test('errors are named by what to do next', async () => {
  const { connect, open } = await stage({ callsPerSecond: 1 });
  const { port } = connect();
  await scopesOf(port);
  await expect(scopesOf(port)).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 1000 });
  const roomy = await stage();
  await expect(openMemory().read(roomy.connect().port, 'no-form')).rejects.toMatchObject({ kind: 'misconfigured' });
  open.fail({ on: 'GET /me', lose: 'before' });
  await expect(connect().ports.identify()).rejects.toMatchObject({ kind: 'unreachable' });
});

test('the schema names hidden fields and questions, those inside groups and matrices too', async () => {
  const { connect } = await stage();
  const nps = (await connect().port.fields(NPS)).map(({ name, type }) => `${name} ${type}`);
  expect(nps).toEqual(expect.arrayContaining(['hidden:crm_id text', 'answer:nps_main number', 'answer:contact_email text']));
  const csat = (await connect().port.fields(CSAT)).map(({ name }) => name);
  expect(csat).toEqual(expect.arrayContaining(['answer:speed', 'answer:kC4dComment0']));
  expect(csat).not.toContain('answer:aspects');
});

test('a response that was filed under a date to come hides nothing that comes before it', async () => {
  const { hand, connect, now, wind } = await stage({}, 5);
  const memory = openMemory();
  const { port } = connect();
  const later = (days: number) => new Date(now().getTime() + days * 24 * 60 * MINUTE_MS);
  hand.answer({ formId: NPS, nps: 9, at: later(30) });
  await memory.read(port, NPS);
  for (const day of [40, 50]) {
    wind(2 * 60 * MINUTE_MS);
    hand.answer({ formId: NPS, nps: 9, at: later(day) });
    const id = `${NPS}:${hand.answer({ formId: NPS, nps: 7 })}`;
    expect((await memory.read(port, NPS)).map((one) => one.id)).toContain(id);
  }
});

test('what is under way is read where somebody asks for it, and is the same response once it is sent', async () => {
  const { hand, connect, wind, now } = await stage({}, 0);
  const told = async (settings: Record<string, string>) => {
    const memory = openMemory();
    const { port } = connect(settings);
    await memory.read(port, NPS);
    return { memory, port };
  };
  hand.answer({ formId: NPS, nps: 9, at: now() });
  wind(MINUTE_MS);
  const token = hand.answer({ formId: NPS, nps: 3, state: 'partial', at: now() });
  const without = await told({});
  expect(without.memory.held.has(`${NPS}:${token}`)).toBe(false);
  const { memory, port } = await told({ partials: 'true' });
  expect(memory.one(`${NPS}:${token}`)).toMatchObject({ response: { state: 'partial', submittedAt: null } });
  wind(5 * MINUTE_MS);
  hand.complete(NPS, token, { comment: 'Fine.' });
  await memory.read(port, NPS);
  expect(memory.one(`${NPS}:${token}`)).toMatchObject({ response: { state: 'complete' } });
});

test('a token of another data centre is refused as not allowed, and not as a wrong one', async () => {
  const { connect } = await stage({ region: 'eu' }, 0);
  await expect(connect().ports.identify()).rejects.toMatchObject({ kind: 'not_allowed' });
});

test('a response that is not shown yet takes nothing away from what is newer than the lists', async () => {
  const { connect, hand, now } = await stage({ visibilityDelayMs: 30 * MINUTE_MS }, 0);
  const token = hand.answer({ formId: NPS, nps: 9, at: now() });
  const { port } = connect();
  const [seen] = await port.read.byIds([`${NPS}:${token}`], openMemory().ask(NPS));
  expect(seen).toMatchObject({ kind: 'gone' });
  expect(Date.parse(must(seen, 'an answer').changedAt)).toBeLessThan(now().getTime() - 30 * MINUTE_MS);
});
