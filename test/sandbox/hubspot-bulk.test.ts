import { inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { readCsv } from '../../connectors/hubspot/sandbox/bulk/csv.ts';
import { ADA, BEN, type OpenPortal, openPortal, sdkOf, TOKEN } from './hubspot-portal.ts';

let portal: OpenPortal;
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());

describe('exports', () => {
  const START_PATH = '/crm/v3/exports/export/async';
  const asked = {
    exportType: 'VIEW',
    format: 'CSV',
    exportName: 'everyone',
    language: 'EN',
    objectType: 'CONTACT',
    objectProperties: ['hs_object_id', 'firstname', 'lifecyclestage'],
    exportInternalValuesOptions: ['NAMES', 'VALUES'],
  };
  const start = async (more: object = {}) => portal.call('POST', START_PATH, { body: { ...asked, ...more } });
  const statusOf = async (id: string) =>
    (await portal.call('GET', `${START_PATH}/tasks/${id}/status`)).body as { status: string; result?: string };
  /** The rows of an export once it is done. */
  const rowsOf = async (more: object = {}) => {
    const { body } = await start(more);
    portal.wind(4000);
    const { result } = await statusOf(Object(body).id);
    return readCsv(await (await fetch(result ?? '')).text());
  };

  test('is accepted, waits, runs, and is complete; the official client starts none but follows it', async () => {
    await open();
    const started = await start();
    expect(started.status).toBe(202);
    const { id } = Object(started.body);
    const { publicExportsApi } = sdkOf(portal).crm.exports;
    await expect(publicExportsApi.start({ ...asked } as never)).rejects.toThrow('getAttributeTypeMap');
    const seen: string[] = [];
    for (const ms of [0, 2000, 2000]) {
      portal.wind(ms);
      seen.push((await publicExportsApi.getStatus(id)).status);
    }
    expect(seen).toEqual(['PENDING', 'PROCESSING', 'COMPLETE']);
  });

  test('holds every record with internal names and values, or labels for people', async () => {
    await open();
    expect(await rowsOf()).toEqual([
      ['hs_object_id', 'firstname', 'lifecyclestage'],
      ...portal.hands.contacts.all().map(({ id, properties }) => [id, properties.firstname, 'lead']),
    ]);
    const [header, first] = await rowsOf({ exportInternalValuesOptions: [] });
    expect([header, first]).toEqual([
      ['Record ID', 'First Name', 'Lifecycle Stage'],
      [ADA, 'Ada', 'Lead'],
    ]);
    const filters = [{ propertyName: 'firstname', operator: 'EQ', value: 'ben' }];
    expect((await rowsOf({ publicCrmSearchRequest: { filters, sorts: [], query: '' } })).slice(1)).toEqual([[BEN, 'Ben', 'lead']]);
  });

  test('of a list holds its members, and commas, quotes, and line ends survive', async () => {
    await open();
    const { listsApi, membershipsApi } = sdkOf(portal).crm.lists;
    const { listId } = (await listsApi.create({ name: 'Two', objectTypeId: '0-1', processingType: 'MANUAL' })).list;
    await membershipsApi.add(listId, [BEN]);
    portal.hands.contacts.edit(BEN, { firstname: 'Ben, "the\n2nd"' });
    expect((await rowsOf({ exportType: 'LIST', listId })).slice(1)).toEqual([[BEN, 'Ben, "the\n2nd"', 'lead']]);
  });

  test('leaves a file that anybody can fetch for five minutes, and again after asking again', async () => {
    await open();
    const { body } = await start();
    const { id } = Object(body);
    portal.wind(4000);
    const { result } = await statusOf(id);
    expect((await fetch(result ?? '')).status).toBe(200);
    portal.wind(300_000);
    expect((await fetch(result ?? '')).status).toBe(404);
    expect((await fetch((await statusOf(id)).result ?? '')).status).toBe(200);
  });

  test('comes zipped when it is large', async () => {
    await open({ zipAboveBytes: 10 });
    const { body } = await start();
    portal.wind(4000);
    const file = await fetch((await statusOf(Object(body).id)).result ?? '');
    expect(file.headers.get('content-type')).toBe('application/zip');
    const zip = Buffer.from(await file.arrayBuffer());
    expect(zip.readUInt32LE(0)).toBe(0x04034b50);
    const [packed, nameLength] = [zip.readUInt32LE(18), zip.readUInt16LE(26)];
    expect(zip.subarray(30, 30 + nameLength).toString()).toBe('everyone.csv');
    const csv = inflateRawSync(zip.subarray(30 + nameLength, 30 + nameLength + packed)).toString();
    expect(readCsv(csv)).toHaveLength(5);
  });

  test('runs alone, thirty times in a day, until somebody cancels it', async () => {
    await open({ exportsPerDay: 3 });
    const ids = [Object((await start()).body).id, Object((await start()).body).id];
    portal.wind(4000);
    expect(await Promise.all(ids.map(async (id) => (await statusOf(id)).status))).toEqual(['COMPLETE', 'PENDING']);
    portal.hands.cancelExport(ids[1]);
    expect((await statusOf(ids[1])).status).toBe('CANCELED');
    expect((await portal.call('GET', `/crm/v3/exports/export/${ids[0]}`)).body).toMatchObject({ exportState: 'DONE', recordCount: 4 });
    expect([(await start()).status, (await start()).status]).toEqual([202, 429]);
    portal.wind(86_400_000);
    expect((await start()).status).toBe(202);
  });

  test('needs its scope, and properties that are there', async () => {
    await open();
    const token = portal.hands.access.issueToken(['crm.objects.contacts.read']);
    expect((await portal.call('POST', START_PATH, { body: asked, token })).status).toBe(403);
    expect((await start({ objectProperties: ['no_such'] })).status).toBe(404);
  });
});

describe('imports', () => {
  const column = (columnName: string, propertyName: string | null, columnType?: string) => ({
    columnObjectTypeId: '0-1',
    columnName,
    propertyName,
    ...(columnType === undefined ? {} : { columnType }),
  });
  const COLUMNS = [column('Email', 'email', 'HUBSPOT_ALTERNATE_ID'), column('City', 'city'), column('Score', 'nps_score')];
  const start = async (
    csv: string,
    ways: { readonly operation?: string; readonly columns?: readonly object[]; readonly token?: string } = {},
  ) => {
    const form = new FormData();
    const fileImportPage = { hasHeader: true, columnMappings: ways.columns ?? COLUMNS };
    const request = {
      name: 'people',
      importOperations: { '0-1': ways.operation ?? 'UPSERT' },
      files: [{ fileName: 'people.csv', fileFormat: 'CSV', fileImportPage }],
    };
    form.set('importRequest', JSON.stringify(request));
    form.set('files', new File([csv], 'people.csv', { type: 'text/csv' }));
    const headers = { authorization: `Bearer ${ways.token ?? TOKEN}` };
    const answer = await fetch(`${portal.stage.origin}/crm/v3/imports`, { method: 'POST', body: form, headers });
    return { status: answer.status, body: Object(await answer.json()) };
  };
  const importOf = async (id: string) => Object((await portal.call('GET', `/crm/v3/imports/${id}`)).body);
  const done = async (csv: string, ways: Parameters<typeof start>[1] = {}) => {
    const { body } = await start(csv, ways);
    portal.wind(4000);
    return importOf(body.id);
  };

  test('starts, runs, and is done, and makes or changes each row by its key', async () => {
    const { hands } = await open();
    const { status, body } = await start('Email,City,Score\r\nADA@acme.example,"York, UK",9\r\neve@acme.example,Leeds,7\r\n');
    expect([status, body.state]).toEqual([200, 'STARTED']);
    portal.wind(2000);
    expect((await importOf(body.id)).state).toBe('PROCESSING');
    expect(hands.contacts.get(ADA)?.properties.city).toBe('London');
    portal.wind(2000);
    expect(await importOf(body.id)).toMatchObject({
      state: 'DONE',
      mappedObjectTypeIds: ['0-1'],
      metadata: { counters: { TOTAL_ROWS: 2, CREATED_OBJECTS: 1, UPDATED_OBJECTS: 1, ERRORS: 0 } },
    });
    expect(hands.contacts.get(ADA)?.properties).toMatchObject({ city: 'York, UK', nps_score: '9' });
    expect(hands.contacts.all().at(-1)?.properties).toMatchObject({ email: 'eve@acme.example', city: 'Leeds' });
  });

  test('tells each row that it could not take, with its line, its column, and why', async () => {
    const { hands } = await open();
    const { id, metadata } = await done('Email,City,Score\nada@acme.example,York,many\nben@acme.example,Bath,8\nnobody,Rome,1\n');
    expect(metadata.counters).toMatchObject({ ERRORS: 2, UPDATED_OBJECTS: 1 });
    expect((await sdkOf(portal).crm.imports.publicImportsApi.getErrors(id)).results).toMatchObject([
      {
        errorType: 'COULD_NOT_PARSE_NUMBER',
        sourceData: { lineNumber: 2, rowData: ['ada@acme.example', 'York', 'many'] },
        knownColumnNumber: 3,
      },
      { errorType: 'INVALID_EMAIL', sourceData: { lineNumber: 4 }, knownColumnNumber: 1 },
    ]);
    expect([ADA, BEN].map((one) => hands.contacts.get(one)?.properties.city)).toEqual(['London', 'Bath']);
  });

  test('only creates or only updates when it is told to', async () => {
    await open();
    const csv = 'Email,City,Score\nada@acme.example,York,1\nnew@acme.example,Bath,2\n';
    expect((await done(csv, { operation: 'UPDATE' })).metadata.counters).toMatchObject({
      UPDATED_OBJECTS: 1,
      CREATED_OBJECTS: 0,
      ERRORS: 1,
    });
    expect((await done(csv, { operation: 'CREATE' })).metadata.counters).toMatchObject({
      UPDATED_OBJECTS: 0,
      CREATED_OBJECTS: 1,
      ERRORS: 1,
    });
    const byId = [column('Id', null, 'HUBSPOT_OBJECT_ID'), column('City', 'city')];
    expect((await done(`Id,City\n${BEN},Oslo\n999,Rome\n`, { columns: byId })).metadata.counters).toMatchObject({
      UPDATED_OBJECTS: 1,
      ERRORS: 1,
    });
  });

  test('ties the records of one row to each other, and finds companies by their domain', async () => {
    const { hands } = await open();
    const domain = { columnObjectTypeId: '0-2', columnName: 'Domain', propertyName: 'domain', columnType: 'HUBSPOT_ALTERNATE_ID' };
    await done('Email,Domain\nnew@bolt.example,c002.example\n', { columns: [column('Email', 'email', 'HUBSPOT_ALTERNATE_ID'), domain] });
    const added = hands.contacts.all().at(-1);
    expect(added?.properties.email).toBe('new@bolt.example');
    expect(hands.companiesOf(added?.id ?? '')).toEqual(['102']);
    expect(hands.companies.all()).toHaveLength(2);
  });

  test('three run at once, a fourth is deferred, and one that is canceled writes nothing', async () => {
    const { hands } = await open();
    const csv = 'Email,City,Score\nada@acme.example,York,1\n';
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.push((await start(csv)).body.id);
    expect(await Promise.all(ids.map(async (id) => (await importOf(id)).state))).toEqual(['STARTED', 'STARTED', 'STARTED', 'DEFERRED']);
    const { coreApi } = sdkOf(portal).crm.imports;
    for (const id of ids) expect((await coreApi.cancelWithHttpInfo(Number(id))).httpStatusCode).toBe(200);
    portal.wind(60_000);
    expect((await importOf(ids[0] ?? '')).state).toBe('CANCELED');
    expect(hands.contacts.get(ADA)?.properties.city).toBe('London');
  });

  test('every column must be mapped, and an app sees its own imports only', async () => {
    const { hands } = await open();
    expect((await start('Email,City\nada@acme.example,York\n')).status).toBe(400);
    expect((await portal.call('POST', '/crm/v3/imports', { body: {} })).status).toBe(400);
    const token = hands.access.issueToken(['crm.import'], 77);
    await start('Email,City,Score\nada@acme.example,York,1\n');
    expect((await sdkOf(portal, { token }).crm.imports.coreApi.getPage()).results).toEqual([]);
    expect((await sdkOf(portal).crm.imports.coreApi.getPage()).results).toHaveLength(1);
  });
});
