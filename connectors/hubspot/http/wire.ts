import { parseRefusal, type Refusal } from './refusal.ts';
import { broken, identifier, instant, instantOrNull, isObject, list, object, type Raw, textOr } from './shapes.ts';

/** One record as HubSpot shows it: values are strings, whatever their type; a key that was not shown is missing. */
export type VendorRecord = {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  /** ISO with milliseconds, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whether it is in the bin, and since when where that is shown. */
  readonly archived: boolean;
  readonly archivedAt: string | null;
  readonly traceId: string | null;
  /** The ids of the associated records, by type: only for types that were asked for inline. `more`: the list was cut. */
  readonly linked: Readonly<Record<string, { readonly ids: readonly string[]; readonly more: boolean }>>;
};
export type RecordPage = { readonly records: readonly VendorRecord[]; readonly after: string | null };

export type BatchAnswer = {
  readonly records: readonly VendorRecord[];
  readonly refusals: readonly Refusal[];
  readonly completedAt: string | null;
};

function parseProperties(raw: unknown): VendorRecord['properties'] {
  const properties = object(raw, 'properties');
  return areTexts(properties) ? properties : stringified(properties);
}

function areTexts(properties: Raw): properties is VendorRecord['properties'] {
  for (const name in properties) {
    const value = properties[name];
    if (value !== null && typeof value !== 'string') return false;
  }
  return true;
}

function stringified(properties: Raw): VendorRecord['properties'] {
  const entries = Object.entries(properties).map(([name, value]): [string, string | null] => {
    if (value === null || value === undefined) return [name, null];
    if (typeof value === 'object') throw broken(`the property ${name}`, 'a value');
    return [name, String(value)];
  });
  return Object.fromEntries(entries);
}

const NOTHING_LINKED: VendorRecord['linked'] = {};

function parseLinked(raw: unknown): VendorRecord['linked'] {
  if (raw === undefined || raw === null) return NOTHING_LINKED;
  const entries = Object.entries(object(raw, 'associations')).map(([type, value]) => {
    const { results, paging } = object(value, `associations.${type}`);
    const ids = list(results, `associations.${type}.results`).map((one) => identifier(object(one, 'association').id, 'association.id'));
    return [type, { ids: [...new Set(ids)], more: parseAfter(paging) !== null }] as const;
  });
  return Object.fromEntries(entries);
}

/** Where a list goes on, or null on its last page. */
export function parseAfter(paging: unknown): string | null {
  if (!isObject(paging) || !isObject(paging.next)) return null;
  return identifier(paging.next.after, 'paging.next.after');
}

/** One record. */
export function parseRecord(raw: unknown): VendorRecord {
  const { id, properties, createdAt, updatedAt, archived, archivedAt, objectWriteTraceId, associations } = object(raw, 'record');
  return {
    id: identifier(id, 'record.id'),
    properties: parseProperties(properties),
    createdAt: instant(createdAt, 'record.createdAt'),
    updatedAt: instant(updatedAt, 'record.updatedAt'),
    archived: archived === true,
    archivedAt: instantOrNull(archivedAt),
    traceId: textOr(objectWriteTraceId, null),
    linked: parseLinked(associations),
  };
}

/** A page of a list or a search; `after` is null on the last. */
export function parseRecordPage(raw: unknown): RecordPage {
  const { results, paging } = object(raw, 'page');
  return { records: list(results, 'results').map(parseRecord), after: parseAfter(paging) };
}

/** The answer of a batch, whole or in part. */
export function parseBatch(raw: unknown): BatchAnswer {
  const { results, errors, completedAt } = object(raw, 'batch answer');
  return {
    records: list(results ?? [], 'results').map(parseRecord),
    refusals: list(errors ?? [], 'errors').map(parseRefusal),
    completedAt: instantOrNull(completedAt),
  };
}
