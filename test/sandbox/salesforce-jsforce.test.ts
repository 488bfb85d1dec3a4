import { Connection } from 'jsforce';
import { expect, test } from 'vitest';
import { CLIENT, openStage } from './salesforce-stage.ts';

const FIRST = '003Tn0000000000IAA';

async function connected(setting: Parameters<typeof openStage>[0] = {}) {
  const opened = await openStage(setting);
  const { origin } = opened.stage;
  const oauth2 = { loginUrl: origin, clientId: CLIENT.client_id, clientSecret: CLIENT.client_secret, redirectUri: `${origin}/back` };
  const connection = new Connection({ instanceUrl: origin, accessToken: '00Dsandbox!token', version: '68.0', oauth2 });
  return { ...opened, connection };
}

test('jsforce signs in by client credentials and learns who it is', async () => {
  const { connection, stage } = await connected();
  await connection.authorize({ grant_type: 'client_credentials' });
  expect(connection.instanceUrl).toBe(stage.origin);
  expect(await connection.identity()).toMatchObject({
    username: 'integration@sandbox.example',
    organization_id: expect.stringMatching(/^00D\w{15}$/),
  });
  expect(connection.limitInfo.apiUsage).toBeUndefined();
  await connection.limits();
  expect(connection.limitInfo.apiUsage).toEqual({ used: 1, limit: 100_000 });
});

test('jsforce signs in by a code with its verifier, and refreshes when the session has run out', async () => {
  const { connection, stage, hand } = await connected();
  const signedIn = new Connection({
    instanceUrl: stage.origin,
    version: '68.0',
    oauth2: {
      loginUrl: stage.origin,
      ...{ clientId: CLIENT.client_id, clientSecret: CLIENT.client_secret },
      redirectUri: `${stage.origin}/back`,
      useVerifier: true,
    },
  });
  const back = await fetch(signedIn.oauth2.getAuthorizationUrl({ state: 's1' }), { redirect: 'manual' });
  const location = new URL(back.headers.get('location') ?? '');
  expect(location.searchParams.get('state')).toBe('s1');
  await signedIn.authorize(location.searchParams.get('code') ?? '');
  expect((await signedIn.query('SELECT Id FROM Contact')).totalSize).toBe(6);
  hand.expireTokens();
  expect((await signedIn.query('SELECT Id FROM Contact')).totalSize).toBe(6);
  expect(connection.accessToken).toBe('00Dsandbox!token');
});

test('jsforce reads pages by query and queryMore, and deleted rows by scanAll', async () => {
  const { connection, hand } = await connected({ size: 9, switches: { pageSize: 4 } });
  hand.remove(FIRST);
  const first = await connection.query('SELECT Id FROM Contact ORDER BY Id', { scanAll: true });
  expect(first).toMatchObject({ totalSize: 9, done: false });
  const second = await connection.queryMore(first.nextRecordsUrl ?? '');
  const third = await connection.queryMore(second.nextRecordsUrl ?? '');
  expect(third.done).toBe(true);
  expect(new Set([first, second, third].flatMap(({ records }) => records.map(({ Id }) => Id))).size).toBe(9);
});

test('jsforce describes, creates, retrieves, updates, upserts, and destroys', async () => {
  const { connection } = await connected();
  const contacts = connection.sobject('Contact');
  expect((await contacts.describe()).fields.find(({ name }) => name === 'Syncline_Id__c')).toMatchObject({
    externalId: true,
    unique: true,
    length: 64,
  });
  expect((await connection.describeGlobal()).sobjects.map(({ name }) => name)).toContain('Account');
  const made = await contacts.create({ LastName: 'Lovelace' });
  expect(made).toMatchObject({ success: true });
  expect(await contacts.update({ Id: made.id ?? '', Title: 'Countess' })).toEqual({ id: made.id, success: true, errors: [] });
  expect(await contacts.retrieve(made.id ?? '')).toMatchObject({ Name: 'Lovelace', Title: 'Countess' });
  expect(await contacts.upsert({ LastName: 'B', Syncline_Id__c: 'k1' }, 'Syncline_Id__c')).toMatchObject({ created: true });
  expect(await contacts.upsert([{ LastName: 'C', Syncline_Id__c: 'k1' }], 'Syncline_Id__c')).toMatchObject([
    { created: false, success: true },
  ]);
  expect(await contacts.destroy(made.id ?? '')).toMatchObject({ success: true });
  await expect(contacts.retrieve(made.id ?? '')).rejects.toMatchObject({ name: 'ENTITY_IS_DELETED' });
});

test('jsforce collections come back row by row, and its replication calls are answered', async () => {
  const { connection } = await connected();
  const contacts = connection.sobject('Contact');
  const made = await contacts.create([{ LastName: 'A' }, { FirstName: 'B' }]);
  expect(made.map(({ success }) => success)).toEqual([true, false]);
  const ids = made.flatMap(({ id }) => (id === undefined ? [] : [id]));
  expect(await contacts.update([{ Id: ids[0] ?? '', Title: 'x' }])).toMatchObject([{ success: true }]);
  expect(await connection.retrieve('Contact', ids)).toMatchObject([{ Title: 'x' }]);
  expect(await contacts.destroy(ids)).toMatchObject([{ success: true }]);
  const window = [new Date('2026-11-22T09:00:00Z'), new Date('2026-11-22T10:01:00Z')] as const;
  expect((await contacts.deleted(...window)).deletedRecords.map(({ id }) => id)).toEqual(ids);
  expect((await contacts.updated(...window)).ids).toEqual([]);
});
