import { afterEach, expect, onTestFinished, test } from 'vitest';
import { salesforce } from '../../connectors/salesforce/index.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { openStub } from '../support/stub.ts';
import { closeStages, openStage } from './salesforce-stage.ts';

afterEach(closeStages);

const V = '/services/data/v68.0';
const FIELD = `${V}/tooling/sobjects/CustomField/00N000000000001AAA`;
const value = (valueName: string, more: object = {}) => ({
  color: null,
  default: false,
  isActive: null,
  label: valueName,
  valueName,
  ...more,
});
const METADATA = {
  ...{ type: 'Picklist', label: 'Tier', description: 'What they pay', trackHistory: true, required: false },
  valueSet: {
    ...{ controllingField: null, restricted: true, valueSetName: null, valueSettings: [] },
    valueSetDefinition: {
      sorted: true,
      value: [value('Gold', { default: true, color: '#FFD700' }), value('Tin', { isActive: false, label: 'Tin (old)' })],
    },
  },
};

/** An org with one picklist, whose definition is what was written last. */
async function openOrg() {
  let metadata: typeof METADATA = METADATA;
  const stub = await openStub(({ method, path, query, body }) => {
    if (method === 'PATCH') {
      metadata = (body as { Metadata: typeof METADATA }).Metadata;
      return { status: 204 };
    }
    if (path === FIELD) return { body: { Id: '00N000000000001AAA', FullName: 'Contact.Tier__c', Metadata: metadata } };
    if (query.has('q')) return { body: { done: true, totalSize: 1, records: [{ Id: '00N000000000001AAA', DeveloperName: 'Tier' }] } };
    const picklistValues = metadata.valueSet.valueSetDefinition.value.map(({ valueName, label, isActive }) => ({
      ...{ value: valueName, label, active: isActive !== false, defaultValue: false, validFor: null },
    }));
    const field = { name: 'Tier__c', label: 'Tier', type: 'picklist', restrictedPicklist: true, createable: true, updateable: true };
    return { body: { fields: [{ ...field, nillable: true, picklistValues }], childRelationships: [] } };
  });
  onTestFinished(stub.close);
  const ports = salesforce.open(testSession(salesforce.manifest, { origin: stub.origin, token: '00D!t', kind: 'token' }));
  return { adder: must(ports.objects.contact?.choices, 'an adder of choices'), requests: stub.requests };
}

test('the definition goes back as it came, with ours behind; what was out of use is taken into use under its own label', async () => {
  const { adder, requests } = await openOrg();
  const came = await adder.add('Tier__c', [
    { value: 'Tin', label: 'Tin' },
    { value: 'Bronze', label: 'Bronze & more' },
  ]);
  const soql = `SELECT Id, DeveloperName FROM CustomField WHERE TableEnumOrId = 'Contact' AND NamespacePrefix = null AND DeveloperName IN ('Tier')`;
  expect(requests.map(({ method, path, query }) => [method, query.get('q') ?? path])).toEqual([
    ['GET', `${V}/sobjects/Contact/describe`],
    ['GET', soql],
    ['GET', FIELD],
    ['PATCH', FIELD],
    ['GET', `${V}/sobjects/Contact/describe`],
  ]);
  const { valueSet, ...plain } = METADATA;
  const [gold, tin] = valueSet.valueSetDefinition.value;
  const made = { valueName: 'Bronze', label: 'Bronze & more', default: false, isActive: true };
  expect(requests[3]?.body).toEqual({
    Metadata: {
      ...plain,
      valueSet: { ...valueSet, valueSetDefinition: { sorted: true, value: [gold, { ...tin, isActive: true }, made] } },
    },
  });
  expect(came).toEqual([
    { value: 'Gold', label: 'Gold' },
    { value: 'Tin', label: 'Tin (old)' },
    { value: 'Bronze', label: 'Bronze & more' },
  ]);
});

test('what is there already is not sent at all', async () => {
  const { adder, requests } = await openOrg();
  await adder.add('Tier__c', [{ value: 'Gold', label: 'Other' }]);
  expect(requests.every(({ method }) => method === 'GET')).toBe(true);
});

const CLOSED: readonly (readonly [object: string, field: string, because: string])[] = [
  ['contact', 'LeadSource', 'no_list'],
  ['contact', 'Title', 'no_list'],
  ['contact', 'owner_email', 'kept_elsewhere'],
  ['contact', 'companies', 'no_list'],
  ['contact', 'Office__c', 'dependent'],
];

test.each(CLOSED)('%s %s: %s, and nothing is sent to change it', async (object, field, because) => {
  const { ports, stage } = await openStage();
  const adder = must(ports.objects[object]?.choices, 'an adder of choices');
  expect(await adder.look(field)).toMatchObject({ closed: { because } });
  await expect(adder.add(field, [{ value: 'x', label: 'X' }])).rejects.toMatchObject({ kind: 'misconfigured', code: 'LIST_CLOSED' });
  expect([...stage.requests.keys()].filter((name) => name.startsWith('PATCH'))).toEqual([]);
});

test('a list that other fields have as well is named and left alone', async () => {
  const { ports } = await openStage();
  const adder = must(ports.families?.custom_?.('Project__c').choices, 'an adder of choices');
  expect(await adder.look('Phase__c')).toMatchObject({ closed: { because: 'shared', reason: expect.stringContaining('Project_Phases') } });
});

test('a value that was retired is taken again, and records keep theirs', async () => {
  const { ports, hand } = await openStage();
  const adder = must(ports.objects.contact?.choices, 'an adder of choices');
  const values = async () => (await adder.look('Region__c')).choices.map((one) => one.value);
  expect(await values()).toEqual(['Americas', 'Europe', 'Asia']);
  await adder.add('Region__c', [{ value: 'Antarctica', label: 'Antarctica' }]);
  expect(await values()).toEqual(['Americas', 'Europe', 'Asia', 'Antarctica']);
  expect(hand.create('Contact', { LastName: 'Amundsen', Region__c: 'Antarctica' })).toMatch(/^003/);
});

test('who may not change the set-up is told so, and nothing has changed', async () => {
  const { ports } = await openStage({ mayCustomize: false });
  const adder = must(ports.objects.contact?.choices, 'an adder of choices');
  const before = await adder.look('Region__c');
  await expect(adder.add('Region__c', [{ value: 'Moon', label: 'Moon' }])).rejects.toMatchObject({
    kind: 'not_allowed',
    message: expect.stringContaining('Customize Application'),
  });
  expect(await adder.look('Region__c')).toEqual(before);
});
