import { HubError } from '../../src/contract/errors.ts';

/** One record as HubSpot shows it: values are strings, whatever their type; a key that was not shown is missing. */
export type VendorRecord = {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  /** ISO with milliseconds, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly traceId: string | null;
  /** The ids of the associated records, by type: only for types that were asked for inline. `more`: the list was cut. */
  readonly linked: Readonly<Record<string, { readonly ids: readonly string[]; readonly more: boolean }>>;
};
export type RecordPage = { readonly records: readonly VendorRecord[]; readonly after: string | null };

/** One refusal, of a whole request or of one row of a batch. */
export type Refusal = {
  readonly status: string;
  readonly message: string;
  readonly category: string;
  readonly subCategory: string;
  readonly policyName: string;
  /** The code of the first detail, such as `INVALID_OPTION`. */
  readonly code: string | null;
  readonly properties: readonly string[];
  readonly scopes: readonly string[];
  readonly ids: readonly string[];
  readonly traceIds: readonly string[];
  readonly existingId: string | null;
};
export type BatchAnswer = {
  readonly records: readonly VendorRecord[];
  readonly refusals: readonly Refusal[];
  readonly completedAt: string | null;
};

type Raw = Readonly<Record<string, unknown>>;

const isObject = (raw: unknown): raw is Raw => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

function broken(what: string, expected: string): HubError {
  return new HubError('broken_answer', `HubSpot's answer is not what it must be: ${what} is not ${expected}`);
}

/** An object, or `broken_answer` naming what is not one. */
export function object(raw: unknown, what: string): Raw {
  if (!isObject(raw)) throw broken(what, 'an object');
  return raw;
}

export function list(raw: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(raw)) throw broken(what, 'a list');
  return raw;
}

/** An id: HubSpot writes most as strings and some (`toObjectId`) as numbers. */
export function identifier(raw: unknown, what: string): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return String(raw);
  throw broken(what, 'an id');
}

const ISO_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as ISO with milliseconds in UTC, from ISO of any zone or epoch milliseconds; null when it is neither. */
export function instantOrNull(raw: unknown): string | null {
  if (typeof raw === 'string' && ISO_MS.test(raw)) return raw;
  const ms =
    typeof raw === 'number'
      ? raw
      : typeof raw !== 'string' || raw === ''
        ? Number.NaN
        : /^-?\d{5,}$/.test(raw)
          ? Number(raw)
          : Date.parse(raw);
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}

function instant(raw: unknown, what: string): string {
  const at = instantOrNull(raw);
  if (at === null) throw broken(what, 'a time');
  return at;
}

const textOr = <T>(raw: unknown, other: T): string | T => (typeof raw === 'string' && raw !== '' ? raw : other);

function parseProperties(raw: unknown): VendorRecord['properties'] {
  const properties = object(raw, 'properties');
  for (const name in properties) {
    const value = properties[name];
    if (value !== null && typeof value !== 'string') return stringified(properties);
  }
  return properties as VendorRecord['properties'];
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

function parseAfter(paging: unknown): string | null {
  if (!isObject(paging) || !isObject(paging.next)) return null;
  return identifier(paging.next.after, 'paging.next.after');
}

/** One record of a page, a batch, or a search. */
export function parseRecord(raw: unknown): VendorRecord {
  const { id, properties, createdAt, updatedAt, objectWriteTraceId, associations } = object(raw, 'record');
  return {
    id: identifier(id, 'record.id'),
    properties: parseProperties(properties),
    createdAt: instant(createdAt, 'record.createdAt'),
    updatedAt: instant(updatedAt, 'record.updatedAt'),
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

const texts = (raw: unknown): readonly string[] =>
  (Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]).flatMap((one: unknown) =>
    typeof one === 'string' ? [one] : typeof one === 'number' ? [String(one)] : [],
  );

/** HubSpot also writes the details of property errors as JSON inside the message. */
function detailsInMessage(message: string): readonly Raw[] {
  const start = message.indexOf('[{');
  const end = message.lastIndexOf('}]');
  if (start === -1 || end < start) return [];
  try {
    const found: unknown = JSON.parse(message.slice(start, end + 2));
    return Array.isArray(found) ? found.filter(isObject) : [];
  } catch {
    // It only looked like JSON; the message still says it in words.
    return [];
  }
}

/** An error envelope. Every one of its fields is optional, so what is missing becomes empty. */
export function parseRefusal(raw: unknown): Refusal {
  const whole = isObject(raw) ? raw : {};
  const message = textOr(whole.message, '');
  const details = Array.isArray(whole.errors) ? whole.errors.filter(isObject) : [];
  const contexts = [whole, ...details].map(({ context }) => (isObject(context) ? context : {}));
  const inside = detailsInMessage(message);
  const of = (name: string): readonly string[] => contexts.flatMap((context) => texts(context[name]));
  return {
    status: textOr(whole.status, ''),
    message:
      inside.length === 0 ? message : inside.map((one) => textOr(one.localizedErrorMessage, textOr(one.message, ''))).join('; ') || message,
    category: textOr(whole.category, textOr(whole.errorType, '')),
    subCategory: textOr(whole.subCategory, ''),
    policyName: textOr(whole.policyName, ''),
    code: textOr(details.find(({ code }) => code !== undefined)?.code, textOr(inside[0]?.error, null)),
    properties: [...new Set([...of('propertyName'), ...inside.flatMap((one) => texts(one.name))])],
    scopes: [...new Set([...of('requiredGranularScopes'), ...of('requiredScopes')])],
    ids: [...of('ids'), ...of('id')],
    traceIds: of('objectWriteTraceId'),
    existingId: of('existingId')[0] ?? /Existing ID: (\d+)/.exec(message)?.[1] ?? null,
  };
}
