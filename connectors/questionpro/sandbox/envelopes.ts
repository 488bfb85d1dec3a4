import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Switches } from './switches.ts';

/** The refusals of the vendor's list. One id stands for two of them: 1013 is a missing right and a spent quota. */
const REFUSALS = {
  url: { id: 1003, status: 400, name: 'BAD_REQUEST', message: 'Invalid URL parameters' },
  notJson: { id: 1001, status: 400, name: 'BAD_REQUEST', message: 'The request body is not valid JSON' },
  schema: { id: 1002, status: 400, name: 'BAD_REQUEST', message: 'The request body does not follow the schema' },
  key: { id: 1010, status: 401, name: 'UNAUTHORIZED', message: 'Incorrect API key' },
  resource: { id: 1013, status: 403, name: '', message: 'You do not have permission on this resource' },
  missing: { id: 1040, status: 404, name: 'NOT_FOUND', message: 'The requested resource does not exist' },
  pace: { id: 1012, status: 429, name: '', message: 'Too many requests: the limit of API calls per minute has been reached' },
  quota: { id: 1013, status: 429, name: '', message: 'API call limit exceeded. Please contact your account manager to buy more API calls' },
} as const satisfies Readonly<Record<string, { id: number; status: ContentfulStatusCode; name: string; message: string }>>;
export type Refusal = keyof typeof REFUSALS;

/** A refusal in the vendor's words. It repeats the address that was called, with whatever secrets stand in it. */
export function refuse(
  c: Context,
  refusal: Refusal,
  options: { switches: Switches; why?: string; headers?: Record<string, string> },
): Response {
  const { id, status, name, message } = REFUSALS[refusal];
  const error = {
    docs: 'https://www.questionpro.com/api/error-codes.html',
    httpStatusCode: status,
    id: options.switches.errorIdAs === 'string' ? String(id) : id,
    message: options.why === undefined ? message : `${message}: ${options.why}`,
    name,
    resourceUrl: c.req.url,
  };
  return c.json({ response: { error } }, status, options.headers ?? {});
}

/** One object in its envelope. */
export function single(c: Context, response: unknown): Response {
  return c.json({ response, requestID: crypto.randomUUID() });
}

/** Which page is asked for: `page` counts from 1. Null when the numbers are unreadable or refused. */
export type PageAsk = { readonly page: number; readonly perPage: number };
export function pageAsk(c: Context, switches: Switches): PageAsk | null {
  const [page, perPage] = [c.req.query('page') ?? '1', c.req.query('perPage') ?? '100'];
  if (!/^[1-9]\d{0,8}$/.test(page) || !/^[1-9]\d{0,8}$/.test(perPage)) return null;
  if (Number(perPage) > 1_000 && switches.perPageOver === 'refuse') return null;
  return { page: Number(page), perPage: Math.min(1_000, Number(perPage)) };
}

/** One page of a list in its envelope. The links are the vendor's, and lead to another path than the one that was called. */
export function listPage<T>(
  c: Context,
  items: readonly T[],
  options: PageAsk & { origin: string; render: (item: T) => unknown },
): Response {
  const { page, perPage, origin } = options;
  const totalPages = Math.ceil(items.length / perPage);
  const link = (to: number): string => `${origin}/a/api/v2/data?page=${to}&perPage=${perPage + 1}`;
  const links = {
    self: link(page),
    prev: page > 1 ? link(page - 1) : null,
    next: page < totalPages ? link(page + 1) : null,
    first: link(1),
    last: link(Math.max(1, totalPages)),
  };
  return c.json({
    response: items.slice((page - 1) * perPage, page * perPage).map(options.render),
    pagination: { perPage, totalItems: items.length, currentPage: page, totalPages, links },
    requestID: crypto.randomUUID(),
  });
}
