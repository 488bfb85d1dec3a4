import type { Context } from 'hono';
import type { World } from '../world.ts';
import { badQuery, Refusal } from './refusal.ts';
import { object, type Shape } from './shapes.ts';

/** The JSON body, which has to be an object; an empty one counts as `{}` only where it may. */
export async function readBody(c: Context): Promise<Shape> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) throw new Refusal(1004, 'Content-Type is application/json.');
  const raw = await c.req.text();
  try {
    return object(JSON.parse(raw), 'the body');
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Refusal(1001);
  }
}

/** A part of the path that the route's pattern has. */
export function pathPart(c: Context, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw new Error(`the route has no ${name}`);
  return value;
}

/** A list of the query, divided by commas; null when it is not asked for. */
export function queryList(c: Context, name: string): readonly string[] | null {
  const given = c.req.query(name);
  return given === undefined ? null : given.split(',').filter((one) => one !== '');
}

/** One of some words of the query. */
export function queryWord<T extends string>(c: Context, name: string, words: readonly T[]): T | undefined {
  const given = c.req.query(name);
  if (given === undefined) return undefined;
  const known = words.find((one) => one.toLowerCase() === given.toLowerCase());
  if (known === undefined) throw badQuery(`${name} is one of ${words.join(', ')}.`);
  return known;
}

/** The additional fields that are asked for. */
export function included(c: Context, known: readonly string[]): ReadonlySet<string> {
  const asked = queryList(c, 'include') ?? [];
  const stranger = asked.find((one) => !known.includes(one));
  if (stranger !== undefined) throw badQuery(`include knows ${known.join(', ')}, not ${stranger}.`);
  return new Set(asked);
}

function numberIn(c: Context, name: string, initial: number): number {
  const given = c.req.query(name) ?? String(initial);
  if (!/^[1-9]\d{0,8}$/.test(given)) throw badQuery(`${name} is a number from 1.`);
  return Number(given);
}

/** One page of a list in its envelope: there is no `next` on the last page, and no `prev` on the first. */
export function pageOf<T>(
  c: Context,
  world: World,
  { items, max = 1_000, initial = 50, render }: { items: readonly T[]; max?: number; initial?: number; render: (item: T) => unknown },
): Response {
  const page = numberIn(c, 'page', 1);
  const asked = numberIn(c, 'per_page', initial);
  if (asked > max && world.switches.perPageOver === 'refuse') throw badQuery(`per_page is at most ${max}.`);
  const perPage = Math.min(asked, max);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number): string => {
    const query = new URLSearchParams(c.req.query());
    query.set('page', String(to));
    query.set('per_page', String(perPage));
    return `${world.href(c.req.path.replace(/^\/v3/, ''))}?${query}`;
  };
  return c.json({
    data: items.slice((page - 1) * perPage, page * perPage).map(render),
    page,
    per_page: perPage,
    total: items.length,
    links: {
      self: link(page),
      ...(page > 1 ? { prev: link(page - 1), first: link(1) } : {}),
      ...(page < last ? { next: link(page + 1), last: link(last) } : {}),
    },
  });
}
