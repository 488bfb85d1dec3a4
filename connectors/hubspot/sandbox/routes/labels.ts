import { objectScopes, type Right, schemaScopes } from '../access/scopes.ts';
import type { ObjectType } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import type { AssociationType } from '../ties/association-types.ts';
import { type Api, type Call, demandRight, pathPart, readBody } from '../wire/requests.ts';
import { optionalText, text } from '../wire/shapes.ts';

function pairOf(portal: Portal, c: Call, right: Right): readonly [ObjectType, ObjectType] {
  const pair = [portal.types.named(pathPart(c, 'from')), portal.types.named(pathPart(c, 'to'))] as const;
  const version = c.get('version');
  for (const type of pair) demandRight(c, [...schemaScopes(type, right, version), ...objectScopes(type, right, version)]);
  return pair;
}

const shown = ({ category, typeId, label }: AssociationType) => ({ category, typeId, label });

/** Which kinds of ties there are between two types, and those that somebody in this portal made. */
export function labelRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v4/associations/:from/:to/labels';
  api.get(path, (c) => {
    const [from, to] = pairOf(portal, c, 'read');
    return c.json({ results: portal.associations.types(from, to).map(shown) });
  });
  api.post(path, async (c) => {
    const [from, to] = pairOf(portal, c, 'write');
    const body = await readBody(c);
    const label = text(body.label, 'label');
    text(body.name, 'name');
    const inverse = optionalText(body.inverseLabel, 'inverseLabel') ?? label;
    return c.json({ results: portal.associations.defineLabel(from, to, { label, inverse }).map(shown) });
  });
  api.put(path, async (c) => {
    const [from, to] = pairOf(portal, c, 'write');
    const body = await readBody(c);
    const typeId = Number(text(body.associationTypeId, 'associationTypeId'));
    const inverse = optionalText(body.inverseLabel, 'inverseLabel');
    portal.associations.renameLabel(from, to, { typeId, label: text(body.label, 'label'), ...(inverse === undefined ? {} : { inverse }) });
    return c.body(null, 204);
  });
  api.delete(`${path}/:typeId`, (c) => {
    const [from, to] = pairOf(portal, c, 'write');
    portal.associations.removeLabel(from, to, Number(pathPart(c, 'typeId')));
    return c.body(null, 204);
  });
}
