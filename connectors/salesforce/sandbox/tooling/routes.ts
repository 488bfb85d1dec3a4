import { type Ask, asObject, objectBody, type Route, route } from '../api/exchange.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { runQuery } from '../soql/run.ts';
import { defineCustomField, type FieldMetadata } from './custom-fields.ts';

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined);
const asNumber = (value: unknown) => (typeof value === 'number' ? value : undefined);
const asList = (value: unknown) => (Array.isArray(value) ? value : []);

function metadataIn(fullName: unknown, raw: unknown): FieldMetadata {
  const given = asObject(raw);
  const valueSet = given.valueSet === undefined ? {} : asObject(given.valueSet);
  const definition = valueSet.valueSetDefinition === undefined ? {} : asObject(valueSet.valueSetDefinition);
  const names = asList(definition.value).map((one) => asObject(one));
  return {
    fullName: asText(fullName) ?? '',
    type: asText(given.type) ?? '',
    label: asText(given.label),
    length: asNumber(given.length),
    precision: asNumber(given.precision),
    scale: asNumber(given.scale),
    externalId: given.externalId === true,
    unique: given.unique === true,
    required: given.required === true,
    restricted: valueSet.restricted === true,
    values: names.flatMap((one) => asText(one.fullName) ?? asText(one.valueName) ?? []),
    referenceTo: asText(given.referenceTo),
    relationshipName: asText(given.relationshipName),
  };
}

/** The Tooling API, as far as it makes fields and tells of them. */
export const toolingRoutes: readonly Route[] = [
  route('GET /tooling/query', (org, ask) => query(org, ask)),
  route('POST /tooling/sobjects/CustomField', (org, ask) => {
    const { FullName, Metadata } = objectBody(ask);
    const { id } = defineCustomField(org, metadataIn(FullName, Metadata), { replace: false });
    return { status: 201, body: { id, success: true, errors: [], warnings: [], infos: [] } };
  }),
  route('PATCH /tooling/sobjects/CustomField/:id', (org, ask, { id = '' }) => {
    const known = org.store.table('CustomField').get(id);
    if (known === undefined) throw new Refusal('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
    defineCustomField(org, metadataIn(known.FullName, objectBody(ask).Metadata), { replace: true });
    return { status: 204 };
  }),
];

function query(org: Org, ask: Ask) {
  const found = runQuery(org, ask.query.get('q') ?? '', { all: false, tooling: true });
  switch (found.kind) {
    case 'count':
      return { status: 200, body: { size: found.count, totalSize: found.count, done: true, records: [] } };
    case 'aggregate':
      return { status: 200, body: { size: found.records.length, totalSize: found.records.length, done: true, records: found.records } };
    case 'rows': {
      const records = found.rows.map((row) => found.show(row, ask.version));
      return { status: 200, body: { size: records.length, totalSize: records.length, done: true, queryLocator: null, records } };
    }
  }
}
