import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import { type ErrorKind, HubError } from '../../src/contract/errors.ts';
import { OWNER_FIELD, OWNER_PROPERTY } from './object-types.ts';
import { parseRefusal, type Refusal } from './refusal.ts';

/** A request that was answered: where it went, and what came back. */
export type Answered = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly writes: boolean;
  readonly status: number;
  readonly headers: Headers;
};

/** The portal is moving between data centres. */
const MOVING = 477;
const LOCK_MS = 2000;
const SECOND_MS = 1000;
const BURST_MS = 10_000;
// The day ends at midnight in the portal's own zone, which an error does not tell; looking again each hour costs nothing.
const DAILY_MS = 3_600_000;

/** For `catch`: a refusal as a value, so that the rows that it concerns can carry it; anything else goes on being thrown. */
export function asRefusal(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}

/** The error that a refused request is. The kind follows the status and HubSpot's category, never the wording. */
export function refused(answered: Answered, body: unknown): HubError {
  const refusal = parseRefusal(body);
  const kind = kindOfRefusal(answered, refusal);
  const wait = waitMs(kind, answered, refusal);
  return new HubError(kind, messageOf(answered, refusal), {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...detailOf(refusal),
    ...(answered.status === MOVING ? { code: 'ACCOUNT_MIGRATING' } : {}),
  });
}

/** The error that one refused row of a batch is. */
export function refusedRow(what: string, refusal: Refusal): HubError {
  const kind = kindOfRow(refusal);
  const reason = refusal.message === '' ? refusal.category || 'no reason given' : refusal.message;
  return new HubError(kind, `HubSpot refused to ${what}: ${reason}`, {
    ...(kind === 'rate_limited' ? { retryAfterMs: SECOND_MS } : {}),
    ...detailOf(refusal),
  });
}

function detailOf(refusal: Refusal): { code?: string; existingId?: string; fields: readonly string[] } {
  const code = refusal.code ?? (refusal.category || null);
  return {
    // The hub knows the owner by its virtual field.
    fields: refusal.properties.includes(OWNER_PROPERTY) ? [...refusal.properties, OWNER_FIELD] : refusal.properties,
    ...(code === null ? {} : { code }),
    ...(refusal.existingId === null ? {} : { existingId: refusal.existingId }),
  };
}

const KIND_BY_CATEGORY: Readonly<Record<string, ErrorKind>> = {
  CONFLICT: 'already_there',
  OBJECT_ALREADY_EXISTS: 'already_there',
  OBJECT_NOT_FOUND: 'gone',
  MISSING_SCOPES: 'not_allowed',
  RATE_LIMITS: 'rate_limited',
  INTERNAL_ERROR: 'unreachable',
};

function kindOfRow(refusal: Refusal): ErrorKind {
  return KIND_BY_CATEGORY[refusal.category] ?? 'record_rejected';
}

function kindOfRefusal({ status, writes }: Answered, refusal: Refusal): ErrorKind {
  if (status === 429) return refusal.policyName === 'DAILY' ? 'quota_spent' : 'rate_limited';
  // Another address is not where the operator pointed us: it is not followed.
  if (status >= 300 && status < 400) return 'misconfigured';
  if (status === MOVING) return 'unreachable';
  if (!writes) return status === 400 || status === 409 || status === 414 ? 'misconfigured' : kindOfStatus(status);
  if (status === 404) return refusal.category === 'OBJECT_NOT_FOUND' ? 'gone' : 'misconfigured';
  if (status === 409) return 'already_there';
  if (status === 400 || status === 422) return kindOfRow(refusal);
  return status === 413 || status === 414 ? 'record_rejected' : kindOfStatus(status);
}

function waitMs(kind: ErrorKind, { headers, status }: Answered, refusal: Refusal): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const told = retryAfterMs(headers.get('retry-after'), new Date(Number.isNaN(date) ? 0 : date));
  if (kind === 'locked') return Math.max(LOCK_MS, told ?? 0);
  if (told !== undefined) return told;
  if (kind === 'quota_spent') return DAILY_MS;
  if (kind !== 'rate_limited' || status !== 429) return undefined;
  return refusal.policyName === 'SECONDLY' ? SECOND_MS : intervalMs(headers, refusal.policyName);
}

function intervalMs(headers: Headers, policyName: string): number {
  const interval = Number(headers.get('x-hubspot-ratelimit-interval-milliseconds'));
  if (interval > 0) return interval;
  return policyName === 'TEN_SECONDLY_ROLLING' ? BURST_MS : SECOND_MS;
}

function messageOf({ method, path, status }: Answered, refusal: Refusal): string {
  const said = refusal.scopes.length > 0 ? `the token lacks the scope ${refusal.scopes.join(', ')}` : refusal.message;
  const reason = said === '' ? refusal.category : said;
  return `HubSpot answered ${method} ${path} with ${status}${reason === '' ? '' : `: ${reason}`}`;
}
