import { type Guards, openFront } from './front/front.ts';
import type { Portal } from './portal/portal.ts';
import { accountRoutes } from './routes/account.ts';
import { associationRoutes } from './routes/associations.ts';
import { batchRoutes } from './routes/batches.ts';
import { labelRoutes } from './routes/labels.ts';
import { objectRoutes } from './routes/objects.ts';
import { ownerRoutes } from './routes/owners.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { propertyRoutes } from './routes/properties.ts';
import type { Api } from './wire/requests.ts';

/** The whole API of a portal. */
export function openApi(portal: Portal, guards: Guards): Api {
  const api = openFront(portal, guards);
  objectRoutes(api, portal);
  batchRoutes(api, portal);
  associationRoutes(api, portal);
  labelRoutes(api, portal);
  propertyRoutes(api, portal);
  ownerRoutes(api, portal);
  pipelineRoutes(api, portal);
  accountRoutes(api, portal, guards.limits);
  return api;
}
