import type { Portal } from '../portal/portal.ts';
import type { Subscriptions } from '../webhooks/subscriptions.ts';
import { Refusal } from '../wire/refusal.ts';
import { type Api, type Call, pathPart, readBody } from '../wire/requests.ts';
import { inputsOf, text } from '../wire/shapes.ts';

/** What the developer of the app signs in with; it is not a token of a portal. */
export const DEVELOPER_KEY = 'sandbox-developer-key';

function demandDeveloper(portal: Portal, c: Call): void {
  if (c.req.query('hapikey') !== DEVELOPER_KEY) {
    throw new Refusal(401, { message: 'This hapikey is not valid.', category: 'INVALID_AUTHENTICATION' });
  }
  if (pathPart(c, 'app') !== String(portal.appId)) throw new Refusal(404, { message: 'No such app', category: 'OBJECT_NOT_FOUND' });
}

/** Where an app is told of what, as its developer sets it up. */
export function webhookRoutes(api: Api, portal: Portal, subscriptions: Subscriptions): void {
  const settings = '/webhooks/v3/:app/settings';
  const path = '/webhooks/v3/:app/subscriptions';
  api.use('/webhooks/v3/:app/*', async (c, next) => {
    demandDeveloper(portal, c);
    await next();
  });
  api.get(settings, (c) => c.json(subscriptions.demandSettings()));
  api.put(settings, async (c) => c.json(subscriptions.configure(await readBody(c))));
  api.delete(settings, (c) => {
    subscriptions.stop();
    return c.body(null, 204);
  });
  api.get(path, (c) => c.json({ results: subscriptions.all() }));
  api.post(path, async (c) => c.json(subscriptions.add(await readBody(c)), 201));
  api.post(`${path}/batch/update`, async (c) => {
    const results = inputsOf(await readBody(c), 100).map(({ id, active }) => subscriptions.setActive(text(id, 'id'), active === true));
    const at = portal.now().toISOString();
    return c.json({ status: 'COMPLETE', results, startedAt: at, completedAt: at });
  });
  api.get(`${path}/:id`, (c) => c.json(subscriptions.get(pathPart(c, 'id'))));
  api.patch(`${path}/:id`, async (c) => c.json(subscriptions.setActive(pathPart(c, 'id'), (await readBody(c)).active === true)));
  api.delete(`${path}/:id`, (c) => {
    subscriptions.remove(pathPart(c, 'id'));
    return c.body(null, 204);
  });
}
