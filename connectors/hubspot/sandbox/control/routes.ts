import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Portal } from '../portal/portal.ts';
import { Refusal } from '../wire/refusal.ts';
import { accessCalls } from './access-calls.ts';
import type { Hands } from './hands.ts';
import { pages } from './pages.ts';
import { portalCalls } from './portal-calls.ts';
import { recordCalls } from './record-calls.ts';

/** The control API under `/_sandbox/api`, and the page under `/_sandbox`: the hands of the portal, for whoever runs it. */
export function controlRoutes(portal: Portal, hands: Hands): Hono {
  const control = new Hono();
  control.route('/api', recordCalls(portal, hands)).route('/api', accessCalls(hands)).route('/api', portalCalls(portal, hands));
  control.route('/', pages(portal, hands));
  control.onError((error, c) => {
    if (error instanceof Refusal) return c.json(error.body, error.status as ContentfulStatusCode);
    // A hand throws when somebody asks for what is not there; anything else is our own mistake.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return c.json({ message: error.message }, 400);
  });
  return control;
}
