import { afterEach, expect, test } from 'vitest';
import { ADA, ADA_AGAIN, BEN, CHO, type OpenPortal, openPortal } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
const row = (trace: string, properties: object) => ({ objectWriteTraceId: trace, properties });
afterEach(() => portal.stage.close());

test('with a trace on each row a batch create does the good rows and explains the bad ones', async () => {
  const { call, stage } = await open();
  const inputs = [row('a', { email: 'ada@acme.example' }), row('b', { email: 'new@acme.example' }), row('c', { nope: '1' })];
  const { status, body } = await call('POST', `${contacts}/batch/create`, { body: { inputs } });
  expect(status).toBe(207);
  expect(body).toMatchObject({
    status: 'COMPLETE',
    results: [{ objectWriteTraceId: 'b', properties: { email: 'new@acme.example' } }],
    numErrors: 2,
    errors: [
      { category: 'CONFLICT', context: { objectWriteTraceId: ['a'], existingId: [ADA] } },
      { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['c'] } },
    ],
  });
  expect(stage.sandbox.people()).toBe(5);
});

test('without traces one bad row stops the whole batch and nothing is written', async () => {
  const { call, stage } = await open();
  const inputs = [{ properties: { email: 'new@acme.example' } }, { properties: { email: 'ada@acme.example' } }];
  const made = await call('POST', `${contacts}/batch/create`, { body: { inputs } });
  expect(made).toMatchObject({ status: 409, body: { message: `Contact already exists. Existing ID: ${ADA}` } });
  const twins = [{ properties: { email: 'twin@acme.example' } }, { properties: { email: 'Twin@acme.example' } }];
  expect((await call('POST', `${contacts}/batch/create`, { body: { inputs: twins } })).status).toBe(409);
  expect(stage.sandbox.people()).toBe(4);
});

test('a batch update refuses repeated ids and unknown properties as a whole', async () => {
  const { call, hands } = await open();
  const before = hands.contacts.all();
  const twice = await call('POST', `${contacts}/batch/update`, {
    body: {
      inputs: [
        { id: ADA, properties: {} },
        { id: ADA, properties: {} },
      ],
    },
  });
  expect(twice).toMatchObject({
    status: 400,
    body: { message: `Duplicate IDs found in batch input: [${ADA}]. IDs must be unique`, context: { ids: [ADA] } },
  });
  const inputs = [
    { id: ADA, ...row('a', { city: 'Leeds' }) },
    { id: BEN, ...row('b', { no_such: 'x' }) },
  ];
  expect((await call('POST', `${contacts}/batch/update`, { body: { inputs } })).status).toBe(400);
  expect(hands.contacts.all()).toEqual(before);
});

test('a batch update does what it can, lists what is not there, and passes over merged ids and addresses', async () => {
  const { call, hands } = await open();
  const merged = hands.contacts.merge(ADA, ADA_AGAIN);
  hands.contacts.remove(CHO);
  const ids = [ADA, BEN, CHO, '999', 'ben@acme.example'];
  const inputs = ids.map((id) => ({ id, ...row(`t${id}`, id === BEN ? { city: 'Leeds' } : { city: 'York' }) }));
  const { status, body } = await call('POST', `${contacts}/batch/update`, { body: { inputs } });
  expect(status).toBe(207);
  expect(body).toMatchObject({
    results: [{ id: BEN, objectWriteTraceId: `t${BEN}`, properties: { city: 'Leeds' } }],
    errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: [CHO, '999'] } }],
  });
  expect(hands.contacts.get(merged)?.properties.city).toBe('London');
  const byEmail = await call('POST', `${contacts}/batch/update`, {
    body: { inputs: [{ id: 'ben@acme.example', idProperty: 'email', properties: {} }] },
  });
  expect(byEmail).toMatchObject({ status: 400, body: { message: 'Unable to perform update/upsert by non-unique 0-1 property' } });
});

test('a batch read answers what is there and names the rest in one error', async () => {
  const { call } = await open();
  const body = { inputs: [{ id: BEN }, { id: '998' }, { id: '999' }], properties: ['firstname'] };
  expect(await call('POST', `${contacts}/batch/read`, { body })).toMatchObject({
    status: 207,
    body: {
      results: [{ id: BEN, properties: { firstname: 'Ben' } }],
      numErrors: 1,
      errors: [
        {
          message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
          context: { ids: ['998', '999'] },
        },
      ],
    },
  });
  const byKey = { inputs: [{ id: 'BEN@acme.example' }], idProperty: 'email', properties: ['email'] };
  expect(await call('POST', `${contacts}/batch/read`, { body: byKey })).toMatchObject({ status: 200, body: { results: [{ id: BEN }] } });
  const many = { inputs: Array.from({ length: 101 }, (_, at) => ({ id: String(at) })) };
  expect((await call('POST', `${contacts}/batch/read`, { body: many })).status).toBe(400);
});

test('an upsert finds by its unique key, makes what is not there, and says which', async () => {
  const { call } = await open();
  const input = (id: string, firstname: string) => ({ id, idProperty: 'syncline_id', ...row(id, { firstname }) });
  const first = await call('POST', `${contacts}/batch/upsert`, { body: { inputs: [input('k1', 'Eve')] } });
  expect(first).toMatchObject({
    status: 200,
    body: { results: [{ new: true, objectWriteTraceId: 'k1', properties: { syncline_id: 'k1' } }] },
  });
  const again = await call('POST', `${contacts}/batch/upsert`, { body: { inputs: [input('k1', 'Eva'), input('k2', 'Fay')] } });
  expect(again.body).toMatchObject({ results: [{ new: false, properties: { firstname: 'Eva' } }, { new: true }] });
  const byCity = [{ id: 'London', idProperty: 'city', properties: {} }];
  expect((await call('POST', `${contacts}/batch/upsert`, { body: { inputs: byCity } })).status).toBe(400);
});

test('a unique property refuses a second holder, and is not there when it is switched off', async () => {
  const { call, hands } = await open();
  hands.contacts.edit(ADA, { syncline_id: 'k1' });
  const clash = await call('PATCH', `${contacts}/${BEN}`, { body: { properties: { syncline_id: 'k1' } } });
  expect(clash).toMatchObject({ status: 400, body: { errors: [{ code: 'CONFLICTING_UNIQUE_VALUE' }] } });
  await portal.stage.close();
  const plain = await open({ uniqueId: false });
  expect((await plain.call('GET', '/crm/v3/properties/contacts/syncline_id')).status).toBe(404);
});
