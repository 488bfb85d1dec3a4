import type { MiddlewareHandler } from 'hono';
import { cut } from './wire.ts';

/**
 * One scripted fault. `on` is `METHOD /path` where `*` stands for anything; it fires on the matching requests after the first `skip`, `times`
 * times. `answer`: a status, instead of doing the work. `lose`: the work is done or not (`before` / `after`), and the socket is cut.
 */
export type Fault = {
  readonly on: string;
  readonly times?: number;
  readonly skip?: number;
} & (
  | { readonly answer: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly lose: 'before' | 'after' }
);

function pattern(on: string): RegExp {
  return new RegExp(
    `^${on
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}

/** Applies the first fault of the list that is due; the list may grow while the server runs. */
export function faultMiddleware(faults: readonly Fault[]): MiddlewareHandler {
  const fired = new Map<Fault, number>();
  return async (c, next) => {
    const name = `${c.req.method} ${c.req.path}`;
    const due = faults.find((fault) => {
      if (!pattern(fault.on).test(name)) return false;
      const count = (fired.get(fault) ?? 0) + 1;
      const skip = fault.skip ?? 0;
      if (count > skip + (fault.times ?? 1)) return false;
      fired.set(fault, count);
      return count > skip;
    });
    if (due === undefined) return next();
    if ('answer' in due) {
      const body = due.body === undefined ? '' : typeof due.body === 'string' ? due.body : JSON.stringify(due.body);
      return new Response(body, { status: due.answer, headers: { 'content-type': 'application/json', ...due.headers } });
    }
    if (due.lose === 'after') await next();
    return cut(c);
  };
}
