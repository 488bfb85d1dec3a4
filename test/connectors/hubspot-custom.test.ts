import { afterEach, describe, expect, test } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import type { Ask } from '../../src/contract/connector.ts';
import { withFamilies } from '../../src/contract/families.ts';
import { must } from '../../src/kernel/must.ts';
import { testSession } from '../support/session.ts';
import { openStub, type StubAnswer, type StubRequest } from '../support/stub.ts';

const AT = '2026-11-20T10:00:00.000Z';
const SCHEMAS = [
  { name: 'pet', fullyQualifiedName: 'p4711_pet', objectTypeId: '2-77', requiredProperties: ['pet_name'] },
  { name: 'car', fullyQualifiedName: 'p4711_car', objectTypeId: '2-78', requiredProperties: [] },
];
const PROPERTIES = [
  { name: 'pet_name', label: 'Name', type: 'string', fieldType: 'text' },
  { name: 'syncline_id', label: 'Key', type: 'string', fieldType: 'text', hasUniqueValue: true },
];
const KINDS = [
  { category: 'USER_DEFINED', typeId: 61, label: null },
  { category: 'USER_DEFINED', typeId: 63, label: 'Owner' },
];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Answers = Readonly<Record<string, (request: StubRequest) => StubAnswer>>;

/** A portal with two objects of its own, and the connector with those that mappings name. */
async function against(answers: Answers, objects: readonly string[] = ['custom_pet']) {
  const stub = await openStub((request) => {
    const name = `${request.method} ${request.path}`;
    if (answers[name] !== undefined) return answers[name](request);
    if (name === 'GET /crm-object-schemas/2026-09/schemas') return { body: { results: SCHEMAS } };
    if (name === 'GET /crm/properties/2026-09/pet') return { body: { results: PROPERTIES } };
    if (name === 'GET /crm/associations/2026-09/pet/contacts/labels') return { body: { results: KINDS } };
    return { status: 404, body: { status: 'error', message: `no answer for ${name}`, category: 'OBJECT_NOT_FOUND' } };
  });
  closing.push(stub.close);
  const connector = must(
    withFamilies(new Map([['hubspot', hubspot]]), () => objects.map((object) => ({ object, of: object }))).get('hubspot'),
    'the connector',
  );
  const ports = connector.open(testSession(connector.manifest, { origin: stub.origin, token: 'pat-eu1-secret' }));
  return { stub, connector, port: (object: string) => must(ports.objects[object], object) };
}

const ask = (...fields: string[]): Ask => ({ scope: 'all', fields, known: async () => new Set() });
const pet = (id: string, properties: Record<string, string | null>, more: object = {}) => ({
  ...{ id, properties, createdAt: AT, updatedAt: AT, archived: false },
  ...more,
});

describe('an object that a portal has made for itself', () => {
  test('has the schema that the portal gives it, with what it needs and what it may be tied to', async () => {
    const { port } = await against({});
    const fields = await port('custom_pet').fields('all');
    expect(fields.map(({ name, required, type }) => [name, required, type])).toEqual([
      ['pet_name', true, 'text'],
      ['syncline_id', false, 'text'],
      ...['companies', 'contacts', 'deals', 'tickets'].map((name) => [name, false, 'references']),
    ]);
  });

  test('that the portal does not have is a mistake, and those that it has are named', async () => {
    const { port } = await against({}, ['custom_dog']);
    await expect(port('custom_dog').fields('all')).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('no custom object "dog". It has: pet, car'),
    });
  });

  test('is read in pages with its ties', async () => {
    const linked = {
      associations: {
        contacts: {
          results: [
            { id: '8', type: 'pet_to_contact' },
            { id: '7', type: 'pet_to_contact' },
          ],
        },
      },
    };
    const { port } = await against({
      'GET /crm/objects/2026-09/pet': ({ query }) => ({
        body:
          query.get('after') === null
            ? { results: [pet('1', { pet_name: 'Rex' }, linked)], paging: { next: { after: '2' } } }
            : { results: [pet('2', { pet_name: null })] },
      }),
      'GET /crm/associations/2026-09/pet/contacts/labels': () => ({ body: { results: KINDS.slice(0, 1) } }),
    });
    const pages = await Array.fromAsync(port('custom_pet').read.changes(null, ask('pet_name', 'contacts')));
    expect(pages.flatMap(({ seen }) => seen)).toMatchObject([
      { id: '1', fields: { pet_name: 'Rex', contacts: ['7', '8'] } },
      { id: '2', fields: { pet_name: null, contacts: [] } },
    ]);
  });

  test('is made with ties of the portal’s own number, with and without a label', async () => {
    const { port, stub } = await against({
      'POST /crm/objects/2026-09/pet/batch/create': ({ body }) => {
        const { inputs } = body as { inputs: { properties: Record<string, string>; objectWriteTraceId: string }[] };
        const results = inputs.map((input, at) => pet(String(10 + at), input.properties, { objectWriteTraceId: input.objectWriteTraceId }));
        return { status: 201, body: { status: 'COMPLETE', results } };
      },
    });
    const fields = { pet_name: 'Rex', contacts: ['7', '8#Owner'] };
    const [outcome] = await must(port('custom_pet').write, 'a writer').apply(
      [{ verb: 'create', key: 'k1', fields }],
      ask('pet_name', 'contacts'),
    );
    expect(outcome).toMatchObject({ done: true, id: '10', observed: { fields } });
    const sent = stub.requests.find(({ path }) => path.endsWith('/batch/create'))?.body;
    expect(sent).toMatchObject({
      inputs: [
        {
          properties: { pet_name: 'Rex', syncline_id: 'k1' },
          associations: [
            { to: { id: '7' }, types: [{ associationCategory: 'USER_DEFINED', associationTypeId: 61 }] },
            { to: { id: '8' }, types: [{ associationCategory: 'USER_DEFINED', associationTypeId: 63 }] },
          ],
        },
      ],
    });
  });

  test('that was merged leads to the object by the name that the hub has for it', async () => {
    const { port } = await against({
      'POST /crm/objects/2026-09/pet/batch/read': () => ({ body: { status: 'COMPLETE', results: [] } }),
      'GET /crm/objects/2026-09/pet/5': () => ({ body: pet('6', {}) }),
    });
    expect(await port('custom_pet').read.byIds(['5'], ask())).toMatchObject([
      { kind: 'gone', id: '5', mergedInto: { object: 'custom_pet', id: '6' } },
    ]);
  });
});

describe('families', () => {
  test('become one object for each that a mapping names, after all others, and leave the connector as it is otherwise', async () => {
    const { connector } = await against({}, ['contact', 'custom_pet', 'custom_car', 'custom_', 'strange']);
    expect(Object.keys(connector.manifest.objects)).toEqual([...Object.keys(hubspot.manifest.objects), 'custom_pet', 'custom_car']);
    expect(connector.manifest.objects.custom_pet).toBe(hubspot.manifest.families?.custom_);
    const [same] = withFamilies(new Map([['hubspot', hubspot]]), () => [{ object: 'contact', of: 'contact' }]).values();
    expect(same).toBe(hubspot);
  });
});
