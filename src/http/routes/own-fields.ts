import { createRoute, z } from '@hono/zod-openapi';
import { causeOf } from '../../causes/cause-of.ts';
import type { HubError } from '../../contract/errors.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts, OwnFieldsFound, OwnObject } from '../parts.ts';
import { refusal } from '../refusal.ts';
import { allow } from '../security/operator.ts';
import { OwnFields, OwnFieldsWish } from '../shapes/own-fields.ts';
import { causeTold } from '../telling.ts';

const tags = ['connections'];
const show = createRoute({
  method: 'get',
  path: '/connections/{id}/own-fields',
  tags,
  summary: "Look over there how Syncline's own fields stand, and change nothing",
  ...allow('admin'),
  request: { params: ById, query: z.object({ object: z.string().max(100).optional() }) },
  responses: answers(OwnFields, 'By object: what is there, what is missing, and what stands in the way'),
});
const make = createRoute({
  method: 'post',
  path: '/connections/{id}/own-fields',
  tags,
  summary: "Make those of Syncline's own fields that are missing over there",
  ...allow('admin'),
  request: { params: ById, body: body(OwnFieldsWish) },
  responses: answers(OwnFields, 'What came of it, and how they stand now'),
});

/** The hub's own fields over there: shown, and made on request. */
export function ownFieldRoutes(parts: AppParts) {
  const nameOf = async (id: string) => found(await connectionById(parts.hub, id), 'connection').name;
  return newApi()
    .openapi(show, async (c) => {
      const { id } = c.req.valid('param');
      const name = await nameOf(id);
      return c.json(told(c, name, await acting(parts).ownFields(id, { object: c.req.valid('query').object, apply: false })), 200);
    })
    .openapi(make, async (c) => {
      const { id } = c.req.valid('param');
      const name = await nameOf(id);
      return c.json(told(c, name, await acting(parts).ownFields(id, { object: c.req.valid('json').object, apply: true })), 200);
    });
}

type Asking = Parameters<typeof causeTold>[0];

function told(c: Asking, name: string, came: OwnFieldsFound | null) {
  const known = found(came, 'connection');
  if (!known.ok) throw refusal(troubleTold(c, name, known.error));
  return { objects: known.objects.map((object) => objectTold(c, name, object)) };
}

function objectTold(c: Asking, name: string, { object, fields, lacking, error }: OwnObject) {
  return {
    object,
    fields: fields.map(({ standing, outcome, ...field }) => ({
      ...field,
      state: standing?.state ?? null,
      lacks: standing?.state === 'incomplete' ? [...standing.lacks] : [],
      reason: standing?.state === 'unfit' ? standing.reason : outcome?.done === false ? outcome.error.message : null,
      advice: standing?.state === 'unfit' ? standing.advice : null,
      outcome: outcome === null ? null : outcome.done === false ? ('failed' as const) : outcome.done,
    })),
    lacking: lacking === null ? null : [...lacking],
    trouble: error === null ? null : troubleTold(c, name, error),
  };
}

function troubleTold(c: Asking, name: string, error: HubError) {
  return { kind: error.kind, message: error.message, advice: causeTold(c, causeOf(error), name).advice };
}
