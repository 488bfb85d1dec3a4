import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { allow, identify } from '../security/operator.ts';

/** Proxies cut a stream that is silent for a minute. */
const HEARTBEAT_MS = 20_000;

const live = createRoute({
  method: 'get',
  path: '/live',
  tags: ['overview'],
  summary: 'Progress as it happens, as server-sent events',
  ...allow('viewer'),
  responses: { 200: { description: 'One event after another', content: { 'text/event-stream': { schema: z.string() } } } },
});

/** Progress, for as long as somebody listens. */
export function liveRoutes(parts: AppParts) {
  return newApi().openapi(live, (c) =>
    streamSSE(c, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      // Whose session has ended meanwhile hears nothing more.
      const beat = async () => {
        if ((await identify(parts, c.req.raw.headers)) === null) return gone.abort();
        await stream.write(': still here\n\n');
      };
      const heart = setInterval(() => void beat().catch(() => gone.abort()), HEARTBEAT_MS);
      try {
        await stream.write(': here\n\n');
        for await (const { event, data } of parts.live(gone.signal)) await stream.writeSSE({ event, data: JSON.stringify(data) });
      } catch (error) {
        if (!gone.signal.aborted) parts.log.error({ reason: error instanceof Error ? error.message : String(error) }, 'live stream ended');
      } finally {
        clearInterval(heart);
        gone.abort();
      }
    }),
  );
}
