import { createRoute, z } from '@hono/zod-openapi';
import { causeOf } from '../../causes/cause-of.ts';
import { connectionById } from '../../hub/views/connections.ts';
import type { FieldChoicesFound } from '../../hub/views/waiting-values.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { refusal } from '../refusal.ts';
import { actorOf, allow } from '../security/operator.ts';
import { ChoicesWish, FieldChoices, LackingField } from '../shapes/choices.ts';
import { causeTold } from '../telling.ts';

const tags = ['choices'];
const list = createRoute({
  method: 'get',
  path: '/missing-choices',
  tags,
  summary: 'Values that wait because a field over there has no choice for them',
  ...allow('admin'),
  responses: answers(z.object({ items: z.array(LackingField) }), 'By field; what concerns most records first'),
});
const show = createRoute({
  method: 'get',
  path: '/connections/{id}/choices',
  tags,
  summary: 'Look over there which choices a field has, and whether more can be added; nothing is changed',
  ...allow('admin'),
  request: { params: ById, query: ChoicesWish.pick({ object: true, field: true }) },
  responses: answers(FieldChoices, 'The choices, and the values that wait for one'),
});
const add = createRoute({
  method: 'post',
  path: '/connections/{id}/choices',
  tags,
  summary: 'Add choices to a field over there, for everybody, and try again what waited for them',
  ...allow('admin', { fresh: true }),
  request: { params: ById, body: body(ChoicesWish) },
  responses: answers(FieldChoices, 'The choices that it has now, and what still waits'),
});

/** The choices of fields over there: what lacks, and adding it. */
export function choiceRoutes(parts: AppParts) {
  const nameOf = async (id: string) => found(await connectionById(parts.hub, id), 'connection').name;
  return newApi()
    .openapi(list, async (c) => {
      const fields = await acting(parts).missingChoices();
      return c.json({ items: fields.map((field) => ({ ...field, values: [...field.values] })) }, 200);
    })
    .openapi(show, async (c) => {
      const { id } = c.req.valid('param');
      const name = await nameOf(id);
      return c.json(told(c, name, await acting(parts).fieldChoices(id, c.req.valid('query'))), 200);
    })
    .openapi(add, async (c) => {
      const { id } = c.req.valid('param');
      const name = await nameOf(id);
      const wish = { ...c.req.valid('json'), actor: actorOf(c.var.operator) };
      return c.json(told(c, name, await acting(parts).fieldChoices(id, wish)), 200);
    });
}

function told(c: Parameters<typeof causeTold>[0], name: string, came: FieldChoicesFound | null) {
  const known = found(came, 'connection');
  if (known.ok) return { ...known.found, choices: [...known.found.choices], values: [...known.found.values] };
  const { kind, message } = known.error;
  throw refusal({ kind, message, advice: causeTold(c, causeOf(known.error), name).advice });
}
