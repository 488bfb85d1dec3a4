import { createRoute, z } from '@hono/zod-openapi';
import { recordById } from '../../hub/views/records.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { type TimelineEntry as Entry, TIMELINE_KINDS, timelineOf } from '../../hub/views/timeline.ts';
import { ById, Listing, listedByMoment, momentOf } from '../listing.ts';
import { answers, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { allow } from '../security/operator.ts';
import { modelBehind, type Veil, veilChange, veilFor, veilResponses, withoutKeys } from '../security/veil.ts';
import { listOf } from '../shapes/common.ts';
import { TimelineEntry } from '../shapes/timeline.ts';

const DEFAULT_LIMIT = 30;
const timeline = createRoute({
  method: 'get',
  path: '/records/{id}/timeline',
  tags: ['records'],
  summary: 'All that happened around a record: changes, survey responses, and activities',
  ...allow('viewer', { shows: 'record' }),
  request: {
    params: ById,
    query: Listing.extend({
      kind: z.enum(TIMELINE_KINDS).optional().openapi({ description: 'Only what is of this kind.' }),
      until: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Only what had happened by then.' }),
    }),
  },
  responses: answers(listOf(TimelineEntry), 'The newest first'),
});

/** The timeline of a record. */
export function timelineRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi().openapi(timeline, async (c) => {
    const { id } = c.req.valid('param');
    const { kind, until, limit = DEFAULT_LIMIT, cursor } = c.req.valid('query');
    const { model } = parts.mappings();
    const veil = veilFor(c.var.operator.role, model);
    const around = { model: modelBehind(veil, model), systems: await systemsById(hub) };
    found(await recordById(hub, model, around.systems, id), 'record');
    const wanted = { recordId: id, kinds: kind === undefined ? TIMELINE_KINDS : [kind], until };
    const { items, last } = await timelineOf(hub, around, wanted, { behind: momentOf('timeline', cursor), limit });
    const veilResponse = veilResponses(veil, model);
    const shown = items.map((entry) =>
      entry.kind === 'response' ? { ...entry, response: veilResponse(entry.response) } : veiled(veil, entry),
    );
    return c.json(listedByMoment('timeline', { items: shown, last }), 200);
  });
}

function veiled(veil: Veil, entry: Exclude<Entry, { kind: 'response' }>) {
  if (entry.kind === 'change') return { ...entry, change: veilChange(veil, entry.change) };
  const { activity } = entry;
  return { ...entry, activity: { ...activity, fields: withoutKeys(activity.fields, veil(activity.object)) } };
}
