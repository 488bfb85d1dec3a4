import type { MiddlewareHandler } from 'hono';

/** Writes the sandbox's own time into the `Date` of every answer, so that a client that reads it lives in the same time. */
export function dated(now: () => Date): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header('date', now().toUTCString());
  };
}
