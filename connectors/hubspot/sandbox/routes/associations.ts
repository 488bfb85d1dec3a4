import { objectScopes } from '../access/scopes.ts';
import type { ObjectType } from '../portal/object-types.ts';
import { type Portal, tiesOf } from '../portal/portal.ts';
import type { AssociationType } from '../ties/association-types.ts';
import type { End } from '../ties/associations.ts';
import { readTypeId } from '../ties/inline-ties.ts';
import { type Knot, label, tie, unlabel, untie } from '../ties/tying.ts';
import { invalid, Refusal } from '../wire/refusal.ts';
import {
  type Api,
  attempt,
  batchAnswer,
  type Call,
  demandRight,
  pagingTo,
  pathPart,
  queryLimit,
  readBody,
  readJson,
  rowError,
} from '../wire/requests.ts';
import { array, inputsOf, object, optionalText, type Shape, text } from '../wire/shapes.ts';

const READ_MAX = 1000;
const WRITE_MAX = 2000;
const FROM_MAX = 100;
const PAGE_MAX = 500;

type Pair = { readonly from: ObjectType; readonly to: ObjectType };
type Ends = { readonly from: End; readonly to: End };

function pairOf(portal: Portal, c: Call, right: 'read' | 'write'): Pair {
  const pair = { from: portal.types.named(pathPart(c, 'from')), to: portal.types.named(pathPart(c, 'to')) };
  for (const type of [pair.from, pair.to]) demandRight(c, objectScopes(type, right, c.get('version')));
  return pair;
}

function idOf(raw: unknown, what: string): string {
  return text(object(raw, what).id, `${what}.id`);
}

/** Both ends, when they are there: an id that was merged away is not. */
function demandEnds(portal: Portal, { from, to }: Pair, ids: { fromId: string; toId: string }): Ends {
  const ends = { from: { type: from, id: ids.fromId }, to: { type: to, id: ids.toId } };
  const lost = [ends.from, ends.to].find((end) => portal.table(end.type).records.live(end.id) === undefined);
  if (lost === undefined) return ends;
  throw invalid(`${lost.type.singular.toUpperCase()}=${lost.id} is not valid`, {
    subCategory: 'crm.associations.INVALID_IDENTIFIER',
    context: { id: [lost.id] },
  });
}

function pathKnot(portal: Portal, c: Call): Knot {
  const ends = demandEnds(portal, pairOf(portal, c, 'write'), { fromId: pathPart(c, 'fromId'), toId: pathPart(c, 'toId') });
  return { ...ends, by: c.get('caller').userId };
}

function showType({ category, typeId, label }: AssociationType): Shape {
  return { category, typeId, label };
}

type Ties = ReturnType<typeof tiesOf>;
function showTies(portal: Portal, { from, to }: Pair, ties: Ties): readonly Shape[] {
  return ties.map(({ id, typeIds }) => ({
    toObjectId: Number(id),
    associationTypes: typeIds.map((typeId) => showType(portal.associations.typeOf(from, to, typeId))),
  }));
}

function pageOf(ties: Ties, after: string | undefined, limit: number): { readonly page: Ties; readonly next: string | null } {
  const rest = after === undefined ? ties : ties.filter(({ id }) => Number(id) >= Number(after));
  return { page: rest.slice(0, limit), next: rest[limit]?.id ?? null };
}

function readOne(portal: Portal, c: Call): Response {
  const pair = pairOf(portal, c, 'read');
  const from = { type: pair.from, id: pathPart(c, 'fromId') };
  const limit = queryLimit(c, { initial: PAGE_MAX, max: PAGE_MAX });
  const { page, next } = pageOf(tiesOf(portal, from, pair.to), c.req.query('after'), limit);
  return c.json({ results: showTies(portal, pair, page), ...pagingTo(c, next) });
}

function none(pair: Pair, id: string): Shape {
  return rowError(
    new Refusal(404, {
      message: `No ${pair.to.singular} is associated with ${pair.from.singular} ${id}.`,
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      context: { fromObjectId: [id], fromObjectType: [pair.from.singular], toObjectType: [pair.to.singular] },
    }),
  );
}

/** A record without ties is an error row; one that is not there is in neither list. */
async function readBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'read');
  const inputs = inputsOf(await readBody(c), READ_MAX).map((input) => ({
    id: text(input.id, 'id'),
    after: optionalText(input.after, 'after'),
  }));
  const known = inputs.filter(({ id }) => portal.table(pair.from).records.live(id) !== undefined);
  const read = known.map(({ id, after }) => ({ id, ...pageOf(tiesOf(portal, { type: pair.from, id }, pair.to), after, PAGE_MAX) }));
  const results = read
    .filter(({ page }) => page.length > 0)
    .map(({ id, page, next }) => ({
      from: { id },
      to: showTies(portal, pair, page),
      ...(next === null ? {} : { paging: { next: { after: next, link: `?after=${next}` } } }),
    }));
  const empty = portal.switches.emptyTiesTold ? read.filter(({ page }) => page.length === 0) : [];
  const errors = empty.map(({ id }) => none(pair, id));
  return batchAnswer(portal, c, { results, errors, done: 200 });
}

function readTypeIds(raw: unknown): readonly number[] {
  const typeIds = array(raw, 'types').map(readTypeId);
  if (typeIds.length === 0) throw invalid('An association needs a type');
  return typeIds;
}

function labelPair(portal: Portal, knot: Knot, typeIds: readonly number[]): Shape {
  const { from, to } = knot;
  label(portal, knot, typeIds);
  const labels = typeIds.flatMap((typeId) => portal.associations.typeOf(from.type, to.type, typeId).label ?? []);
  return { fromObjectTypeId: from.type.typeId, fromObjectId: from.id, toObjectTypeId: to.type.typeId, toObjectId: to.id, labels };
}

/** The unlabelled tie shows in both directions. */
function tiePair(portal: Portal, knot: Knot): readonly Shape[] {
  const { from, to } = knot;
  const type = tie(portal, knot);
  const spec = (associationTypeId: number) => ({ associationCategory: type.category, associationTypeId });
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: spec(type.typeId) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: spec(type.inverseId) },
  ];
}

function runInputs<T>(inputs: readonly Shape[], run: (input: Shape) => readonly T[]): { results: readonly T[]; errors: readonly Shape[] } {
  const tries = inputs.map((input) => attempt(() => run(input)));
  return {
    results: tries.flatMap((tried) => ('done' in tried ? tried.done : [])),
    errors: tries.flatMap((tried) => ('refused' in tried ? [rowError(tried.refused)] : [])),
  };
}

async function createBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const rows = runInputs(inputsOf(await readBody(c), WRITE_MAX), ({ from, to, types }) => {
    const ends = demandEnds(portal, pair, { fromId: idOf(from, 'from'), toId: idOf(to, 'to') });
    return [labelPair(portal, { ...ends, by: c.get('caller').userId }, readTypeIds(types))];
  });
  return batchAnswer(portal, c, { ...rows, done: 201 });
}

/** The default batch has no 207: its errors come with a 200. */
async function tieBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const { results, errors } = runInputs(inputsOf(await readBody(c), WRITE_MAX), ({ from, to }) =>
    tiePair(portal, {
      ...demandEnds(portal, pair, { fromId: idOf(from, 'from'), toId: idOf(to, 'to') }),
      by: c.get('caller').userId,
    }),
  );
  const at = portal.now().toISOString();
  const wrong = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return c.json({ status: 'COMPLETE', results, startedAt: at, completedAt: at, ...wrong });
}

/** Archives answer 204, and on the dated paths 200. */
function archived(c: Call): Response {
  return c.get('version') === 'v3' ? c.body(null, 204) : c.json({});
}

async function archiveBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const inputs = inputsOf(await readBody(c), WRITE_MAX);
  if (new Set(inputs.map((input) => idOf(input.from, 'from'))).size > FROM_MAX) throw invalid(`At most ${FROM_MAX} distinct from ids`);
  const by = c.get('caller').userId;
  for (const { from, to } of inputs) {
    const end = { type: pair.from, id: idOf(from, 'from') };
    for (const one of array(to, 'to')) untie(portal, { from: end, to: { type: pair.to, id: idOf(one, 'to') }, by });
  }
  return archived(c);
}

async function archiveLabels(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const by = c.get('caller').userId;
  for (const { from, to, types } of inputsOf(await readBody(c), WRITE_MAX)) {
    const ends = { from: { type: pair.from, id: idOf(from, 'from') }, to: { type: pair.to, id: idOf(to, 'to') } };
    unlabel(portal, { ...ends, by }, readTypeIds(types));
  }
  return archived(c);
}

/** Ties between records: one at a time, and in batches. */
export function associationRoutes(api: Api, portal: Portal): void {
  const one = '/crm/v4/objects/:from/:fromId/associations';
  const batch = '/crm/v4/associations/:from/:to/batch';
  api.get(`${one}/:to`, (c) => readOne(portal, c));
  api.put(`${one}/default/:to/:toId`, (c) => {
    const at = portal.now().toISOString();
    return c.json({ status: 'COMPLETE', results: tiePair(portal, pathKnot(portal, c)), startedAt: at, completedAt: at });
  });
  api.put(`${one}/:to/:toId`, async (c) => {
    const typeIds = readTypeIds(await readJson(c));
    return c.json(labelPair(portal, pathKnot(portal, c), typeIds), 201);
  });
  api.delete(`${one}/:to/:toId`, (c) => {
    const { from, to } = pairOf(portal, c, 'write');
    const ends = { from: { type: from, id: pathPart(c, 'fromId') }, to: { type: to, id: pathPart(c, 'toId') } };
    untie(portal, { ...ends, by: c.get('caller').userId });
    return c.body(null, 204);
  });
  api.post(`${batch}/read`, (c) => readBatch(portal, c));
  api.post(`${batch}/create`, (c) => createBatch(portal, c));
  api.post(`${batch}/associate/default`, (c) => tieBatch(portal, c));
  api.post(`${batch}/archive`, (c) => archiveBatch(portal, c));
  api.post(`${batch}/labels/archive`, (c) => archiveLabels(portal, c));
}
