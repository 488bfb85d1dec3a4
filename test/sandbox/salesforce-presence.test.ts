import { Connection } from 'jsforce';
import { expect, test } from 'vitest';
import { openStage } from './salesforce-stage.ts';

const [FIRST, SECOND, THIRD] = ['003Tn0000000000IAA', '003Tn0000000001IAA', '003Tn0000000002IAA'] as const;

async function connected(...options: Parameters<typeof openStage>) {
  const opened = await openStage(...options);
  const connection = new Connection({ instanceUrl: opened.stage.origin, accessToken: '00Dsandbox!token', version: '68.0' });
  const rows = async (soql: string) => (await connection.query(soql, { scanAll: true })).records;
  const contact = async (id: string) =>
    (await rows(`SELECT Id, IsDeleted, MasterRecordId, LastModifiedBy.Name FROM Contact WHERE Id = '${id}'`))[0];
  const codes = async (ids: string[]) =>
    (await connection.sobject('Contact').destroy(ids)).map((one) => (one.success ? 'done' : JSON.stringify(one.errors)));
  return { ...opened, connection, rows, contact, codes };
}

test('a collection of deletes is answered row by row, in order: the bin, the merged, and the unknown are told apart from what was done', async () => {
  const { codes, hand } = await connected();
  hand.remove(FIRST);
  expect(await codes([SECOND, FIRST, '003000000000001AAA', THIRD])).toEqual([
    'done',
    expect.stringContaining('ENTITY_IS_DELETED'),
    expect.stringContaining('INVALID_CROSS_REFERENCE_KEY'),
    'done',
  ]);
  expect(await codes([SECOND])).toEqual([expect.stringContaining('ENTITY_IS_DELETED')]);
  hand.purge(SECOND);
  expect(await codes([SECOND])).toEqual([expect.stringContaining('INVALID_CROSS_REFERENCE_KEY')]);
});

test('a collection of deletes takes 200 ids and no more, and with allOrNone takes all back for one', async () => {
  const { connection, hand, stage } = await connected();
  const ids = Array.from({ length: 201 }, (_, n) => hand.create('Contact', { LastName: `Crowd ${n}` }));
  await expect(connection.sobject('Contact').destroy(ids)).rejects.toMatchObject({ name: 'EXCEEDED_ID_LIMIT' });
  hand.remove(FIRST);
  const before = stage.sandbox.people();
  const rows = await connection.sobject('Contact').destroy([SECOND, FIRST], { allOrNone: true });
  expect(rows.map(({ success }) => success)).toEqual([false, false]);
  expect(stage.sandbox.people()).toBe(before);
  expect(await connection.sobject('Contact').destroy(ids.slice(0, 200))).toHaveLength(200);
  expect(stage.sandbox.people()).toBe(before - 200);
});

test('a record that others hang on is not deleted, by the API or by hand, and the reason is the vendor’s', async () => {
  const { codes, hand } = await connected();
  hand.keep('Contact', ({ Id }) => (Id === FIRST ? 'it is associated with the following cases.: 00001026' : null));
  expect(await codes([FIRST, SECOND])).toEqual([expect.stringContaining('DELETE_FAILED'), 'done']);
  expect(() => hand.remove(FIRST)).toThrow('associated with the following cases');
});

test('merges chain: each loser keeps the master that it lost to', async () => {
  const { contact, hand } = await connected();
  hand.merge(SECOND, [FIRST]);
  hand.merge(THIRD, [SECOND]);
  expect(await contact(FIRST)).toMatchObject({ IsDeleted: true, MasterRecordId: SECOND });
  expect(await contact(SECOND)).toMatchObject({ IsDeleted: true, MasterRecordId: THIRD });
  expect(await contact(THIRD)).toMatchObject({ IsDeleted: false, MasterRecordId: null });
});

test('what lost a merge can be restored by itself, without what moved to the winner', async () => {
  const { connection, contact, hand, rows } = await connected();
  hand.merge(SECOND, [FIRST]);
  hand.undelete(FIRST);
  expect(await contact(FIRST)).toMatchObject({ IsDeleted: false, MasterRecordId: null });
  expect(await connection.sobject('Contact').retrieve(FIRST)).toMatchObject({ Id: FIRST });
  const [winner = '', loser = ''] = hand.all('Account').map(({ Id }) => Id);
  hand.merge(winner, [loser]);
  hand.undelete(loser);
  expect(await rows(`SELECT Id FROM Contact WHERE AccountId = '${loser}'`)).toEqual([]);
  expect(() => hand.undelete(loser)).toThrow('not deleted');
});

test('who acted is who changed it last: the integration through the API, people by hand, nobody when the platform touches it', async () => {
  const { connection, contact, hand } = await connected();
  const by = async (id: string) => (await contact(id))?.LastModifiedBy as unknown;
  await connection.sobject('Contact').update({ Id: FIRST, Title: 'x' });
  expect(await by(FIRST)).toMatchObject({ Name: 'Integration User' });
  hand.touch(FIRST);
  expect(await by(FIRST)).toMatchObject({ Name: 'Integration User' });
  hand.edit(FIRST, { Title: 'y' });
  expect(await by(FIRST)).toMatchObject({ Name: 'Olga Owner' });
  hand.edit(FIRST, { Title: 'z' }, 'INTEGRATION@sandbox.example');
  expect(await by(FIRST)).toMatchObject({ Name: 'Integration User' });
  hand.merge(SECOND, [FIRST]);
  expect([await by(FIRST), await by(SECOND)]).toMatchObject([{ Name: 'Olga Owner' }, { Name: 'Olga Owner' }]);
  await connection.sobject('Contact').destroy([THIRD]);
  expect(await by(THIRD)).toMatchObject({ Name: 'Integration User' });
});
