import { randomBytes } from 'node:crypto';
import { createRoute, type z } from '@hono/zod-openapi';
import { endSubscription, wantSubscription } from '../../hub/connections/subscriptions.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { webhookOf } from '../../hub/views/webhooks.ts';
import { ById } from '../listing.ts';
import { answers, answersNothing, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { allow } from '../security/operator.ts';
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
      await accept(parts, id, c.req.valid('json'));
      return c.json(await show(id), 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      await check(id);
      await parts.vault.storeWebhookSecret(id, null);
      await endSubscription(parts.hub, id);
      await parts.nudge({ name: 'tend', connectionId: id });
      return c.body(null, 204);
    });
}

/** Takes the secret that was given, or makes one up where the vendor takes any; and asks the vendor for webhooks where that was wished. */
async function accept(parts: AppParts, id: string, { secret, subscribe }: z.infer<typeof WebhookSecret>): Promise<void> {
  const { connector } = found(await connectionById(parts.hub, id), 'connection');
  const traits = parts.connectors.get(connector)?.manifest.webhooks;
  const isSet = (await parts.vault.webhookSecret(id)) !== null;
  const made = traits?.secret.byHub === true && !isSet ? randomBytes(24).toString('base64url') : undefined;
  const taken = secret ?? made;
  if (taken === undefined && !isSet) throw refusedSecret('What the webhooks are signed with has to be said.');
  if (subscribe === true && traits?.subscribe !== 'api') throw refusedSecret('Over there people have to subscribe by hand.');
  if (taken !== undefined) await parts.vault.storeWebhookSecret(id, taken);
  if (subscribe !== true) return;
  await wantSubscription(parts.hub, id, webhookAddress(parts.publicUrl, id));
  await parts.nudge({ name: 'tend', connectionId: id });
}

const refusedSecret = (detail: string): Problem => new Problem(422, detail, { errors: [{ pointer: '#/secret', detail }] });
