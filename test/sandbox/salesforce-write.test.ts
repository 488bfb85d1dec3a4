import { expect, test } from 'vitest';
import { openStage, recordsOf } from './salesforce-stage.ts';

const FIRST = '003Tn0000000000IAA';
const contact = (fields: object) => ({ attributes: { type: 'Contact' }, ...fields });
const errorRow = (statusCode: string) => ({ success: false, errors: [{ statusCode }] });

test('a record is created, shown, changed, and put in the bin with the documented statuses', async () => {
  const { call, query } = await openStage();
  const made = await call('POST', '/sobjects/Contact', {
    LastName: ' Lovelace ',
    Email: 'ADA@Example.com',
    Title: '',
    Feedback_At__c: '2026-11-20T08:00:00.900+09:00',
  });
  expect(made).toMatchObject({ status: 201, body: { success: true, errors: [] } });
  const { id } = made.body as { id: string };
  expect(id).toMatch(/^003\w{15}$/);
  expect(made.headers.get('location')).toBe(`/services/data/v68.0/sobjects/Contact/${id}`);
  const shown = {
    LastName: 'Lovelace',
    Email: 'ada@example.com',
    Title: null,
    Feedback_At__c: '2026-11-19T23:00:00.000+0000',
    CreatedDate: '2026-11-22T10:00:00.000+0000',
  };
  expect(await call('GET', `/sobjects/Contact/${id}`)).toMatchObject({ status: 200, body: shown });
  expect(await call('PATCH', `/sobjects/Contact/${id}`, { Title: 'Countess' })).toMatchObject({ status: 204, body: undefined });
  expect((await call('GET', `/sobjects/Contact/${id}?fields=Title`)).body).toEqual({ attributes: expect.anything(), Title: 'Countess' });
  expect(await call('DELETE', `/sobjects/Contact/${id}`)).toMatchObject({ status: 204, body: undefined });
  const gone = { status: 404, body: [{ errorCode: 'ENTITY_IS_DELETED' }] };
  expect(await call('GET', `/sobjects/Contact/${id}`)).toMatchObject(gone);
  expect(await call('PATCH', `/sobjects/Contact/${id}`, { Title: 'x' })).toMatchObject(gone);
  expect(await call('DELETE', `/sobjects/Contact/${id}`)).toMatchObject(gone);
  expect(await call('GET', '/sobjects/Contact/003000000000001AAA')).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
  expect((await query(`SELECT Id FROM Contact WHERE Id = '${id}'`)).body).toMatchObject({ totalSize: 0 });
  expect(recordsOf(await query(`SELECT IsDeleted FROM Contact WHERE Id = '${id}'`, 'queryAll'))).toMatchObject([{ IsDeleted: true }]);
});

test.each([
  [{ FirstName: 'Ada' }, 'REQUIRED_FIELD_MISSING'],
  [{ LastName: '  ' }, 'REQUIRED_FIELD_MISSING'],
  [{ LastName: 'A', FirstName: 'x'.repeat(41) }, 'STRING_TOO_LONG'],
  [{ LastName: 'A', Email: 'nobody' }, 'INVALID_EMAIL_ADDRESS'],
  [{ LastName: 'A', Lifecycle_Stage__c: 'Friend' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
  [{ LastName: 'A', HasOptedOutOfEmail: null }, 'INVALID_TYPE_ON_FIELD_IN_RECORD'],
  [{ LastName: 'A', NPS_Score__c: 100 }, 'NUMBER_OUTSIDE_VALID_RANGE'],
  [{ LastName: 'A', NPS_Score__c: 'ten' }, 'JSON_PARSER_ERROR'],
  [{ LastName: 'A', Feedback_At__c: 'yesterday' }, 'JSON_PARSER_ERROR'],
  [{ LastName: 'A', Name: 'B' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  [{ LastName: 'A', MailingAddress: {} }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  [{ LastName: 'A', SystemModstamp: '2026-01-01T00:00:00Z' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  [{ LastName: 'A', Nothing__c: 1 }, 'INVALID_FIELD'],
  [{ LastName: 'A', AccountId: 'x' }, 'MALFORMED_ID'],
  [{ LastName: 'A', AccountId: '001000000000001AAA' }, 'INVALID_CROSS_REFERENCE_KEY'],
  [{ LastName: 'A', OwnerId: null }, 'INVALID_CROSS_REFERENCE_KEY'],
])('a create of %j is refused with %s, and nothing is made', async (fields, code) => {
  const { call, stage } = await openStage();
  expect(await call('POST', '/sobjects/Contact', fields)).toMatchObject({ status: 400, body: [{ errorCode: code }] });
  expect(await call('POST', '/composite/sobjects', { records: [contact(fields)] })).toMatchObject({ status: 200, body: [errorRow(code)] });
  expect(stage.sandbox.people()).toBe(6);
});

test('numbers are rounded to their scale, half away from zero, and unrestricted picklists take any word', async () => {
  const { call, hand } = await openStage();
  await call('PATCH', `/sobjects/Contact/${FIRST}`, { NPS_Mean__c: 1.005, CSAT_Score__c: -2.345 });
  expect(hand.get(FIRST)).toMatchObject({ NPS_Mean__c: 1.01, CSAT_Score__c: -2.35 });
  const { AccountId } = hand.get(FIRST);
  expect(await call('PATCH', `/sobjects/Account/${String(AccountId)}`, { Industry: 'Sofware' })).toMatchObject({ status: 204 });
});

test('an upsert by external id creates once, then updates, whatever the case of the key', async () => {
  const { call } = await openStage();
  const made = await call('PATCH', '/sobjects/Contact/Syncline_Id__c/a%2Fb%20c', { LastName: 'A' });
  expect(made).toMatchObject({ status: 201, body: { success: true, created: true } });
  expect(await call('PATCH', '/sobjects/Contact/Syncline_Id__c/A%2FB%20C', { Title: 'x' })).toMatchObject({
    status: 200,
    body: { id: (made.body as { id: string }).id, created: false },
  });
  expect(await call('PATCH', '/sobjects/Contact/Syncline_Id__c/a/b', { LastName: 'A' })).toMatchObject({ status: 404 });
  expect(await call('PATCH', '/sobjects/Contact/Syncline_Id__c/k', { LastName: 'A', Syncline_Id__c: 'k' })).toMatchObject({
    body: [{ errorCode: 'INVALID_FIELD' }],
  });
  expect(await call('POST', '/sobjects/Contact', { LastName: 'B', Syncline_Id__c: 'A/B C' })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'DUPLICATE_VALUE' }],
  });
});

test('an external id that two records share is answered with 300 and both addresses, and neither is picked', async () => {
  const { call, hand } = await openStage();
  const ids = ['A', 'B'].map((LastName) => hand.create('Contact', { LastName, Legacy_Id__c: 'L1' }));
  const answer = await call('PATCH', '/sobjects/Contact/Legacy_Id__c/l1', { Title: 'x' });
  expect(answer).toMatchObject({ status: 300, body: ids.map((id) => `/services/data/v68.0/sobjects/Contact/${id}`) });
  expect(ids.map((id) => hand.get(id).Title)).toEqual([null, null]);
});

test('collections answer 200 in request order with a result for each row, keyed statusCode', async () => {
  const { call, stage } = await openStage();
  const body = { allOrNone: false, records: [contact({ LastName: 'A' }), contact({}), { attributes: { type: 'Account' }, Name: 'B' }] };
  const { status, body: rows } = await call('POST', '/composite/sobjects', body);
  expect(status).toBe(200);
  expect(rows).toMatchObject([{ success: true, errors: [] }, errorRow('REQUIRED_FIELD_MISSING'), { success: true }]);
  expect(stage.sandbox.people()).toBe(7);
  const none = await call('POST', '/composite/sobjects', { ...body, allOrNone: true });
  expect(none.body).toMatchObject(
    ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING', 'ALL_OR_NONE_OPERATION_ROLLED_BACK'].map(errorRow),
  );
  expect(stage.sandbox.people()).toBe(7);
});

test('collections update, upsert, retrieve, and delete row by row', async () => {
  const { call, hand } = await openStage();
  const other = '003Tn0000000001IAA';
  const updated = await call('PATCH', '/composite/sobjects', {
    records: [contact({ id: FIRST, Title: 'Chief' }), contact({ Id: '003000000000001AAA', Title: 'x' }), contact({ Title: 'x' })],
  });
  expect(updated.body).toMatchObject([{ id: FIRST, success: true }, errorRow('INVALID_CROSS_REFERENCE_KEY'), errorRow('MISSING_ARGUMENT')]);
  const upserted = await call('PATCH', '/composite/sobjects/Contact/Syncline_Id__c', {
    records: ['k1', 'k2', 'K2', ''].map((Syncline_Id__c) => contact({ LastName: 'A', Syncline_Id__c })),
  });
  expect(upserted.body).toMatchObject([
    { success: true, created: true },
    errorRow('DUPLICATE_VALUE'),
    errorRow('DUPLICATE_VALUE'),
    errorRow('MISSING_ARGUMENT'),
  ]);
  const deleted = await call('DELETE', `/composite/sobjects?ids=${other},${other}&allOrNone=false`);
  expect(deleted.body).toMatchObject([{ id: other, success: true }, errorRow('ENTITY_IS_DELETED')]);
  const retrieved = await call('POST', '/composite/sobjects/Contact', { ids: [other, FIRST], fields: ['Id', 'Title'] });
  expect(retrieved.body).toMatchObject([null, { Id: FIRST, Title: 'Chief' }]);
  expect(hand.get(other).IsDeleted).toBe(true);
});

test('collections refuse more than 200 rows, more than 10 runs of a type, and more than 2,000 ids', async () => {
  const { call } = await openStage();
  const many = Array.from({ length: 201 }, () => contact({ LastName: 'A' }));
  const mixed = Array.from({ length: 11 }, (_, i) =>
    i % 2 === 0 ? contact({ LastName: 'A' }) : { attributes: { type: 'Account' }, Name: 'B' },
  );
  expect(await call('POST', '/composite/sobjects', { records: many })).toMatchObject({ status: 400 });
  expect(await call('POST', '/composite/sobjects', { records: mixed })).toMatchObject({ status: 400 });
  const ids = Array.from({ length: 2001 }, () => FIRST);
  expect(await call('POST', '/composite/sobjects/Contact', { ids, fields: ['Id'] })).toMatchObject({ status: 400 });
  expect(await call('POST', '/composite/sobjects/Contact', { ids: ids.slice(1), fields: ['Id'] })).toMatchObject({ status: 200 });
});

test('a duplicate rule blocks for ever, or until allowSave=true says to go on', async () => {
  const twin = { LastName: 'Twin', Email: 'ann.1@example.com' };
  for (const [duplicateRule, status] of [
    ['block', 400],
    ['alert', 201],
  ] as const) {
    const { call } = await openStage({ switches: { duplicateRule } });
    expect(await call('POST', '/sobjects/Contact', twin)).toMatchObject({ status: 400, body: [{ errorCode: 'DUPLICATES_DETECTED' }] });
    expect((await call('POST', '/sobjects/Contact', twin, { 'sforce-duplicate-rule-header': 'allowSave=true' })).status).toBe(status);
  }
});

test('every n-th row finds its record locked, and an admin rule refuses in its own words', async () => {
  const { call, hand } = await openStage({ switches: { lockEvery: 3 } });
  const records = Array.from({ length: 6 }, (_, i) => contact({ LastName: `L${i}` }));
  const { body } = await call('POST', '/composite/sobjects', { records });
  expect((body as { success: boolean }[]).map(({ success }) => success)).toEqual([true, true, false, true, true, false]);
  expect(body).toMatchObject({ 2: errorRow('UNABLE_TO_LOCK_ROW') });
  hand.forbid('Contact', ({ Title }) => (Title === 'King' ? 'No kings here' : null));
  const refused = { status: 400, body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No kings here' }] };
  expect(await call('PATCH', `/sobjects/Contact/${FIRST}`, { Title: 'King' })).toMatchObject(refused);
});

test('a parent can be named by its external id, cleared with null, and has to be there', async () => {
  const { call, hand } = await openStage();
  const account = hand.create('Account', { Name: 'Initech', Syncline_Id__c: 'I-1' });
  const path = `/sobjects/Contact/${FIRST}`;
  expect((await call('PATCH', path, { Account: { Syncline_Id__c: 'i-1' } })).status).toBe(204);
  expect(hand.get(FIRST).AccountId).toBe(account);
  expect(await call('PATCH', path, { Account: { Syncline_Id__c: 'I-2' } })).toMatchObject({ body: [{ errorCode: 'INVALID_FIELD' }] });
  expect((await call('PATCH', path, { AccountId: null })).status).toBe(204);
  expect(hand.get(FIRST).AccountId).toBeNull();
});

test('composite carries out in order, hands results on, and halts what depends on a failure', async () => {
  const { call, query } = await openStage();
  const base = '/services/data/v68.0';
  const part = (referenceId: string, method: string, url: string, body?: object) => ({ referenceId, method, url: base + url, body });
  const linked = [
    part('acme', 'POST', '/sobjects/Account', { Name: 'Initech' }),
    part('ada', 'POST', '/sobjects/Contact', { LastName: 'Ada', AccountId: '@{acme.id}' }),
    part('bad', 'POST', '/sobjects/Contact', {}),
    part('lost', 'PATCH', '/sobjects/Contact/@{bad.id}', { Title: 'x' }),
  ];
  const { status, body } = await call('POST', '/composite', { compositeRequest: linked });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    compositeResponse: [
      { httpStatusCode: 201, referenceId: 'acme', httpHeaders: { Location: expect.any(String) } },
      { httpStatusCode: 201, referenceId: 'ada' },
      { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
      { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
    ],
  });
  expect(recordsOf(await query("SELECT Account.Name FROM Contact WHERE LastName = 'Ada'"))).toMatchObject([
    { Account: { Name: 'Initech' } },
  ]);
  const whole = await call('POST', '/composite', { allOrNone: true, compositeRequest: linked.slice(0, 3) });
  expect(whole.body).toMatchObject({ compositeResponse: [{ httpStatusCode: 400 }, { httpStatusCode: 400 }, { httpStatusCode: 400 }] });
  expect((await query("SELECT Id FROM Account WHERE Name = 'Initech'")).body).toMatchObject({ totalSize: 1 });
});

test('composite takes 25 subrequests, of which 5 are queries or collections; it costs one call', async () => {
  const { call } = await openStage();
  const parts = (count: number, url: string) =>
    Array.from({ length: count }, (_, i) => ({ referenceId: `r${i}`, method: 'GET', url: `/services/data/v68.0${url}` }));
  const send = (compositeRequest: object[]) => call('POST', '/composite', { compositeRequest });
  const full = await send(parts(25, '/limits'));
  expect(full.status).toBe(200);
  expect(full.headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
  expect((await send(parts(26, '/limits'))).status).toBe(400);
  expect((await send(parts(5, '/query?q=SELECT+Id+FROM+Contact'))).body).toMatchObject({
    compositeResponse: { 4: { body: { totalSize: 6 } } },
  });
  expect((await send(parts(6, '/query?q=SELECT+Id+FROM+Contact'))).status).toBe(400);
});

test('a batch runs each part alone; haltOnError leaves the rest with 412', async () => {
  const { call } = await openStage();
  const batchRequests = [
    { method: 'GET', url: 'v68.0/sobjects/Contact/describe' },
    { method: 'PATCH', url: `v68.0/sobjects/Contact/${FIRST}`, richInput: { Nothing__c: 1 } },
    { method: 'PATCH', url: `v68.0/sobjects/Contact/${FIRST}`, richInput: { Title: 'Chief' } },
  ];
  const codes = async (haltOnError: boolean) => {
    const { body } = await call('POST', '/composite/batch', { haltOnError, batchRequests });
    const { hasErrors, results } = body as { hasErrors: boolean; results: { statusCode: number }[] };
    return [hasErrors, ...results.map(({ statusCode }) => statusCode)];
  };
  expect(await codes(false)).toEqual([true, 200, 400, 204]);
  expect(await codes(true)).toEqual([true, 200, 400, 412]);
});
