import { openFront } from './front/front.ts';
import type { Rooms } from './house.ts';
import type { Portal } from './portal/portal.ts';
import { accountRoutes } from './routes/account.ts';
import { associationBatchRoutes } from './routes/association-batches.ts';
import { associationRoutes } from './routes/associations.ts';
import { batchRoutes } from './routes/batches.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { importRoutes } from './routes/imports.ts';
import { labelRoutes } from './routes/labels.ts';
import { listRoutes } from './routes/lists.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { objectRoutes } from './routes/objects.ts';
import { ownerRoutes } from './routes/owners.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { propertyRoutes } from './routes/properties.ts';
import { schemaRoutes } from './routes/schemas.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import type { Api } from './wire/requests.ts';

/** The whole API of a portal. */
export function openApi(portal: Portal, rooms: Rooms): Api {
  const api = openFront(portal, rooms);
  // What a file import does is done as its time comes, whoever asks for what.
  api.use(async (_c, next) => {
    rooms.imports.advance();
    await next();
  });
  oauthRoutes(api, portal, rooms);
  objectRoutes(api, portal);
  batchRoutes(api, portal);
  associationRoutes(api, portal);
  associationBatchRoutes(api, portal);
  labelRoutes(api, portal);
  propertyRoutes(api, portal);
  schemaRoutes(api, portal, rooms.custom);
  ownerRoutes(api, portal);
  pipelineRoutes(api, portal);
  listRoutes(api, portal, rooms.lists);
  exportRoutes(api, portal, rooms.exports);
  importRoutes(api, portal, rooms.imports);
  eventRoutes(api, portal);
  webhookRoutes(api, portal, rooms.subscriptions);
  accountRoutes(api, portal, rooms.limits);
  return api;
}
