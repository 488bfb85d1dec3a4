import { createRoute } from '@hono/zod-openapi';
import { chooseRetention, retentionOf } from '../../hub/retention.ts';
import { answers, answersNothing, body, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { chooseSecurity, securityOf } from '../security/second-factor.ts';
import { chooseSso, dropSso, ssoOf, ssoRedirectUri } from '../security/sso.ts';
import { Retention, RetentionPatch, SecurityPatch, SecuritySettings, SsoDraft, SsoSettings } from '../shapes/access.ts';

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

const sso = createRoute({
  method: 'get',
  path: '/settings/sso',
  tags,
  summary: 'The provider of OpenID Connect by which operators may sign in, without its secret',
  ...allow('admin'),
  responses: answers(SsoSettings, 'Now; its parts are null where there is none'),
});
const choose = createRoute({
  method: 'put',
  path: '/settings/sso',
  tags,
  summary: 'Let operators sign in by a provider of OpenID Connect, after it has told of itself',
  ...allow('admin', { fresh: true }),
  request: { body: body(SsoDraft) },
  responses: answers(SsoSettings, 'As it is from now on'),
});
const drop = createRoute({
  method: 'delete',
  path: '/settings/sso',
  tags,
  summary: 'Let nobody sign in by a provider any more',
  ...allow('admin', { fresh: true }),
  responses: answersNothing,
});

/** What the hub asks of its operators, and how long it keeps what. */
export function securityRoutes(parts: AppParts) {
  const { hub, publicUrl } = parts;
  const ssoNow = async () => ({ provider: await ssoOf(parts), redirectUri: ssoRedirectUri(publicUrl) });
  return newApi()
    .openapi(read, async (c) => c.json(await securityOf(hub), 200))
    .openapi(patch, async (c) => {
      await chooseSecurity(hub, c.req.valid('json'), actorOf(c.var.operator));
      return c.json(await securityOf(hub), 200);
    })
    .openapi(sso, async (c) => c.json(await ssoNow(), 200))
    .openapi(choose, async (c) => {
      const { clientSecret, ...draft } = c.req.valid('json');
      const outcome = await chooseSso(parts, { ...draft, secret: clientSecret ?? null, by: actorOf(c.var.operator) });
      if (outcome === 'no_secret') throw refusedPart('clientSecret', 'There is no secret yet.');
      if (outcome === 'no_answer') throw refusedPart('issuer', 'It does not tell of itself, under /.well-known/openid-configuration.');
      return c.json(await ssoNow(), 200);
    })
    .openapi(drop, async (c) => {
      await dropSso(parts);
      return c.body(null, 204);
    })
    .openapi(kept, async (c) => c.json(await retentionOf(hub), 200))
    .openapi(keep, async (c) => {
      await chooseRetention(hub, c.req.valid('json'), actorOf(c.var.operator));
      return c.json(await retentionOf(hub), 200);
    });
}

const refusedPart = (part: string, detail: string): Problem => new Problem(422, detail, { errors: [{ pointer: `#/${part}`, detail }] });
