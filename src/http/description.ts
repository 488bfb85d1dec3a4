import type { OpenAPIHono } from '@hono/zod-openapi';
import { Scalar } from '@scalar/hono-api-reference';
import { Hono } from 'hono';
import { must } from '../kernel/must.ts';
import { READER, READER_PATH } from './headers.ts';
import type { AppParts } from './parts.ts';
import { type Env, operatorsOrLoopback } from './security/operator.ts';
import { Problem } from './shapes/common.ts';

const ABOUT = {
  openapi: '3.1.0',
  info: {
    title: 'Syncline',
    version: '1',
    description:
      'Everything that the settings page does. Sign in, or send `Authorization: Bearer <API key>`. Lists are paged by cursor; a POST with an `Idempotency-Key` can be sent again. Every error is a problem (RFC 9457).',
  },
};

type Described = Pick<OpenAPIHono<Env>, 'openAPIRegistry' | 'getOpenAPI31Document'>;

/** The description of the API, and a page to read it with; for operators and for this machine. */
export function descriptionRoutes(parts: AppParts, api: Described) {
  const guard = operatorsOrLoopback(parts);
  let document: ReturnType<typeof describe> | undefined;
  return new Hono()
    .get('/api/openapi.json', guard, (c) => {
      document ??= describe(api);
      return c.json(document);
    })
    .get(READER_PATH, guard, (c, next) => {
      const nonce: string = must<string>(c.get('secureHeadersNonce'), 'the nonce of this answer');
      return Scalar({ url: '/api/openapi.json', cdn: READER, nonce, pageTitle: 'Syncline API' })(c, next);
    });
}

/** The OpenAPI document, with the problem that any route may answer. */
export function describe(api: Described) {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'syncline.session_token' });
  api.openAPIRegistry.register('Problem', Problem);
  const document = api.getOpenAPI31Document({ ...ABOUT, security: [{ key: [] }, { session: [] }] });
  const problem = {
    description: 'What is wrong',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const key = { name: 'Idempotency-Key', in: 'header' as const, required: false, schema: { type: 'string' as const, maxLength: 200 } };
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of [path.get, path.post, path.patch, path.delete])
      if (operation !== undefined) operation.responses = { ...operation.responses, default: problem };
    if (path.post !== undefined) path.post.parameters = [...(path.post.parameters ?? []), key];
  }
  return document;
}
