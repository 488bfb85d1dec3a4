import { isRaw, type Raw } from '../../../src/contract/raw.ts';
import { broken, count, list, object, text, textOr } from './shapes.ts';

/** One error as Salesforce words it, whichever of its two spellings it came in. */
export type VendorError = { readonly code: string; readonly message: string; readonly fields: readonly string[] };
/** One row of a query; `cells` are its columns, not yet read. What was not selected is false or null. */
export type VendorRow = {
  readonly id: string;
  readonly changedAt: string;
  /** The name of whoever changed it last. */
  readonly changedBy: string | null;
  readonly deleted: boolean;
  /** The record that a merge kept in place of this one. */
  readonly masterId: string | null;
  readonly cells: Raw;
};
export type QueryPage = { readonly rows: readonly VendorRow[]; readonly total: number; readonly next: string | null };
/** One field of a describe. Keys that an org leaves out count as false, zero, or empty. */
export type VendorField = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  /** A formula or a roll-up, worked out when it is read, which moves no stamp. */
  readonly calculated: boolean;
  readonly restrictedPicklist: boolean;
  readonly hidden: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};
export type SaveResult =
  | { readonly ok: true; readonly id: string | null }
  | { readonly ok: false; readonly errors: readonly VendorError[] };
export type TokenReply = {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly instanceUrl: string | null;
  readonly scopes: readonly string[] | null;
};
/** The answer to one call of several that went together. */
export type Subanswer = { readonly what: string; readonly status: number; readonly body: unknown };
/** A row of the org's set-up; `editable`: of a right on a field, that it is one to edit it. */
export type VendorSetup = { readonly id: string; readonly editable: boolean };
export type User = { readonly id: string; readonly email: string | null; readonly name: string };

const USUAL_INSTANT = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}(?:\+0000|Z)$/;

/** A Salesforce time (`…+0000` from REST, `…Z` elsewhere) as ISO with milliseconds, UTC. */
export function instant(value: unknown, what: string): string {
  // The usual form needs no arithmetic; every row has at least one.
  if (typeof value === 'string' && USUAL_INSTANT.test(value)) return `${value.slice(0, 23)}Z`;
  const at = Date.parse(text(value, what).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(at)) throw broken(what, 'a time');
  return new Date(at).toISOString();
}

/** The errors in a body, or none when the body is no error of Salesforce's, such as a proxy's page. */
export function parseErrors(raw: unknown): readonly VendorError[] {
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  return items.flatMap((item) => {
    if (!isRaw(item)) return [];
    // Collections say `statusCode` where everything else says `errorCode`.
    const code = textOr(item.errorCode, textOr(item.statusCode, null));
    if (code === null || code.startsWith('ERROR_HTTP_')) return [];
    const fields = Array.isArray(item.fields) ? item.fields.filter((name) => typeof name === 'string') : [];
    return [{ code, message: textOr(item.message, 'no reason given'), fields }];
  });
}

/** A record with its `Id` and `SystemModstamp`. */
export function parseRecord(raw: unknown): VendorRow {
  const cells = object(raw, 'a row');
  return {
    id: text(cells.Id, 'an Id'),
    changedAt: instant(cells.SystemModstamp, 'a SystemModstamp'),
    changedBy: isRaw(cells.LastModifiedBy) ? textOr(cells.LastModifiedBy.Name, null) : null,
    deleted: cells.IsDeleted === true,
    masterId: textOr(cells.MasterRecordId, null),
    cells,
  };
}

type RawPage = { readonly records: readonly unknown[]; readonly total: number; readonly next: string | null };

function parseRawPage(raw: unknown): RawPage {
  const page = object(raw, 'a query');
  const records = list(page.records, 'the records of a query');
  const next = textOr(page.nextRecordsUrl, null);
  if (next === null && page.done === false) throw broken('a page', 'the last one and names no next one');
  return { records, total: Math.max(count(page.totalSize), records.length), next };
}

/** A page of a query that selected `Id` and `SystemModstamp`. */
export function parseQueryPage(raw: unknown): QueryPage {
  const { records, total, next } = parseRawPage(raw);
  return { rows: records.map(parseRecord), total, next };
}

/** A page of users. */
export function parseUsers(raw: unknown): { readonly users: readonly User[]; readonly next: string | null } {
  const { records, next } = parseRawPage(raw);
  const users = records.map((record) => {
    const user = object(record, 'a user');
    const id = text(user.Id, 'the Id of a user');
    return { id, email: textOr(user.Email, null), name: textOr(user.Name, id) };
  });
  return { users, next };
}

/** The rows of a query, as they came, by the value of one of their columns. */
export function parseRowsBy(raw: unknown, column: string): ReadonlyMap<string, VendorSetup> {
  const rows = parseRawPage(raw).records.map((record): readonly [string, VendorSetup] => {
    const row = object(record, 'a row');
    const value = text(row[column], column);
    return [value, { id: text(row.Id, `the Id of ${value}`), editable: row.PermissionsEdit === true }];
  });
  return new Map(rows);
}

/** The rows of a query as they came. */
export function parseCells(raw: unknown): { readonly rows: readonly Raw[]; readonly next: string | null } {
  const { records, next } = parseRawPage(raw);
  return { rows: records.map((record) => object(record, 'a row')), next };
}

/** The records that the rows of an object in between belong to, by the name of its column. */
export function parseParents(raw: unknown, column: string): { readonly ids: readonly string[]; readonly next: string | null } {
  const { records, next } = parseRawPage(raw);
  return { ids: [...new Set(records.map((record) => text(object(record, 'a tie')[column], column)))], next };
}

/** The org's own row, when it may be read. */
export function parseOrganization(raw: unknown): { readonly id: string; readonly name: string } | null {
  const [first] = parseRawPage(raw).records;
  if (first === undefined) return null;
  const org = object(first, 'the organization');
  return { id: text(org.Id, 'the Id of the organization'), name: text(org.Name, 'the name of the organization') };
}

/** Who is signed in, from the resource list's `identity` address: `https://host/id/{org}/{user}`. */
export function parseIdentityUrl(raw: unknown): { readonly path: string; readonly orgId: string; readonly userId: string } | null {
  const url = isRaw(raw) ? textOr(raw.identity, null) : null;
  const [, path, orgId, userId] = /(\/id\/(\w+)\/(\w+))\/?(?:\?.*)?$/.exec(url ?? '') ?? [];
  return path === undefined || orgId === undefined || userId === undefined ? null : { path, orgId, userId };
}

/** The name to show for an identity. */
export function parseIdentityName(raw: unknown): string | null {
  const identity = object(raw, 'the identity');
  return textOr(identity.username, textOr(identity.display_name, null));
}

function parseField(raw: unknown): VendorField {
  const field = object(raw, 'a field');
  const name = text(field.name, 'the name of a field');
  const options = Array.isArray(field.picklistValues) ? field.picklistValues : [];
  return {
    name,
    label: textOr(field.label, name),
    type: text(field.type, `the type of ${name}`),
    length: count(field.length),
    scale: count(field.scale),
    nillable: field.nillable === true,
    defaultedOnCreate: field.defaultedOnCreate === true,
    createable: field.createable === true,
    updateable: field.updateable === true,
    externalId: field.externalId === true,
    unique: field.unique === true,
    calculated: field.calculated === true,
    restrictedPicklist: field.restrictedPicklist === true,
    hidden: field.deprecatedAndHidden === true,
    options: options.flatMap((option) => {
      if (!isRaw(option) || option.active === false || typeof option.value !== 'string') return [];
      return [{ value: option.value, label: textOr(option.label, option.value) }];
    }),
  };
}

/** What a describe shows to the integration user: fields, and the names by which queries reach what hangs on a record. */
export function parseDescribe(raw: unknown): { readonly fields: readonly VendorField[]; readonly children: ReadonlySet<string> } {
  const { fields, childRelationships } = object(raw, 'a describe');
  const relations: readonly unknown[] = Array.isArray(childRelationships) ? childRelationships : [];
  const names = relations.flatMap((relation) => (isRaw(relation) ? (textOr(relation.relationshipName, null) ?? []) : []));
  return { fields: list(fields, 'the fields of a describe').map(parseField), children: new Set(names) };
}

/** The answers of a collection, in the order of its rows. */
export function parseSaveResults(raw: unknown): readonly SaveResult[] {
  return list(raw, 'the results of a collection').map((item) => {
    const result = object(item, 'a result');
    if (result.success === true) return { ok: true, id: textOr(result.id, null) };
    return { ok: false, errors: parseErrors(result.errors ?? []) };
  });
}

/** A bulk job, as far as it has come; the counts of an ingest job are those of its rows, and `why` is why it failed as a whole. */
export type VendorJob = {
  readonly id: string;
  readonly state: string;
  readonly processed: number;
  readonly failed: number;
  readonly why: string | null;
};

export function parseJob(raw: unknown): VendorJob {
  const job = object(raw, 'a bulk job');
  return {
    id: text(job.id, 'the id of a bulk job'),
    state: text(job.state, 'the state of a bulk job'),
    processed: count(job.numberRecordsProcessed),
    failed: count(job.numberRecordsFailed),
    why: textOr(job.errorMessage, null),
  };
}

/** The error of a row of a bulk job: `CODE:what it says:Field__c Other__c --`. */
export function parseRowError(said: string): VendorError {
  const [, code, message, fields] = /^(\w+):([\s\S]*):([^:]*)--\s*$/.exec(said) ?? [];
  if (code === undefined || message === undefined) return { code: /^\w+/.exec(said)?.[0] ?? 'UNKNOWN', message: said, fields: [] };
  return { code, message, fields: (fields ?? '').split(/[\s,]+/).filter((name) => name !== '') };
}

/** The id of the one record that a call has made. */
export function parseCreated(raw: unknown): string {
  return text(object(raw, 'a created record').id, 'the id of a created record');
}

/** The answers of a composite call, by reference. */
export function parseComposite(raw: unknown): ReadonlyMap<string, Subanswer> {
  const answers = list(object(raw, 'a composite').compositeResponse, 'the answers of a composite');
  return new Map(
    answers.map((item) => {
      const { referenceId, httpStatusCode, body } = object(item, 'a part of a composite');
      const what = text(referenceId, 'the reference of a part');
      return [what, { what, status: count(httpStatusCode), body }];
    }),
  );
}

/** The answers of a batch, in the order of its requests. */
export function parseBatch(raw: unknown): readonly { readonly status: number; readonly body: unknown }[] {
  return list(object(raw, 'a batch').results, 'the results of a batch').map((item) => {
    const { statusCode, result } = object(item, 'a part of a batch');
    return { status: count(statusCode), body: result };
  });
}

/** The answer of the token endpoint. */
export function parseTokenReply(raw: unknown): TokenReply {
  const reply = object(raw, 'a token reply');
  return {
    accessToken: text(reply.access_token, 'an access token'),
    refreshToken: textOr(reply.refresh_token, null),
    instanceUrl: textOr(reply.instance_url, null),
    scopes: textOr(reply.scope, null)?.split(' ') ?? null,
  };
}

/** The error of the token endpoint, which has a shape of its own. */
export function parseTokenError(raw: unknown): { readonly code: string; readonly message: string } | null {
  if (!isRaw(raw)) return null;
  const code = textOr(raw.error, null);
  return code === null ? null : { code, message: textOr(raw.error_description, code) };
}
