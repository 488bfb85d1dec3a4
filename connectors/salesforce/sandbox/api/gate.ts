import { type Context, Hono } from 'hono';
import type { AppAccess } from '../oauth/app-access.ts';
import type { Tokens } from '../oauth/tokens.ts';
import type { Org } from '../org.ts';
import { notFound, Refusal, refusalBody } from '../refusal.ts';
import { type Ask, dispatch, type Reply, type Route } from './exchange.ts';
import type { Quota } from './quota.ts';

const VERSIONS = [60, 61, 62, 63, 64, 65, 66, 67, 68];
const RELEASES = ['Spring', 'Summer', 'Winter'];
/** Address and headers together may not be longer. */
const MAX_HEAD_BYTES = 16_384;

export type Deps = {
  readonly org: Org;
  readonly tokens: Tokens;
  readonly access: AppAccess;
  readonly quota: Quota;
  readonly origin: () => string;
  readonly routes: readonly Route[];
};

/** The data API behind its gate: token, quota, version, and form of a request come before what it asks. */
export function dataApp(deps: Deps): Hono {
  const app = new Hono();
  app.get('/services/data', (c) => (isSmallEnough(c) ? sent(deps, versions()) : sent(deps, TOO_LONG)));
  app.get('/services/data/', () => sent(deps, versions()));
  app.all('/services/data/:version', async (c) => answer(deps, c));
  app.all('/services/data/:version/*', async (c) => answer(deps, c));
  return app;
}

/** Every supported version, the oldest first; Winter '27 is 68. */
function versions(): Reply {
  const body = VERSIONS.map((version) => {
    const label = `${RELEASES[version % 3]} '${Math.floor((version + 13) / 3)}`;
    return { label, url: `/services/data/v${version}.0`, version: `${version}.0` };
  });
  return { status: 200, body };
}

async function answer(deps: Deps, c: Context): Promise<Response> {
  const { org, tokens, quota, routes } = deps;
  const text = await c.req.text();
  org.store.settle(org.now());
  try {
    const isFree = !org.switches.bulkCounts && /\/jobs\//.test(c.req.path);
    if (!isFree) quota.spend(org.now());
    if (!isSmallEnough(c)) return counted(deps, TOO_LONG);
    admit(deps, c.req.url);
    acceptToken(tokens, c.req.header('authorization'));
    return counted(deps, dispatch(routes, org, readAsk(c, text)));
  } catch (error) {
    if (error instanceof Refusal) return counted(deps, refusal(error));
    throw error;
  }
}

const refusal = (error: Refusal): Reply => ({ status: error.status, body: refusalBody(error) });
const TOO_LONG = refusal(new Refusal('URI_TOO_LONG', 'the address and the headers are too long', { status: 414 }));

function isSmallEnough(c: Context): boolean {
  const headers = [...c.req.raw.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  return c.req.url.length + headers <= MAX_HEAD_BYTES;
}

export const sessionEnded = () => new Refusal('INVALID_SESSION_ID', 'Session expired or invalid', { status: 401 });

/** An org that has moved knows no session at its old address. */
export function admit({ access }: Pick<Deps, 'access'>, url: string): void {
  if (access.isApiOff) throw new Refusal('API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner', { status: 403 });
  if (access.instanceUrl !== null && new URL(url).origin !== access.instanceUrl) throw sessionEnded();
}

function acceptToken(tokens: Tokens, header: string | undefined): void {
  const [, token] = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(header ?? '') ?? [];
  if (header !== undefined && token === undefined) throw new Refusal('INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE', { status: 401 });
  if (token === undefined || !tokens.accept(token)) throw sessionEnded();
}

function readAsk(c: Context, text: string): Ask {
  const url = new URL(c.req.url);
  const [version = '', ...segments] = url.pathname
    .replace(/^\/services\/data\//, '')
    .split('/')
    .filter((segment) => segment !== '');
  const number = Number(/^v(\d+)\.0$/.exec(version)?.[1] ?? Number.NaN);
  if (number >= 1 && number <= 30) throw new Refusal('UNSUPPORTED_API_VERSION', 'The requested API version is retired', { status: 410 });
  if (!VERSIONS.includes(number)) throw notFound();
  const method = c.req.method === 'POST' ? (url.searchParams.get('_HttpMethod') ?? 'POST').toUpperCase() : c.req.method;
  return {
    method: method === 'HEAD' ? 'GET' : method,
    segments,
    query: url.searchParams,
    version,
    body: readBody(c, text),
    header: (name) => c.req.header(name) ?? null,
  };
}

/** A body is JSON, or as it came when it is a CSV upload. */
function readBody(c: Context, text: string): unknown {
  const type = c.req.header('content-type') ?? '';
  if (c.req.method === 'PUT' && /^text\/csv\b/i.test(type)) return text;
  if (text === '') return undefined;
  if (!/^application\/json\b/i.test(type)) {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'Content type is not supported: application/json is', { status: 415 });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('JSON_PARSER_ERROR', 'The HTTP entity body is not well-formed JSON');
  }
}

function sent({ org }: Deps, { status, body, text, headers }: Reply): Response {
  const named = { ...headers, date: new Date(org.now()).toUTCString() };
  if (text !== undefined) return new Response(text, { status, headers: named });
  if (body === undefined) return new Response(null, { status, headers: named });
  return new Response(JSON.stringify(body), { status, headers: { ...named, 'content-type': 'application/json;charset=UTF-8' } });
}

function counted(deps: Deps, reply: Reply): Response {
  return sent(deps, { ...reply, headers: { ...reply.headers, 'sforce-limit-info': deps.quota.told(deps.org.now()) } });
}
