import { expect, onTestFinished, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { openStub } from '../support/stub.ts';
import { openHubspotStage } from './hubspot-stage.ts';

const PATH = '/crm/properties/2026-09/contacts/segment';
const option = (value: string, displayOrder: number, more: object = {}) => ({
  ...{ value, label: `The ${value}`, displayOrder, hidden: false },
  ...more,
});
const HAD = [option('gold', 7, { description: 'Spends most' }), option('silver', -1), option('old', 3, { hidden: true })];
const property = (options: readonly object[]) => ({
  ...{ name: 'segment', label: 'Segment', type: 'enumeration', fieldType: 'select', externalOptions: false, options },
  modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyOptions: false, readOnlyValue: false },
});

/** A portal with one property, whose options are what was written last; `meanwhile`: what somebody else makes of each list that arrives. */
async function openPortal(meanwhile: (written: readonly object[], time: number) => readonly object[] = (written) => written) {
  let options: readonly object[] = HAD;
  let times = 0;
  const stub = await openStub(({ method, body }) => {
    if (method !== 'PATCH') return { body: property(options) };
    const { options: written } = body as { options: readonly object[] };
    times += 1;
    options = meanwhile(written, times);
    return { body: property(written) };
  });
  onTestFinished(stub.close);
  const ports = hubspot.open(testSession(hubspot.manifest, { origin: stub.origin, token: 'pat-na1-x' }));
  const adder = must(ports.objects.contact?.choices, 'an adder of choices');
  const sent = () => stub.requests.map(({ method, path, body }) => (body === undefined ? [method, path] : [method, path, body]));
  return { adder, sent };
}

test('the whole list goes back as it came, with ours behind; hidden ones, orders, and what only HubSpot knows stay', async () => {
  const { adder, sent } = await openPortal();
  const came = await adder.add('segment', [
    { value: 'bronze', label: 'Bronze' },
    { value: 'gold', label: 'Not their label' },
    { value: 'tin', label: 'Tin' },
  ]);
  const more = [
    { value: 'bronze', label: 'Bronze', displayOrder: 8, hidden: false },
    { value: 'tin', label: 'Tin', displayOrder: 9, hidden: false },
  ];
  expect(sent()).toEqual([
    ['GET', PATH],
    ['PATCH', PATH, { options: [...HAD, ...more] }],
    ['GET', PATH],
  ]);
  expect(came.map(({ value }) => value)).toEqual(['old', 'gold', 'bronze', 'tin', 'silver']);
  expect(came).toContainEqual({ value: 'gold', label: 'The gold' });
});

test('what is there already, hidden or not, is not sent at all', async () => {
  const { adder, sent } = await openPortal();
  await adder.add('segment', [{ value: 'old', label: 'Old' }]);
  expect(sent()).toEqual([['GET', PATH]]);
});

test('somebody who writes the list at the same moment keeps theirs, and ours is added to it', async () => {
  const theirs = [...HAD, option('platinum', 8)];
  const { adder, sent } = await openPortal((written, time) => (time === 1 ? theirs : written));
  const came = await adder.add('segment', [{ value: 'bronze', label: 'Bronze' }]);
  expect(came.map(({ value }) => value)).toEqual(expect.arrayContaining(['gold', 'silver', 'old', 'platinum', 'bronze']));
  const bronze = (displayOrder: number) => ({ value: 'bronze', label: 'Bronze', displayOrder, hidden: false });
  expect(sent().filter(([method]) => method === 'PATCH')).toEqual([
    ['PATCH', PATH, { options: [...HAD, bronze(8)] }],
    ['PATCH', PATH, { options: [...theirs, bronze(9)] }],
  ]);
});

test('who is overwritten again and again gives up, and says that it is not known how it stands', async () => {
  const { adder, sent } = await openPortal(() => HAD);
  await expect(adder.add('segment', [{ value: 'bronze', label: 'Bronze' }])).rejects.toMatchObject({ kind: 'stale_write' });
  expect(sent().filter(([method]) => method === 'PATCH')).toHaveLength(3);
});

const CLOSED: readonly (readonly [object: string, field: string, because: string])[] = [
  ['contact', 'lifecyclestage', 'fixed'],
  ['contact', 'hs_analytics_source', 'fixed'],
  ['contact', 'owner_email', 'kept_elsewhere'],
  ['contact', 'hubspot_owner_id', 'kept_elsewhere'],
  ['deal', 'dealstage', 'kept_elsewhere'],
  ['deal', 'pipeline', 'kept_elsewhere'],
  ['contact', 'companies', 'no_list'],
  ['contact', 'city', 'no_list'],
];

test.each(CLOSED)('%s %s: %s, and nothing is sent to change it', async (object, field, because) => {
  const { port, calls } = await openHubspotStage({ people: 3 });
  const adder = must(port(object).choices, 'an adder of choices');
  expect(await adder.look(field)).toMatchObject({ closed: { because } });
  const made = await calls(() => expect(adder.add(field, [{ value: 'x', label: 'X' }])).rejects.toMatchObject({ code: 'LIST_CLOSED' }));
  expect(Object.keys(made).filter((name) => name.startsWith('PATCH'))).toEqual([]);
});

test('a list that HubSpot ships takes more options, though nothing else of its property may be changed', async () => {
  const { company, hands } = await openHubspotStage({ people: 3 });
  const adder = must(company.choices, 'an adder of choices');
  const { choices } = await adder.look('industry');
  expect(await adder.add('industry', [{ value: 'SPACE', label: 'Space' }])).toEqual([...choices, { value: 'SPACE', label: 'Space' }]);
  expect(() => hands.fields.change('companies', 'industry', { label: 'Trade' })).toThrow('read only');
});

test('a label that another option has is refused, and so is a semicolon where several options stand in one text', async () => {
  const { contact, hands } = await openHubspotStage({ people: 3 });
  const adder = must(contact.choices, 'an adder of choices');
  hands.fields.define('contacts', {
    ...{ name: 'topics', label: 'Topics', type: 'enumeration', fieldType: 'checkbox', groupName: 'contactinformation' },
    options: [{ value: 'a', label: 'A' }],
  });
  await expect(adder.add('topics', [{ value: 'b', label: 'A' }])).rejects.toMatchObject({ kind: 'record_rejected' });
  await expect(adder.add('topics', [{ value: 'b;c', label: 'B' }])).rejects.toMatchObject({ kind: 'record_rejected', fields: ['topics'] });
  expect((await adder.look('topics')).choices).toEqual([{ value: 'a', label: 'A' }]);
});

test('a token without the right to change properties is told which scope it lacks', async () => {
  const { contact } = await openHubspotStage({ people: 3, switches: { scopes: '-crm.schemas.contacts.write' } });
  const adder = must(contact.choices, 'an adder of choices');
  await expect(adder.add('hs_lead_status', [{ value: 'X', label: 'X' }])).rejects.toMatchObject({
    kind: 'not_allowed',
    message: expect.stringContaining('crm.schemas.contacts.write'),
  });
});
