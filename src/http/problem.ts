import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { newId } from '../hub/ids.ts';
import type { Log } from '../kernel/log.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Not now',
  413: 'The request is too large',
  415: 'The body must be JSON',
  422: 'The request cannot be carried out',
  424: 'The other system did not answer as it should',
  429: 'Too many tries',
  500: 'The hub failed',
  503: 'Not available here',
};

export type ProblemError = { readonly pointer: string; readonly detail: string };
type Extra = {
  readonly errors?: readonly ProblemError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, unknown>>;
};

/** An answer that says what is wrong and what to do, as RFC 9457 problem details; thrown anywhere in a route. */
export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly extra: Extra;
  constructor(status: ContentfulStatusCode, detail: string, extra: Extra = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.extra = extra;
  }
}

export function problemResponse(problem: Problem): Response {
  const { status, message: detail, extra } = problem;
  const { errors, headers, more } = extra;
  const body = {
    type: 'about:blank',
    title: TITLES[status] ?? 'The request failed',
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}

/** The last net: a bad request is named, and a fault of ours gets an id that the log explains. No stack and no message leaves. */
export function answerError(log: Log) {
  return (error: Error, c: Context): Response => {
    if (error instanceof Problem) return problemResponse(error);
    if (error instanceof HTTPException && error.status < 500) return problemResponse(new Problem(error.status, said(error)));
    if (isUnstorable(error)) return problemResponse(new Problem(400, 'A value holds characters that no text may hold, such as NUL.'));
    const errorId = newId();
    log.error({ errorId, method: c.req.method, route: c.req.path, reason: error.message, stack: error.stack }, 'request failed');
    return problemResponse(new Problem(500, `The log has more under ${errorId}.`, { more: { errorId } }));
  };
}

// Postgres says so with a code of its own, whichever column it was; a text cannot hold NUL, nor JSON half a surrogate pair.
const UNSTORABLE: ReadonlySet<unknown> = new Set(['22021', '22P05']);
const isUnstorable = (error: Error): boolean => UNSTORABLE.has(Reflect.get(error, 'code'));

function said(error: HTTPException): string {
  return error.message === '' ? (TITLES[error.status] ?? 'The request failed') : error.message;
}

export type Target = 'json' | 'query' | 'param' | 'header' | 'cookie' | 'form';

/** What a value that does not fit its schema is answered with: an id that cannot be one is simply not found. */
export function invalid(target: Target, error: z.ZodError): Problem {
  if (target === 'param') return new Problem(404, 'There is nothing under this address.');
  const errors = error.issues.flatMap(flat).map((issue) => ({ pointer: pointerTo(target, issue.path), detail: issue.message }));
  const [status, what] = target === 'json' ? ([422, 'body'] as const) : ([400, target] as const);
  return new Problem(status, `The ${what} does not have the expected form: see errors.`, { errors });
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

// A union that fits nowhere says only that; what each of its forms lacks is what helps.
function flat(issue: z.core.$ZodIssue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  return issue.errors.flatMap((inner) => inner.map((each) => ({ path: [...issue.path, ...each.path], message: each.message })));
}

function pointerTo(target: Target, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return target === 'json' ? `#${steps}` : `${target}:${steps}`;
}
