import { objectScopes } from '../access/scopes.ts';
import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { notFound } from '../wire/refusal.ts';
import { type Api, type Call, demandRight, pathPart } from '../wire/requests.ts';

function typeOf(portal: Portal, c: Call): ObjectType {
  const type = portal.types.named(pathPart(c, 'type'));
  demandRight(c, objectScopes(type, 'read', c.get('version')));
  return type;
}

/** The pipelines of a type of record, with their stages. */
export function pipelineRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v3/pipelines/:type';
  api.get(path, (c) => c.json({ results: portal.pipelines.of(typeOf(portal, c)) }));
  api.get(`${path}/:id`, (c) => c.json(portal.pipelines.get(typeOf(portal, c), pathPart(c, 'id'))));
  api.get(`${path}/:id/stages`, (c) => c.json({ results: portal.pipelines.get(typeOf(portal, c), pathPart(c, 'id')).stages }));
  api.get(`${path}/:id/stages/:stage`, (c) => {
    const stage = portal.pipelines.get(typeOf(portal, c), pathPart(c, 'id')).stages.find(({ id }) => id === pathPart(c, 'stage'));
    if (stage === undefined) throw notFound();
    return c.json(stage);
  });
}
