import type { Org } from '../org.ts';
import type { Input } from '../records/input.ts';
import { Refusal, refusalBody } from '../refusal.ts';
import { type Ask, asList, asObject, dispatch, objectBody, type Reply, type Route, route } from './exchange.ts';

const MAX_PARTS = 25;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD'];

/** The resources that carry other requests; `routes` are those that they may carry. */
export function compositeRoutes(routes: readonly Route[]): readonly Route[] {
  return [
    route('POST /composite', (org, ask) => composite(routes, org, ask)),
    route('POST /composite/batch', (org, ask) => batch(routes, org, ask)),
  ];
}

type Part = { readonly method: string; readonly url: string; readonly name: string; readonly body: unknown; readonly headers: Input };

function known(parts: readonly Part[], most: number): readonly Part[] {
  if (parts.length > most) throw new Refusal('LIMIT_EXCEEDED', `at most ${most} subrequests are allowed, not ${parts.length}`);
  const wrong = parts.find(({ method }) => !METHODS.includes(method));
  if (wrong !== undefined) throw new Refusal('JSON_PARSER_ERROR', `unknown method ${wrong.method}`);
  return parts;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** Answers requests one after the other, each of which may name the answers before it; with allOrNone all of them or none. */
export function carryOutParts(routes: readonly Route[], org: Org, { ask, parts, allOrNone }: Run): Parts {
  refuseBadNames(parts);
  const isWhole = (replies: readonly Reply[]) => !allOrNone || replies.every(({ status }) => status < 400);
  const replies = org.store.attempt(() => inOrder(routes, org, { ask, parts, allOrNone }), isWhole);
  const shown = isWhole(replies) ? replies : replies.map((reply) => (reply.status < 400 ? halted(ROLLED_BACK) : reply));
  const compositeResponse = shown.map(({ status, body, headers }, i) => ({
    body: body ?? null,
    httpHeaders: headers?.location === undefined ? {} : { Location: headers.location },
    httpStatusCode: status,
    referenceId: parts[i]?.name ?? '',
  }));
  return { isSuccessful: isWhole(replies), compositeResponse };
}

type Parts = { readonly isSuccessful: boolean; readonly compositeResponse: readonly object[] };

/** The parts of a list of subrequests. */
export function subrequests(raw: unknown, most: number): readonly Part[] {
  const parts = asList(raw, 'compositeRequest').map((one) => {
    const { method, url, referenceId, body, httpHeaders } = asObject(one);
    const headers = httpHeaders === undefined ? {} : asObject(httpHeaders);
    return { method: asText(method).toUpperCase(), url: asText(url), name: asText(referenceId), body, headers };
  });
  return known(parts, most);
}

function composite(routes: readonly Route[], org: Org, ask: Ask): Reply {
  const { compositeRequest, allOrNone } = objectBody(ask);
  const parts = subrequests(compositeRequest, MAX_PARTS);
  const { compositeHeavyMax } = org.switches;
  if (parts.filter(isHeavy).length > compositeHeavyMax) {
    throw new Refusal('LIMIT_EXCEEDED', `at most ${compositeHeavyMax} subrequests may be queries or sObject Collections`);
  }
  const { compositeResponse } = carryOutParts(routes, org, { ask, parts, allOrNone: allOrNone === true });
  return { status: 200, body: { compositeResponse } };
}

const ROLLED_BACK = 'The transaction was rolled back since another operation in the same transaction failed.';

function halted(message: string): Reply {
  return { status: 400, body: refusalBody(new Refusal('PROCESSING_HALTED', message)) };
}

function refuseBadNames(parts: readonly Part[]): void {
  const names = new Set<string>();
  for (const { name } of parts) {
    if (!/^[A-Za-z0-9]\w*$/.test(name))
      throw new Refusal('JSON_PARSER_ERROR', `referenceId '${name}' has to be letters, digits, and underscores`);
    if (names.has(name)) throw new Refusal('JSON_PARSER_ERROR', `referenceId '${name}' is not unique`);
    names.add(name);
  }
}

function isHeavy({ url }: Part): boolean {
  return /\/(query|queryAll)([/?]|$)|\/composite\/sobjects([/?]|$)/.test(url);
}

type Run = { readonly ask: Ask; readonly parts: readonly Part[]; readonly allOrNone: boolean };

function inOrder(routes: readonly Route[], org: Org, { ask, parts, allOrNone }: Run): readonly Reply[] {
  const bodies = new Map<string, unknown>();
  const replies: Reply[] = [];
  for (const part of parts) {
    const isOver = allOrNone && replies.some(({ status }) => status >= 400);
    const reply = isOver ? halted(ROLLED_BACK) : answer(routes, org, { ask, part, bodies });
    if (reply.status < 400) bodies.set(part.name, reply.body);
    replies.push(reply);
  }
  return replies;
}

type Turn = { readonly ask: Ask; readonly part: Part; readonly bodies: ReadonlyMap<string, unknown> };

function answer(routes: readonly Route[], org: Org, { ask, part, bodies }: Turn): Reply {
  const missing: string[] = [];
  const url = filled(part.url, bodies, missing);
  const body = filledIn(part.body, bodies, missing);
  if (missing[0] !== undefined) return halted(`Invalid reference specified. No value for ${missing[0]} found in the results before it.`);
  return dispatch(routes, org, askOf(ask, { ...part, url, body }, '/services/data/'));
}

/** A subrequest as a request of its own; its headers come before those of the whole. */
function askOf(ask: Ask, part: Part, base: string): Ask {
  const [path = '', search = ''] = part.url.split(/\?(.*)/s);
  const [version = '', ...segments] = path
    .replace(base, '')
    .split('/')
    .filter((segment) => segment !== '');
  const headers = new Map(Object.entries(part.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return {
    method: part.method,
    segments: version === ask.version ? segments : ['unknown-version'],
    query: new URLSearchParams(search),
    version,
    body: part.body,
    header: (name) => headers.get(name) ?? (name.startsWith('sforce-') ? ask.header(name) : null),
  };
}

function filled(text: string, bodies: ReadonlyMap<string, unknown>, missing: string[]): string {
  return text.replace(/@\{([^}]+)\}/g, (_all, reference: string) => {
    const value = lookUp(reference, bodies);
    if (value === undefined) missing.push(reference);
    return String(value ?? '');
  });
}

function filledIn(value: unknown, bodies: ReadonlyMap<string, unknown>, missing: string[]): unknown {
  if (typeof value === 'string') return filled(value, bodies, missing);
  if (Array.isArray(value)) return value.map((item: unknown) => filledIn(item, bodies, missing));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filledIn(inner, bodies, missing)]));
}

/** `ref.id`, `ref[0].id`, `ref.records[0].Id`: a scalar in an earlier reply. */
function lookUp(reference: string, bodies: ReadonlyMap<string, unknown>): string | number | boolean | undefined {
  const [name = '', ...path] = reference.split(/[.[\]]+/).filter((step) => step !== '');
  let at: unknown = bodies.get(name);
  for (const step of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = Object.entries(at).find(([key]) => key === step)?.[1];
  }
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? at : undefined;
}

function batch(routes: readonly Route[], org: Org, ask: Ask): Reply {
  const given = asList(objectBody(ask).batchRequests, 'batchRequests').map((one) => {
    const { method, url, richInput } = asObject(one);
    return { method: asText(method).toUpperCase(), url: asText(url), name: '', body: richInput, headers: {} };
  });
  const parts = known(given, MAX_PARTS);
  const haltOnError = objectBody(ask).haltOnError === true;
  let failed = false;
  const results = parts.map((part) => {
    const reply =
      failed && haltOnError ? HALTED : dispatch(routes, org, askOf(ask, part, /^\/?services\/data\//.exec(part.url)?.[0] ?? ''));
    failed ||= reply.status >= 400;
    return { statusCode: reply.status, result: reply.body ?? null };
  });
  return { status: 200, body: { hasErrors: failed, results } };
}

const HALTED: Reply = {
  status: 412,
  body: refusalBody(new Refusal('BATCH_PROCESSING_HALTED', 'Batch processing halted per request')),
};
