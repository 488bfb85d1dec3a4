import { createRoute } from '@hono/zod-openapi';
import { languageOf } from '../../causes/languages.ts';
import { objectsTogether } from '../../mapping/mappings.ts';
import { manifestIn } from '../connecting/manifest-in.ts';
import { redirectUriOf } from '../connecting/redirect-uri.ts';
import { answers, answersNothing, body, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { allow, type Operator } from '../security/operator.ts';
import { hasPassword, prefer, preferencesOf, setFirstPassword } from '../security/operators.ts';
import { twoFactorOf } from '../security/second-factor.ts';
import { FirstPassword, Me, MePatch } from '../shapes/access.ts';
import { listOf } from '../shapes/common.ts';
import { ConnectorCard } from '../shapes/connectors.ts';

const me = createRoute({
  method: 'get',
  path: '/me',
  tags: ['session'],
  summary: 'Who asks',
  ...allow('viewer'),
  responses: answers(Me, 'The operator or key'),
});
const patch = createRoute({
  method: 'patch',
  path: '/me',
  tags: ['session'],
  summary: 'Choose the language and the time zone that the page speaks to you in',
  ...allow('viewer'),
  request: { body: body(MePatch) },
  responses: answers(Me, 'The operator as it is now'),
});
const password = createRoute({
  method: 'post',
  path: '/me/password',
  tags: ['session'],
  summary: 'Choose a password, after coming in by a link',
  ...allow('viewer', { fresh: true }),
  request: { body: body(FirstPassword) },
  responses: answersNothing,
});
const connectors = createRoute({
  method: 'get',
  path: '/connectors',
  tags: ['connections'],
  summary: 'The systems that can be connected, and what each asks for',
  ...allow('viewer'),
  responses: answers(listOf(ConnectorCard), 'All connectors'),
});

/** Who asks, and what there is to connect. */
export function sessionRoutes(parts: AppParts) {
  const read = async (operator: Operator) => {
    const { session: _, ...who } = operator;
    if (operator.via === 'key')
      return { ...who, hasPassword: false, hasTwoFactor: false, needsTwoFactor: false, language: null, timeZone: null };
    const [factor, preferences] = [await twoFactorOf(parts.hub, operator.id), await preferencesOf(parts.hub, operator.id)];
    return { ...who, hasPassword: await hasPassword(parts.hub, operator.id), ...factor, ...preferences };
  };
  return newApi()
    .openapi(me, async (c) => c.json(await read(c.var.operator), 200))
    .openapi(patch, async (c) => {
      const operator = c.var.operator;
      if (operator.via === 'key') throw new Problem(422, 'An API key has no language.');
      await prefer(parts.hub, operator.id, c.req.valid('json'));
      return c.json(await read(operator), 200);
    })
    .openapi(password, async (c) => {
      const operator = c.var.operator;
      if (operator.via === 'key') throw new Problem(403, 'An API key has no password.');
      const context = await parts.auth.$context;
      const hash = await context.password.hash(c.req.valid('json').password);
      if (!(await setFirstPassword(parts.hub, operator.id, hash)))
        throw new Problem(409, 'You have a password. Change it with the one that you have.');
      return c.body(null, 204);
    })
    .openapi(connectors, (c) => {
      const redirectUri = redirectUriOf(parts.publicUrl);
      return c.json(
        {
          items: [...parts.connectors.values()].map(({ manifest }) => ({
            ...manifestIn(manifest, languageOf(c.req.header('accept-language'))),
            redirectUri,
            together: [...objectsTogether(parts.mappings(), { connector: manifest.id, name: manifest.id })],
          })),
          next: null,
        },
        200,
      );
    });
}
