import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStage, recordsOf } from './salesforce-stage.ts';

const names = (answer: Parameters<typeof recordsOf>[0]) => recordsOf(answer).map(({ FirstName }) => FirstName);

test('a page has its total, its locator, and as many rows as it may; the last one is done', async () => {
  const { query, call, wind } = await openStage({ size: 7, switches: { pageSize: 3 } });
  const first = await query('SELECT Id FROM Contact ORDER BY Id');
  expect(first.body).toMatchObject({
    totalSize: 7,
    done: false,
    nextRecordsUrl: expect.stringMatching(/^\/services\/data\/v68\.0\/query\/01g\w{15}-3$/),
  });
  const { nextRecordsUrl } = first.body as { nextRecordsUrl: string };
  const second = await call('GET', nextRecordsUrl);
  const third = await call('GET', (second.body as { nextRecordsUrl: string }).nextRecordsUrl.replace('/query/', '/queryAll/'));
  expect(third.body).toMatchObject({ totalSize: 7, done: true });
  expect(third.body).not.toHaveProperty('nextRecordsUrl');
  const ids = [first, second, third].flatMap((answer) => recordsOf(answer).map(({ Id }) => Id));
  expect(new Set(ids).size).toBe(7);
  expect(ids).toEqual([...ids].sort());
  wind(2 * 86_400_000);
  expect(await call('GET', nextRecordsUrl)).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] });
  expect(await call('GET', '/query/01gXXXXXXXXXXXXXXX-2000')).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }],
  });
});

test('batchSize is advice: never under 200, never over the page size', async () => {
  const { call } = await openStage({ size: 450 });
  const page = async (batchSize: number) =>
    recordsOf(await call('GET', '/query?q=SELECT+Id+FROM+Contact', undefined, { 'sforce-query-options': `batchSize=${batchSize}` })).length;
  expect([await page(10), await page(300), await page(5000)]).toEqual([200, 300, 450]);
});

test('pages that carry much long text end early', async () => {
  const { query, hand } = await openStage({ size: 300 });
  for (const { Id } of hand.all('Contact')) hand.edit(Id, { Feedback_Comment__c: 'x'.repeat(600) });
  expect(recordsOf(await query('SELECT Id, Feedback_Comment__c FROM Contact'))).toHaveLength(200);
  expect(recordsOf(await query('SELECT Id FROM Contact'))).toHaveLength(300);
});

test('parents are nested, nulls are shown, datetimes carry +0000, and compounds are worked out', async () => {
  const { query } = await openStage();
  const answer = await query(
    `SELECT Id, Name, MobilePhone, Owner.Email, Account.Name, Account.Owner.Email, MailingAddress, SystemModstamp FROM Contact WHERE FirstName = 'ann1'`,
  );
  expect(recordsOf(answer)[0]).toMatchObject({
    attributes: { type: 'Contact', url: expect.stringContaining('/services/data/v68.0/sobjects/Contact/003Tn0') },
    Name: "Ann1 O'Brien 1",
    MobilePhone: null,
    Owner: { attributes: { type: 'User' }, Email: 'olga.owner@example.com' },
    Account: { Name: 'Globex', Owner: { Email: 'integration@sandbox.example' } },
    MailingAddress: { city: 'Boston', postalCode: '02101' },
    SystemModstamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000\+0000$/),
  });
});

test.each([
  ["FirstName = 'ANN1'", ['Ann1']],
  ["FirstName != 'Ann1' AND FirstName != 'Ann2'", ['Ann0', 'Ann3', 'Ann4', 'Ann5']],
  ["FirstName IN ('ann1', 'Ann4')", ['Ann1', 'Ann4']],
  ["FirstName NOT IN ('Ann0', 'Ann1', 'Ann2', 'Ann3')", ['Ann4', 'Ann5']],
  ['Email = null', ['Ann3']],
  ["Email = ''", ['Ann3']],
  ["Email IN ('ANN.1@example.com', 'nobody@example.com')", ['Ann1']],
  ["LastName = 'O\\'Brien 2'", ['Ann2']],
  ["LastName LIKE 'o\\'brien _' AND (FirstName = 'Ann1' OR (FirstName = 'Ann2' AND Email != null))", ['Ann1', 'Ann2']],
  ["LastName LIKE '%\\_%'", []],
  ["NOT (FirstName LIKE 'Ann%')", []],
  ["(NOT FirstName < 'Ann4') AND HasOptedOutOfEmail = false", ['Ann4', 'Ann5']],
  ["Account.Name = 'Acme'", ['Ann0', 'Ann2', 'Ann4']],
  ['Contact.Account.NumberOfEmployees >= 121', ['Ann1', 'Ann3', 'Ann5']],
  ['CreatedDate < 2020-01-01T00:00:00Z', []],
  ['SystemModstamp >= 2020-01-01T00:00:00+09:00 AND NPS_Score__c = null', ['Ann0', 'Ann1', 'Ann2', 'Ann3', 'Ann4', 'Ann5']],
  ["Id = '003Tn0000000002'", ['Ann2']],
  ["Id > '003Tn0000000002' AND Id <= '003Tn0000000004'", ['Ann3', 'Ann4']],
])('WHERE %s finds %j', async (where, found) => {
  const { query } = await openStage();
  expect(names(await query(`SELECT FirstName FROM Contact WHERE ${where} ORDER BY Id`))).toEqual(found);
});

test.each([
  ['SELECT Nothing__c FROM Contact', 'INVALID_FIELD'],
  ['SELECT Boss.Email FROM Contact', 'INVALID_FIELD'],
  ['SELECT Id, Id FROM Contact', 'INVALID_FIELD'],
  ['SELECT Id FROM Nothing', 'INVALID_TYPE'],
  ['SELECT Id FROM Contact WHERE', 'MALFORMED_QUERY'],
  ['SELECT Id FROM Contact LIMIT', 'MALFORMED_QUERY'],
  ["SELECT Id FROM Contact WHERE LastName = 'O'Brien'", 'MALFORMED_QUERY'],
  ["SELECT Id FROM Contact WHERE LastName = 'a\\z'", 'MALFORMED_QUERY'],
  ["SELECT Id FROM Contact WHERE LastName = 'a' AND Email = null OR Email = 'b'", 'MALFORMED_QUERY'],
  ['SELECT Id FROM Contact WHERE SystemModstamp > 2026-11-22T10:15:30', 'MALFORMED_QUERY'],
  ["SELECT Id FROM Contact WHERE SystemModstamp > '2026-11-22T10:15:30Z'", 'INVALID_FIELD'],
  ['SELECT Id FROM Contact WHERE LastName = 5', 'INVALID_FIELD'],
  ["SELECT Id FROM Contact WHERE Feedback_Comment__c = 'a'", 'INVALID_FIELD'],
  ['SELECT Id FROM Contact ORDER BY Feedback_Comment__c', 'INVALID_FIELD'],
  ["SELECT Id FROM Contact WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR'],
  ['SELECT Id FROM Contact OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
  ['SELECT FIELDS(ALL) FROM Contact', 'MALFORMED_QUERY'],
])('%s is refused with %s', async (soql, errorCode) => {
  const { query } = await openStage();
  expect(await query(soql)).toMatchObject({ status: 400, body: [{ errorCode }] });
});

test('ORDER BY takes several fields and puts nulls where it is told, first by default', async () => {
  const { query } = await openStage();
  const soql = (order: string) => `SELECT FirstName FROM Contact ORDER BY ${order}`;
  expect(names(await query(soql('Email, Id LIMIT 2')))).toEqual(['Ann3', 'Ann0']);
  expect(names(await query(soql('Email DESC NULLS LAST LIMIT 1')))).toEqual(['Ann5']);
  expect(names(await query(soql('Email NULLS LAST LIMIT 10 OFFSET 5')))).toEqual(['Ann3']);
  expect(names(await query(soql('Account.Name DESC, FirstName DESC LIMIT 4')))).toEqual(['Ann5', 'Ann3', 'Ann1', 'Ann4']);
});

test('counting gives a total and no rows; LIMIT is part of the total', async () => {
  const { query } = await openStage();
  expect((await query('SELECT COUNT() FROM Contact WHERE Email != null')).body).toEqual({ totalSize: 5, done: true, records: [] });
  expect((await query('SELECT Id FROM Contact LIMIT 2')).body).toMatchObject({ totalSize: 2, done: true });
  expect((await query('SELECT COUNT(Id) n, MAX(FirstName) FROM Contact')).body).toMatchObject({
    totalSize: 1,
    records: [{ n: 6, expr0: 'Ann5' }],
  });
});

test('a keyset over SystemModstamp and Id meets every row once, tied stamps included', async () => {
  const { query, hand } = await openStage({ size: 60 });
  const stamps = new Set(hand.all('Contact').map(({ SystemModstamp }) => SystemModstamp));
  expect(stamps.size).toBeLessThan(60);
  const met: unknown[] = [];
  let after = '';
  for (;;) {
    const rows = recordsOf(await query(`SELECT Id, SystemModstamp FROM Contact ${after} ORDER BY SystemModstamp, Id LIMIT 7`));
    const last = rows.at(-1);
    if (last === undefined) break;
    met.push(...rows.map(({ Id }) => Id));
    const at = String(last.SystemModstamp).replace('+0000', 'Z');
    after = `WHERE (SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${last.Id}'))`;
  }
  expect(met).toHaveLength(60);
  expect(new Set(met).size).toBe(60);
});

test('what an index finds is what looking at every row finds', async () => {
  const { query, hand } = await openStage({ size: 30 });
  const rows = hand.all('Contact');
  const oneOf = (field: string) => fc.constantFrom(...rows.map((row) => String(row[field])));
  const compared = fc.constantFrom('>', '>=', '>', '>=', '=', '<', '!=');
  const kinds = [
    fc.record({ op: compared, at: oneOf('SystemModstamp') }).map(({ op, at }) => `SystemModstamp ${op} ${at.replace('+0000', 'Z')}`),
    fc.record({ op: compared, id: oneOf('Id') }).map(({ op, id }) => `Id ${op} '${id}'`),
    fc.record({ op: fc.constantFrom('=', '!='), email: oneOf('Email') }).map(({ op, email }) => `Email ${op} '${email}'`),
    fc
      .record({ op: fc.constantFrom('IN', 'NOT IN'), ids: fc.array(oneOf('Id'), { minLength: 1, maxLength: 4 }) })
      .map(({ op, ids }) => `Id ${op} ('${ids.join("','")}')`),
  ];
  const joined = (part: fc.Arbitrary<string>) =>
    fc
      .record({ op: fc.constantFrom(' AND ', ' OR '), parts: fc.array(part, { minLength: 2, maxLength: 3 }) })
      .map(({ op, parts }) => `(${parts.join(op)})`);
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      fc.oneof(...kinds.map(joined)),
      joined(tie('condition')),
      tie('condition').map((part) => `(NOT (${part}))`),
    ),
  }));
  const order = fc.constantFrom(
    'Id',
    'SystemModstamp, Id',
    'Email DESC, Id',
    'SystemModstamp DESC, Id LIMIT 5',
    'SystemModstamp, Id LIMIT 4 OFFSET 2',
  );
  const ids = async (where: string, by: string) =>
    recordsOf(await query(`SELECT Id FROM Contact WHERE ${where} ORDER BY ${by}`)).map(({ Id }) => Id);
  // A double NOT means the same, and hides from the indexes what it is about.
  const same = fc.asyncProperty(condition, order, async (where, by) => {
    expect(await ids(where, by)).toEqual(await ids(`(NOT (NOT (${where})))`, by));
  });
  await fc.assert(same, { numRuns: 250 });
});

test('a hidden field is not there: neither in describe, nor in SOQL, nor for writes, until it is shown', async () => {
  const { query, call, hand } = await openStage({ switches: { hiddenFields: 'Contact.NPS_Score__c', uniqueId: false } });
  const fields = async () => {
    const { body } = await call('GET', '/sobjects/Contact/describe');
    return (body as { fields: { name: string }[] }).fields.map(({ name }) => name);
  };
  expect(await fields()).not.toContain('NPS_Score__c');
  expect(await fields()).not.toContain('Syncline_Id__c');
  expect(await query('SELECT NPS_Score__c FROM Contact')).toMatchObject({ body: [{ errorCode: 'INVALID_FIELD' }] });
  expect(await call('POST', '/sobjects/Contact', { LastName: 'A', NPS_Score__c: 3 })).toMatchObject({
    body: [{ errorCode: 'INVALID_FIELD' }],
  });
  hand.setVisible('Contact.NPS_Score__c', true);
  expect(await fields()).toContain('NPS_Score__c');
});
