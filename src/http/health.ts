import { Hono } from 'hono';
import type { AppParts } from './parts.ts';
import { operatorsOrLoopback } from './security/operator.ts';

/** What machines ask: whether the process lives, whether it can work, and its figures. */
export function healthRoutes(parts: AppParts) {
  return new Hono()
    .get('/healthz', (c) => c.text('ok'))
    .get('/readyz', async (c) => {
      const { ok, checks } = await parts.ready();
      return c.json({ ok, checks }, ok ? 200 : 503);
    })
    .get('/metrics', operatorsOrLoopback(parts), async (c) =>
      c.text(await parts.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
    );
}
