import { z } from '@hono/zod-openapi';
import { Problem } from './problem.ts';

const DEFAULT_LIMIT = 50;
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const Limit = z
  .string()
  .regex(/^\d{1,9}$/, 'A whole number from 1 to 200.')
  .transform(Number)
  .pipe(z.int().min(1).max(200))
  .optional()
  .openapi({ type: 'integer', minimum: 1, maximum: 200, default: DEFAULT_LIMIT });

/** The query of every list: how many, and after which. */
export const Listing = z.object({
  limit: Limit,
  cursor: z.string().max(500).optional().openapi({ description: 'The `next` of the page before.' }),
});

/** The address of one thing. What cannot be an id is answered like an id that nobody has. */
export const ById = z.object({ id: z.guid() });
export const Guid = z.guid();

/** Newest first, from below the id `after`; one more than `limit` is read, to know whether there is more. */
export type After = { readonly after: string | null; readonly limit: number };
type Slice<Item> = { readonly items: Item[]; readonly last: string | null };

/** What the query of a list asks for. A cursor that this list did not give is refused. */
export function afterOf(list: string, query: { limit?: number | undefined; cursor?: string | undefined }): After {
  return { limit: query.limit ?? DEFAULT_LIMIT, after: query.cursor === undefined ? null : idIn(list, query.cursor) };
}

/** The same for a list that goes up by numbers: from behind the number `after`. */
export function behindOf(
  list: string,
  query: { limit?: number | undefined; cursor?: string | undefined },
): { after: number; limit: number } {
  const [name, number] = query.cursor === undefined ? [list, '0'] : Buffer.from(query.cursor, 'base64url').toString('utf8').split(':');
  if (name !== list || number === undefined || !/^\d{1,15}$/.test(number)) throw strange();
  return { limit: query.limit ?? DEFAULT_LIMIT, after: Number(number) };
}

/** The same for a list that goes down by moments: from behind one of them, and the id that stood there. */
export function momentOf(list: string, cursor: string | undefined): { at: string; id: string } | null {
  if (cursor === undefined) return null;
  const [name, at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (name !== list || at === undefined || Number.isNaN(Date.parse(at)) || id === undefined || !IS_ID.test(id)) throw strange();
  return { at, id };
}

/** A page of such a list. */
export function listedByMoment<Item>(list: string, { items, last }: { items: Item[]; last: { at: string; id: string } | null }) {
  return { items, next: last === null ? null : Buffer.from(`${list}|${last.at}|${last.id}`).toString('base64url') };
}

/** A page as the API shows it; its cursor is opaque, and good for this list only. */
export function listed<Item>(list: string, slice: Slice<Item>): { items: Item[]; next: string | null } {
  return { items: slice.items, next: slice.last === null ? null : Buffer.from(`${list}:${slice.last}`).toString('base64url') };
}

function idIn(list: string, cursor: string): string {
  const [name, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (name !== list || id === undefined || !IS_ID.test(id)) throw strange();
  return id;
}

const strange = (): Problem => new Problem(400, 'This cursor is not one of this list. Start again without it.');
