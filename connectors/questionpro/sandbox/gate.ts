import type { MiddlewareHandler } from 'hono';
import { openWindow } from '../../../src/sandbox/limits.ts';
import { refuse } from './envelopes.ts';
import type { Switches } from './switches.ts';

export const API_KEY = 'qp-sandbox-key';

/** Lets a call in: with the right key, under both limits, and while the quota lasts. Only calls with the right key use anything up. */
export function openGate(now: () => Date, switches: Switches): MiddlewareHandler {
  const limits = [
    openWindow({ calls: switches.callsPerMinute, perMs: 60_000, now }),
    openWindow({ calls: switches.organizationCallsPerMinute, perMs: 60_000, now }),
  ];
  let quotaLeft = switches.callQuota;
  return async (c, next) => {
    const key = c.req.header('api-key') ?? (switches.acceptQueryKey ? c.req.query('apiKey') : undefined);
    if (key !== API_KEY) return refuse(c, 'key', { switches });
    if (quotaLeft <= 0) return refuse(c, 'quota', { switches });
    const full = limits.find((limit) => !limit.take());
    if (full !== undefined) {
      const headers = switches.retryAfter ? { 'retry-after': String(Math.ceil(full.waitMs() / 1000)) } : {};
      return refuse(c, 'pace', { switches, headers });
    }
    quotaLeft -= 1;
    return next();
  };
}
