import { Connection } from 'jsforce';
import { expect, test } from 'vitest';
import { openStage } from './salesforce-stage.ts';

async function connected(setting: Parameters<typeof openStage>[0] = {}) {
  const opened = await openStage(setting);
  const connection = new Connection({ instanceUrl: opened.stage.origin, accessToken: '00Dsandbox!token', version: '68.0' });
  return { ...opened, connection };
}

test('jsforce loads rows by Bulk 2.0: some are done, some are not, and the job is complete all the same', async () => {
  const { connection } = await connected();
  connection.bulk2.pollInterval = 5;
  const input = [
    { LastName: 'Bulk', Syncline_Id__c: 'b1' },
    { LastName: 'x'.repeat(81), Syncline_Id__c: 'b2' },
  ];
  const done = await connection.bulk2.loadAndWaitForResults({
    object: 'Contact',
    operation: 'upsert',
    externalIdFieldName: 'Syncline_Id__c',
    input,
  });
  expect(done.successfulResults).toMatchObject([{ sf__Created: 'true', Syncline_Id__c: 'b1' }]);
  expect(done.failedResults).toMatchObject([{ sf__Error: expect.stringMatching(/^STRING_TOO_LONG:.*:LastName --$/) }]);
});

test('a bulk query comes page by page, and the last page says null', async () => {
  const { call, stage } = await connected({ size: 5 });
  const { body } = await call('POST', '/jobs/query', { operation: 'query', query: 'SELECT Id, CreatedDate FROM Contact' });
  const { id } = body as { id: string };
  const page = async (query: string) =>
    fetch(`${stage.origin}/services/data/v68.0/jobs/query/${id}/results?maxRecords=3${query}`, {
      headers: { authorization: 'Bearer 00Dsandbox!token' },
    });
  const first = await page('');
  expect(first.headers.get('sforce-numberofrecords')).toBe('3');
  const last = await page(`&locator=${first.headers.get('sforce-locator')}`);
  expect(last.headers.get('sforce-locator')).toBe('null');
  expect((await last.text()).split('\n')[0]).toBe('"Id","CreatedDate"');
});

test('jsforce converts a lead: its members and activities go to the contact, and it is read-only from then on', async () => {
  const { connection, hand } = await connected();
  const lead = hand.create('Lead', { LastName: 'Lead', Company: 'Initech', Email: 'lead@initech.example' });
  const task = hand.create('Task', { Subject: 'Call', WhoId: lead });
  const made = await connection.soap.convertLead({ leadId: lead, convertedStatus: 'Closed - Converted' } as never);
  expect(made).toMatchObject({ success: true, leadId: lead });
  const { ConvertedContactId } = hand.get(lead);
  expect(hand.get(task).WhoId).toBe(ConvertedContactId);
  await expect(connection.sobject('Lead').update({ Id: lead, Title: 'x' })).rejects.toMatchObject({ name: 'CANNOT_UPDATE_CONVERTED_LEAD' });
});

test('a field that jsforce makes is seen only when a permission set of the user grants it', async () => {
  const { connection, hand } = await connected();
  const metadata = { type: 'Text', length: 64, label: 'Hub Id', externalId: true, unique: true };
  const made = await connection.tooling.sobject('CustomField').create({ FullName: 'Lead.Hub_Id__c', Metadata: metadata } as never);
  expect(made).toMatchObject({ success: true });
  const names = async () => (await connection.sobject('Lead').describe()).fields.map(({ name }) => name);
  expect(await names()).not.toContain('Hub_Id__c');
  const set = await connection.sobject('PermissionSet').create({ Name: 'Hub', Label: 'Hub' });
  const grant = { ParentId: set.id ?? '', SobjectType: 'Lead', Field: 'Lead.Hub_Id__c', PermissionsRead: true, PermissionsEdit: true };
  expect(await connection.sobject('FieldPermissions').create(grant)).toMatchObject({ success: true });
  const assigned = { PermissionSetId: set.id ?? '', AssigneeId: String(hand.all('User')[0]?.Id) };
  expect(await connection.sobject('PermissionSetAssignment').create(assigned)).toMatchObject({ success: true });
  expect(await names()).toContain('Hub_Id__c');
});
