import { createRoute, z } from '@hono/zod-openapi';
import { listConnections, listStreams } from '../../hub/connections/connections.ts';
import { dropDraft, keepDraft } from '../../hub/mappings/drafts.ts';
import { dropWaiting, versionTexts } from '../../hub/mappings/texts.ts';
import { findPlan } from '../../hub/plans/plans.ts';
import { readMapping } from '../../hub/views/mappings.ts';
import { planView } from '../../hub/views/plans.ts';
import { PRECISIONS } from '../../mapping/instants.ts';
import { isComputed } from '../../mapping/mapping.ts';
import { describeProblem, type MappingProblem } from '../../mapping/problems.ts';
import { PLAIN_TRANSFORMS, TRANSFORM_OPTIONS } from '../../mapping/transforms.ts';
import { acting, answers, answersNothing, body, found, newApi, starts } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import {
  ByName,
  CheckedMapping,
  MappingCheck,
  MappingDraftWish,
  MappingFields,
  MappingPlanWish,
  MappingPreview,
  MappingPreviewWish,
  MappingRecordsThere,
  MappingSearch,
  MappingSuggestions,
  MappingText,
} from '../shapes/mappings.ts';
import { Plan } from '../shapes/plans.ts';
import { mappingCalled } from './mappings.ts';

const tags = ['mappings'];
const Kept = z.object({ updatedAt: z.string() });
const check = createRoute({
  method: 'post',
  path: '/mappings/{name}/check',
  tags,
  summary: 'What is wrong with a draft, after some edits of it; nothing is kept',
  ...allow('viewer'),
  request: { params: ByName, body: body(MappingCheck) },
  responses: answers(CheckedMapping, 'The text after the edits, as YAML and as JSON, and every mistake with its place'),
});
const keep = createRoute({
  method: 'put',
  path: '/mappings/{name}/draft',
  tags,
  summary: 'Keep a draft, which nobody works by before a plan with it is applied',
  ...allow('admin'),
  request: { params: ByName, body: body(MappingDraftWish) },
  responses: answers(Kept, 'When it was kept'),
});
const drop = createRoute({
  method: 'delete',
  path: '/mappings/{name}/draft',
  tags,
  summary: 'Throw a draft away',
  ...allow('admin'),
  request: { params: ByName },
  responses: answersNothing,
});
const restore = createRoute({
  method: 'post',
  path: '/mappings/{name}/restore',
  tags,
  summary: 'Make a draft of an earlier version, or of what the file says',
  ...allow('admin'),
  request: { params: ByName, body: body(z.strictObject({ version: z.guid(), reason: z.string().trim().max(500).optional() })) },
  responses: answers(Kept, 'When the draft was kept'),
});
const keepHere = createRoute({
  method: 'delete',
  path: '/mappings/{name}/waiting',
  tags,
  summary: 'Stay with what is active, where the file of the folder says something else',
  ...allow('admin'),
  request: { params: ByName },
  responses: answersNothing,
});
const fields = createRoute({
  method: 'get',
  path: '/mappings/{name}/fields',
  tags,
  summary: 'The live fields of both sides, with types, options, and what is required or read-only',
  ...allow('viewer'),
  request: {
    params: ByName,
    query: z.object({ hub: z.string().max(100).optional().openapi({ description: 'Another object of the hub.' }) }),
  },
  responses: answers(MappingFields, 'As each connection has shown them last'),
});
const suggestions = createRoute({
  method: 'post',
  path: '/mappings/{name}/suggestions',
  tags,
  summary: 'Lines that could be added, with confidence and sample pairs; none is switched on by itself',
  ...allow('steward'),
  request: { params: ByName, body: body(MappingText) },
  responses: answers(MappingSuggestions, 'The likeliest first'),
});
const preview = createRoute({
  method: 'post',
  path: '/mappings/{name}/preview',
  tags,
  summary: 'What a draft makes of a real record in both directions; nothing is written',
  ...allow('steward'),
  request: { params: ByName, body: body(MappingPreviewWish) },
  responses: answers(MappingPreview, 'Line by line'),
});
const there = createRoute({
  method: 'post',
  path: '/mappings/{name}/records-there',
  tags,
  summary: 'Records of the systems that a draft can be tried on, also those that the hub has not',
  ...allow('steward'),
  request: { params: ByName, body: body(MappingSearch) },
  responses: answers(MappingRecordsThere, 'Those that hold the text, and the one whose id it is'),
});
const plan = createRoute({
  method: 'post',
  path: '/mappings/plan',
  tags,
  summary: 'Plan what drafts would do; applying the plan makes them active',
  ...allow('admin'),
  request: { body: body(MappingPlanWish) },
  responses: starts(Plan, 'The plan, which is being computed'),
});

/** Mappings as somebody writes them: checked, tried on records, kept as drafts, and planned. */
export function mappingDraftRoutes(parts: AppParts) {
  const { hub } = parts;
  const keptAt = async (name: string) => ({ updatedAt: found((await readMapping(hub, name))?.draft, 'draft').updatedAt });
  return newApi()
    .openapi(check, async (c) => {
      const checked = await acting(parts).checkMapping({ ...c.req.valid('param'), ...c.req.valid('json') });
      if ('refused' in checked) throw new Problem(422, checked.refused);
      return c.json({ ...checked, document: checked.document as unknown }, 200);
    })
    .openapi(keep, async (c) => {
      const { name } = c.req.valid('param');
      const { text, reason, seen, imported } = c.req.valid('json');
      const draft = { name, text, reason, origin: imported === true ? 'import' : 'editor', author: actorOf(c.var.operator) } as const;
      if (!(await keepDraft(hub, draft, seen === undefined ? 'whatever' : { at: seen })))
        throw new Problem(409, 'Somebody else has changed this draft meanwhile. Look at theirs first.');
      return c.json(await keptAt(name), 200);
    })
    .openapi(drop, async (c) => {
      if (!(await dropDraft(hub, c.req.valid('param').name))) throw new Problem(404, 'There is no such draft.');
      return c.body(null, 204);
    })
    .openapi(restore, async (c) => {
      const { name } = c.req.valid('param');
      const { version, reason = '' } = c.req.valid('json');
      const text = found(
        (await versionTexts(hub, [version])).find((one) => one.name === name),
        'version',
      ).text;
      await keepDraft(hub, { name, text, reason, origin: 'restored', author: actorOf(c.var.operator) }, 'whatever');
      return c.json(await keptAt(name), 200);
    })
    .openapi(keepHere, async (c) => {
      if (!(await dropWaiting(hub, c.req.valid('param').name))) throw new Problem(404, 'Nothing waits here.');
      return c.body(null, 204);
    })
    .openapi(fields, async (c) => c.json(await fieldsOf(parts, c.req.valid('param').name, c.req.valid('query').hub), 200))
    .openapi(suggestions, async (c) => {
      const suggested = await acting(parts).suggestLines({ ...c.req.valid('param'), ...c.req.valid('json') });
      if (suggested.kind === 'problems') throw mistaken(suggested.problems);
      const { kind: _, ...rest } = suggested;
      return c.json(rest, 200);
    })
    .openapi(preview, async (c) => {
      const { text, ...of } = c.req.valid('json');
      const previewed = await acting(parts).previewMapping({ ...c.req.valid('param'), text }, of);
      switch (previewed.kind) {
        case 'problems':
          throw mistaken(previewed.problems);
        case 'not_found':
          throw new Problem(404, 'There is no such record of this object.');
        case 'unread':
          throw new Problem(422, `It could not be read over there now: ${previewed.reason}`);
        case 'previewed': {
          const { kind: _, ...rest } = previewed;
          return c.json(rest, 200);
        }
      }
    })
    .openapi(there, async (c) => {
      const { text, search } = c.req.valid('json');
      const found = await acting(parts).findThere({ ...c.req.valid('param'), text }, search);
      if (found.kind === 'problems') throw mistaken(found.problems);
      return c.json({ items: found.items }, 200);
    })
    .openapi(plan, async (c) => {
      const { names, reason } = c.req.valid('json');
      const begun = await acting(parts).planDrafts(names, { author: actorOf(c.var.operator), reason });
      if ('problems' in begun) throw mistaken(begun.problems);
      if ('refused' in begun) throw new Problem(422, begun.refused);
      await parts.nudge({ name: 'reconcile' });
      return c.json(planView(found(await findPlan(hub, begun.id), 'plan')), 202);
    });
}

function transformView(name: (typeof PLAIN_TRANSFORMS)[number]) {
  const option = TRANSFORM_OPTIONS[name];
  return { name, option: option === undefined ? null : { name: option, choices: option === 'precision' ? [...PRECISIONS] : null } };
}

const mistaken = (problems: readonly MappingProblem[]): Problem =>
  new Problem(422, `Mend the mistakes first. ${problems.slice(0, 1).map(describeProblem).join('')}`.trimEnd(), {
    more: { problems: problems.slice(0, 50) },
  });

async function fieldsOf(parts: AppParts, name: string, wanted: string | undefined) {
  const [connector, object, only] = name.replace(/\.yaml$/, '').split('.');
  const { model } = parts.mappings();
  const hubObject = wanted ?? mappingCalled(parts.mappings(), name)?.hub ?? object ?? null;
  const hub = [...(model.get(hubObject ?? '')?.fields.values() ?? [])].map((field) => ({
    ...{ name: field.name, label: field.label, type: field.type, to: field.to, unique: field.unique, identity: field.identity !== null },
    ...{ required: false, writable: !isComputed(field), computed: isComputed(field), sensitive: field.sensitivity === 'sensitive' },
    choices: null,
  }));
  const streams = (await listStreams(parts.hub)).filter((stream) => stream.object === object);
  const writes = parts.connectors.get(connector ?? '')?.manifest.objects[object ?? '']?.write !== undefined;
  const systems = (await listConnections(parts.hub)).flatMap((connection) => {
    const stream = streams.find((one) => one.connectionId === connection.id);
    if (stream === undefined || connection.connector !== connector || (only !== undefined && connection.name !== only)) return [];
    const schema = stream.schema?.map((field) => ({
      ...{ name: field.name, label: field.label, type: field.type, required: field.required, writable: field.writable },
      ...{ unique: field.unique === true, choices: field.choices },
    }));
    return [{ connection: connection.name, label: connection.name, writes, fields: schema ?? null }];
  });
  const others = [...parts.mappings().byStream].flatMap(([stream, mapping]) =>
    mapping.kind !== 'entity' || mapping.hub !== hubObject || `${stream}.yaml` === name
      ? []
      : [
          {
            name: `${stream}.yaml`,
            connector: mapping.connector,
            lines: mapping.lines.map(({ hub, remote, direction }) => ({ hub, remote, direction })),
          },
        ],
  );
  return { hubObject, hub, systems, others, transforms: PLAIN_TRANSFORMS.map(transformView) };
}
