import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';

/** Cuts the socket instead of answering. */
export function cut(c: Pick<Context, 'env' | 'res'>): Response {
  const { outgoing } = c.env as unknown as { readonly outgoing: { destroy(): void } };
  outgoing.destroy();
  c.res = RESPONSE_ALREADY_SENT;
  return RESPONSE_ALREADY_SENT;
}
