import { expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { hubspotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { withFamilies } from '../../src/contract/families.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { asking, done, mergeOf, openHubspotStage, readAll, readOne, updateOf } from './hubspot-stage.ts';

/** A portal in which somebody has made up an object, and the port for it. */
async function openOwn() {
  const stage = await openHubspotStage({ switches: { associationsPer10s: 10_000 } });
  const { origin } = stage.sandbox;
  const { credentials } = hubspotSandbox;
  const answer = await fetch(`${origin}/crm-object-schemas/2026-09/schemas`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credentials.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'pet',
      labels: { singular: 'Pet', plural: 'Pets' },
      primaryDisplayProperty: 'pet_name',
      requiredProperties: ['pet_name'],
      properties: [
        { name: 'pet_name', label: 'Name', type: 'string', fieldType: 'text' },
        { name: 'born', label: 'Born', type: 'date', fieldType: 'date' },
      ],
      associatedObjects: ['0-1', '0-2'],
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const connector = must(
    withFamilies(new Map([['hubspot', hubspot]]), () => [{ object: 'custom_pet', of: 'custom_pet' }]).get('hubspot'),
    'the connector',
  );
  const port = must(connector.open(testSession(connector.manifest, { origin, credentials })).objects.custom_pet, 'pets');
  return { ...stage, pets: port, write: must(port.write, 'a writer') };
}

test('what a company has made for itself is read, written, tied, and merged like everything else', async () => {
  const { pets, write, contactIds, wind } = await openOwn();
  const schema = await pets.fields('all');
  expect(schema.find(({ name }) => name === 'pet_name')).toMatchObject({ required: true, writable: true });
  const ask = asking('pet_name', 'born', 'contacts');
  const [first = '', second = ''] = contactIds;
  const creates = ['Rex', 'Tom'].map((pet_name, at) => ({
    verb: 'create' as const,
    key: `0190a000-0000-7000-8000-00000000000${at}`,
    fields: { pet_name, born: '2020-02-03', contacts: [first] },
  }));
  const [rex = '', tom = ''] = (await write.apply(creates, ask)).map((outcome) => done(outcome).id);
  expect((await readOne(pets, rex, ask)).fields).toEqual({ pet_name: 'Rex', born: '2020-02-03', contacts: [first] });
  wind(60_000);
  const { seen, cursor } = await readAll(pets, null, ask);
  expect([...seen.keys()].sort()).toEqual([rex, tom].sort());

  const before = (await readOne(pets, rex, ask)).fields;
  done((await write.apply([updateOf(rex, { pet_name: 'Max', contacts: [first, second].sort() }, before)], ask))[0]);
  wind(60_000);
  expect([...(await readAll(pets, cursor, ask)).seen.values()]).toMatchObject([
    { id: rex, fields: { pet_name: 'Max', contacts: [first, second].sort() } },
  ]);

  const { id: left } = done((await write.apply([mergeOf(rex, tom)], ask))[0]);
  expect(await pets.read.byIds([tom], ask)).toMatchObject([{ kind: 'gone', mergedInto: { object: 'custom_pet', id: left } }]);
});

test('one that needs a value is refused without it, and one that is not there says which there are', async () => {
  const { write, sandbox } = await openOwn();
  const [outcome] = await write.apply(
    [{ verb: 'create', key: '0190a000-0000-7000-8000-000000000001', fields: { born: '2020-02-03' } }],
    asking(),
  );
  expect(outcome).toMatchObject({ done: false, error: { kind: 'record_rejected' } });
  const connector = must(
    withFamilies(new Map([['hubspot', hubspot]]), () => [{ object: 'custom_dog', of: 'custom_dog' }]).get('hubspot'),
    'the connector',
  );
  const session = testSession(connector.manifest, { origin: sandbox.origin, credentials: hubspotSandbox.credentials });
  await expect(connector.open(session).objects.custom_dog?.fields('all')).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('It has: pet'),
  });
});
