import type { Context, MiddlewareHandler } from 'hono';
import { ROLES, type Role } from '../../hub/tables/access.ts';
import type { AppParts } from '../parts.ts';
import { isLoopback, originOf } from '../peer.ts';
import { Problem } from '../problem.ts';
import { openApiKey } from './access.ts';
import { standingOf } from './sessions.ts';

/** Who asks. `via` tells a person in a browser from a program with a key. */
export type Operator = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly via: 'session' | 'key';
  /** Null for a key. */
  readonly session: { readonly id: string; readonly isFresh: boolean } | null;
};
/** Of whom an answer tells: of what the address names, of each item of a list, or of more than anybody would count. */
export type Shows = 'record' | 'records' | 'response' | 'responses' | 'about_records' | 'file';
export type Env = { Variables: { operator: Operator; shows: Shows } };

type Access = Pick<AppParts, 'hub' | 'auth' | 'publicUrl'>;

/** How an operator is named in journals: stable, and readable without a look-up. */
export const actorOf = (operator: Operator): string => (operator.via === 'key' ? `key:${operator.id}` : `operator:${operator.id}`);

export const holds = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Who asks, by API key or by session; null when it is nobody. A key that is wrong is nobody, even beside a good session. */
export async function identify(access: Access, headers: Headers): Promise<Known | null> {
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const key = secret === undefined ? null : await openApiKey(access.hub, secret);
    return key === null ? null : { ...key, email: null, via: 'key', session: null, lacksFactor: false };
  }
  const found = await access.auth.api.getSession({ headers });
  if (found === null) return null;
  const { id, name, email, role } = found.user;
  const standing = await standingOf(access.hub, found.session.id);
  if (standing === null || !ROLES.includes(role)) return null;
  const { isFresh, lacksFactor } = standing;
  return { id, name, email, role, via: 'session', session: { id: found.session.id, isFresh }, lacksFactor };
}
type Known = Operator & { readonly lacksFactor: boolean };

/** What somebody who still has to set up a second factor may do: that. */
const ONE_S_OWN = /^\/api\/v1\/me(\/|$)/;

/** Lets operators through and nobody else; a browser's write must come from the hub's own page. */
export function operatorsOnly(access: Access): MiddlewareHandler<Env> {
  return async (c, next) => {
    const known = await identify(access, c.req.raw.headers);
    if (known === null) throw unknownOperator();
    const { lacksFactor, ...operator } = known;
    if (operator.via === 'session' && !isOwnPage(access.publicUrl, c.req.raw)) throw foreignPage();
    if (lacksFactor && !ONE_S_OWN.test(c.req.path)) throw lacking();
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

type Terms = { readonly fresh?: true; readonly shows?: Shows };

/**
 * The least role that a route asks for, whether who asks must have proved just now who they are, and of whom its answer tells: enforced, and
 * written into its description.
 */
export function allow(role: Role, { fresh, shows }: Terms = {}) {
  const middleware: MiddlewareHandler<Env> = async (c, next) => {
    if (!holds(c.var.operator.role, role)) throw new Problem(403, `This takes the role ${role}; you have ${c.var.operator.role}.`);
    if (fresh === true) demandFresh(c);
    if (shows !== undefined) c.set('shows', shows);
    await next();
  };
  return {
    'x-role': role,
    ...(fresh === undefined ? {} : { 'x-fresh-sign-in': fresh }),
    ...(shows === undefined ? {} : { 'x-shows': shows }),
    middleware,
  };
}

/**
 * Refuses who signed in long ago: a browser may have been left open. A key has no browser that could be left open; whoever holds it has just
 * shown it.
 */
export function demandFresh(c: Context<Env>): void {
  if (c.var.operator.session?.isFresh === false)
    throw new Problem(403, 'Confirm first that it is you.', { more: { code: 'fresh_sign_in_needed' } });
}

const SESSION = /(^|[;\s])(__Secure-)?syncline\.session_token=/;

/**
 * Whether a request is not a write from a page of another site. Browsers send Sec-Fetch-Site, or at least Origin, with such a write: what carries
 * a session and says neither is not known to come from a page of ours. A program asks with a key, and signs in without a session.
 */
export function isOwnPage(publicUrl: string, request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  if (origin === null) return !SESSION.test(request.headers.get('cookie') ?? '');
  return origin === originOf(publicUrl) || origin === originOf(request.url);
}

const unknownOperator = () =>
  new Problem(401, 'Sign in, or send an API key as a bearer token.', { headers: { 'www-authenticate': 'Bearer realm="syncline"' } });
const lacking = () =>
  new Problem(403, 'This hub asks for a second factor. Set one up first, under Settings.', { more: { code: 'second_factor_needed' } });
export const foreignPage = () => new Problem(403, 'A page of another site may not write here with your session.');
