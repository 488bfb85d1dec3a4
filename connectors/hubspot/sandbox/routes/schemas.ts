import type { Portal } from '../portal/portal.ts';
import type { CustomObject, CustomObjects } from '../schema/custom-objects.ts';
import { invalid } from '../wire/refusal.ts';
import { type Api, type Call, demandRight, pathPart, readBody } from '../wire/requests.ts';
import { type Shape, text } from '../wire/shapes.ts';

function show(portal: Portal, { type, associatedObjects, ...one }: CustomObject): Shape {
  const kinds = associatedObjects.flatMap((to) => [...portal.associations.types(type, to), ...portal.associations.types(to, type)]);
  const idOf = (name: string) => portal.types.find(name)?.typeId ?? name;
  return {
    ...one,
    id: type.typeId.replace('2-', ''),
    objectTypeId: type.typeId,
    fullyQualifiedName: type.alias,
    name: type.name,
    requiredProperties: type.needs.allOf,
    properties: portal.table(type).schema.list(false),
    associations: kinds.map(({ typeId, from, to }) => ({
      id: String(typeId),
      fromObjectTypeId: idOf(from),
      toObjectTypeId: idOf(to),
      name: `${from}_to_${to}`,
    })),
  };
}

/** The kinds of records that a portal makes up for itself. */
export function schemaRoutes(api: Api, portal: Portal, custom: CustomObjects): void {
  const path = '/crm-object-schemas/v3/schemas';
  const demand = (c: Call, right: 'read' | 'write') => demandRight(c, [`crm.schemas.custom.${right}`]);
  api.get(path, (c) => {
    demand(c, 'read');
    return c.json({ results: custom.list(c.req.query('archived') === 'true').map((one) => show(portal, one)) });
  });
  api.post(path, async (c) => {
    demand(c, 'write');
    return c.json(show(portal, custom.define(await readBody(c))), 201);
  });
  api.get(`${path}/:word`, (c) => {
    demand(c, 'read');
    return c.json(show(portal, custom.get(pathPart(c, 'word'))));
  });
  api.patch(`${path}/:word`, async (c) => {
    demand(c, 'write');
    const { properties, associations, ...changed } = show(portal, custom.change(pathPart(c, 'word'), await readBody(c)));
    return c.json(changed);
  });
  api.delete(`${path}/:word`, (c) => {
    demand(c, 'write');
    custom.remove(pathPart(c, 'word'), c.req.query('archived') === 'true');
    return c.body(null, 204);
  });
  api.post(`${path}/:word/associations`, async (c) => {
    demand(c, 'write');
    const { fromObjectTypeId, toObjectTypeId, name } = await readBody(c);
    if (portal.types.named(text(fromObjectTypeId, 'fromObjectTypeId')) !== custom.get(pathPart(c, 'word')).type) {
      throw invalid('fromObjectTypeId must be the object of the path');
    }
    const to = portal.types.named(text(toObjectTypeId, 'toObjectTypeId'));
    const [made] = custom.allow(pathPart(c, 'word'), to);
    return c.json({ id: String(made?.typeId), fromObjectTypeId, toObjectTypeId: to.typeId, name: name ?? null }, 201);
  });
}
