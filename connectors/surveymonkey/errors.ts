import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import { type ErrorKind, HubError } from '../../src/contract/errors.ts';
import { isRaw, text } from '../../src/contract/raw.ts';
import { metIn } from './limits.ts';

/** A survey with more than a thousand questions is not shown whole. */
export const TOO_LARGE = '1030';
/** The plan does not include it; of one response, it lies beyond the number that the plan shows. */
export const BEYOND_PLAN = '1015';
/** What was asked for is not there. */
export const NOT_FOUND = '1020';

const KINDS: Readonly<Record<string, ErrorKind>> = {
  '1010': 'signed_out',
  '1011': 'signed_out',
  '1012': 'signed_out',
  '1013': 'signed_out',
  '1014': 'not_allowed',
  '1015': 'not_allowed',
  '1016': 'not_allowed',
  '1017': 'not_allowed',
  '1018': 'misconfigured',
  '1040': 'rate_limited',
  '1050': 'unreachable',
  '1051': 'unreachable',
  '1052': 'signed_out',
  '1053': 'signed_out',
  '1054': 'unreachable',
};

/** What a person has to do about it, where SurveyMonkey's own words leave that open. */
const ADVICE: Readonly<Record<string, string>> = {
  '1014': 'the app lacks a scope: tick it in the settings of the app, and sign in again',
  '1015': 'the plan of the account does not include it',
  '1018':
    'the account is in another region: use https://api.surveymonkey.com, https://api.eu.surveymonkey.com, or https://api.surveymonkey.ca as the address of the connection',
};

// After so much silence the minute is certain to be over.
const MINUTE_MS = 60_000;

export type Said = { readonly id: string | null; readonly error: string | null; readonly message: string | null };

/** The error in a body: SurveyMonkey's own with its id, which is a text, or that of an OAuth endpoint. */
export function parseRefusal(body: unknown): Said {
  if (!isRaw(body)) return { id: null, error: null, message: null };
  if (isRaw(body.error)) return { id: text(body.error.id), error: null, message: text(body.error.message) };
  return { id: null, error: text(body.error), message: text(body.error_description) };
}

/** What is said with any status when somebody has taken the access back; null when nothing of the kind is. */
export function revokedIn(body: unknown): string | null {
  return isRaw(body) && body.status === 1 ? text(body.errmsg) : null;
}

export function revoked(path: string, message: string): HubError {
  return new HubError('signed_out', `SurveyMonkey refused ${path}: ${message}`, { code: '1013' });
}

function kindOf(status: number, { id }: Said, isDay: boolean): ErrorKind {
  // Another address is not where the operator pointed us.
  if (status >= 300 && status < 400) return 'misconfigured';
  if (status === 429) return isDay ? 'quota_spent' : 'rate_limited';
  return KINDS[id ?? ''] ?? kindOfStatus(status);
}

/** The error of an answer that is no success. */
export function refused({ status, headers }: Response, path: string, body: unknown): HubError {
  const said = parseRefusal(body);
  const met = metIn(headers);
  const kind = kindOf(status, said, met.isDay);
  const asked = retryAfterMs(headers.get('retry-after'), new Date(headers.get('date') ?? Number.NaN));
  const named = asked !== undefined && Number.isFinite(asked) ? asked : null;
  const waitMs = status === 429 ? (named ?? met.waitMs ?? (met.isDay ? null : MINUTE_MS)) : named;
  const words = [said.message, ADVICE[said.id ?? '']].filter((part) => part != null).join('; ');
  return new HubError(kind, `SurveyMonkey answered ${status} to ${path}${words === '' ? '' : `: ${words}`}`, {
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
    ...(said.id === null ? {} : { code: said.id }),
  });
}
