import { expect, test } from 'vitest';
import { type SalesforceSandbox, salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { CLIENT, openStage, recordsOf, tinyTown } from './salesforce-stage.ts';

const FIRST = '003Tn0000000000IAA';
const SECOND = '003Tn0000000001IAA';

test('client credentials give a token without an end date, good until its time has passed', async () => {
  const { sign, call, wind } = await openStage({ switches: { tokenTtlSeconds: 60 } });
  const { status, body } = await sign({ grant_type: 'client_credentials', ...CLIENT });
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(['access_token', 'id', 'instance_url', 'issued_at', 'scope', 'signature', 'token_type']);
  const authorization = `Bearer ${body.access_token}`;
  expect((await call('GET', '/limits', undefined, { authorization })).status).toBe(200);
  wind(60_000);
  expect(await call('GET', '/limits', undefined, { authorization })).toMatchObject({
    status: 401,
    body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
  });
});

test.each([
  [{ grant_type: 'client_credentials', ...CLIENT, client_secret: 'x' }, 'invalid_client'],
  [{ grant_type: 'client_credentials', ...CLIENT, client_id: 'x' }, 'invalid_client_id'],
  [{ grant_type: 'refresh_token', ...CLIENT, refresh_token: 'x' }, 'invalid_grant'],
  [{ grant_type: 'password', ...CLIENT }, 'unsupported_grant_type'],
])('sign-in with %j is refused with %s', async (form, error) => {
  const { sign } = await openStage();
  expect(await sign(form)).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
});

test('a rotated refresh token is good once; without rotation it stays', async () => {
  for (const rotateTokens of [true, false]) {
    const { sign, hand } = await openStage({ switches: { rotateTokens } });
    const refresh = (refresh_token: string) => sign({ grant_type: 'refresh_token', ...CLIENT, refresh_token });
    const first = hand.issueRefreshToken();
    const next = (await refresh(first)).body.refresh_token;
    expect(typeof next).toBe(rotateTokens ? 'string' : 'undefined');
    expect((await refresh(first)).status).toBe(rotateTokens ? 400 : 200);
    if (next !== undefined) expect((await refresh(next)).status).toBe(200);
  }
});

test('every call counts, refused ones too, until the day is spent; a day later there are calls again', async () => {
  const { call, wind } = await openStage({ switches: { dailyLimit: 3 } });
  const usage = async (path: string) => {
    const { status, headers } = await call('GET', path);
    return [status, headers.get('sforce-limit-info')];
  };
  expect(await usage('/limits')).toEqual([200, 'api-usage=1/3']);
  expect(await usage('/nothing')).toEqual([404, 'api-usage=2/3']);
  expect((await call('GET', '/limits', undefined, { authorization: 'Bearer x' })).headers.get('sforce-limit-info')).toBe('api-usage=3/3');
  const spent = await call('GET', '/limits');
  expect(spent).toMatchObject({ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] });
  expect(spent.headers.get('retry-after')).toBeNull();
  wind(24 * 3_600_000);
  expect(await usage('/limits')).toEqual([200, 'api-usage=1/3']);
});

test('versions are listed without a token; only those are served, and retired ones are gone', async () => {
  const { call, stage } = await openStage();
  const versions: { version: string; label: string }[] = await (await fetch(`${stage.origin}/services/data`)).json();
  expect(versions.at(-1)).toEqual({ label: "Winter '27", url: '/services/data/v68.0', version: '68.0' });
  expect((await call('GET', '/services/data/v60.0/sobjects')).status).toBe(200);
  expect((await call('GET', '/services/data/v69.0/sobjects')).status).toBe(404);
  expect((await call('GET', '/services/data/v30.0/sobjects')).status).toBe(410);
});

test('requests that are malformed get the status that says how', async () => {
  const { call, stage } = await openStage();
  const post = async (body: string, type: string) => {
    const headers = { authorization: 'Bearer 00Dsandbox!token', 'content-type': type };
    return (await fetch(`${stage.origin}/services/data/v68.0/sobjects/Contact`, { method: 'POST', body, headers })).status;
  };
  expect(await post('{', 'application/json')).toBe(400);
  expect(await post('{}', 'text/csv')).toBe(415);
  expect((await call('PUT', '/sobjects/Contact', {})).status).toBe(405);
  const long = await fetch(`${stage.origin}/services/data/v68.0/query?q=${'x'.repeat(16_200)}`);
  expect([414, 431]).toContain(long.status);
  const answer = await call('GET', '/limits');
  expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8');
  expect(answer.headers.get('date')).toBe('Sun, 22 Nov 2026 10:00:00 GMT');
});

test('describe is answered with 304 until the schema changes', async () => {
  const { call, hand, wind } = await openStage();
  const first = await call('GET', '/sobjects/Contact/describe');
  const since = { 'if-modified-since': first.headers.get('last-modified') ?? '' };
  expect((await call('GET', '/sobjects/Contact/describe', undefined, since)).status).toBe(304);
  wind(1000);
  hand.setVisible('Contact.Phone', false);
  expect((await call('GET', '/sobjects/Contact/describe', undefined, since)).status).toBe(200);
  const { fields } = first.body as { fields: { name: string; createable: boolean; nillable: boolean; defaultedOnCreate: boolean }[] };
  const required = fields.filter((field) => field.createable && !field.nillable && !field.defaultedOnCreate);
  expect(required.map(({ name }) => name)).toEqual(['LastName']);
});

test('what a person edits is seen after its commit; the later transaction may come first, and the row is locked until then', async () => {
  const { query, call, hand, wind } = await openStage({ switches: { commitDelayMs: 10_000 } });
  const since = 'SELECT FirstName FROM Contact WHERE SystemModstamp >= 2026-11-22T10:00:00Z ORDER BY SystemModstamp';
  const seen = async () => recordsOf(await query(since)).map(({ FirstName }) => FirstName);
  hand.edit(FIRST, { Title: 'Slow' });
  wind(1000);
  hand.edit(SECOND, { Title: 'Quick' });
  expect(await seen()).toEqual([]);
  expect(await call('PATCH', `/sobjects/Contact/${FIRST}`, { Title: 'Mine' })).toMatchObject({
    body: [{ errorCode: 'UNABLE_TO_LOCK_ROW' }],
  });
  wind(5000);
  expect(await seen()).toEqual(['Ann1']);
  const window = 'start=2026-11-22T09:00:00Z&end=2026-11-22T10:10:00Z';
  expect((await call('GET', `/sobjects/Contact/updated?${window}`)).body).toMatchObject({
    latestDateCovered: '2026-11-22T10:00:00.000+0000',
  });
  wind(5000);
  expect(await seen()).toEqual(['Ann0', 'Ann1']);
});

test('a system update moves SystemModstamp alone', async () => {
  const { hand } = await openStage();
  const before = hand.get(FIRST);
  hand.touch(FIRST);
  expect(hand.get(FIRST)).toEqual({ ...before, SystemModstamp: '2026-11-22T10:00:00.000+0000' });
});

test('the bin is seen by queryAll for 15 days, comes back with undelete, and is empty afterwards', async () => {
  const { query, call, hand, wind, stage } = await openStage();
  const inAll = async (id: string) => (await query(`SELECT Id FROM Contact WHERE Id = '${id}' AND IsDeleted = true`, 'queryAll')).body;
  hand.remove(FIRST);
  hand.remove(SECOND);
  wind(60_000);
  const window = 'start=2026-11-22T10%3A00%3A00%2B00%3A00&end=2026-11-22T10%3A01%3A00%2B00%3A00';
  expect((await call('GET', `/sobjects/Contact/deleted?${window}`)).body).toMatchObject({
    deletedRecords: [FIRST, SECOND].map((id) => ({ id, deletedDate: '2026-11-22T10:00:00.000+0000' })),
    latestDateCovered: '2026-11-22T10:01:00.000+0000',
  });
  hand.undelete(SECOND);
  expect(stage.sandbox.people()).toBe(5);
  expect(await inAll(FIRST)).toMatchObject({ totalSize: 1 });
  wind(15 * 86_400_000);
  expect(await inAll(FIRST)).toMatchObject({ totalSize: 0 });
  expect((await call('GET', `/sobjects/Contact/deleted?${window}`)).body).toMatchObject([{ errorCode: 'INVALID_REPLICATION_DATE' }]);
  expect((await call('GET', `/sobjects/Contact/updated?${window}`)).status).toBe(200);
});

test('the losers of a merge are in the bin with their master, and an account takes over the contacts', async () => {
  const { query, hand, stage } = await openStage();
  hand.merge(FIRST, [SECOND]);
  expect(recordsOf(await query(`SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '${SECOND}'`, 'queryAll'))).toMatchObject([
    { IsDeleted: true, MasterRecordId: FIRST },
  ]);
  expect(stage.sandbox.people()).toBe(5);
  const [winner, loser] = hand.all('Account').map(({ Id }) => Id);
  if (winner === undefined || loser === undefined) throw new Error('the town has two companies');
  hand.merge(winner, [loser]);
  expect((await query(`SELECT COUNT() FROM Contact WHERE AccountId = '${winner}'`)).body).toMatchObject({ totalSize: 5 });
});

test('an account takes its contacts to the bin and back', async () => {
  const { hand, stage } = await openStage();
  const account = String(hand.get(FIRST).AccountId);
  hand.remove(account);
  expect(stage.sandbox.people()).toBe(3);
  hand.undelete(account);
  expect(stage.sandbox.people()).toBe(6);
});

test('the same seed makes the same org, over two years, with tied stamps', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const open = (seed: number): SalesforceSandbox =>
    salesforceSandbox.open({ seed, town: tinyTown(80), now: () => now, origin: () => 'http://127.0.0.1:1', switches: {} });
  const contacts = open(7).hand.all('Contact');
  expect(open(7).hand.all('Contact')).toEqual(contacts);
  expect(open(8).hand.all('Contact')).not.toEqual(contacts);
  const created = contacts.map(({ CreatedDate }) => String(CreatedDate)).sort();
  expect([created[0]?.slice(0, 4), created.at(-1)?.slice(0, 4)]).toEqual(['2024', '2026']);
  expect(new Set(contacts.map(({ SystemModstamp }) => SystemModstamp)).size).toBeLessThan(60);
});

test('a purged record is nowhere, and the delete log still tells of it', async () => {
  const { query, call, hand, wind } = await openStage({ switches: { commitDelayMs: 1000 } });
  hand.purge(FIRST);
  wind(60_000);
  expect((await query('SELECT COUNT() FROM Contact', 'queryAll')).body).toMatchObject({ totalSize: 5 });
  expect((await call('GET', `/sobjects/Contact/${FIRST}`)).status).toBe(404);
  const window = 'start=2026-11-22T10:00:00Z&end=2026-11-22T10:01:00Z';
  expect((await call('GET', `/sobjects/Contact/deleted?${window}`)).body).toMatchObject({ deletedRecords: [{ id: FIRST }] });
});

test('a merge is one transaction: loser, winner, and children are seen at one moment', async () => {
  const { query, hand, wind } = await openStage({ switches: { commitDelayMs: 1000 } });
  const [winner = '', loser = ''] = hand.all('Account').map(({ Id }) => Id);
  hand.merge(winner, [loser]);
  const moved = async () => (await query(`SELECT COUNT() FROM Contact WHERE AccountId = '${winner}'`)).body;
  const lost = async () => (await query(`SELECT COUNT() FROM Account WHERE MasterRecordId = '${winner}'`, 'queryAll')).body;
  expect([await moved(), await lost()]).toMatchObject([{ totalSize: 3 }, { totalSize: 0 }]);
  wind(1000);
  expect([await moved(), await lost()]).toMatchObject([{ totalSize: 6 }, { totalSize: 1 }]);
});

test('a token may be good for so many requests only, and its answer may name another host', async () => {
  const { sign, call } = await openStage({ switches: { tokenTtlRequests: 2, instanceUrl: 'http://localhost:1' } });
  const { body } = await sign({ grant_type: 'client_credentials', ...CLIENT });
  expect(body.instance_url).toBe('http://localhost:1');
  const authorization = `Bearer ${body.access_token}`;
  const codes = [];
  for (let i = 0; i < 3; i += 1) codes.push((await call('GET', '/limits', undefined, { authorization })).status);
  expect(codes).toEqual([200, 200, 401]);
});

test('an owner who left cannot be given records', async () => {
  const { call, hand } = await openStage();
  const { OwnerId } = hand.get(FIRST);
  hand.deactivate(String(OwnerId));
  expect(await call('PATCH', `/sobjects/Contact/${SECOND}`, { OwnerId })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INACTIVE_OWNER_OR_USER' }],
  });
});

test('life edits one contact and says what happened', async () => {
  const { stage, query } = await openStage();
  expect(stage.sandbox.life.stir(() => 0.5)).toMatch(/^Salesforce: Ann3 O'Brien 3 now has \w+ ".+"\.$/);
  expect((await query('SELECT COUNT() FROM Contact WHERE LastModifiedDate >= 2026-11-22T10:00:00Z')).body).toMatchObject({ totalSize: 1 });
});

test('unknown switches are refused', async () => {
  const opened = openSandbox(salesforceSandbox, { town: tinyTown(1), switches: { pagesize: 5 } });
  await expect(opened).rejects.toThrow('pagesize');
});
