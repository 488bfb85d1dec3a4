import { type Ask, asObject, objectBody, type Route, route } from '../api/exchange.ts';
import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { runQuery } from '../soql/run.ts';
import type { Row } from '../store/row.ts';
import { defineCustomField, type FieldMetadata } from './custom-fields.ts';
import { metadataOf } from './shown-metadata.ts';

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
    values: names.flatMap((one) => {
      const value = asText(one.fullName) ?? asText(one.valueName);
      return value === undefined ? [] : [{ value, label: asText(one.label) ?? value, active: one.isActive !== false }];
    }),
    referenceTo: asText(given.referenceTo),
    relationshipName: asText(given.relationshipName),
  };
}

function customField(org: Org, id: string): Row {
  const known = org.store.table('CustomField').get(id);
  if (known === undefined) throw new Refusal('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
  return known;
}

/** The Tooling API, as far as it makes fields and tells of them. */
export const toolingRoutes: readonly Route[] = [
  route('GET /tooling/query', (org, ask) => query(org, ask)),
  route('POST /tooling/sobjects/CustomField', (org, ask) => {
    const { FullName, Metadata } = objectBody(ask);
    const { id } = defineCustomField(org, metadataIn(FullName, Metadata), { replace: false });
    return { status: 201, body: { id, success: true, errors: [], warnings: [], infos: [] } };
  }),
  route('GET /tooling/sobjects/CustomField/:id', (org, ask, { id = '' }) => {
    const { Id, DeveloperName, FullName, TableEnumOrId, NamespacePrefix } = customField(org, id);
    const attributes = { type: 'CustomField', url: `/services/data/v${ask.version}/tooling/sobjects/CustomField/${Id}` };
    const names = { Id, DeveloperName, TableEnumOrId, NamespacePrefix, FullName };
    return { status: 200, body: { attributes, ...names, Metadata: metadataOf(org, String(FullName)) } };
  }),
  route('PATCH /tooling/sobjects/CustomField/:id', (org, ask, { id = '' }) => {
    defineCustomField(org, metadataIn(customField(org, id).FullName, objectBody(ask).Metadata), { replace: true });
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
