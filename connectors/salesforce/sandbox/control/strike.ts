import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Trouble } from '../../../../src/sandbox/page/troubles.ts';
import { strikeWire } from '../../../../src/sandbox/wire.ts';
import { Refusal, refusalBody } from '../refusal.ts';

/**
 * `unavailable` is 503 or the `status` asked for, `broken` 500, `bad_gateway` 502 with HTML, `ended` 401, `spent` and `crowded` 403 for the day's calls
 * and for long ones, `timeout` a query that takes too long, `locked` a row that somebody else holds; `reset` cuts the socket before the work, `lost`
 * after it; `slow` answers `ms` later.
 */
export const TROUBLES = [
  'unavailable',
  'broken',
  'bad_gateway',
  'ended',
  'spent',
  'crowded',
  'timeout',
  'locked',
  'reset',
  'lost',
  'slow',
] as const;
export type SalesforceTrouble = (typeof TROUBLES)[number];

const REFUSALS: Partial<Record<SalesforceTrouble, Refusal>> = {
  broken: new Refusal('UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId if you contact support', {
    status: 500,
  }),
  ended: new Refusal('INVALID_SESSION_ID', 'Session expired or invalid', { status: 401 }),
  spent: new Refusal('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { status: 403 }),
  crowded: new Refusal('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.', { status: 403 }),
  timeout: new Refusal('QUERY_TIMEOUT', 'Your query request was running for too long.'),
  locked: new Refusal('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'),
};
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** Answers a request the way this trouble makes it go. */
export async function strike(c: Context, trouble: Trouble<SalesforceTrouble>, next: () => Promise<void>): Promise<Response | undefined> {
  const { kind, ms, status } = trouble;
  const unavailable = new Refusal('SERVER_UNAVAILABLE', 'the server is down for maintenance', { status });
  switch (kind) {
    case 'bad_gateway':
      return c.html(HTML, 502);
    case 'reset':
    case 'lost':
    case 'slow':
      return strikeWire(c, { kind: kind, ms: ms }, next);
    default: {
      const refusal = REFUSALS[kind] ?? unavailable;
      return c.json(refusalBody(refusal), refusal.status as ContentfulStatusCode);
    }
  }
}
