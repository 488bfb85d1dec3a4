import { createRoute } from '@hono/zod-openapi';
import { chooseRetention, retentionOf } from '../../hub/retention.ts';
import { answers, body, newApi } from '../operation.ts';
import { actorOf, allow } from '../operator.ts';
import type { AppParts } from '../parts.ts';
import { chooseSecurity, securityOf } from '../security/second-factor.ts';
import { Retention, RetentionPatch, SecurityPatch, SecuritySettings } from '../shapes/access.ts';

const tags = ['access'];
const read = createRoute({
  method: 'get',
  path: '/settings/security',
  tags,
  summary: 'What is asked of all who sign in',
  ...allow('admin'),
  responses: answers(SecuritySettings, 'Now'),
});
const patch = createRoute({
  method: 'patch',
  path: '/settings/security',
  tags,
  summary: 'Ask for a second factor of whoever signs in with a password, or no longer',
  ...allow('admin', { fresh: true }),
  request: { body: body(SecurityPatch) },
  responses: answers(SecuritySettings, 'As it is from now on'),
});

const kept = createRoute({
  method: 'get',
  path: '/settings/retention',
  tags,
  summary: 'How long what is no part of a record is kept',
  ...allow('admin'),
  responses: answers(Retention, 'Now, in days'),
});
const keep = createRoute({
  method: 'patch',
  path: '/settings/retention',
  tags,
  summary: 'Choose how long it is kept; what is older goes within minutes',
  ...allow('admin', { fresh: true }),
  request: { body: body(RetentionPatch) },
  responses: answers(Retention, 'As it is from now on'),
});

/** What the hub asks of its operators, and how long it keeps what. */
export function securityRoutes({ hub }: AppParts) {
  return newApi()
    .openapi(read, async (c) => c.json(await securityOf(hub), 200))
    .openapi(patch, async (c) => {
      await chooseSecurity(hub, c.req.valid('json'), actorOf(c.var.operator));
      return c.json(await securityOf(hub), 200);
    })
    .openapi(kept, async (c) => c.json(await retentionOf(hub), 200))
    .openapi(keep, async (c) => {
      await chooseRetention(hub, c.req.valid('json'), actorOf(c.var.operator));
      return c.json(await retentionOf(hub), 200);
    });
}
