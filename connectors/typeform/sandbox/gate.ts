import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { openBucket } from '../../../src/sandbox/limits.ts';
import type { Switches } from './switches.ts';

export const TOKEN = 'tfp_sandbox';
/** By the data centre that they are good in. */
const TOKENS: Readonly<Record<string, string>> = { us: TOKEN, eu: 'tfp_sandbox_eu', eu_new: 'tfp_sandbox_eu_new' };

const REFUSALS = {
  AUTHENTICATION_FAILED: { status: 401, description: 'Authentication credentials not found on the Request Headers' },
  FORBIDDEN: { status: 403, description: 'The token does not have the scope for this' },
  FORM_NOT_FOUND: { status: 404, description: 'Form not found' },
  NOT_FOUND: { status: 404, description: 'Endpoint not found' },
  VALIDATION_ERROR: { status: 400, description: 'Validation error' },
  TOO_MANY_REQUESTS: { status: 429, description: 'Too many requests' },
} as const satisfies Readonly<Record<string, { status: ContentfulStatusCode; description: string }>>;

/** A refusal in the vendor's shape: code, description, and details where there is more to say. */
export function refuse(c: Context, code: keyof typeof REFUSALS, more: { why?: string; headers?: Record<string, string> } = {}): Response {
  const { status, description } = REFUSALS[code];
  const details = more.why === undefined ? {} : { details: [{ code, description: more.why }] };
  return c.json({ code, description: more.why ?? description, ...details }, status, more.headers ?? {});
}

/** Lets a call in that has the token and its scope. */
export function signedIn(scope: string, switches: Switches): MiddlewareHandler {
  const allowed = switches.scopes.split(/\s+/).includes(scope);
  return async (c, next) => {
    const token = (c.req.header('authorization') ?? '').replace(/^Bearer /, '');
    // A token is good in its own data centre only.
    if (token !== TOKENS[switches.region] && Object.values(TOKENS).includes(token))
      return refuse(c, 'FORBIDDEN', { why: 'the token belongs to another region' });
    if (token !== TOKENS[switches.region]) return refuse(c, 'AUTHENTICATION_FAILED');
    if (!allowed) return refuse(c, 'FORBIDDEN', { why: `the scope ${scope} is missing` });
    return next();
  };
}

/** Keeps the account's pace: forms and responses share one bucket. */
export function paced(now: () => Date, switches: Switches): MiddlewareHandler {
  const bucket = openBucket({ calls: switches.callsPerSecond, perMs: 1_000, now });
  return async (c, next) => {
    if (bucket.take()) return next();
    return refuse(c, 'TOO_MANY_REQUESTS', {
      headers: switches.retryAfter ? { 'retry-after': String(Math.ceil(bucket.waitMs() / 1000)) } : {},
    });
  };
}
