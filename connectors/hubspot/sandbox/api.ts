import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Bucket, Limits } from './access/limits.ts';
import type { Portal } from './portal/portal.ts';
import { accountRoutes } from './routes/account.ts';
import { associationRoutes } from './routes/associations.ts';
import { batchRoutes } from './routes/batches.ts';
import { labelRoutes } from './routes/labels.ts';
import { objectRoutes } from './routes/objects.ts';
import { propertyRoutes } from './routes/properties.ts';
import { canonicalPath, versionOf } from './wire/paths.ts';
import { notFound, Refusal } from './wire/refusal.ts';
import type { Api, Env } from './wire/requests.ts';

const URL_MAX = 16_200;

function demandToken(given: string | undefined, token: string): void {
  if (given === `Bearer ${token}`) return;
  throw new Refusal(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });
}

function bucketOf(path: string): Bucket {
  if (/^\/crm\/v3\/objects\/[^/]+\/search$/.test(path)) return 'search';
  return path.startsWith('/crm/v4/') ? 'associations' : 'general';
}

/** The type that a request writes to, or null: reads by POST are no writes. */
function writtenType(method: string, path: string): string | null {
  const [, type, rest] = /^\/crm\/v3\/objects\/([^/]+)(.*)$/.exec(path) ?? [];
  return type === undefined || method === 'GET' || rest === '/search' || rest === '/batch/read' ? null : type;
}

/** A correlation id for each answer, the same ones in every run. */
function correlationIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `5b0f${'0'.repeat(4)}-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
  };
}

// The gate stands before every route: credentials first, then limits, which count only what was let in.
function gate(api: Api, portal: Portal, { token, limits }: { token: string; limits: Limits }): void {
  api.use(async (c, next) => {
    c.set('version', versionOf(new URL(c.req.url).pathname));
    if (c.req.raw.url.length - portal.origin().length > URL_MAX) throw new Refusal(414, { message: 'URI Too Long' });
    demandToken(c.req.header('authorization'), token);
    const bucket = bucketOf(c.req.path);
    limits.take(bucket);
    const written = writtenType(c.req.method, c.req.path);
    if (written !== null) limits.takeWrite(written);
    const headers = limits.headers(bucket);
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  });
}

function refuse(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** The whole API of a portal, for callers with this token. */
export function openApi(portal: Portal, token: string): Api {
  const api: Api = new Hono<Env>({ getPath: (request) => canonicalPath(new URL(request.url).pathname) });
  const limits = new Limits(portal.switches, portal.now);
  const correlationId = correlationIds();
  // The clock of the answer is the portal's, so that a caller who reads the Date header and one who reads a record agree.
  api.use(async (c, next) => {
    await next();
    c.header('Date', portal.now().toUTCString());
    if (c.res.headers.get('X-HubSpot-Correlation-Id') === null) c.header('X-HubSpot-Correlation-Id', correlationId());
  });
  gate(api, portal, { token, limits });
  objectRoutes(api, portal);
  batchRoutes(api, portal);
  associationRoutes(api, portal);
  labelRoutes(api, portal);
  propertyRoutes(api, portal);
  accountRoutes(api, portal, limits);
  api.notFound(() => {
    throw notFound();
  });
  api.onError((error, c) => {
    const { status, body, headers } = refuse(error);
    const id = correlationId();
    const answer = { status: 'error', ...body, correlationId: id };
    return c.json(answer, status as ContentfulStatusCode, { ...headers, 'X-HubSpot-Correlation-Id': id });
  });
  return api;
}
