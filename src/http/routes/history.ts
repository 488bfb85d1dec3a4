import { createRoute, z } from '@hono/zod-openapi';
import { listChanges } from '../../hub/views/journal.ts';
import { runById } from '../../hub/views/runs.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { labelOf } from '../../hub/views/titles.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, newApi, starts } from '../operation.ts';
import type { AppParts, Difference as Differing } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow, demandFresh } from '../security/operator.ts';
import { type Veil, veilFor } from '../security/veil.ts';
import { Difference } from '../shapes/explanations.ts';
import { Run } from '../shapes/runs.ts';
import { UndoPreview, UndoWish } from '../shapes/undo.ts';

const tags = ['history'];
const Moment = z.iso.datetime({ offset: true });
const difference = createRoute({
  method: 'get',
  path: '/records/{id}/difference',
  tags,
  summary: 'What differs between two times of a record, and why',
  ...allow('viewer', { shows: 'record' }),
  request: { params: ById, query: z.object({ from: Moment, to: Moment }) },
  responses: answers(Difference, 'The fields that differ'),
});
const undo = createRoute({
  method: 'post',
  path: '/undo',
  tags,
  summary: 'Take a run, a time range of a stream, or the past of a record back in all systems, or see what that would do',
  ...allow('admin'),
  'x-fresh-sign-in': 'unless it is a preview',
  request: { body: body(UndoWish) },
  responses: {
    200: answers(UndoPreview, 'What would be done')[200],
    202: starts(Run, 'The run that takes it back: its counts tell how far it has come, and `endedAt` when it is done')[202],
  },
});
const FIRST_LINES = 50;

/** History: what differs between two times, and taking things back. */
export function historyRoutes(parts: AppParts) {
  return newApi()
    .openapi(difference, async (c) => {
      const { id } = c.req.valid('param');
      const { from, to } = c.req.valid('query');
      if (Date.parse(from) > Date.parse(to)) throw new Problem(422, 'The first time is after the second.');
      const differing = found(await acting(parts).difference(id, { from, to }), 'record at that time');
      return c.json(await differenceView(parts, veilFor(c.var.operator.role, parts.mappings().model), { id, from, to, differing }), 200);
    })
    .openapi(undo, async (c) => {
      const { target, preview, after, limit } = c.req.valid('json');
      if (preview) {
        const shown = allowed(await acting(parts).previewUndo(target, { after: after ?? null, limit: limit ?? FIRST_LINES }));
        return c.json({ ...shown, lines: [...shown.lines] }, 200);
      }
      demandFresh(c);
      const { run } = allowed(await acting(parts).beginUndo(target, actorOf(c.var.operator)));
      c.header('location', `/api/v1/runs/${run}`);
      return c.json(found(await runById(parts.hub, run), 'run'), 202);
    });
}

function allowed<Outcome extends object>(outcome: Outcome | 'not_found' | { readonly refused: string }): Outcome {
  const there = found(outcome, 'run, stream, or record');
  if ('refused' in there) throw new Problem(422, there.refused);
  return there as Outcome;
}

type Shown = { readonly id: string; readonly from: string; readonly to: string; readonly differing: Differing };

async function differenceView(parts: AppParts, veil: Veil, { id, from, to, differing }: Shown) {
  const { model } = parts.mappings();
  const { object } = differing.to;
  const hidden = veil(object);
  const told = differing.fields.filter(({ field }) => !hidden.has(field));
  const ids = new Set(told.flatMap(({ changes }) => changes.map((line) => line.id)));
  const lines = await changesById(parts, [...ids]);
  return {
    recordId: id,
    object,
    from,
    to,
    existed: differing.from !== null,
    archived: { from: differing.from?.archived ?? null, to: differing.to.archived },
    mergedInto: { from: differing.from?.mergedInto ?? null, to: differing.to.mergedInto },
    fields: told.map(({ field, changes, ...values }) => ({
      field,
      label: labelOf(model, object, field),
      ...values,
      changes: changes.flatMap((line) => {
        const view = lines.get(line.id);
        return view === undefined ? [] : [{ ...view, fields: view.fields.filter((each) => each.field === field) }];
      }),
    })),
  };
}

async function changesById(parts: AppParts, ids: readonly string[]) {
  const around = { model: parts.mappings().model, systems: await systemsById(parts.hub) };
  const { items } = await listChanges(parts.hub, around, { ids, conflictsOnly: false }, { after: null, limit: ids.length });
  return new Map(items.map((line) => [line.id, line]));
}
