import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Actions, AppParts } from './parts.ts';
import { invalid, Problem } from './problem.ts';
import type { Env } from './security/operator.ts';

/** A part of the API: what does not fit its schema is answered as a problem. */
export function newApi() {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.target, result.error);
    },
  });
}

/** What the engine does for operators; on the edge there is none. */
export function acting(parts: Pick<AppParts, 'actions'>): Actions {
  if (parts.actions === null) throw new Problem(503, "The edge only shows. Ask the hub's own address for this.");
  return parts.actions;
}

/** The thing under an id, or the answer that there is none. */
export function found<Thing>(thing: Thing | null | undefined | 'not_found', what: string): Thing {
  if (thing === null || thing === undefined || thing === 'not_found') throw new Problem(404, `There is no such ${what}.`);
  return thing;
}

/** A JSON body that has to be there. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** The one good answer of a route. */
export function answers<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { 200: { description, content: { 'application/json': { schema } } } } as const;
}

/** The good answer of a route that only sets something going. */
export function starts<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { 202: { description, content: { 'application/json': { schema } } } } as const;
}

/** The good answer of a route that makes something. */
export function makes<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { 201: { description, content: { 'application/json': { schema } } } } as const;
}

export const answersNothing = { 204: { description: 'Done' } } as const;
