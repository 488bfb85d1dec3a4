import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** What announces a body on a socket, where a request without one has a stream all the same. */
const ANNOUNCES = ['content-type', 'content-length', 'transfer-encoding'];

const UPLOAD = /^\/api\/v1\/connections\/[^/]+\/imports(\/preview)?$/;

/** Whether a request brings a file: it may be of any size and is no JSON, and nothing holds it whole. */
const isUpload = ({ method, path }: { readonly method: string; readonly path: string }): boolean => method === 'POST' && UPLOAD.test(path);

/** What is for all requests but those that bring a file. */
export const unlessUpload =
  (middleware: MiddlewareHandler): MiddlewareHandler =>
  (c, next) =>
    isUpload(c.req) ? next() : middleware(c, next);

/** A body that is not JSON is refused before anything reads it. */
export const jsonOnly: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type');
  const isAnnounced = ANNOUNCES.some((name) => c.req.header(name) !== undefined);
  const hasBody = c.req.raw.body !== null && isAnnounced && c.req.header('content-length') !== '0';
  if (WRITES.has(c.req.method) && hasBody && !JSON_TYPE.test(type ?? '')) throw new Problem(415, 'Send the body as application/json.');
  await next();
};

/** Tells a wrong method from a wrong address, and says which methods there are. */
export function otherMethods(registered: readonly { readonly method: string; readonly path: string }[]): MiddlewareHandler {
  const routes = registered.filter((route) => route.method !== 'ALL' && !route.path.endsWith('*'));
  const known = routes.map((route) => ({ method: route.method, pattern: patternOf(route.path) }));
  return async (c, next) => {
    const methods = new Set(known.filter((route) => route.pattern.test(c.req.path)).map((route) => route.method));
    if (methods.size === 0 || methods.has(c.req.method) || c.req.method === 'HEAD') return next();
    throw new Problem(405, `This address takes ${[...methods].join(', ')}.`, { headers: { allow: [...methods].join(', ') } });
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:[^/]+/g, '[^/]+')}$`);
}
