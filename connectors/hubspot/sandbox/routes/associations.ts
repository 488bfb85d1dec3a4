import { demandScope } from '../access/scopes.ts';
import { type ObjectType, objectTypeOf } from '../portal/object-types.ts';
import { type Portal, tiesOf } from '../portal/portal.ts';
import { followPair } from '../records/removing.ts';
import type { AssociationType, End } from '../ties/associations.ts';
import { readTypeId } from '../ties/inline-ties.ts';
import { invalid, Refusal } from '../wire/refusal.ts';
import {
  type Api,
  attempt,
  batchAnswer,
  type Call,
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
  const pair = { from: objectTypeOf(pathPart(c, 'from')), to: objectTypeOf(pathPart(c, 'to')) };
  for (const type of [pair.from, pair.to]) demandScope(portal.switches.missingScopes, `crm.objects.${type.name}.${right}`);
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

function pathEnds(portal: Portal, c: Call): Ends {
  return demandEnds(portal, pairOf(portal, c, 'write'), { fromId: pathPart(c, 'fromId'), toId: pathPart(c, 'toId') });
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
  const errors = read.filter(({ page }) => page.length === 0).map(({ id }) => none(pair, id));
  return batchAnswer(c, portal.now().toISOString(), { results, errors, done: 200 });
}

function readTypeIds(raw: unknown): readonly number[] {
  const typeIds = array(raw, 'types').map(readTypeId);
  if (typeIds.length === 0) throw invalid('An association needs a type');
  return typeIds;
}

function labelPair(portal: Portal, ends: Ends, typeIds: readonly number[]): Shape {
  const { from, to } = ends;
  const before = portal.associations.primaryOf(from, to.type);
  portal.associations.label(from, to, typeIds);
  const dethroned = before === null || before === to.id ? [] : [{ type: to.type, id: before }];
  followPair(portal, [from, to, ...dethroned]);
  const labels = typeIds.flatMap((typeId) => portal.associations.typeOf(from.type, to.type, typeId).label ?? []);
  return { fromObjectTypeId: from.type.typeId, fromObjectId: from.id, toObjectTypeId: to.type.typeId, toObjectId: to.id, labels };
}

/** The unlabelled tie shows in both directions. */
function tiePair(portal: Portal, { from, to }: Ends): readonly Shape[] {
  const type = portal.associations.tie(from, to);
  followPair(portal, [from, to]);
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
    return [labelPair(portal, ends, readTypeIds(types))];
  });
  return batchAnswer(c, portal.now().toISOString(), { ...rows, done: 201 });
}

/** The default batch has no 207: its errors come with a 200. */
async function tieBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const { results, errors } = runInputs(inputsOf(await readBody(c), WRITE_MAX), ({ from, to }) =>
    tiePair(portal, demandEnds(portal, pair, { fromId: idOf(from, 'from'), toId: idOf(to, 'to') })),
  );
  const at = portal.now().toISOString();
  const wrong = errors.length === 0 ? {} : { numErrors: errors.length, errors };
  return c.json({ status: 'COMPLETE', results, startedAt: at, completedAt: at, ...wrong });
}

function untiePairs(portal: Portal, pairs: readonly Ends[], untie: (ends: Ends) => void): void {
  for (const ends of pairs) untie(ends);
  followPair(
    portal,
    pairs.flatMap(({ from, to }) => [from, to]),
  );
}

/** Archives answer without a body: 204, or 200 on the dated paths. */
function archived(c: Call): Response {
  return c.body(null, c.get('version') === 'v3' ? 204 : 200);
}

async function archiveBatch(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  const inputs = inputsOf(await readBody(c), WRITE_MAX);
  if (new Set(inputs.map((input) => idOf(input.from, 'from'))).size > FROM_MAX) throw invalid(`At most ${FROM_MAX} distinct from ids`);
  const ends = inputs.flatMap(({ from, to }) =>
    array(to, 'to').map((one) => ({ from: { type: pair.from, id: idOf(from, 'from') }, to: { type: pair.to, id: idOf(one, 'to') } })),
  );
  untiePairs(portal, ends, ({ from, to }) => portal.associations.untie(from, to));
  return archived(c);
}

async function archiveLabels(portal: Portal, c: Call): Promise<Response> {
  const pair = pairOf(portal, c, 'write');
  for (const { from, to, types } of inputsOf(await readBody(c), WRITE_MAX)) {
    const ends = { from: { type: pair.from, id: idOf(from, 'from') }, to: { type: pair.to, id: idOf(to, 'to') } };
    untiePairs(portal, [ends], () => portal.associations.unlabel(ends.from, ends.to, readTypeIds(types)));
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
    return c.json({ status: 'COMPLETE', results: tiePair(portal, pathEnds(portal, c)), startedAt: at, completedAt: at });
  });
  api.put(`${one}/:to/:toId`, async (c) => {
    const typeIds = readTypeIds(await readJson(c));
    return c.json(labelPair(portal, pathEnds(portal, c), typeIds), 201);
  });
  api.delete(`${one}/:to/:toId`, (c) => {
    const { from, to } = pairOf(portal, c, 'write');
    const ends = { from: { type: from, id: pathPart(c, 'fromId') }, to: { type: to, id: pathPart(c, 'toId') } };
    untiePairs(portal, [ends], () => portal.associations.untie(ends.from, ends.to));
    return c.body(null, 204);
  });
  api.post(`${batch}/read`, (c) => readBatch(portal, c));
  api.post(`${batch}/create`, (c) => createBatch(portal, c));
  api.post(`${batch}/associate/default`, (c) => tieBatch(portal, c));
  api.post(`${batch}/archive`, (c) => archiveBatch(portal, c));
  api.post(`${batch}/labels/archive`, (c) => archiveLabels(portal, c));
}
