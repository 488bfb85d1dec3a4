import { Hono } from 'hono';
import { readTrouble } from '../../../../src/sandbox/page/troubles.ts';
import type { Portal } from '../portal/portal.ts';
import { array, object, optionalText, text } from '../wire/shapes.ts';
import type { Hands } from './hands.ts';

/** What happens to the portal as a whole: time, noise, troubles, webhooks, people coming and going. */
export function portalCalls(portal: Portal, hands: Hands): Hono {
  const calls = new Hono();
  calls.get('/state', (c) =>
    c.json({
      now: portal.now().toISOString(),
      objects: Object.fromEntries(portal.types.all().map((type) => [type.name, portal.table(type).records.count()])),
      requests: hands.requests.total,
      troubles: hands.troubles.all(),
      webhooks: hands.webhooks.counts(),
    }),
  );
  calls.post('/clock', async (c) => {
    hands.wind(Number(object(await c.req.json(), 'the body').ms));
    return c.json({ now: portal.now().toISOString() });
  });
  calls.post('/noise', async (c) => {
    const { kind, count } = object(await c.req.json(), 'the body');
    return c.json({ moved: hands.noise(text(kind, 'kind'), Number(count)) });
  });
  calls.get('/troubles', (c) => c.json({ results: hands.troubles.all() }));
  calls.post('/troubles', async (c) => c.json(hands.troubles.start(readTrouble(await c.req.json())), 201));
  calls.delete('/troubles', (c) => {
    hands.troubles.end();
    return c.body(null, 204);
  });
  calls.get('/requests', (c) => c.json({ total: hands.requests.total, counts: hands.requests.counts(), last: hands.requests.last() }));
  calls.delete('/requests', (c) => {
    hands.requests.forget();
    return c.body(null, 204);
  });
  calls.post('/owners', async (c) => {
    const { email, firstName, lastName } = object(await c.req.json(), 'the body');
    const owner = { email: text(email, 'email'), firstName: text(firstName, 'firstName'), lastName: text(lastName, 'lastName') };
    return c.json({ id: hands.owners.add(owner) }, 201);
  });
  for (const [act, archived] of [['archive', true] as const, ['restore', false] as const]) {
    calls.post(`/owners/:id/${act}`, (c) => {
      hands.owners.setArchived(c.req.param('id') ?? '', archived);
      return c.body(null, 204);
    });
  }
  calls.post('/exports/:id/cancel', (c) => {
    hands.cancelExport(c.req.param('id'));
    return c.body(null, 204);
  });
  webhookCalls(calls, hands);
  return calls;
}

function webhookCalls(calls: Hono, { webhooks }: Hands): void {
  calls.get('/webhooks', (c) => c.json({ ...webhooks.counts(), log: webhooks.log() }));
  calls.post('/webhooks', async (c) => {
    const { targetUrl, maxConcurrentRequests, subscriptions } = object(await c.req.json(), 'the body');
    webhooks.configure(text(targetUrl, 'targetUrl'), typeof maxConcurrentRequests === 'number' ? maxConcurrentRequests : undefined);
    const ids = array(subscriptions ?? [], 'subscriptions').map((raw) => {
      const { eventType, propertyName, objectTypeId } = object(raw, 'subscriptions[]');
      const [name, typeId] = [optionalText(propertyName, 'propertyName'), optionalText(objectTypeId, 'objectTypeId')];
      const ways = { ...(name === undefined ? {} : { propertyName: name }), ...(typeId === undefined ? {} : { objectTypeId: typeId }) };
      return webhooks.subscribe(text(eventType, 'eventType'), ways);
    });
    return c.json({ subscriptions: ids }, 201);
  });
  calls.post('/webhooks/deliver', async (c) => {
    await webhooks.deliver();
    return c.json(webhooks.counts());
  });
}
