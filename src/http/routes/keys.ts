import { createRoute } from '@hono/zod-openapi';
import { sliceOf } from '../../hub/views/slice.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { answers, answersNothing, body, makes, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { API_KEY_COLUMNS, type ApiKeyRow, createApiKey } from '../security/access.ts';
import { actorOf, allow } from '../security/operator.ts';
import { ApiKey, ApiKeyDraft, ApiKeyMade } from '../shapes/access.ts';
import { listOf } from '../shapes/common.ts';

const tags = ['access'];
const list = createRoute({
  method: 'get',
  path: '/api-keys',
  tags,
  summary: 'API keys, without their secrets',
  ...allow('admin'),
  request: { query: Listing },
  responses: answers(listOf(ApiKey), 'The newest first'),
});
const make = createRoute({
  method: 'post',
  path: '/api-keys',
  tags,
  summary: 'Make an API key; its secret is shown this once',
  ...allow('admin', { fresh: true }),
  request: { body: body(ApiKeyDraft) },
  responses: makes(ApiKeyMade, 'The key'),
});
const remove = createRoute({
  method: 'delete',
  path: '/api-keys/{id}',
  tags,
  summary: 'Revoke an API key',
  ...allow('admin'),
  request: { params: ById },
  responses: answersNothing,
});

/** API keys: made, listed, and revoked. */
export function keyRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(list, async (c) => {
      const page = afterOf('api-keys', c.req.valid('query'));
      let query = hub
        .selectFrom('api_key')
        .select(API_KEY_COLUMNS)
        .orderBy('id', 'desc')
        .limit(page.limit + 1);
      if (page.after !== null) query = query.where('id', '<', page.after);
      const { items, last } = sliceOf(await query.execute(), page.limit);
      return c.json(listed('api-keys', { items: items.map(keyView), last }), 200);
    })
    .openapi(make, async (c) => {
      const { name, role, expiresAt } = c.req.valid('json');
      if (expiresAt != null && Date.parse(expiresAt) <= parts.clock.now().getTime())
        throw new Problem(422, 'A key cannot have run out before it is made.', {
          errors: [{ pointer: '#/expiresAt', detail: 'Choose a time that is still to come.' }],
        });
      const made = await createApiKey(hub, { name, role, expiresAt: expiresAt ?? null, createdBy: actorOf(c.var.operator) });
      return c.json({ ...keyView(made), secret: made.secret }, 201);
    })
    .openapi(remove, async (c) => {
      const { numDeletedRows } = await hub.deleteFrom('api_key').where('id', '=', c.req.valid('param').id).executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw new Problem(404, 'There is no such API key.');
      return c.body(null, 204);
    });
}

function keyView(row: ApiKeyRow) {
  const { id, name, role, hint } = row;
  const times = {
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
  return { id, name, role, hint, createdBy: row.created_by, ...times };
}
