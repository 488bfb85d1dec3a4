import type { Context, Hono } from 'hono';
import type { Caller } from '../access/grants.ts';
import { demandScope } from '../access/scopes.ts';
import type { Portal } from '../portal/portal.ts';
import type { ApiVersion } from './paths.ts';
import { invalid, Refusal } from './refusal.ts';
import { object, type Shape } from './shapes.ts';

/** What the front has found out about a request before its route sees it. */
export type Env = { Variables: { version: ApiVersion; caller: Caller } };
export type Api = Hono<Env>;
export type Call = Context<Env>;

/** The JSON body, whatever it is. */
export async function readJson(c: Call): Promise<unknown> {
  const body = await c.req.text();
  try {
    return JSON.parse(body);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalid(`Invalid input JSON on line 1, column 1: ${cause.message}`);
  }
}

/** The JSON body, which has to be an object. */
export async function readBody(c: Call): Promise<Shape> {
  return object(await readJson(c), 'the body');
}

/** A list in the query, whether it was repeated or joined with commas. */
export function queryList(c: Call, name: string): readonly string[] {
  const given = c.req.queries(name) ?? [];
  return given
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The page size in the query. */
export function queryLimit(c: Call, ways: { readonly initial: number; readonly max: number }): number {
  const limit = Number(c.req.query('limit') ?? ways.initial);
  if (Number.isInteger(limit) && limit >= 1 && limit <= ways.max) return limit;
  throw invalid(`Invalid limit ${c.req.query('limit')}: it must be between 1 and ${ways.max}`);
}

/** A part of the path that the route's pattern has. */
export function pathPart(c: Call, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw new Error(`the route has no ${name}`);
  return value;
}

/** The `paging` of a list whose next page begins at `after`; nothing on the last page. */
export function pagingTo(
  c: Call,
  after: string | null,
): { readonly paging?: { readonly next: { readonly after: string; readonly link: string } } } {
  if (after === null) return {};
  const link = new URL(c.req.url);
  link.searchParams.set('after', after);
  return { paging: { next: { after, link: link.toString() } } };
}

/** A row of a 207 that was not done. */
export function rowError(refusal: Refusal, context: Readonly<Record<string, readonly string[]>> = {}): Shape {
  const { message, category, subCategory, errors } = refusal.body;
  return {
    status: 'error',
    category: category ?? 'VALIDATION_ERROR',
    ...(subCategory === undefined ? {} : { subCategory }),
    message,
    context: { ...refusal.body.context, ...refusal.rowContext, ...context },
    ...(errors === undefined ? {} : { errors }),
  };
}

/** The answer of a batch: with errors it is a 207. */
export function batchAnswer(
  portal: Portal,
  c: Call,
  rows: { results: readonly unknown[]; errors: readonly Shape[]; done: 200 | 201 },
): Response {
  const { errors, done } = rows;
  const at = portal.now().toISOString();
  const results = portal.switches.shuffledResults ? shuffled(portal, rows.results) : rows.results;
  const shared = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  return errors.length === 0 ? c.json(shared, done) : c.json({ ...shared, numErrors: errors.length, errors }, 207);
}

function shuffled<T>(portal: Portal, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: portal.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Refuses a caller who has none of these scopes. */
export function demandRight(c: Call, anyOf: readonly string[]): void {
  demandScope(c.get('caller').scopes, anyOf);
}

/** Runs one row of a batch: its result, or the refusal that concerns this row alone. */
export function attempt<T>(run: () => T): { readonly done: T } | { readonly refused: Refusal } {
  try {
    return { done: run() };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error };
    throw error;
  }
}
