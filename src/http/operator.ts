import type { MiddlewareHandler } from 'hono';
import { ROLES, type Role } from '../hub/access-tables.ts';
import { openApiKey } from './access.ts';
import type { AppParts } from './parts.ts';
import { isLoopback, originOf } from './peer.ts';
import { Problem } from './problem.ts';

/** Who asks. `via` tells a person in a browser from a program with a key. */
export type Operator = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly via: 'session' | 'key';
};
export type Env = { Variables: { operator: Operator } };

type Access = Pick<AppParts, 'hub' | 'auth' | 'publicUrl'>;

/** How an operator is named in journals: stable, and readable without a look-up. */
export const actorOf = (operator: Operator): string => (operator.via === 'key' ? `key:${operator.id}` : `operator:${operator.id}`);

export const holds = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Who asks, by API key or by session; null when it is nobody. A key that is wrong is nobody, even beside a good session. */
async function identify(access: Access, headers: Headers): Promise<Operator | null> {
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const key = secret === undefined ? null : await openApiKey(access.hub, secret);
    return key === null ? null : { ...key, email: null, via: 'key' };
  }
  const session = await access.auth.api.getSession({ headers });
  if (session === null) return null;
  const { id, name, email, role } = session.user;
  return ROLES.includes(role) ? { id, name, email, role, via: 'session' } : null;
}

/** Lets operators through and nobody else; a browser's write must come from the hub's own page. */
export function operatorsOnly(access: Access): MiddlewareHandler<Env> {
  return async (c, next) => {
    const operator = await identify(access, c.req.raw.headers);
    if (operator === null) throw unknownOperator();
    if (operator.via === 'session' && !isOwnPage(access.publicUrl, c.req.raw)) throw foreignPage();
    c.set('operator', operator);
    c.header('cache-control', 'no-store');
    await next();
  };
}

/** Lets operators and this machine itself through. */
export function operatorsOrLoopback(access: Access): MiddlewareHandler {
  return async (c, next) => {
    if (!isLoopback(c) && (await identify(access, c.req.raw.headers)) === null) throw unknownOperator();
    await next();
  };
}

/** The least role that a route asks for: enforced, and written into its description. */
export function allow(role: Role) {
  const middleware: MiddlewareHandler<Env> = async (c, next) => {
    if (!holds(c.var.operator.role, role)) throw new Problem(403, `This takes the role ${role}; you have ${c.var.operator.role}.`);
    await next();
  };
  return { 'x-role': role, middleware };
}

/**
 * Whether a request is not a write from a page of another site. Browsers send Sec-Fetch-Site, or at least Origin, with such a write; what
 * sends neither is a program, which holds its cookie by its own will.
 */
export function isOwnPage(publicUrl: string, request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  return origin === null || origin === originOf(publicUrl) || origin === originOf(request.url);
}

const unknownOperator = () =>
  new Problem(401, 'Sign in, or send an API key as a bearer token.', { headers: { 'www-authenticate': 'Bearer realm="syncline"' } });
export const foreignPage = () => new Problem(403, 'A page of another site may not write here with your session.');
