import { kindOfStatus, retryAfterMs } from '../../../src/contract/answers.ts';
import { type ErrorKind, HubError } from '../../../src/contract/errors.ts';
import type { Write } from '../../../src/contract/records.ts';
import { ACTIVITY_TIES, CONTACT_OF_CASE } from '../ties/slots.ts';
import type { VendorError } from './wire.ts';

const SLOTS = [...ACTIVITY_TIES, ...CONTACT_OF_CASE];

/** What one of Salesforce's codes asks for; codes that are not here are judged by the HTTP status, or reject their row. */
const KIND_BY_CODE: Readonly<Record<string, ErrorKind>> = {
  INVALID_SESSION_ID: 'signed_out',
  INVALID_AUTH_HEADER: 'signed_out',
  INVALID_JWT_FORMAT: 'signed_out',
  SERVER_UNAVAILABLE: 'unreachable',
  UNKNOWN_EXCEPTION: 'unreachable',
  QUERY_TIMEOUT: 'unreachable',
  TXN_SECURITY_METERING_ERROR: 'rate_limited',
  UNABLE_TO_LOCK_ROW: 'locked',
  INVALID_QUERY_LOCATOR: 'cursor_expired',
  API_DISABLED_FOR_ORG: 'not_allowed',
  API_CURRENTLY_DISABLED: 'not_allowed',
  TXN_SECURITY_NO_ACCESS: 'not_allowed',
  STORAGE_LIMIT_EXCEEDED: 'not_allowed',
  INVALID_FIELD: 'misconfigured',
  INVALID_TYPE: 'misconfigured',
  MALFORMED_QUERY: 'misconfigured',
  QUERY_TOO_COMPLICATED: 'misconfigured',
  UNSUPPORTED_API_VERSION: 'misconfigured',
  ALL_OR_NONE_OPERATION_ROLLED_BACK: 'stale_write',
  PROCESSING_HALTED: 'stale_write',
  DELETE_FAILED: 'depended_on',
  DUPLICATE_DEVELOPER_NAME: 'already_there',
  FIELD_INTEGRITY_EXCEPTION: 'record_rejected',
  JSON_PARSER_ERROR: 'record_rejected',
  APEX_ERROR: 'record_rejected',
  LIMIT_EXCEEDED: 'record_rejected',
};

function kindOfCode({ code, message }: VendorError): ErrorKind | undefined {
  // One code for two troubles, and only the text tells a crowded moment from a spent day.
  if (code === 'REQUEST_LIMIT_EXCEEDED') return /concurrent/i.test(message) ? 'rate_limited' : 'quota_spent';
  // A trigger that met a lock reports itself, with the lock in its text.
  if (code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' && message.includes('UNABLE_TO_LOCK_ROW')) return 'locked';
  return Object.hasOwn(KIND_BY_CODE, code) ? KIND_BY_CODE[code] : undefined;
}

/** Our name for a Salesforce field: an owner is shown by e-mail. */
function fieldName(name: string): string {
  return name === 'OwnerId' ? 'owner_email' : name;
}

/** Our names for the fields that a write was refused for; a column that several of ours share goes by those that were written. */
function fieldsOf({ fields }: VendorError, write: Write): readonly string[] {
  const written = 'fields' in write ? Object.keys(write.fields) : [];
  return fields.flatMap((name) => {
    const sharing = SLOTS.filter(({ column, field }) => column === name && written.includes(field)).map(({ field }) => field);
    return sharing.length === 0 || written.includes(name) ? [fieldName(name)] : sharing;
  });
}

/** What an answer outside the 200s was. */
export type Refusal = {
  readonly what: string;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly servedAt: string | null;
};

/** The error for a whole call that was refused. */
export function callError(refusal: Refusal, errors: readonly VendorError[], cause: unknown): HubError {
  const { what, status, retryAfter, servedAt } = refusal;
  const [first] = errors;
  const kind = (first && kindOfCode(first)) ?? (status === 410 ? 'misconfigured' : kindOfStatus(status));
  const waitMs = retryAfterMs(retryAfter, new Date(servedAt ?? retryAfter ?? 0));
  const said = first === undefined ? '' : ` (${first.code}: ${first.message})`;
  const lost = status === 404 || status === 410 ? '; the server may not have this API version or object' : '';
  return new HubError(kind, `${what} answered ${status}${said}${lost}`, {
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(first === undefined ? {} : { code: first.code }),
    fields: errors.flatMap(({ fields }) => fields.map(fieldName)),
    cause,
  });
}

const LOST = new Set(['ENTITY_IS_DELETED', 'NOT_FOUND', 'INVALID_CROSS_REFERENCE_KEY']);

/** Whether a row may have been refused because a record is not there: the row's own, or another that it points to. */
export function isLost([first]: readonly VendorError[]): boolean {
  return first !== undefined && LOST.has(first.code);
}

/** Whether the record itself is lost. The last code is as much about a record that it points to, and does not always say which. */
function isItselfLost({ code, fields }: VendorError, write: Write): boolean {
  // It lives on as the contact that it was converted into, and the look for it says so.
  if (write.verb === 'update' && code === 'CANNOT_UPDATE_CONVERTED_LEAD') return true;
  if (write.verb !== 'update' || !LOST.has(code)) return false;
  if (fields.length > 0) return fields.every((name) => name.toLowerCase() === 'id');
  const points = Object.entries(write.fields).some(([name, value]) => value !== null && /^owner_email$|Id$/.test(name));
  return code !== 'INVALID_CROSS_REFERENCE_KEY' || !points;
}

function kindOfRow(error: VendorError, write: Write, existingId: string | undefined): ErrorKind {
  if (write.verb === 'create' && error.code === 'DUPLICATE_VALUE' && existingId !== undefined) return 'already_there';
  return isItselfLost(error, write) ? 'gone' : (kindOfCode(error) ?? 'record_rejected');
}

/** The error for one row of a collection. */
export function rowError(errors: readonly VendorError[], write: Write): HubError {
  const [first] = errors;
  if (first === undefined) return new HubError('record_rejected', `the ${write.verb} failed without a reason`);
  const existingId = /record with id:?\s*(\w{15,18})/i.exec(first.message)?.[1];
  const kind = kindOfRow(first, write, existingId);
  return new HubError(kind, errors.map(({ code, message }) => `${code}: ${message}`).join('; '), {
    code: first.code,
    fields: [...new Set(errors.flatMap((error) => fieldsOf(error, write)))],
    ...(kind === 'already_there' && existingId !== undefined ? { existingId } : {}),
  });
}

const LIMITED = new Set(['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_EXECUTE_FLOW_TRIGGER', 'APEX_ERROR', 'LIMIT_EXCEEDED']);

/** Whether triggers or flows of the org met a limit of theirs, which they share among the rows that come together. */
export const isGovernorLimit = ({ code, message }: HubError): boolean =>
  code !== undefined && LIMITED.has(code) && /CPU time limit|too many (?:soql|dml|query|sosl)|(?:time|heap|governor) limit/i.test(message);

/** The error for a right on a field of the hub's own. */
export function rightError(name: string, errors: readonly VendorError[]): HubError {
  const said = errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
  return new HubError('record_rejected', `the right to see and edit ${name} was refused (${said})`, { fields: [name] });
}

/** A row that never left, because a value does not fit its field. */
export function unfit(field: string, reason: string): HubError {
  return new HubError('record_rejected', `${field}: ${reason}`, { fields: [field] });
}
