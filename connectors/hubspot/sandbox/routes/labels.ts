import { demandScope } from '../access/scopes.ts';
import { objectTypeOf } from '../portal/object-types.ts';
import type { Portal } from '../portal/portal.ts';
import { type Api, type Call, pathPart, readBody } from '../wire/requests.ts';
import { optionalText, text } from '../wire/shapes.ts';

function pairOf(portal: Portal, c: Call, right: 'read' | 'write') {
  const [from, to] = [objectTypeOf(pathPart(c, 'from')), objectTypeOf(pathPart(c, 'to'))];
  for (const { name } of [from, to])
    demandScope(portal.switches.missingScopes, `crm.schemas.${name}.${right}`, `crm.objects.${name}.${right}`);
  return { from, to };
}

/** Which kinds of ties there are between two types, and those that somebody in this portal made. */
export function labelRoutes(api: Api, portal: Portal): void {
  const path = '/crm/v4/associations/:from/:to/labels';
  const shown = ({ category, typeId, label }: { category: string; typeId: number; label: string | null }) => ({ category, typeId, label });
  api.get(path, (c) => {
    const { from, to } = pairOf(portal, c, 'read');
    return c.json({ results: portal.associations.types(from, to).map(shown) });
  });
  api.post(path, async (c) => {
    const { from, to } = pairOf(portal, c, 'write');
    const body = await readBody(c);
    const label = text(body.label, 'label');
    const inverse = optionalText(body.inverseLabel, 'inverseLabel') ?? label;
    return c.json({ results: portal.associations.defineLabel(from, to, { label, inverse }).map(shown) });
  });
  api.delete(`${path}/:typeId`, (c) => {
    const { from, to } = pairOf(portal, c, 'write');
    portal.associations.removeLabel(from, to, Number(pathPart(c, 'typeId')));
    return c.body(null, 204);
  });
}
