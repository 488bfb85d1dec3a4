import { afterEach, describe, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import type { Ask } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Cursor, Page, Write } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { openStub, type StubAnswer, type StubRequest } from '../support/stub.ts';

const AT = '2026-11-20T10:00:00.000Z';
const SCHEMA = [
  { name: 'email', label: 'Email', type: 'string', fieldType: 'text' },
  { name: 'phone', label: 'Phone', type: 'string', fieldType: 'phonenumber' },
  { name: 'lifecyclestage', label: 'Stage', type: 'enumeration', fieldType: 'radio', options: [] },
  { name: 'feedback_at', label: 'Feedback at', type: 'datetime', fieldType: 'date' },
  { name: 'nps_score', label: 'NPS', type: 'number', fieldType: 'number' },
  { name: 'tags', label: 'Tags', type: 'enumeration', fieldType: 'checkbox', options: [{ label: 'A', value: 'a' }] },
  { name: 'hubspot_owner_id', label: 'Owner', type: 'enumeration', fieldType: 'select', externalOptions: true, options: [] },
  { name: 'score', label: 'Score', type: 'number', fieldType: 'calculation_equation', calculated: true },
];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Answers = Readonly<Record<string, (request: StubRequest) => StubAnswer>>;

async function against(answers: Answers, options: { timeoutMs?: number; token?: string; settings?: Record<string, string> } = {}) {
  const stub = await openStub((request) => {
    const { method, path } = request;
    const answer = answers[`${method} ${path}`];
    if (answer !== undefined) return answer(request);
    if (path.startsWith('/crm/properties/2026-09/')) return { body: { results: SCHEMA } };
    return { status: 404, body: { status: 'error', message: `no answer for ${method} ${path}`, category: 'OBJECT_NOT_FOUND' } };
  });
  closing.push(stub.close);
  const session = testSession(hubspot.manifest, { origin: stub.origin, token: 'pat-eu1-secret', ...options });
  const ports = hubspot.open(session);
  const contact = must(ports.objects.contact, 'contacts');
  return { stub, session, ports, contact, read: contact.read, write: must(contact.write, 'a writer') };
}

const ask = (...fields: string[]): Ask => ({ scope: 'all', fields, known: async () => new Set() });
const record = (id: string, properties: Record<string, string | null>, more: object = {}) => ({
  id,
  properties,
  createdAt: AT,
  updatedAt: AT,
  archived: false,
  ...more,
});
const create = (key: string, email: string): Write => ({ verb: 'create', key, fields: { email } });
const inputsOf = (request: StubRequest) =>
  (request.body as { inputs: { id?: string; properties: Record<string, string>; objectWriteTraceId: string }[] }).inputs;

async function caught(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HubError)) throw new Error(`expected a HubError, got ${String(error)}`);
  return error;
}

async function pages(changes: AsyncIterable<Page>): Promise<Page[]> {
  return Array.fromAsync(changes);
}

describe('a refusal', () => {
  const LIST = 'GET /crm/objects/2026-09/contacts';
  const cases: [string, StubAnswer, { kind: string; retryAfterMs?: number; says?: string; code?: string }][] = [
    [
      'a burst',
      { status: 429, headers: { 'x-hubspot-ratelimit-interval-milliseconds': '10000' }, body: { policyName: 'TEN_SECONDLY_ROLLING' } },
      { kind: 'rate_limited', retryAfterMs: 10_000 },
    ],
    ['a search second', { status: 429, body: { policyName: 'SECONDLY' } }, { kind: 'rate_limited', retryAfterMs: 1000 }],
    [
      'a told wait',
      { status: 429, headers: { 'retry-after': '7' }, body: { policyName: 'SECONDLY' } },
      { kind: 'rate_limited', retryAfterMs: 7000 },
    ],
    ['a spent day', { status: 429, body: { policyName: 'DAILY' } }, { kind: 'quota_spent' }],
    ['a lock', { status: 423, body: {} }, { kind: 'locked', retryAfterMs: 2000 }],
    [
      'a moving portal',
      { status: 477, headers: { 'retry-after': '3600' }, body: {} },
      { kind: 'rate_limited', code: 'ACCOUNT_MOVING', retryAfterMs: 3_600_000 },
    ],
    ['a page of HTML', { status: 502, body: '<html>Bad gateway</html>' }, { kind: 'unreachable' }],
    ['an expired token', { status: 401, body: { category: 'EXPIRED_AUTHENTICATION' } }, { kind: 'signed_out' }],
    [
      'a missing scope',
      {
        status: 403,
        body: { category: 'MISSING_SCOPES', errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.read'] } }] },
      },
      { kind: 'not_allowed', says: 'crm.objects.contacts.read' },
    ],
    ['a body that is not JSON', { status: 200, body: 'hello' }, { kind: 'broken_answer' }],
    ['a body of another shape', { status: 200, body: { results: [{ nothing: true }] } }, { kind: 'broken_answer' }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, { kind: 'misconfigured' }],
    ['an empty body', { status: 200 }, { kind: 'broken_answer' }],
  ];
  test.each(cases)('%s has its kind and its wait', async (_name, answer, expected) => {
    const { read } = await against({ [LIST]: () => answer });
    const error = await caught(pages(read.changes(null, ask('email'))));
    expect(error.kind).toBe(expected.kind);
    expect(error.retryAfterMs).toBe(expected.retryAfterMs);
    expect(error.message).toContain(expected.says ?? '');
    expect(error.message).not.toContain('secret');
  });

  test('a token that no header can carry is refused without being shown', async () => {
    const { read } = await against({}, { token: 'pat-secret\u2026' });
    const error = await caught(pages(read.changes(null, ask('email'))));
    expect(error.kind).toBe('signed_out');
    expect(error.message).not.toContain('secret');
  });

  test('a request that takes too long is cut', async () => {
    const cut = Promise.withResolvers<void>();
    const stub = await openStub(({ signal }) => {
      signal.addEventListener('abort', () => cut.resolve());
      return new Promise<StubAnswer>(() => {});
    });
    closing.push(stub.close);
    const session = testSession(hubspot.manifest, { origin: stub.origin, token: 't', timeoutMs: 100 });
    expect((await caught(hubspot.open(session).identify())).kind).toBe('unreachable');
    await cut.promise;
  });
});

describe('reading', () => {
  test.each([
    { v: 2, phase: 'delta', since: AT, deepSince: AT },
    { v: 1, phase: 'delta', since: 'yesterday', deepSince: AT },
    { v: 1, phase: 'backfill', after: '', startedAt: AT },
    { v: 1, phase: 'delta', since: AT, deepSince: AT, pass: { from: AT } },
  ] satisfies Cursor[])('a cursor that is not ours is expired: %j', async (cursor) => {
    const { read } = await against({});
    expect((await caught(pages(read.changes(cursor, ask('email'))))).kind).toBe('cursor_expired');
  });

  test.each([
    { since: '2999-01-01T00:00:00.000Z', deepSince: '2999-01-01T00:00:00.000Z' },
    { since: AT, deepSince: '2999-01-01T00:00:00.000Z' },
  ])('a cursor from the future is expired, whichever of its times it is: %j', async (times) => {
    const { read } = await against({ 'POST /crm/objects/2026-09/contacts/search': () => ({ body: { total: 0, results: [] } }) });
    const cursor: Cursor = { v: 1, phase: 'delta', ...times };
    expect((await caught(pages(read.changes(cursor, ask('email'))))).kind).toBe('cursor_expired');
  });

  test('a position in the list that HubSpot refuses is expired, and a refusal of the list itself is not', async () => {
    const refusal = { status: 'error', category: 'VALIDATION_ERROR', message: 'The after parameter is not valid' };
    const { read } = await against({ 'GET /crm/objects/2026-09/contacts': () => ({ status: 400, body: refusal }) });
    const cursor: Cursor = { v: 1, phase: 'backfill', after: 'odd', startedAt: AT };
    expect((await caught(pages(read.changes(cursor, ask('email'))))).kind).toBe('cursor_expired');
    expect((await caught(pages(read.changes(null, ask('email'))))).kind).toBe('misconfigured');
  });

  test('a search that is not in order of id is no ground to go on from', async () => {
    const results = [record('12', {}), record('9', {})];
    const { read } = await against({ 'POST /crm/objects/2026-09/contacts/search': () => ({ body: { total: 2, results } }) });
    const error = await caught(pages(read.changes({ v: 1, phase: 'delta', since: AT, deepSince: AT }, ask('email'))));
    expect(error.kind).toBe('broken_answer');
  });

  test('values are typed by the schema, and what was not shown is left out', async () => {
    const properties = { email: 'a@x.test', phone: '', nps_score: '9.5', feedback_at: '1763632800123', tags: 'a;b' };
    const { read } = await against({
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({ body: { results: [record('1', properties)] } }),
    });
    const [seen] = await read.byIds(['1'], ask('email', 'phone', 'nps_score', 'feedback_at', 'tags', 'lifecyclestage'));
    expect(seen).toMatchObject({ kind: 'present', id: '1', changedAt: AT });
    expect(seen?.kind === 'present' && seen.fields).toStrictEqual({
      email: 'a@x.test',
      phone: null,
      nps_score: 9.5,
      feedback_at: '2025-11-20T10:00:00.123Z',
      tags: ['a', 'b'],
    });
  });

  test('a former owner is named, and one whom nobody knows is not called nobody', async () => {
    const { read, stub } = await against({
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({
        body: { results: ['1', '2', '3', ''].map((owner, i) => record(String(i + 1), { hubspot_owner_id: owner })) },
      }),
      'GET /crm/owners/2026-09': ({ query }) => ({
        body: { results: query.get('archived') === 'true' ? [{ id: '2', email: 'left@x.test' }] : [{ id: 1, email: 'here@x.test' }] },
      }),
    });
    const fieldsOf = async () =>
      (await read.byIds(['1', '2', '3', '4'], ask('owner_email'))).map((seen) => seen.kind === 'present' && seen.fields);
    const expected = [{ owner_email: 'here@x.test' }, { owner_email: 'left@x.test' }, {}, { owner_email: null }];
    expect(await fieldsOf()).toStrictEqual(expected);
    const owners = () => stub.requests.filter(({ path }) => path === '/crm/owners/2026-09').length;
    const before = owners();
    expect(await fieldsOf()).toStrictEqual(expected);
    expect(owners()).toBe(before);
  });

  test('more properties than an address holds are read in a batch, and who left in between is not called gone', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `custom_property_number_${i}`);
    const { read, stub } = await against({
      'GET /crm/objects/2026-09/contacts': () => ({ body: { results: [record('1', {}), record('2', {})] } }),
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({
        status: 207,
        body: {
          results: [record('2', { custom_property_number_0: 'x' })],
          numErrors: 1,
          errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['1'] } }],
        },
      }),
    });
    const [page] = await pages(read.changes(null, ask(...names)));
    expect(page?.seen).toMatchObject([{ kind: 'present', id: '2', fields: { custom_property_number_0: 'x' } }]);
    expect(stub.requests.every(({ query }) => query.toString().length < 8000)).toBe(true);
  });

  test('dated versions have their own paths', async () => {
    const dated = await openStub(({ path }) => ({ body: path.includes('/properties/') ? { results: SCHEMA } : { results: [] } }));
    closing.push(dated.close);
    const session = testSession(hubspot.manifest, { origin: dated.origin, token: 't', settings: { apiVersion: '2026-09' } });
    const { objects } = hubspot.open(session);
    await pages(must(objects.contact, 'contacts').read.changes(null, ask('email')));
    expect(dated.requests.map(({ path }) => path)).toContain('/crm/objects/2026-09/contacts');
  });
});

describe('writing', () => {
  const CREATE = 'POST /crm/objects/2026-09/contacts/batch/create';
  const UPDATE = 'POST /crm/objects/2026-09/contacts/batch/update';

  test('rows are matched by trace id, whatever their order and number', async () => {
    const { write } = await against({
      [CREATE]: (request) => ({
        status: 207,
        body: {
          results: inputsOf(request)
            .filter(({ objectWriteTraceId }) => objectWriteTraceId !== 'k2')
            .reverse()
            .map(({ properties, objectWriteTraceId }) =>
              record(objectWriteTraceId === 'k1' ? '11' : '13', properties, { objectWriteTraceId }),
            ),
          errors: [
            {
              status: 'error',
              category: 'CONFLICT',
              message: 'Contact already exists',
              context: { objectWriteTraceId: ['k2'], existingId: ['77'] },
            },
          ],
        },
      }),
    });
    const outcomes = await write.apply([create('k1', 'a@x.test'), create('k2', 'b@x.test'), create('k3', 'c@x.test')], ask('email'));
    expect(outcomes).toMatchObject([
      { done: true, id: '11', observed: { fields: { email: 'a@x.test' } } },
      { done: false, error: { kind: 'already_there', existingId: '77' } },
      { done: true, id: '13' },
    ]);
  });

  test('a batch that is refused whole is taken apart until only the bad row is left', async () => {
    let refusals = 0;
    const { write } = await against({
      [CREATE]: (request) => {
        const inputs = inputsOf(request);
        if (inputs.some(({ properties }) => properties.email === 'bad')) {
          refusals += 1;
          return {
            status: 400,
            body: {
              category: 'VALIDATION_ERROR',
              message:
                'Property values were not valid: [{"isValid":false,"error":"INVALID_EMAIL","name":"email","localizedErrorMessage":"bad is not an address"}]',
            },
          };
        }
        return {
          status: 201,
          body: {
            results: inputs.map(({ properties, objectWriteTraceId }) =>
              record(`9${objectWriteTraceId}`, properties, { objectWriteTraceId }),
            ),
          },
        };
      },
    });
    const writes = Array.from({ length: 100 }, (_, i) => create(String(i), i === 37 ? 'bad' : `p${i}@x.test`));
    const outcomes = await write.apply(writes, ask('email'));
    expect(outcomes.filter(({ done }) => done)).toHaveLength(99);
    expect(outcomes[37]).toMatchObject({ done: false, error: { kind: 'record_rejected', code: 'INVALID_EMAIL', fields: ['email'] } });
    expect(refusals).toBeLessThanOrEqual(8);
  });

  test('a property that does not exist condemns its rows at once', async () => {
    const { write, stub } = await against({
      [UPDATE]: (request) => {
        const inputs = inputsOf(request);
        if (inputs.some(({ properties }) => 'nope' in properties)) {
          return {
            status: 400,
            body: {
              category: 'VALIDATION_ERROR',
              errors: [{ code: 'PROPERTY_DOESNT_EXIST', message: 'no such property', context: { propertyName: ['nope'] } }],
            },
          };
        }
        return { body: { results: inputs.map(({ id, properties }) => record(must(id, 'an id'), properties)) } };
      },
    });
    const update = (id: string, fields: Record<string, string>): Write => ({ verb: 'update', id, ifVersion: null, fields, seen: {} });
    const outcomes = await write.apply([update('1', { phone: '1' }), update('2', { nope: 'x' }), update('3', { nope: 'y' })], ask('phone'));
    expect(outcomes.map(({ done }) => done)).toStrictEqual([true, false, false]);
    expect(stub.requests.filter(({ path }) => path.endsWith('/batch/update'))).toHaveLength(2);
  });

  test('a clash without the id that stands in the way is looked up', async () => {
    const { write } = await against({
      [CREATE]: () => ({ status: 409, body: { status: 'error', category: 'CONFLICT', message: 'Contact already exists.' } }),
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({
        body: { results: [record('55', { email: 'main@x.test', hs_additional_emails: 'second@x.test' })] },
      }),
    });
    const [outcome] = await write.apply([create('k1', 'Second@x.test')], ask('email'));
    expect(outcome).toMatchObject({ done: false, error: { kind: 'already_there', existingId: '55' } });
  });

  test('a clash on an update is held and not adopted', async () => {
    const { write } = await against({
      [UPDATE]: () => ({ status: 409, body: { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 9' } }),
    });
    const [outcome] = await write.apply(
      [{ verb: 'update', id: '1', ifVersion: null, fields: { email: 'b@x.test' }, seen: {} }],
      ask('email'),
    );
    expect(outcome).toMatchObject({ done: false, error: { kind: 'record_rejected', existingId: '9', fields: ['email'] } });
  });

  test('a row that HubSpot says nothing of is looked up before anything is said of it', async () => {
    const { write } = await against({
      [CREATE]: () => ({ status: 201, body: { results: [] } }),
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({
        body: { results: [record('8', { email: 'a@x.test' }, { createdAt: new Date().toISOString() })] },
      }),
    });
    const outcomes = await write.apply([create('k1', 'a@x.test'), create('k2', 'b@x.test')], ask('email'));
    expect(outcomes).toMatchObject([
      { done: true, id: '8' },
      { done: false, error: { kind: 'record_rejected' } },
    ]);
  });

  test('a failure that may have done something is thrown, and a refusal after a success is not', async () => {
    let updates: StubAnswer = { status: 503 };
    const { write } = await against({
      [CREATE]: (request) => ({
        status: 201,
        body: { results: inputsOf(request).map(({ properties, objectWriteTraceId }) => record('7', properties, { objectWriteTraceId })) },
      }),
      [UPDATE]: () => updates,
    });
    const both: Write[] = [create('k1', 'a@x.test'), { verb: 'update', id: '1', ifVersion: null, fields: { phone: '1' }, seen: {} }];
    expect((await caught(write.apply(both, ask('email')))).kind).toBe('unreachable');
    updates = { status: 429, body: { policyName: 'SECONDLY' } };
    expect(await write.apply(both, ask('email'))).toMatchObject([
      { done: true, id: '7' },
      { done: false, error: { kind: 'rate_limited' } },
    ]);
    expect((await caught(write.apply(both.slice(1), ask('email')))).kind).toBe('rate_limited');
  });

  test('a write is done even when what it shows cannot be looked up', async () => {
    const { write } = await against({
      [UPDATE]: (request) => ({
        body: { results: inputsOf(request).map(({ id }) => record(must(id, 'an id'), { hubspot_owner_id: '5' })) },
      }),
      'GET /crm/owners/2026-09': () => ({ status: 429, body: { policyName: 'SECONDLY' } }),
    });
    const outcomes = await write.apply(
      [{ verb: 'update', id: '1', ifVersion: null, fields: { phone: '1' }, seen: {} }],
      ask('phone', 'owner_email'),
    );
    expect(outcomes).toStrictEqual([{ done: true, id: '1', observed: null }]);
  });

  test('a look that is refused after a create does not read as if nothing had been done', async () => {
    const { write } = await against({
      [CREATE]: () => ({ status: 201, body: { results: [] } }),
      'POST /crm/objects/2026-09/contacts/batch/read': () => ({ status: 429, body: { policyName: 'SECONDLY' } }),
    });
    expect((await caught(write.apply([create('k1', 'a@x.test')], ask('email')))).kind).toBe('unreachable');
  });

  test('numbers are written without exponents, lists with semicolons, nothing as the empty string', async () => {
    const { write, stub } = await against({
      [UPDATE]: (request) => ({ body: { results: inputsOf(request).map(({ id, properties }) => record(must(id, 'an id'), properties)) } }),
    });
    const fields = { nps_score: 1e-7, tags: ['a', 'b'], phone: null, feedback_at: '2026-01-01T09:00:00+09:00' };
    const [outcome] = await write.apply([{ verb: 'update', id: '1', ifVersion: null, fields, seen: {} }], ask(...Object.keys(fields)));
    const sent = stub.requests.find(({ path }) => path.endsWith('/batch/update'));
    expect(inputsOf(must(sent, 'an update'))[0]?.properties).toStrictEqual({
      nps_score: '0.0000001',
      tags: 'a;b',
      phone: '',
      feedback_at: '2026-01-01T00:00:00.000Z',
    });
    expect(outcome).toMatchObject({ done: true, observed: { fields: { ...fields, feedback_at: '2026-01-01T00:00:00.000Z' } } });
  });
});

test('a key that may not ask for the portal is told by the address of a contact', async () => {
  const { ports } = await against({
    'GET /account-info/2026-09/details': () => ({ status: 403, body: { category: 'MISSING_SCOPES' } }),
    'GET /crm/objects/2026-09/contacts': () => ({
      body: { results: [record('1', {}, { url: 'https://app.hubspot.com/contacts/4711/record/0-1/1' })] },
    }),
  });
  expect(await ports.identify()).toStrictEqual({ id: '4711', name: 'HubSpot portal 4711' });
});
