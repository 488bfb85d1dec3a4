import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Explanation } from '../../hub/records/explanation.ts';
import { listChanges } from '../../hub/views/journal.ts';
import { listRecords, recordById } from '../../hub/views/records.ts';
import { listResponses } from '../../hub/views/responses.ts';
import { nameOf, type Systems, systemsById } from '../../hub/views/systems.ts';
import { termsOf } from '../../mapping/lookup.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { recordPages } from '../record-pages.ts';
import { actorOf, allow, type Env } from '../security/operator.ts';
import {
  modelBehind,
  type Veil,
  veilChange,
  veilExplanation,
  veilFor,
  veilRecord,
  veilResponses,
  veilsIdentity,
  withoutKeys,
} from '../security/veil.ts';
import { Change } from '../shapes/changes.ts';
import { listOf } from '../shapes/common.ts';
import { FieldsEdit, RecordDetail, RecordRow } from '../shapes/records.ts';
import { type Listener, listenerOf, tellRecord } from '../telling.ts';

const tags = ['records'];
const FIRST = { after: null, limit: 50 };
const Search = z.string().trim().max(300).optional().openapi({
  description:
    'Any id, an e-mail, a phone number, or parts of a name. What an id, an e-mail, or a phone number names exactly is found alone.',
});
const PointsAt = Guid.optional().openapi({ description: 'Only records that refer to this one, such as the contacts of a company.' });
const list = createRoute({
  method: 'get',
  path: '/records',
  tags,
  summary: 'The people and companies that the hub knows',
  ...allow('viewer', { shows: 'records' }),
  request: {
    query: Listing.extend({
      object: z.string().max(100).optional(),
      search: Search,
      archived: z.stringbool().optional(),
      pointsAt: PointsAt,
    }),
  },
  responses: answers(listOf(RecordRow), 'The newest first'),
});
const read = createRoute({
  method: 'get',
  path: '/records/{id}',
  tags,
  summary: 'One record: its values, where each came from, its links, responses, and journal',
  ...allow('viewer', { shows: 'record' }),
  request: {
    params: ById,
    query: z.object({ at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'A time: the record as it was then.' }) }),
  },
  responses: answers(RecordDetail, 'The record'),
});
const journal = createRoute({
  method: 'get',
  path: '/records/{id}/journal',
  tags,
  summary: 'Every change of one record',
  ...allow('viewer', { shows: 'record' }),
  request: { params: ById, query: Listing },
  responses: answers(listOf(Change), 'The newest first'),
});
const edit = createRoute({
  method: 'patch',
  path: '/records/{id}',
  tags,
  summary: 'Change fields of a record, for all its systems',
  ...allow('steward'),
  request: { params: ById, body: body(FieldsEdit) },
  responses: answers(RecordDetail, 'The record as it is now'),
});

const personalId = createRoute({
  method: 'post',
  path: '/records/{id}/personal-id',
  tags,
  summary: 'An id for the survey links of a contact, signed so that nobody can guess another one',
  ...allow('steward'),
  request: { params: ById },
  responses: answers(z.object({ personalId: z.string() }), 'The same id each time, as long as the key of the hub is the same'),
});

/** Records: found, read with all that explains them, and edited. */
export function recordRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(list, async (c) => {
      const { object, search, archived, pointsAt, ...query } = c.req.valid('query');
      const { model } = parts.mappings();
      const veil = veilFor(c.var.operator.role, model);
      const wanted = { object, archived, pointsAt, search: searchFor(parts, veil, { object, text: search }) };
      const page = listed('records', await listRecords(hub, modelBehind(veil, model), wanted, afterOf('records', query)));
      return c.json({ ...page, items: page.items.map((row) => tellRecord(listenerOf(c, model), veilRecord(veil, row))) }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await recordDetail(parts, c.req.valid('param').id, { ...viewerOf(parts, c), at: c.req.valid('query').at }), 200),
    )
    .openapi(journal, async (c) => {
      const { id } = c.req.valid('param');
      const { model } = parts.mappings();
      const veil = veilFor(c.var.operator.role, model);
      const systems = await systemsById(hub);
      found(await recordById(hub, model, systems, id), 'record');
      const page = listed(
        'journal',
        await listChanges(hub, { model, systems }, { recordId: id, conflictsOnly: false }, afterOf('journal', c.req.valid('query'))),
      );
      return c.json({ ...page, items: page.items.map((line) => veilChange(veil, line)) }, 200);
    })
    .openapi(edit, async (c) => {
      const { id } = c.req.valid('param');
      const outcome = found(await acting(parts).setField(id, c.req.valid('json').fields, actorOf(c.var.operator)), 'record');
      if (typeof outcome === 'object')
        throw new Problem(422, outcome.refused, { errors: [{ pointer: '#/fields', detail: outcome.refused }] });
      return c.json(await recordDetail(parts, id, { ...viewerOf(parts, c), at: undefined }), 200);
    })
    .openapi(personalId, async (c) =>
      c.json({ personalId: found((await acting(parts).personalId(c.req.valid('param').id)) ?? 'not_found', 'record') }, 200),
    );
}

type Looked = { readonly object: string | undefined; readonly text: string | undefined };

function searchFor(parts: AppParts, veil: Veil, { object, text }: Looked) {
  if (text === undefined || text === '') return undefined;
  const { model } = parts.mappings();
  const objects = (object === undefined ? [...model.keys()] : [object]).filter((each) => !veilsIdentity(veil, model, each));
  return { text, terms: termsOf(text), digests: objects.flatMap((each) => parts.digestsOf(each, text)) };
}

type Viewer = { readonly veil: Veil; readonly listener: Listener };

const viewerOf = (parts: AppParts, c: Context<Env>): Viewer => {
  const { model } = parts.mappings();
  return { veil: veilFor(c.var.operator.role, model), listener: listenerOf(c, model) };
};

async function recordDetail(parts: AppParts, id: string, { veil, listener, at }: Viewer & { readonly at: string | undefined }) {
  const { hub } = parts;
  const { model } = parts.mappings();
  const seen = modelBehind(veil, model);
  const systems = await systemsById(hub);
  const { stamps, ...now } = tellRecord(listener, veilRecord(veil, found(await recordById(hub, seen, systems, id), 'record')));
  const hidden = veil(now.object);
  const pageOf = await recordPages(parts);
  const explained =
    at === undefined ? ((await parts.actions?.explain(id)) ?? null) : found(await acting(parts).explain(id, at), 'record at that time');
  const explanation = veilExplanation({ veil, hearsVendors: listener.hearsVendors }, explained);
  const named = Object.entries(withoutKeys(stamps, hidden)).map(
    ([field, [when, by]]) => [field, { at: when, by, byName: nameOf(systems, by) }] as const,
  );
  const wanted = { recordId: id, conflictsOnly: false, until: at };
  const changes = listed('journal', await listChanges(hub, { model, systems }, wanted, FIRST));
  const responses = listed('responses', await listResponses(hub, { model: seen, systems }, { recordId: id }, FIRST));
  return {
    ...(at === undefined || explanation === null ? { ...now, stamps: Object.fromEntries(named) } : asItWas(now, explanation, systems)),
    links: now.links.map((link) => ({ ...link, page: pageOf(link) })),
    at: at ?? null,
    explanation,
    responses: { ...responses, items: responses.items.map(veilResponses(veil, model)) },
    journal: { ...changes, items: changes.items.map((line) => veilChange(veil, line)) },
  };
}

/** A record with the values of an earlier time, and where each of them came from. */
function asItWas<Row extends object>(now: Row, { fields, mergedInto }: Explanation, systems: Systems) {
  const held = fields.filter(({ value }) => value !== null);
  const stamps = held.flatMap(({ field, from }) =>
    from === null
      ? []
      : [
          [
            field,
            { at: from.at, by: from.by, byName: from.by === 'hub' || systems.has(from.by) ? nameOf(systems, from.by) : from.by },
          ] as const,
        ],
  );
  return {
    ...now,
    mergedInto,
    fields: Object.fromEntries(held.map(({ field, value }) => [field, value])),
    stamps: Object.fromEntries(stamps),
  };
}
