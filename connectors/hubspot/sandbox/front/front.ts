import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RequestLog } from '../../../../src/sandbox/page/request-log.ts';
import type { Troubles } from '../../../../src/sandbox/page/troubles.ts';
import type { Grants } from '../access/grants.ts';
import type { Limits } from '../access/limits.ts';
import type { Locks } from '../access/locks.ts';
import type { Portal } from '../portal/portal.ts';
import { canonicalPath, versionOf } from '../wire/paths.ts';
import { DEFAULT_NOT_FOUND, notFound, Refusal } from '../wire/refusal.ts';
import type { Api, Env } from '../wire/requests.ts';
import { bucketOf, isOpen, writtenType } from './kinds.ts';
import { type HubspotTrouble, strike } from './strike.ts';

/** What stands before the routes. */
export type Guards = {
  readonly grants: Grants;
  readonly limits: Limits;
  readonly locks: Locks;
  readonly troubles: Troubles<HubspotTrouble>;
  readonly log: RequestLog;
};

/** A correlation id for each answer, the same ones in every run. */
function correlationIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `5b0f${'0'.repeat(4)}-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
  };
}

// Credentials first, then limits, which count only what was let in.
function admit(api: Api, portal: Portal, { grants, limits, locks }: Guards): void {
  api.use(async (c, next) => {
    c.set('version', versionOf(new URL(c.req.url).pathname));
    if (c.req.raw.url.length - portal.origin().length > portal.switches.urlMax) throw new Refusal(414, { message: 'URI Too Long' });
    if (isOpen(c.req.path)) return next();
    const caller = grants.demand(c.req.header('authorization'));
    c.set('caller', caller);
    const bucket = bucketOf(c.req.path);
    limits.take(bucket, caller);
    const written = writtenType(c.req.method, c.req.path);
    if (written !== null) locks.take(written);
    const headers = limits.headers(bucket, caller);
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    return undefined;
  });
}

function watch(api: Api, portal: Portal, { grants, log }: Guards): void {
  api.use(async (c, next) => {
    await next();
    const { pathname, search } = new URL(c.req.url);
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const caller = token === undefined ? 'nobody' : (grants.find(token)?.kind ?? 'unknown');
    log.note({ at: portal.now().toISOString(), method: c.req.method, path: `${pathname}${search}`, status: c.res.status, caller });
  });
}

/** The front of the API: what every request passes on its way in, and every answer on its way out. */
export function openFront(portal: Portal, guards: Guards): Api {
  const api: Api = new Hono<Env>({ getPath: (request) => canonicalPath(new URL(request.url).pathname) });
  const correlationId = correlationIds();
  watch(api, portal, guards);
  // The clock of the answer is the portal's, so that a caller who reads the Date header and one who reads a record agree.
  api.use(async (c, next) => {
    await next();
    c.header('Date', portal.now().toUTCString());
    if (c.res.headers.get('X-HubSpot-Correlation-Id') === null) c.header('X-HubSpot-Correlation-Id', correlationId());
  });
  api.use(async (c, next) => {
    const trouble = guards.troubles.strike(c.req.method, c.req.path);
    return trouble === null ? next() : strike(c, trouble, next);
  });
  admit(api, portal, guards);
  api.notFound(() => {
    throw notFound();
  });
  api.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    const { status, body, headers } = error;
    const id = correlationId();
    const message = body.message === DEFAULT_NOT_FOUND ? portal.switches.notFoundMessage : body.message;
    const answer = body.plain ?? { status: 'error', ...body, message, correlationId: id };
    return c.json(answer, status as ContentfulStatusCode, { ...headers, 'X-HubSpot-Correlation-Id': id });
  });
  return api;
}
