import { afterEach, expect, test } from 'vitest';
import { ADA, ADA_AGAIN, BEN, CHO, type OpenPortal, openPortal, START } from './hubspot-portal.ts';

let portal: OpenPortal;
const contacts = '/crm/v3/objects/contacts';
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());

test('a merge makes a new record: old ids lead to it on get and patch, and nowhere else', async () => {
  const { call, hands, wind } = await open();
  const body = { primaryObjectId: ADA, objectIdToMerge: BEN };
  const merged = await call('POST', `${contacts}/merge`, { body });
  expect(merged).toMatchObject({
    status: 200,
    body: {
      id: '505',
      properties: {
        email: 'ada@acme.example',
        hs_additional_emails: 'ben@acme.example',
        hs_merged_object_ids: `${ADA};${BEN}`,
        associatedcompanyid: '101',
      },
    },
  });
  expect((await call('GET', `${contacts}/${ADA}`)).body).toMatchObject({ id: '505' });
  expect((await call('PATCH', `${contacts}/${BEN}`, { body: { properties: { city: 'York' } } })).body).toMatchObject({ id: '505' });
  expect((await call('POST', `${contacts}/batch/read`, { body: { inputs: [{ id: ADA }] } })).status).toBe(207);
  expect(hands.contacts.all().map(({ id }) => id)).toEqual([CHO, ADA_AGAIN, '505']);
  const ties = { inputs: [{ id: ADA }, { id: '505' }] };
  const read = await call('POST', '/crm/v4/associations/contacts/companies/batch/read', { body: ties });
  expect(read.body).toMatchObject({ results: [{ from: { id: '505' }, to: [{ toObjectId: 101 }] }] });
  wind(3000);
  expect((await call('POST', `${contacts}/search`, { body: {} })).body).toMatchObject({ total: 3 });
  expect((await call('GET', `${contacts}?archived=true`)).body).toEqual({ results: [] });
});

test('a portal may keep the id of the primary instead', async () => {
  const { hands } = await open({ mergeKeepsPrimaryId: true });
  expect(hands.contacts.merge(ADA, BEN)).toBe(ADA);
  expect(hands.contacts.get(ADA)?.properties.hs_merged_object_ids).toBe(BEN);
  expect(hands.contacts.all()).toHaveLength(3);
});

test('an archived record is only in the archived lists, for ninety days, and frees its address', async () => {
  const { call, wind, hands } = await open();
  expect((await call('DELETE', `${contacts}/${ADA}`)).status).toBe(204);
  expect((await call('GET', `${contacts}/${ADA}`)).status).toBe(404);
  expect((await call('GET', `${contacts}?archived=true`)).body).toMatchObject({
    results: [{ id: ADA, archived: true, archivedAt: START }],
  });
  const made = await call('POST', contacts, { body: { properties: { email: 'ada@acme.example' } } });
  expect(made.status).toBe(201);
  expect(() => hands.contacts.restore(ADA)).toThrow('Existing ID: 505');
  wind(91 * 86_400_000);
  expect((await call('GET', `${contacts}?archived=true`)).body).toEqual({ results: [] });
});

test('an erased contact is gone at once, by id or by address', async () => {
  const { call, stage, hands } = await open();
  expect((await call('POST', `${contacts}/gdpr-delete`, { body: { objectId: 'ADA@acme.example', idProperty: 'email' } })).status).toBe(204);
  expect((await call('POST', `${contacts}/gdpr-delete`, { body: { objectId: 'nobody@acme.example', idProperty: 'email' } })).status).toBe(
    204,
  );
  expect((await call('POST', `${contacts}/gdpr-delete`, { body: { objectId: BEN } })).status).toBe(204);
  expect(stage.sandbox.people()).toBe(2);
  expect(hands.blocked()).toEqual(['nobody@acme.example']);
  expect((await call('GET', `${contacts}?archived=true`)).body).toEqual({ results: [] });
});

test('two hundred and fifty merges go into one record, and no more', async () => {
  const { call, hands } = await open();
  let id = ADA;
  for (let n = 0; n < 250; n += 1) id = hands.contacts.merge(id, hands.contacts.add({ lastname: `n${n}` }));
  const body = { primaryObjectId: id, objectIdToMerge: BEN };
  expect(await call('POST', `${contacts}/merge`, { body })).toMatchObject({
    status: 414,
    body: { message: 'Cannot have more than 250 identities on a profile' },
  });
});
