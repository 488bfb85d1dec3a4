import { createRoute } from '@hono/zod-openapi';
import { connectionById } from '../../hub/views/connections.ts';
import { webhookOf } from '../../hub/views/webhooks.ts';
import { ById } from '../listing.ts';
import { answers, answersNothing, body, found, newApi } from '../operation.ts';
import { allow } from '../operator.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { Webhook, WebhookSecret } from '../shapes/connections.ts';
import { webhookAddress } from '../webhooks/receive.ts';

const tags = ['connections'];
const path = '/connections/{id}/webhook';
const read = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'Where a system sends its webhooks, and what became of them',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(Webhook, 'The address, and the last 24 hours'),
});
const put = createRoute({
  method: 'put',
  path,
  tags,
  summary: 'Say what the webhooks of a system are signed with',
  ...allow('admin'),
  request: { params: ById, body: body(WebhookSecret) },
  responses: answers(Webhook, 'The address to enter over there'),
});
const remove = createRoute({
  method: 'delete',
  path,
  tags,
  summary: 'Accept no webhooks of a system any more',
  ...allow('admin'),
  request: { params: ById },
  responses: answersNothing,
});

/** Webhooks of a connection: accepted once it is known what they are signed with. The secret is never shown again. */
export function webhookSecretRoutes(parts: AppParts) {
  const check = async (id: string): Promise<void> => {
    const { connector } = found(await connectionById(parts.hub, id), 'connection');
    if (parts.connectors.get(connector)?.manifest.webhooks === undefined)
      throw new Problem(422, 'This system tells nothing by itself, or nothing that Syncline can read: it is asked at its rhythm.');
  };
  const show = async (id: string) => ({ address: webhookAddress(parts.publicUrl, id), ...(await webhookOf(parts.hub, id)) });
  return newApi()
    .openapi(read, async (c) => {
      const { id } = c.req.valid('param');
      await check(id);
      return c.json(await show(id), 200);
    })
    .openapi(put, async (c) => {
      const { id } = c.req.valid('param');
      await check(id);
      await parts.vault.storeWebhookSecret(id, c.req.valid('json').secret);
      return c.json(await show(id), 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      await check(id);
      await parts.vault.storeWebhookSecret(id, null);
      return c.body(null, 204);
    });
}
