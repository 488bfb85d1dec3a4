import type { Hono } from 'hono';
import type { RequestLog } from '../../../../src/sandbox/page/request-log.ts';
import type { Troubles } from '../../../../src/sandbox/page/troubles.ts';
import type { Hand } from '../hand.ts';
import type { Org } from '../org.ts';
import { type SalesforceTrouble, strike } from './strike.ts';

/** What watches the requests of others, and makes them go wrong. */
export type Watch = { readonly troubles: Troubles<SalesforceTrouble>; readonly requests: RequestLog };

export type Control = Watch & { readonly hand: Hand };

const isOurs = (path: string): boolean => path === '/_sandbox' || path.startsWith('/_sandbox/');

/** Notes every request but those of the control API and the page, and lets the trouble that is due strike it. */
export function watch(app: Hono, org: Org, { troubles, requests }: Watch): void {
  app.use(async (c, next) => {
    if (isOurs(c.req.path)) return next();
    await next();
    const { pathname, search, searchParams } = new URL(c.req.url);
    // An address may hold a token.
    const path = searchParams.has('oauth_token') ? pathname : `${pathname}${search}`;
    const client = /client=([^;,\s]+)/.exec(c.req.header('sforce-call-options') ?? '')?.[1];
    requests.note({ at: new Date(org.now()).toISOString(), method: c.req.method, path, status: c.res.status, caller: client ?? 'unnamed' });
    return undefined;
  });
  app.use(async (c, next) => {
    const trouble = isOurs(c.req.path) ? null : troubles.strike(c.req.method, c.req.path);
    return trouble === null ? next() : strike(c, trouble, next);
  });
}
