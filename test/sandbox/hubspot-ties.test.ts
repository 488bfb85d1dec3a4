import { AssociationTypes } from '@hubspot/api-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACME, ADA, BOLT, type OpenPortal, openPortal, START, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
let sdk: ReturnType<typeof sdkOf>;
beforeEach(async () => {
  portal = await openPortal({ salesData: false });
  sdk = sdkOf(portal);
});
afterEach(() => portal.stage.close());

const SINGULAR: Readonly<Record<string, string>> = {
  contacts: 'contact',
  companies: 'company',
  deals: 'deal',
  tickets: 'ticket',
  notes: 'note',
  tasks: 'task',
  calls: 'call',
  meetings: 'meeting',
  emails: 'email',
  communications: 'communication',
};
const capitalised = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const idIn = (name: string): number | undefined => Number(Object.entries(AssociationTypes).find(([key]) => key === name)?.[1]) || undefined;
const typesOf = (from: string, to: string) => sdk.crm.associations.v4.schema.definitionsApi.getAll(from, to);

describe.each(Object.keys(SINGULAR))('%s', (from) => {
  test('are tied by the type ids that the official client knows, in their own direction', async () => {
    const wrong: string[] = [];
    for (const to of Object.keys(SINGULAR)) {
      const [one, other] = [SINGULAR[from] ?? '', capitalised(SINGULAR[to] ?? '')];
      const { results } = await typesOf(from, to);
      const ids = (label: string | null) => results.find((type) => type.label === label)?.typeId;
      if (ids(null) !== idIn(`${one}To${other}`)) wrong.push(`${one}To${other}`);
      if (ids('Primary') !== idIn(`primary${capitalised(one)}To${other}`)) wrong.push(`primary${capitalised(one)}To${other}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('parent and child companies have a type each, which shows from the other side as the other', async () => {
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 13 }];
  await portal.call('PUT', `/crm/v4/objects/companies/${ACME}/associations/companies/${BOLT}`, { body: types });
  const seen = async (id: string) => {
    const { results } = await sdk.crm.associations.v4.basicApi.getPage('companies', id, 'companies');
    return results.map(({ toObjectId, associationTypes }) => [String(toObjectId), associationTypes.map(({ typeId }) => typeId)]);
  };
  expect([await seen(ACME), await seen(BOLT)]).toEqual([[[BOLT, [13, 450]]], [[ACME, [14, 450]]]]);
});

test('a deal has one primary company, and any number of others', async () => {
  const deal = portal.hands.records('deals').add({ dealname: 'A', dealstage: 'contractsent' });
  const put = (id: string, associationTypeId: number) =>
    portal.call('PUT', `/crm/v4/objects/deals/${deal}/associations/companies/${id}`, {
      body: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
    });
  await put(ACME, 5);
  await put(BOLT, 5);
  const { results } = await sdk.crm.associations.v4.basicApi.getPage('deals', deal, 'companies');
  expect(results.map(({ associationTypes }) => associationTypes.map(({ typeId }) => typeId))).toEqual([[341], [5, 341]]);
  expect((await put(ACME, 279)).status).toBe(400);
});

test('an activity is made with its ties, and is seen from the contact', async () => {
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }];
  const associations = [{ to: { id: ADA }, types }];
  const made = await portal.call('POST', '/crm/v3/objects/notes', { body: { properties: { hs_timestamp: START }, associations } });
  const { id } = Object(made.body);
  const read = await portal.call('GET', `/crm/v3/objects/contacts/${ADA}?associations=notes&associations=deals`);
  expect(read.body).toMatchObject({ associations: { notes: { results: [{ id, type: 'contact_to_note' }] } } });
});

test('notes are not tied to notes: such a pair has no types', async () => {
  expect((await typesOf('notes', 'notes')).results).toEqual([]);
  const [a, b] = [1, 2].map(() => portal.hands.records('notes').add({ hs_timestamp: START }));
  await expect(sdk.crm.associations.v4.basicApi.createDefault('notes', a ?? '', 'notes', b ?? '')).rejects.toMatchObject({ code: 400 });
});

describe('caps', () => {
  const path = '/crm/v4/associations/contacts/companies/batch';
  const many = <T>(count: number, one: (n: number) => T) => ({ inputs: Array.from({ length: count }, (_, n) => one(n)) });
  const statusOf = async (what: string, body: unknown) => (await portal.call('POST', `${path}/${what}`, { body })).status;
  const pair = { from: { id: ADA }, to: { id: BOLT }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] };

  test('a thousand ids are read at once, and two thousand pairs written', async () => {
    const read = (count: number) =>
      statusOf(
        'read',
        many(count, () => ({ id: ADA })),
      );
    const write = (count: number) =>
      statusOf(
        'create',
        many(count, () => pair),
      );
    const tie = (count: number) =>
      statusOf(
        'associate/default',
        many(count, () => pair),
      );
    expect([await read(1000), await read(1001)]).toEqual([200, 400]);
    expect([await write(2000), await write(2001)]).toEqual([201, 400]);
    expect([await tie(2000), await tie(2001)]).toEqual([200, 400]);
  });

  test('a hundred records let go of their ties at once', async () => {
    const archive = (count: number) =>
      statusOf(
        'archive',
        many(count, (n) => ({ from: { id: String(n) }, to: [{ id: BOLT }] })),
      );
    expect([await archive(100), await archive(101)]).toEqual([204, 400]);
  });

  test('ten labels are defined for a pair, and no eleventh', async () => {
    const { definitionsApi } = sdk.crm.associations.v4.schema;
    for (let n = 0; n < 10; n += 1) await definitionsApi.create('contacts', 'deals', { name: `l${n}`, label: `L${n}` });
    await expect(definitionsApi.create('contacts', 'deals', { name: 'l10', label: 'L10' })).rejects.toMatchObject({ code: 400 });
  });
});
