import { afterEach, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { openStub, type StubAnswer, type StubRequest } from '../support/stub.ts';
import { asking, deleteOf, listOf, mergeOf, updateOf } from './hubspot-stage.ts';

const AT = '2026-11-20T10:00:00.000Z';
const READ = 'POST /crm/objects/2026-09/contacts/batch/read';
const TIES = '/crm/associations/2026-09/contacts/companies';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A vendor with these answers, and an empty schema. */
async function against(answers: Readonly<Record<string, (request: StubRequest) => StubAnswer | Promise<StubAnswer>>>) {
  const stub = await openStub((request) => {
    const { method, path } = request;
    const answer = answers[`${method} ${path}`];
    if (answer !== undefined) return answer(request);
    if (path.startsWith('/crm/properties/2026-09/')) return { body: { results: [] } };
    return { status: 404, body: { status: 'error', message: `no answer for ${method} ${path}`, category: 'OBJECT_NOT_FOUND' } };
  });
  closing.push(stub.close);
  const { contact } = hubspot.open(testSession(hubspot.manifest, { origin: stub.origin, token: 't' })).objects;
  return { stub, read: must(contact, 'contacts').read, write: must(contact?.write, 'a writer') };
}

const record = (id: string, properties: Record<string, string | null> = {}, more: object = {}) => ({
  id,
  properties,
  createdAt: AT,
  updatedAt: AT,
  archived: false,
  ...more,
});
const idsOf = ({ body }: StubRequest) => (body as { inputs: { id: string }[] }).inputs.map(({ id }) => id);
const isBin = ({ query }: StubRequest) => query.get('archived') === 'true';
/** A batch read that knows these records and leaves out the others, without a word or with one. */
const knowing = (records: readonly { id: string }[], errors: readonly object[] = []) => ({
  [READ]: (request: StubRequest): StubAnswer => ({
    status: errors.length === 0 ? 200 : 207,
    body: { results: isBin(request) ? [] : records.filter(({ id }) => idsOf(request).includes(id)), errors },
  }),
});
const ask = asking('email');

test('former ids are found wherever HubSpot keeps them, each once, and the own one is none', async () => {
  const properties = { hs_merged_object_ids: '12;9', hs_calculated_merged_vids: '9:1700000000000; 7:1700000000000;40:17;odd' };
  const { read } = await against(knowing([record('40', properties), record('41', { hs_merged_object_ids: '' })]));
  const [seen, plain] = await read.byIds(['40', '41'], ask);
  expect(seen).toMatchObject({ formerIds: ['7', '9', '12'] });
  expect(plain).not.toHaveProperty('formerIds');
});

test('a batch that answers a merged id with its survivor does not make the id present', async () => {
  const { read } = await against({
    [READ]: (request) => ({ body: { results: isBin(request) ? [] : [record('9')] } }),
    'GET /crm/objects/2026-09/contacts/1': () => ({ body: record('9') }),
  });
  expect(await read.byIds(['1'], ask)).toStrictEqual([
    { kind: 'gone', id: '1', changedAt: expect.any(String), mergedInto: { object: 'contact', id: '9' } },
  ]);
});

test('a gateway that finds nothing does not make a record gone', async () => {
  const { read } = await against({
    ...knowing([]),
    'GET /crm/objects/2026-09/contacts/1': () => ({ status: 404, body: '<html>not here</html>' }),
  });
  await expect(read.byIds(['1'], ask)).rejects.toMatchObject({ kind: 'misconfigured' });
});

test('a row that could not be read just now does not make a record gone', async () => {
  const errors = [{ status: 'error', category: 'INTERNAL_ERROR', message: 'try again', context: { ids: ['1'] } }];
  const { read } = await against(knowing([record('2')], errors));
  await expect(read.byIds(['1', '2'], ask)).rejects.toMatchObject({ kind: 'unreachable' });
});

test('a record that a batch leaves out, and that is there, is never gone', async () => {
  const there = { 'GET /crm/objects/2026-09/contacts/1': () => ({ body: record('1') }) };
  const forgetful = await against({ ...knowing([]), ...there });
  await expect(forgetful.read.byIds(['1'], ask)).rejects.toMatchObject({ kind: 'broken_answer' });
  let looks = 0;
  const restored = await against({
    ...there,
    [READ]: (request) => {
      looks += isBin(request) ? 0 : 1;
      return { body: { results: looks > 1 && !isBin(request) ? [record('1')] : [] } };
    },
  });
  expect(await restored.read.byIds(['1'], ask)).toMatchObject([{ kind: 'present', id: '1' }]);
});

test('lost ids are looked up a few at a time, and all of them', async () => {
  const ids = Array.from({ length: 150 }, (_, at) => String(at + 1));
  let atOnce = 0;
  let most = 0;
  const lookUp = async (): Promise<StubAnswer> => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise(setImmediate);
    atOnce -= 1;
    return { status: 404, body: { status: 'error', message: 'resource not found' } };
  };
  const { read, stub } = await against({
    ...knowing([]),
    ...Object.fromEntries(ids.map((id) => [`GET /crm/objects/2026-09/contacts/${id}`, lookUp])),
  });
  const seen = await read.byIds(ids, ask);
  expect(seen.map(({ id, kind }) => [id, kind])).toStrictEqual(ids.map((id) => [id, 'gone']));
  expect(stub.requests.filter(({ method }) => method === 'GET')).toHaveLength(ids.length);
  expect(stub.requests.filter(({ method }) => method === 'POST')).toHaveLength(4);
  expect(most).toBeLessThanOrEqual(8);
});

test('a delete that HubSpot confirms and does not carry out is not called done', async () => {
  let archived = false;
  const { write } = await against({
    [READ]: (request) => ({ body: { results: isBin(request) ? [] : archived ? [record('2')] : [record('1'), record('2')] } }),
    'POST /crm/objects/2026-09/contacts/batch/archive': () => {
      archived = true;
      return { status: 204 };
    },
  });
  expect(await write.apply([deleteOf('1'), deleteOf('2')], ask)).toMatchObject([
    { done: true, id: '1' },
    { done: false, error: { kind: 'stale_write' } },
  ]);
});

test('a delete is done even when the look after it is refused', async () => {
  let looks = 0;
  const { write } = await against({
    [READ]: () => {
      looks += 1;
      return looks === 1 ? { body: { results: [record('1')] } } : { status: 429, body: { policyName: 'SECONDLY' } };
    },
    'POST /crm/objects/2026-09/contacts/batch/archive': () => ({ status: 204 }),
  });
  expect(await write.apply([deleteOf('1')], ask)).toStrictEqual([{ done: true, id: '1', observed: null }]);
});

test('a batch of deletes that is refused for one row is taken apart, and the others are deleted', async () => {
  const archived: string[] = [];
  const { write } = await against({
    [READ]: (request) => ({
      body: {
        results: isBin(request)
          ? []
          : idsOf(request)
              .filter((id) => !archived.includes(id))
              .map((id) => record(id)),
      },
    }),
    'POST /crm/objects/2026-09/contacts/batch/archive': (request) => {
      if (idsOf(request).includes('3')) return { status: 400, body: { category: 'VALIDATION_ERROR', message: '3 is needed elsewhere' } };
      archived.push(...idsOf(request));
      return { status: 204 };
    },
  });
  const outcomes = await write.apply(['1', '2', '3', '4'].map(deleteOf), ask);
  expect(outcomes.map(({ done }) => done)).toStrictEqual([true, true, false, true]);
  expect(outcomes[2]).toMatchObject({ error: { kind: 'record_rejected', message: expect.stringContaining('needed elsewhere') } });
});

test('a merge that is refused says why, and a limit met on the way keeps what was merged before', async () => {
  const refusals: Record<string, StubAnswer> = {
    '2': { status: 400, body: { category: 'VALIDATION_ERROR', message: 'these two cannot be merged' } },
    '6': { status: 429, body: { policyName: 'SECONDLY' } },
  };
  const { write, stub } = await against({
    ...knowing(['1', '2', '3', '4', '5', '6', '7', '8', '34'].map((id) => record(id))),
    'POST /crm/objects/2026-09/contacts/merge': ({ body }) =>
      refusals[(body as { objectIdToMerge: string }).objectIdToMerge] ?? { body: record('34') },
  });
  const outcomes = await write.apply([mergeOf('1', '2'), mergeOf('3', '4'), mergeOf('5', '6'), mergeOf('7', '8')], ask);
  expect(outcomes).toMatchObject([
    { done: false, error: { kind: 'record_rejected', message: expect.stringContaining('cannot be merged') } },
    { done: true, id: '34', observed: { id: '34' } },
    { done: false, error: { kind: 'rate_limited' } },
    { done: false, error: { kind: 'rate_limited' } },
  ]);
  expect(stub.requests.filter(({ path }) => path.endsWith('/merge'))).toHaveLength(3);
});

test('labels of apps are labels too, and types that are nobody’s label are kept when a label is written', async () => {
  const type = (category: string, typeId: number, label: string | null) => ({ category, typeId, label });
  const puts: unknown[] = [];
  const { read, write } = await against({
    ...knowing([record('1')]),
    [`GET ${TIES}/labels`]: () => ({
      body: { results: [type('INTEGRATOR_DEFINED', 7, 'Payer'), type('USER_DEFINED', 8, 'Boss'), type('WORK', 9, null)] },
    }),
    [`POST ${TIES}/batch/read`]: () => ({
      body: {
        results: [
          {
            from: { id: '1' },
            to: [
              {
                toObjectId: 5,
                associationTypes: [
                  type('HUBSPOT_DEFINED', 279, null),
                  type('HUBSPOT_DEFINED', 1, 'Primary'),
                  type('INTEGRATOR_DEFINED', 7, 'Payer'),
                  type('WORK', 9, null),
                ],
              },
            ],
          },
        ],
      },
    }),
    [`POST ${TIES}/batch/create`]: ({ body }) => {
      puts.push(body);
      return { status: 201, body: { results: [] } };
    },
  });
  const asked = asking('company', 'companies');
  const [seen] = await read.byIds(['1'], asked);
  expect(seen).toMatchObject({ fields: { company: '5', companies: ['5#Payer'] } });
  const outcome = await write.apply([updateOf('1', { companies: ['5#Boss', '5#Payer'] }, { companies: ['5#Payer'] })], asked);
  expect(outcome).toMatchObject([{ done: true }]);
  const spec = (associationCategory: string, associationTypeId: number) => ({ associationCategory, associationTypeId });
  const types = [spec('HUBSPOT_DEFINED', 1), spec('USER_DEFINED', 8), spec('INTEGRATOR_DEFINED', 7), spec('WORK', 9)];
  expect(puts).toStrictEqual([{ inputs: [{ from: { id: '1' }, to: { id: '5' }, types: expect.arrayContaining(types) }] }]);
});

test('a key that may not ask for labels still sees them', async () => {
  const { read } = await against({
    'GET /crm/objects/2026-09/contacts': () => ({
      body: {
        results: [record('1', {}, { associations: { companies: { results: [{ id: '5', type: 'contact_to_company' }] } } }), record('2')],
      },
    }),
    [`GET ${TIES}/labels`]: () => ({ status: 403, body: { category: 'MISSING_SCOPES' } }),
    [`POST ${TIES}/batch/read`]: (request) => ({
      body: {
        results: idsOf(request).map((id) => ({
          from: { id },
          to: [{ toObjectId: 5, associationTypes: [{ category: 'USER_DEFINED', typeId: 8, label: 'Boss' }] }],
        })),
      },
    }),
  });
  const [page] = await Array.fromAsync(read.changes(null, asking('companies')));
  expect(page?.seen.map((one) => (one.kind === 'present' ? listOf(one.fields.companies) : []))).toStrictEqual([['5#Boss'], []]);
});

test('who left the company is still named for what they changed', async () => {
  const { read } = await against({
    ...knowing([
      record('1', { hubspot_owner_id: '2', hs_updated_by_user_id: '77' }),
      record('2', { hubspot_owner_id: '', hs_updated_by_user_id: '78' }),
      record('3', { hs_updated_by_user_id: null }),
    ]),
    'GET /crm/owners/2026-09': ({ query }) => ({
      body: {
        results:
          query.get('archived') === 'true'
            ? [{ id: '2', email: 'left@x.test', firstName: 'Lee', lastName: 'Left', userId: null, userIdIncludingInactive: 77 }]
            : [{ id: 1, email: 'here@x.test', userId: 78 }],
      },
    }),
  });
  const seen = await read.byIds(['1', '2', '3'], asking('owner_email'));
  expect(seen.map(({ changedBy }) => changedBy)).toStrictEqual(['Lee Left', 'here@x.test', undefined]);
});
