import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TypeformSandbox, typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { randomFrom } from '../../src/sandbox/random.ts';
import { type OpenSandbox, openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

type Json = Readonly<Record<string, unknown>>;
type Stage = OpenSandbox & { readonly hand: TypeformSandbox };

const town = makeTown({ seed: 3, people: 300 });
const nobody = makeTown({ seed: 3, people: 0 });
const START = Date.parse('2026-11-22T09:00:00Z');
const [NPS, CSAT, CES] = ['u6nXL7aB', 'Qc4tDel1', 'Es7SuppT'];
const opened: OpenSandbox[] = [];

async function open(switches: SandboxOptions['switches'] = {}, options: { full?: boolean; now?: () => Date } = {}): Promise<Stage> {
  let hand: TypeformSandbox | undefined;
  const definition = { ...typeformSandbox, open: (given: SandboxOptions) => (hand = typeformSandbox.open(given)) };
  const stage = await openSandbox(definition, {
    town: options.full ? town : nobody,
    now: options.now ?? (() => new Date(START)),
    switches: { callsPerSecond: 0, ...switches },
    seed: 4,
  });
  opened.push(stage);
  if (hand === undefined) throw new Error('the stage opens its sandbox');
  return { ...stage, hand };
}
afterAll(() => Promise.all(opened.map((stage) => stage.close())));

async function call(stage: Stage, path: string, token = 'tfp_sandbox'): Promise<{ status: number; body: Json; headers: Headers }> {
  const answer = await fetch(`${stage.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: (await answer.json()) as Json, headers: answer.headers };
}
const items = (body: Json): readonly Json[] => body.items as readonly Json[];
async function tokens(stage: Stage, form: string, query = ''): Promise<readonly unknown[]> {
  const { status, body } = await call(stage, `/forms/${form}/responses${query}`);
  expect(status).toBe(200);
  return items(body).map(({ token }) => token);
}
async function only(stage: Stage, form: string, query = ''): Promise<Json> {
  const { body } = await call(stage, `/forms/${form}/responses${query}`);
  expect(items(body)).toHaveLength(1);
  return items(body)[0] ?? {};
}
const at = (iso: string): Date => new Date(`2026-11-20T${iso}Z`);
const refs = (answers: unknown): readonly unknown[] => (answers as readonly Json[]).map(({ field }) => (field as Json).ref);

describe('an account of one year', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open({}, { full: true });
  });

  test('the token says whose it is', async () => {
    expect((await call(stage, '/me')).body).toMatchObject({ alias: 'Syncline Town', language: 'en' });
  });

  test('its answers carry its own time', async () => {
    const { headers } = await call(stage, '/me');
    expect(headers.get('date')).toBe(new Date(START).toUTCString());
  });

  test('forms come page by page', async () => {
    const { body } = await call(stage, '/forms?page_size=2');
    expect(body).toMatchObject({ total_items: 3, page_count: 2 });
    const rest = await call(stage, '/forms?page_size=2&page=2');
    expect([...items(body), ...items(rest.body)].map(({ id }) => id)).toEqual([NPS, CSAT, CES]);
    expect((await call(stage, '/forms?page_size=201')).status).toBe(400);
  });

  test('a definition nests questions in groups, matrices, and contact blocks, and an old one has no ref', async () => {
    const fields = async (form: string): Promise<readonly Json[]> => (await call(stage, `/forms/${form}`)).body.fields as readonly Json[];
    const nested = (all: readonly Json[], type: string): readonly unknown[] => {
      const properties = all.find((field) => field.type === type)?.properties as Json;
      return refs((properties.fields as readonly Json[]).map((field) => ({ field })));
    };
    const [nps, csat, ces] = [await fields(NPS), await fields(CSAT), await fields(CES)];
    expect(nested(nps, 'group')).toEqual(['contact_email', 'contact_phone']);
    expect(nested(csat, 'matrix')).toEqual(['speed', 'care', 'box']);
    expect(nested(ces, 'contact_info')).toEqual(['first_name', 'last_name', 'email', 'phone']);
    expect(csat.filter((field) => !('ref' in field))).toHaveLength(1);
    expect(ces.find(({ ref }) => ref === 'recommend')).toMatchObject({
      type: 'opinion_scale',
      properties: { steps: 11, start_at_one: false },
    });
    expect(JSON.stringify([nps, csat, ces])).not.toContain('"role"');
  });

  test('going back by token from the newest meets every completed response once', async () => {
    for (const form of [NPS, CSAT, CES]) {
      const seen: unknown[] = [];
      let query = '?page_size=20';
      for (;;) {
        const page = await tokens(stage, form, query);
        seen.push(...page);
        if (page.length < 20) break;
        query = `?page_size=20&before=${page.at(-1)}`;
      }
      const held = stage.hand.all().filter((response) => response.form.id === form && response.state === 'completed');
      expect(new Set(seen)).toEqual(new Set(held.map(({ token }) => token)));
      expect(seen).toHaveLength(held.length);
    }
  });

  test('a token is unique in its form only', () => {
    const all = stage.hand.all();
    const inForm = new Set(all.map(({ form, token }) => `${form.id}:${token}`));
    expect(inForm.size).toBe(all.length);
    expect(new Set(all.map(({ token }) => token)).size).toBeLessThan(all.length);
  });

  test('people are known by hidden fields, by an answer, or not at all', () => {
    const all = stage.hand.all();
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter(({ given }) => given.hidden?.crm_id).length).toBeGreaterThan(30);
    expect(all.filter(({ given }) => given.hidden?.email).length).toBeGreaterThan(10);
    expect(all.filter(({ given }) => given.email).length).toBeGreaterThan(20);
    expect(all.filter(({ given }) => given.phone).length).toBeGreaterThan(3);
    expect(all.filter(({ given }) => /\p{Script=Thai}/u.test(given.comment ?? '')).length).toBeGreaterThan(5);
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['completed', 'partial', 'started']));
    expect(stage.hand.people()).toBeGreaterThan(80);
    expect(stage.hand.people()).toBeLessThan(all.length);
  });

  test('the same seed tells the same year', async () => {
    expect((await open({}, { full: true })).hand.all()).toEqual(stage.hand.all());
  });
});

describe('one response', () => {
  test('every answer stands under the key of its type, skipped questions are absent', async () => {
    const stage = await open();
    const token = stage.hand.answer({
      formId: NPS,
      nps: 6,
      comment: 'จัดส่งช้ามาก',
      liked: ['Delivery', 'your newsletter'],
      at: at('12:04:02'),
      landedAt: at('12:03:11'),
    });
    const response = await only(stage, NPS);
    expect(response).toMatchObject({
      token,
      response_id: token,
      landing_id: token,
      response_type: 'completed',
      landed_at: '2026-11-20T12:03:11Z',
      submitted_at: '2026-11-20T12:04:02Z',
      answers: [
        { field: { type: 'nps', ref: 'nps_main' }, type: 'number', number: 6 },
        { field: { type: 'long_text', ref: 'nps_reason' }, type: 'text', text: 'จัดส่งช้ามาก' },
        {
          field: { ref: 'liked' },
          type: 'choices',
          choices: { ids: ['cN1'], refs: ['delivery'], labels: ['Delivery'], other: 'your newsletter' },
        },
      ],
    });
    expect(refs(response.answers)).toHaveLength(3);
  });

  test('another word than those offered is "other", without a label', async () => {
    const stage = await open();
    stage.hand.answer({ formId: CSAT, csat: 2, topic: 'the driver', aspects: [1, 2, 3], comment: 'late' });
    const { answers } = await only(stage, CSAT);
    expect(answers).toContainEqual(expect.objectContaining({ type: 'choice', choice: { other: 'the driver' } }));
    expect(refs(answers)).toEqual(['csat_main', 'speed', 'care', 'box', 'topic', undefined]);
  });

  test('who says nothing has no list of answers, or null for one', async () => {
    const stage = await open();
    for (let nth = 0; nth < 12; nth += 1) stage.hand.answer({ formId: NPS });
    const { body } = await call(stage, `/forms/${NPS}/responses`);
    const shapes = items(body).map((response) => ('answers' in response ? response.answers : 'absent'));
    expect(new Set(shapes)).toEqual(new Set([null, 'absent']));
    expect(items(body).every((response) => !('hidden' in response))).toBe(true);
  });

  test('a hidden field that the form does not declare is dropped', async () => {
    const stage = await open();
    stage.hand.answer({ formId: CES, ces: 5, hidden: { crm_id: '1001', email: 'ada@example.com' } });
    expect((await only(stage, CES)).hidden).toEqual({ crm_id: '1001' });
  });

  test('contact questions are answers of their own', async () => {
    const stage = await open();
    stage.hand.answer({
      formId: CES,
      ces: 7,
      nps: 9,
      firstName: '花子',
      lastName: '佐藤',
      email: 'hanako@example.jp',
      phone: '+81 90 1234 5678',
    });
    const { answers } = await only(stage, CES);
    expect(refs(answers)).toEqual(['ces_main', 'recommend', 'first_name', 'last_name', 'email', 'phone']);
    expect(answers).toContainEqual({
      field: { id: 'kE7gEmail000', type: 'email', ref: 'email' },
      type: 'email',
      email: 'hanako@example.jp',
    });
    expect(answers).toContainEqual(expect.objectContaining({ type: 'phone_number', phone_number: '+81 90 1234 5678' }));
  });
});

describe('the list', () => {
  const filed = (stage: Stage, times: readonly string[]): readonly string[] =>
    times.map((time) => stage.hand.answer({ formId: NPS, nps: 9, at: at(time) }));

  test('25 newest first, unless it is told otherwise', async () => {
    const stage = await open();
    const times = Array.from({ length: 30 }, (_, nth) => `10:00:${String(nth).padStart(2, '0')}`);
    const all = filed(stage, times);
    expect(await tokens(stage, NPS)).toEqual(all.toReversed().slice(0, 25));
    expect(await tokens(stage, NPS, '?sort=submitted_at,asc&page_size=3')).toEqual(all.slice(0, 3));
    expect((await call(stage, `/forms/${NPS}/responses?page_size=7`)).body).toMatchObject({ total_items: 30, page_count: 5 });
  });

  test('since and until are inside, as epoch seconds and as ISO time', async () => {
    const stage = await open();
    const [, second, third] = filed(stage, ['10:00:00', '10:00:01', '10:00:02', '10:00:03']);
    expect(await tokens(stage, NPS, '?since=2026-11-20T10:00:01&until=2026-11-20T10:00:02Z')).toEqual([third, second]);
    const epoch = at('10:00:01').getTime() / 1000;
    expect(await tokens(stage, NPS, `?since=${epoch}&until=${epoch}`)).toEqual([second]);
  });

  test('after and before are outside; before goes back, after goes forward', async () => {
    const stage = await open();
    const [a, b, c, d, e] = filed(stage, ['10:00:00', '10:00:00', '10:00:00', '10:00:00', '10:00:01']);
    expect(await tokens(stage, NPS, `?before=${d}&page_size=2`)).toEqual([c, b]);
    expect(await tokens(stage, NPS, `?before=${b}&page_size=2`)).toEqual([a]);
    expect(await tokens(stage, NPS, `?after=${a}&page_size=2`)).toEqual([b, c]);
    expect(await tokens(stage, NPS, `?after=${c}`)).toEqual([d, e]);
  });

  test('a token together with a sort, or of another form, is refused', async () => {
    const stage = await open();
    const [first] = filed(stage, ['10:00:00', '10:00:01']);
    stage.hand.answer({ formId: CSAT, csat: 1 });
    const foreign = stage.hand.answer({ formId: CSAT, csat: 1 });
    for (const query of [`before=${first}&sort=submitted_at,asc`, `after=${first}&sort=landed_at,desc`, `before=${foreign}`]) {
      const { status, body } = await call(stage, `/forms/${NPS}/responses?${query}`);
      expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(body.description).toEqual(expect.any(String));
    }
  });

  test('what it cannot read is refused', async () => {
    const stage = await open();
    for (const query of [
      'page_size=1001',
      'page_size=0',
      'since=yesterday',
      'since=2026-11-20T10:00:01.000Z',
      'sort=token',
      'response_type=done',
    ]) {
      expect((await call(stage, `/forms/${NPS}/responses?${query}`)).status, query).toBe(400);
    }
    expect((await call(stage, '/forms/nothing/responses')).body.code).toBe('FORM_NOT_FOUND');
    expect((await call(stage, '/forms/nothing/responses')).status).toBe(404);
  });

  test('only completed ones are shown, and others have no time of submission', async () => {
    const stage = await open();
    const done = stage.hand.answer({ formId: NPS, nps: 9 });
    const partial = stage.hand.answer({ formId: NPS, nps: 3, state: 'partial', at: at('10:00:10'), landedAt: at('10:00:00') });
    const started = stage.hand.answer({ formId: NPS, state: 'started', landedAt: at('11:00:00') });
    expect(await tokens(stage, NPS)).toEqual([done]);
    const response = await only(stage, NPS, '?response_type=partial');
    expect(response).toMatchObject({ token: partial, staged_at: '2026-11-20T10:00:10Z', landed_at: '2026-11-20T10:00:00Z' });
    expect(response).not.toHaveProperty('submitted_at');
    expect(new Set(await tokens(stage, NPS, '?response_type=started,partial'))).toEqual(new Set([partial, started]));
    expect(new Set(await tokens(stage, NPS, '?completed=false'))).toEqual(new Set([partial, started]));
    expect(await tokens(stage, NPS, '?response_type=partial,started&since=2026-11-20T10:00:01')).toEqual([started]);
  });

  test('a partial one is completed later under its token', async () => {
    const stage = await open();
    const partial = stage.hand.answer({ formId: NPS, nps: 3, state: 'partial', at: at('10:00:10') });
    const later = stage.hand.answer({ formId: NPS, nps: 9, at: at('10:00:20') });
    stage.hand.complete(NPS, partial, { comment: 'now I know' });
    expect(await tokens(stage, NPS)).toEqual([partial, later]);
    expect(await tokens(stage, NPS, `?after=${later}`)).toEqual([partial]);
    expect(await tokens(stage, NPS, '?response_type=partial')).toEqual([]);
  });

  test('it can be asked for ids, words, and fields', async () => {
    const stage = await open();
    const one = stage.hand.answer({ formId: NPS, nps: 9, comment: 'Fast delivery', hidden: { crm_id: '4711' } });
    const two = stage.hand.answer({ formId: NPS, nps: 9 });
    expect(await tokens(stage, NPS, `?included_response_ids=${one},nothing`)).toEqual([one]);
    expect(await tokens(stage, NPS, `?excluded_response_ids=${one}`)).toEqual([two]);
    expect(await tokens(stage, NPS, '?query=fast%20DELIVERY')).toEqual([one]);
    expect(await tokens(stage, NPS, '?query=4711')).toEqual([one]);
    expect(await tokens(stage, NPS, '?answered_fields=kN2bReason00')).toEqual([one]);
    expect(refs((await only(stage, NPS, `?included_response_ids=${one}&fields=kN1aNpsMain0`)).answers)).toEqual(['nps_main']);
  });

  test('a new response stays out of sight as long as it is told to', async () => {
    let now = START;
    const stage = await open({ visibilityDelayMs: 1_800_000 }, { now: () => new Date(now) });
    const token = stage.hand.answer({ formId: NPS, nps: 9 });
    now += 1_799_000;
    expect(await tokens(stage, NPS)).toEqual([]);
    now += 1_000;
    expect(await tokens(stage, NPS)).toEqual([token]);
  });

  test('a deleted response is gone without a trace', async () => {
    const stage = await open();
    const token = stage.hand.answer({ formId: NPS, nps: 9 });
    stage.hand.remove(NPS, token);
    expect(await tokens(stage, NPS, `?included_response_ids=${token}`)).toEqual([]);
  });
});

describe('who may call, and how often', () => {
  test('a wrong token is unknown, one without the scope is not allowed', async () => {
    const stage = await open({ scopes: 'accounts:read forms:read' });
    const { status, body } = await call(stage, '/me', 'tfp_other');
    expect([status, body.code]).toEqual([401, 'AUTHENTICATION_FAILED']);
    expect((await call(stage, `/forms/${NPS}/responses`)).status).toBe(403);
    expect((await call(stage, '/forms')).status).toBe(200);
  });

  test('two calls a second are let through, and the account itself is not counted', async () => {
    let now = START;
    const stage = await open({ callsPerSecond: 2, retryAfter: true }, { now: () => new Date(now) });
    const statuses = async (paths: readonly string[]): Promise<readonly number[]> => {
      const seen: number[] = [];
      for (const path of paths) seen.push((await call(stage, path)).status);
      return seen;
    };
    expect(await statuses(['/forms', `/forms/${NPS}/responses`, `/forms/${NPS}`, '/me'])).toEqual([200, 200, 429, 200]);
    expect((await call(stage, '/forms')).headers.get('retry-after')).toBe('1');
    now += 500;
    expect(await statuses(['/forms', '/forms'])).toEqual([200, 429]);
    now += 550;
    expect(await statuses(['/forms'])).toEqual([200]);
    now += 550;
    expect(await statuses(['/forms'])).toEqual([200]);
  });

  test('a switch that it does not know is refused', async () => {
    await expect(open({ lag: 5 })).rejects.toThrow(/no switch "lag"/);
  });
});

test('a stir is an answer now, told in one sentence', async () => {
  const stage = await open({}, { full: true });
  const random = randomFrom(1);
  const told = Array.from({ length: 40 }, () => stage.hand.life.stir(random));
  for (const sentence of told) expect(sentence).toMatch(/^[^\n]+\.$/);
  expect(stage.hand.all().filter((response) => response.at === START)).toHaveLength(40);
});
