import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Org } from '../org.ts';
import { Refusal, refusalBody } from '../refusal.ts';
import type { Control } from './front.ts';
import { orgCalls } from './org-calls.ts';
import { pages } from './pages.ts';
import { recordCalls } from './record-calls.ts';

/** The control API under `/_sandbox/api`, and the page under `/_sandbox`: the hand of the org, for whoever runs it. */
export function controlRoutes(org: Org, control: Control): Hono {
  const app = new Hono();
  // What is due by now is committed before anybody looks.
  app.use(async (_c, next) => {
    org.store.settle(org.now());
    await next();
  });
  app.route('/api', recordCalls(control.hand)).route('/api', orgCalls(org, control));
  app.route('/', pages(org, control));
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json(refusalBody(error), error.status as ContentfulStatusCode);
    // A hand throws when somebody asks for what is not there; anything else is our own mistake.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return c.json({ message: error.message }, 400);
  });
  return app;
}
