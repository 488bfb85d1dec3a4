import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACME, ADA, BEN, BOLT, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const V4 = '/crm/v4/associations/contacts/companies';
const OF_ADA = `/crm/v4/objects/contacts/${ADA}/associations`;
const primary = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 };
const unlabelled = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 };
const companyIdOf = (id: string) => portal.hands.contacts.get(id)?.properties.associatedcompanyid;
const typesOf = async (id: string) => {
  const { body } = await portal.call('GET', `/crm/v4/objects/contacts/${id}/associations/companies`);
  return Object(body).results.map((tie: { toObjectId: number; associationTypes: { typeId: number }[] }) => [
    tie.toObjectId,
    tie.associationTypes.map(({ typeId }) => typeId),
  ]);
};

beforeEach(async () => {
  portal = await openPortal();
});
afterEach(() => portal.stage.close());

test('everybody of the town is tied to a primary company, whose id the contact shows', async () => {
  expect(await typesOf(ADA)).toEqual([[101, [1, 279]]]);
  expect([ADA, BEN, CHO].map(companyIdOf)).toEqual([ACME, ACME, BOLT]);
});

test('a default tie has no label, shows in both directions, and moves neither the primary nor the date', async () => {
  const before = portal.hands.contacts.get(ADA)?.updatedAt;
  const tied = await portal.call('PUT', `${OF_ADA}/default/companies/${BOLT}`);
  expect(tied).toMatchObject({
    status: 200,
    body: {
      results: [
        { from: { id: ADA }, to: { id: BOLT }, associationSpec: { associationTypeId: 279 } },
        { associationSpec: { associationTypeId: 280 } },
      ],
    },
  });
  expect(await typesOf(ADA)).toEqual([
    [101, [1, 279]],
    [102, [279]],
  ]);
  expect(companyIdOf(ADA)).toBe(ACME);
  expect(portal.hands.contacts.get(ADA)?.updatedAt).toBe(before);
});

test('there is one primary company: a new one takes the label from the old one', async () => {
  const labelled = await portal.call('PUT', `${OF_ADA}/companies/${BOLT}`, { body: [primary] });
  expect(labelled).toMatchObject({ status: 201, body: { fromObjectId: ADA, toObjectId: BOLT, labels: ['Primary'] } });
  expect(await typesOf(ADA)).toEqual([
    [101, [279]],
    [102, [1, 279]],
  ]);
  expect(companyIdOf(ADA)).toBe(BOLT);
});

test('writing labels replaces the labels of the pair', async () => {
  await portal.call('POST', `${V4}/batch/create`, { body: { inputs: [{ from: { id: ADA }, to: { id: ACME }, types: [unlabelled] }] } });
  expect(await typesOf(ADA)).toEqual([[101, [279]]]);
  expect(companyIdOf(ADA)).toBeUndefined();
});

test('a label can be defined, given, and taken away again', async () => {
  const defined = await portal.call('POST', `${V4}/labels`, { body: { label: 'Billing', name: 'billing', inverseLabel: 'Billed by' } });
  expect(defined.body).toMatchObject({ results: [{ category: 'USER_DEFINED', typeId: 1001, label: 'Billing' }, { label: 'Billed by' }] });
  const billing = { associationCategory: 'USER_DEFINED', associationTypeId: 1001 };
  await portal.call('PUT', `${OF_ADA}/companies/${ACME}`, { body: [primary, billing] });
  const inputs = [{ from: { id: ADA }, to: { id: ACME }, types: [primary] }];
  expect((await portal.call('POST', `${V4}/batch/labels/archive`, { body: { inputs } })).status).toBe(204);
  expect(await typesOf(ADA)).toEqual([[101, [279, 1001]]]);
});

test('taking the unlabelled type away takes everything away', async () => {
  const inputs = [{ from: { id: ADA }, to: { id: ACME }, types: [unlabelled] }];
  await portal.call('POST', `${V4}/batch/labels/archive`, { body: { inputs } });
  expect(await typesOf(ADA)).toEqual([]);
});

test('a batch read tells numbers, names those without ties, and is silent about ids that are not there', async () => {
  portal.hands.untie(BEN, ACME);
  const read = await portal.call('POST', `${V4}/batch/read`, { body: { inputs: [{ id: ADA }, { id: BEN }, { id: '999' }] } });
  expect(read.status).toBe(207);
  expect(read.body).toMatchObject({
    results: [{ from: { id: ADA }, to: [{ toObjectId: 101 }] }],
    errors: [{ subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [BEN] } }],
  });
});

test('a read goes on after five hundred', async () => {
  for (let at = 0; at < 520; at += 1) portal.hands.tie(portal.hands.contacts.add({ lastname: `n${at}` }), BOLT);
  const first = await portal.call('POST', '/crm/v4/associations/companies/contacts/batch/read', { body: { inputs: [{ id: BOLT }] } });
  const [result] = Object(first.body).results;
  expect(result.to).toHaveLength(500);
  const inputs = [{ id: BOLT, after: result.paging.next.after }];
  const rest = await portal.call('POST', '/crm/v4/associations/companies/contacts/batch/read', { body: { inputs } });
  expect(Object(rest.body).results[0].to).toHaveLength(21);
  expect(Object(rest.body).results[0]).not.toHaveProperty('paging');
});

test('a tie to a record that is not there is an error row, in the default batch with a 200', async () => {
  const inputs = [
    { from: { id: ADA }, to: { id: BOLT } },
    { from: { id: ADA }, to: { id: '999' } },
  ];
  const wrong = { category: 'VALIDATION_ERROR', subCategory: 'crm.associations.INVALID_IDENTIFIER', context: { id: ['999'] } };
  const tied = await portal.call('POST', `${V4}/batch/associate/default`, { body: { inputs } });
  expect(tied).toMatchObject({ status: 200, body: { numErrors: 1, errors: [wrong] } });
  const typed = inputs.map((input) => ({ ...input, types: [unlabelled] }));
  expect(await portal.call('POST', `${V4}/batch/create`, { body: { inputs: typed } })).toMatchObject({
    status: 207,
    body: { errors: [wrong] },
  });
  expect(portal.hands.companiesOf(ADA)).toEqual([ACME, BOLT]);
});

test('archiving ties answers 204, and 200 on the dated paths', async () => {
  const inputs = [{ from: { id: ADA }, to: [{ id: ACME }] }];
  expect((await portal.call('POST', `${V4}/batch/archive`, { body: { inputs } })).status).toBe(204);
  expect((await portal.call('POST', '/crm/associations/2026-09/contacts/companies/batch/archive', { body: { inputs } })).status).toBe(200);
  expect(portal.hands.companiesOf(ADA)).toEqual([]);
  expect(companyIdOf(ADA)).toBeUndefined();
});

test('a create ties its record at once, and with a company that is not there makes nothing', async () => {
  const body = (id: string) => ({ inputs: [{ properties: { lastname: 'Day' }, associations: [{ to: { id }, types: [primary] }] }] });
  const made = await portal.call('POST', '/crm/v3/objects/contacts/batch/create', { body: body(BOLT) });
  expect(made).toMatchObject({ status: 201, body: { results: [{ properties: { associatedcompanyid: BOLT } }] } });
  expect((await portal.call('POST', '/crm/v3/objects/contacts/batch/create', { body: body('999') })).status).toBe(400);
  expect(portal.stage.sandbox.people()).toBe(5);
});

test('an archived company is tied to nobody until it comes back', async () => {
  portal.hands.companies.remove(ACME);
  expect([await typesOf(ADA), companyIdOf(ADA)]).toEqual([[], undefined]);
  portal.hands.companies.restore(ACME);
  expect([await typesOf(ADA), companyIdOf(ADA)]).toEqual([[[101, [1, 279]]], ACME]);
});

test('a merge keeps the ties of both, and the primary company of the primary', async () => {
  const merged = portal.hands.contacts.merge(CHO, ADA);
  expect(await typesOf(merged)).toEqual([
    [101, [279]],
    [102, [1, 279]],
  ]);
  expect(companyIdOf(merged)).toBe(BOLT);
});

test('a merged company hands its people on', async () => {
  const merged = portal.hands.companies.merge(ACME, BOLT);
  expect([ADA, CHO].map(companyIdOf)).toEqual([merged, merged]);
  expect(await typesOf(CHO)).toEqual([[Number(merged), [1, 279]]]);
});

test('a portal may move the dates of both ends when a tie changes', async () => {
  const bumping = await openPortal({ associationBumps: true });
  bumping.hands.tie(ADA, BOLT);
  expect([bumping.hands.contacts.get(ADA)?.updatedAt, bumping.hands.companies.get(BOLT)?.updatedAt]).toEqual([START, START]);
  await bumping.stage.close();
});
