import { expect, test } from 'vitest';
import { openStage, recordsOf } from './salesforce-stage.ts';

type Metadata = {
  readonly valueSet: {
    readonly controllingField: string | null;
    readonly valueSettings: readonly object[];
    readonly valueSetDefinition: { readonly value: readonly { readonly valueName: string }[] };
  };
};

/** A custom field of an org, by the id that a query finds. */
async function openField(name: string, switches: Readonly<Record<string, boolean>> = {}) {
  const stage = await openStage({ switches });
  const soql = `SELECT Id FROM CustomField WHERE DeveloperName = '${name}'`;
  const [row] = recordsOf(await stage.call('GET', `/tooling/query?q=${encodeURIComponent(soql)}`));
  const path = `/tooling/sobjects/CustomField/${row?.Id}`;
  const metadata = async () => ((await stage.call('GET', path)).body as { Metadata: Metadata }).Metadata;
  const withValues = async (change: (values: readonly object[]) => readonly object[]) => {
    const now = await metadata();
    const { valueSet } = now;
    const value = change(valueSet.valueSetDefinition.value);
    return { Metadata: { ...now, valueSet: { ...valueSet, valueSetDefinition: { ...valueSet.valueSetDefinition, value } } } };
  };
  const listed = async () => {
    const { body } = await stage.call('GET', '/sobjects/Contact/describe');
    const { fields } = body as {
      fields: readonly { name: string; picklistValues: readonly { value: string; active: boolean; label: string }[] }[];
    };
    const values = fields.find((field) => field.name === `${name}__c`)?.picklistValues ?? [];
    return values.map(({ value, label, active }) => `${value}${label === value ? '' : ` (${label})`}${active ? '' : ' retired'}`);
  };
  return { ...stage, path, metadata, withValues, listed };
}

test('a field shows how it is defined, with what is retired, and takes its definition back unchanged', async () => {
  const { call, path, metadata, listed } = await openField('Region');
  const before = await listed();
  expect(before).toEqual(['Americas', 'Europe', 'Asia', 'Antarctica retired']);
  expect(await metadata()).toMatchObject({
    type: 'Picklist',
    label: 'Region',
    valueSet: {
      restricted: true,
      valueSetName: null,
      valueSetDefinition: { value: [{}, {}, {}, { valueName: 'Antarctica', isActive: false }] },
    },
  });
  expect(await call('PATCH', path, { Metadata: await metadata() })).toMatchObject({ status: 204, body: undefined });
  expect(await listed()).toEqual(before);
});

test('a definition is taken for the whole of it: what it leaves out is retired, and records may not have that any more', async () => {
  const { call, path, withValues, listed } = await openField('Region');
  const made = { valueName: 'Moon', label: 'The Moon', default: false };
  expect((await call('PATCH', path, await withValues(([americas, , asia]) => [americas ?? {}, asia ?? {}, made]))).status).toBe(204);
  expect(await listed()).toEqual(['Americas', 'Asia', 'Moon (The Moon)', 'Europe retired', 'Antarctica retired']);
  const write = async (Region__c: string) => (await call('POST', '/sobjects/Contact', { LastName: 'L', Region__c })).status;
  expect([await write('Moon'), await write('Europe')]).toEqual([201, 400]);
});

test('one value stands in a definition once, whatever its capitals', async () => {
  const { call, path, withValues, listed } = await openField('Region');
  const before = await listed();
  const refused = await call('PATCH', path, await withValues((values) => [...values, { valueName: 'EUROPE', label: 'EUROPE' }]));
  expect(refused).toMatchObject({ status: 400, body: [{ errorCode: 'DUPLICATE_VALUE' }] });
  expect(await listed()).toEqual(before);
});

test('a list of all fields is named and has no values here, and none are taken', async () => {
  const { call, path, metadata } = await openField('Phase');
  const now = await metadata();
  expect(now).toMatchObject({ valueSet: { valueSetName: 'Project_Phases', valueSetDefinition: null } });
  const valueSetDefinition = { sorted: false, value: [{ valueName: 'Late', label: 'Late' }] };
  const refused = await call('PATCH', path, { Metadata: { ...now, valueSet: { restricted: true, valueSetDefinition } } });
  expect(refused).toMatchObject({ status: 400, body: [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION' }] });
});

test('what rules a list stays when its values change, and who may not customize changes nothing', async () => {
  const { call, path, metadata, withValues } = await openField('Office');
  const { controllingField, valueSettings } = (await metadata()).valueSet;
  expect(controllingField).toBe('Region__c');
  expect(valueSettings).toContainEqual({ controllingFieldValue: ['Asia'], valueName: 'Osaka' });
  await call('PATCH', path, await withValues((values) => [...values, { valueName: 'Kyoto', label: 'Kyoto' }]));
  expect(await metadata()).toMatchObject({ valueSet: { controllingField, valueSettings } });
  const barred = await openField('Region', { mayCustomize: false });
  expect((await barred.call('PATCH', barred.path, await barred.withValues((values) => values))).status).toBe(403);
  expect((await barred.call('GET', '/tooling/sobjects/CustomField/00N000000000000AAA')).status).toBe(404);
});
