import type { Context, Hono } from 'hono';
import { callOut } from '../../../../src/sandbox/outside.ts';
import type { Account } from '../account.ts';
import { badBody } from '../wire/refusal.ts';
import { pageOf, pathPart, readBody } from '../wire/requests.ts';
import { optionalTruth, type Shape } from '../wire/shapes.ts';
import { readWebhook, type Webhook, type WebhookGiven } from './webhooks.ts';

const bodyOf = ({ name, eventType, objectType, objectIds, url, authorization, verifySsl }: WebhookGiven): Shape => ({
  name,
  event_type: eventType,
  ...(objectType === null ? {} : { object_type: objectType, object_ids: objectIds }),
  subscription_url: url,
  ...(authorization === null ? {} : { authorization }),
  verify_ssl: verifySsl,
});

/** Registering webhooks: the address has to answer before it is taken. */
export function webhookRoutes(api: Hono, account: Account): void {
  const { world, surveys, collectors, webhooks, rights } = account;
  const [mayRead, mayWrite] = [rights('webhooks_read'), rights('webhooks_write')];
  const shown = (webhook: Webhook): Shape => ({ id: webhook.id, ...bodyOf(webhook), href: world.href(`/webhooks/${webhook.id}`) });
  const webhookIn = (c: Context): Webhook => webhooks.get(pathPart(c, 'webhook'));
  const demand = async (given: WebhookGiven, body: Shape, except?: string): Promise<void> => {
    const missing = given.objectIds.find((id) => !exists(given, id));
    if (missing !== undefined) throw badBody(`There is no ${given.objectType} ${missing}.`);
    webhooks.demandFreeUrl(given.url, except);
    if (optionalTruth(body.bypass_ping, 'bypass_ping') === true) return;
    const answer = await callOut(given.url, { method: 'HEAD', timeoutMs: world.switches.webhookTimeoutMs });
    if (!('status' in answer) || answer.status !== 200) throw badBody('subscription_url does not answer a HEAD request with 200.');
  };
  const exists = ({ objectType }: WebhookGiven, id: string): boolean =>
    objectType === 'survey'
      ? surveys.all().some((survey) => survey.id === id)
      : surveys.all().some((survey) => collectors.of(survey.id).some((collector) => collector.id === id));
  api.get('/webhooks', mayRead, (c) => {
    const row = (webhook: Webhook): Shape => ({ id: webhook.id, name: webhook.name, href: world.href(`/webhooks/${webhook.id}`) });
    return pageOf(c, world, { items: webhooks.all(), render: row });
  });
  api.post('/webhooks', mayWrite, async (c) => {
    const body = await readBody(c);
    const given = readWebhook(body);
    await demand(given, body);
    return c.json(shown(webhooks.add(given)), 201);
  });
  api.get('/webhooks/:webhook', mayRead, (c) => c.json(shown(webhookIn(c))));
  for (const method of ['PATCH', 'PUT'] as const) {
    api.on(method, '/webhooks/:webhook', mayWrite, async (c) => {
      const before = webhookIn(c);
      const body = { ...(method === 'PATCH' ? bodyOf(before) : {}), ...(await readBody(c)) };
      const given = readWebhook(body);
      await demand(given, body, before.id);
      return c.json(shown(webhooks.replace(before.id, given)));
    });
  }
  api.delete('/webhooks/:webhook', mayWrite, (c) => {
    webhooks.remove(webhookIn(c).id);
    return c.body(null, 204);
  });
}
