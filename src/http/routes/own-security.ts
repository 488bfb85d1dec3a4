import { createRoute, z } from '@hono/zod-openapi';
import { isAPIError } from 'better-auth/api';
import type { Context } from 'hono';
import { countTry } from '../../hub/access/tries.ts';
import { answers, answersNothing, body, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { allow, type Env } from '../security/operator.ts';
import { passwordHashOf } from '../security/operators.ts';
import { confirmSession, endSessions, sessionsOf } from '../security/sessions.ts';
import { Confirmation, OwnSession } from '../shapes/access.ts';

const tags = ['session'];
const TRIES = { most: 10, windowS: 60 };

const list = createRoute({
  method: 'get',
  path: '/me/sessions',
  tags,
  summary: 'Where you are signed in',
  ...allow('viewer'),
  responses: answers(z.object({ items: z.array(OwnSession) }), 'The latest first'),
});
const endOthers = createRoute({
  method: 'delete',
  path: '/me/sessions',
  tags,
  summary: 'Sign out everywhere but here',
  ...allow('viewer'),
  responses: answersNothing,
});
const endOne = createRoute({
  method: 'delete',
  path: '/me/sessions/{id}',
  tags,
  summary: 'End one of your sessions, at once',
  ...allow('viewer'),
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: answersNothing,
});
const confirm = createRoute({
  method: 'post',
  path: '/me/confirm',
  tags,
  summary: 'Prove once more that it is you, as some acts ask for when the sign-in is older than a quarter of an hour',
  ...allow('viewer'),
  request: { body: body(Confirmation) },
  responses: answersNothing,
});

/** The sessions of who asks, and proving who that is. */
export function ownSecurityRoutes(parts: AppParts) {
  const { hub } = parts;
  const own = (c: Context<Env>) => {
    const { id, session } = c.var.operator;
    if (session === null) throw new Problem(422, 'An API key has no session.');
    return { operatorId: id, sessionId: session.id };
  };
  return newApi()
    .openapi(list, async (c) => {
      const { operatorId, sessionId } = own(c);
      const items = (await sessionsOf(hub, operatorId)).map((session) => ({ ...session, isThis: session.id === sessionId }));
      return c.json({ items }, 200);
    })
    .openapi(endOthers, async (c) => {
      const { operatorId, sessionId } = own(c);
      await endSessions(hub, operatorId, { but: sessionId });
      return c.body(null, 204);
    })
    .openapi(endOne, async (c) => {
      if ((await endSessions(hub, own(c).operatorId, { only: c.req.valid('param').id })) === 0)
        throw new Problem(404, 'There is no such session.');
      return c.body(null, 204);
    })
    .openapi(confirm, async (c) => {
      const { operatorId, sessionId } = own(c);
      if (!(await countTry(hub, `confirm:${operatorId}`, TRIES)))
        throw new Problem(429, 'That was tried too often. Wait a minute.', { headers: { 'retry-after': String(TRIES.windowS) } });
      const shown = c.req.valid('json');
      const isTrue =
        'password' in shown ? await hasPassword(parts, operatorId, shown.password) : await hasCode(parts, c.req.raw.headers, shown.code);
      if (!isTrue) throw new Problem(422, 'That is not right.', { more: { code: 'not_confirmed' } });
      await confirmSession(hub, sessionId);
      return c.body(null, 204);
    });
}

async function hasPassword({ hub, auth }: AppParts, operatorId: string, password: string): Promise<boolean> {
  const hash = await passwordHashOf(hub, operatorId);
  return hash !== null && (await auth.$context).password.verify({ hash, password });
}

async function hasCode({ auth }: AppParts, headers: Headers, code: string): Promise<boolean> {
  try {
    await auth.api.verifyTOTP({ body: { code }, headers });
    return true;
  } catch (error) {
    if (isAPIError(error)) return false;
    throw error;
  }
}
