import type { Org } from '../org.ts';
import { Refusal } from '../refusal.ts';
import { carryOutParts, subrequests } from './composite.ts';
import { type Ask, asList, asObject, objectBody, type Reply, type Route, route } from './exchange.ts';

const MAX_GRAPHS = 75;
const MAX_NODES = 500;
const MAX_FAILED = 14;

/** Several composite requests in one call, each of them whole or not at all. */
export function graphRoutes(routes: readonly Route[]): readonly Route[] {
  return [route('POST /composite/graph', (org, ask) => graphs(routes, org, ask))];
}

function graphs(routes: readonly Route[], org: Org, ask: Ask): Reply {
  const given = asList(objectBody(ask).graphs, 'graphs').map((raw) => {
    const { graphId, compositeRequest } = asObject(raw);
    return { graphId: String(graphId), parts: subrequests(compositeRequest, MAX_NODES) };
  });
  if (given.length > MAX_GRAPHS) throw new Refusal('LIMIT_EXCEEDED', `at most ${MAX_GRAPHS} graphs are allowed`);
  const nodes = given.reduce((sum, { parts }) => sum + parts.length, 0);
  if (nodes > MAX_NODES) throw new Refusal('LIMIT_EXCEEDED', `at most ${MAX_NODES} nodes are allowed, not ${nodes}`);
  let failed = 0;
  const shown = given.map(({ graphId, parts }) => {
    if (failed >= MAX_FAILED) return { graphId, isSuccessful: false, graphResponse: { compositeResponse: parts.map(skipped) } };
    const { isSuccessful, compositeResponse } = carryOutParts(routes, org, { ask, parts, allOrNone: true });
    if (!isSuccessful) failed += 1;
    return { graphId, isSuccessful, graphResponse: { compositeResponse } };
  });
  return { status: 200, body: { graphs: shown } };
}

function skipped({ name }: { readonly name: string }) {
  const body = [{ errorCode: 'PROCESSING_HALTED', message: 'too many graphs of this request failed before' }];
  return { body, httpHeaders: {}, httpStatusCode: 400, referenceId: name };
}
