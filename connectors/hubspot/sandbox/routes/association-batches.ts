import { type Portal, tiesOf } from '../portal/portal.ts';
import { unlabel, untie } from '../ties/tying.ts';
import { invalid, Refusal } from '../wire/refusal.ts';
import { type Api, attempt, batchAnswer, type Call, readBody, rowError } from '../wire/requests.ts';
import { array, inputsOf, optionalText, type Shape, text } from '../wire/shapes.ts';
import { demandEnds, idOf, labelPair, PAGE_MAX, type Pair, pageOf, pairOf, readTypeIds, showTies, tiePair } from './tie-requests.ts';

const READ_MAX = 1000;
const WRITE_MAX = 2000;
const FROM_MAX = 100;

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

/** Ties between records, many at a time. */
export function associationBatchRoutes(api: Api, portal: Portal): void {
  const batch = '/crm/v4/associations/:from/:to/batch';
  api.post(`${batch}/read`, (c) => readBatch(portal, c));
  api.post(`${batch}/create`, (c) => createBatch(portal, c));
  api.post(`${batch}/associate/default`, (c) => tieBatch(portal, c));
  api.post(`${batch}/archive`, (c) => archiveBatch(portal, c));
  api.post(`${batch}/labels/archive`, (c) => archiveLabels(portal, c));
}
