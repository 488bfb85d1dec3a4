import { createRoute, z } from '@hono/zod-openapi';
import { causeOf } from '../../causes/cause-of.ts';
import { CAUSE_IDS, isCauseId } from '../../causes/causes.ts';
import { readSignIn } from '../../hub/access/sign-ins.ts';
import { countTry } from '../../hub/access/tries.ts';
import { checkSignIn } from '../connecting/draft.ts';
import { sessionOf } from '../connecting/oauth-callback.ts';
import { redirectUriOf } from '../connecting/redirect-uri.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, makes, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { refusal } from '../refusal.ts';
import { actorOf, allow } from '../security/operator.ts';
import { SaidCause } from '../shapes/common.ts';
import { BegunSignIn, SignIn, SignInDraft } from '../shapes/sign-ins.ts';
import { causeTold, tellTried } from '../telling.ts';

const tags = ['connections'];
const MOST_STARTS = { most: 20, windowS: 600 };
const begin = createRoute({
  method: 'post',
  path: '/sign-ins',
  tags,
  summary: 'Begin to sign in at a vendor in this browser, to connect or to reconnect',
  ...allow('admin'),
  request: { body: body(SignInDraft) },
  responses: makes(BegunSignIn, 'Where to go; the way back leads to /oauth/callback, once, within 15 minutes, and in this session alone'),
});
const read = createRoute({
  method: 'get',
  path: '/sign-ins/{id}',
  tags,
  summary: 'What came of a sign-in',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(SignIn, 'The connection, or why there is none'),
});
const cause = createRoute({
  method: 'get',
  path: '/causes/{cause}',
  tags: ['failures'],
  summary: 'What a cause means, and what to do about it',
  ...allow('viewer'),
  request: {
    params: z.object({ cause: z.enum(CAUSE_IDS as [string, ...string[]]) }),
    query: z.object({ system: z.string().max(100).optional() }),
  },
  responses: answers(SaidCause, 'The cause, in the language that is asked for'),
});

/** Signing in at vendors by OAuth 2: begun here, with a session and from the page alone, and ended by the way back. */
export function signInRoutes(parts: AppParts) {
  const { hub, connectors, publicUrl } = parts;
  return newApi()
    .openapi(begin, async (c) => {
      const { objects, provision, ...draft } = c.req.valid('json');
      const session = await sessionOf(parts, c.req.raw.headers);
      if (session === null || c.var.operator.via === 'key')
        throw new Problem(422, 'An API key has no browser. Sign in on the page, or use: syncline connect --oauth');
      checkSignIn(connectors, draft);
      if (!(await countTry(hub, `sign-in ${c.var.operator.id}`, MOST_STARTS)))
        throw new Problem(429, 'You have begun many sign-ins. Wait ten minutes.', { headers: { 'retry-after': '600' } });
      const begun = await acting(parts).beginSignIn(
        { draft, objects, provision, redirectUri: redirectUriOf(publicUrl), binding: { session: session.id } },
        actorOf(c.var.operator),
      );
      if (!begun.ok) throw refusal(tellTried(c, draft.name, begun));
      const { id, link, scopes } = begun;
      return c.json({ id, link, scopes: [...scopes] }, 201);
    })
    .openapi(read, async (c) => {
      const signIn = found(await readSignIn(hub, c.req.valid('param').id), 'sign-in');
      const { id, connector, name, outcome, over } = signIn;
      const about = { id, connector, name };
      if (outcome === null)
        return c.json(
          {
            ...about,
            state: over ? ('failed' as const) : ('waiting' as const),
            connectionId: null,
            account: null,
            lacking: [],
            message: null,
            cause: over ? causeTold(c, 'sign_in_expired', name) : null,
          },
          200,
        );
      if (outcome.ok) {
        const { connectionId, account, lacking } = outcome;
        return c.json({ ...about, state: 'done' as const, connectionId, account, lacking: [...lacking], message: null, cause: null }, 200);
      }
      const why = causeOf({ kind: outcome.kind, ...(outcome.code === null ? {} : { code: outcome.code }) });
      return c.json(
        {
          ...about,
          state: 'failed' as const,
          connectionId: null,
          account: null,
          lacking: [],
          message: outcome.message,
          cause: causeTold(c, why, name),
        },
        200,
      );
    })
    .openapi(cause, (c) => {
      const { cause: id } = c.req.valid('param');
      if (!isCauseId(id)) throw new Problem(404, 'There is no such cause.');
      return c.json(causeTold(c, id, c.req.valid('query').system), 200);
    });
}
