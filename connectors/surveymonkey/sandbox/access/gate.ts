import { Hono, type MiddlewareHandler } from 'hono';
import { dated } from '../../../../src/sandbox/dated.ts';
import { notFound, Refusal } from '../wire/refusal.ts';
import type { World } from '../world.ts';
import type { Grants } from './grants.ts';
import type { Limits } from './limits.ts';
import type { Scope } from './scopes.ts';
import type { Troubles } from './troubles.ts';

export type Guards = { readonly grants: Grants; readonly limits: Limits; readonly troubles: Troubles };

/** The API without its routes: who may come in, how often, and how a refusal reads. Only calls with a good token use the budget up. */
export function openGate(world: World, { grants, limits, troubles }: Guards): Hono {
  const api = new Hono().basePath('/v3');
  api.use(dated(world.now));
  api.use(async (c, next) => {
    const tell = (headers: Readonly<Record<string, string>>): void => {
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
    };
    tell(limits.headers());
    troubles.strike(c.req.method, c.req.path);
    grants.admit(c.req.header('authorization'));
    tell({ 'X-OAuth-Scopes-Available': grants.available().join(','), 'X-OAuth-Scopes-Granted': grants.granted().join(',') });
    if (!limits.take()) throw new Refusal(1040);
    tell(limits.headers());
    return next();
  });
  api.notFound(() => {
    throw notFound();
  });
  api.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    if (error.id === 1013 && world.switches.revokedAs === 'status')
      return c.json({ status: 1, errmsg: 'Client revoked access grant' }, 401);
    return c.json(error.body, error.status);
  });
  return api;
}

/** Lets those in who have one right. */
export type Rights = (scope: Scope) => MiddlewareHandler;
export function rightsOf(grants: Grants): Rights {
  return (scope) => async (_c, next) => {
    grants.demand(scope);
    return next();
  };
}
