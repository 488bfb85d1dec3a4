import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { pause } from './outside.ts';

type Wire = Pick<Context, 'env' | 'res'>;

/** Cuts the socket instead of answering. */
export function cut(c: Wire): Response {
  const { outgoing } = c.env as unknown as { readonly outgoing: { destroy(): void } };
  outgoing.destroy();
  c.res = RESPONSE_ALREADY_SENT;
  return RESPONSE_ALREADY_SENT;
}

type WireTrouble = { readonly kind: 'reset' | 'lost' | 'slow'; readonly ms: number };

/** What can befall a request whoever the vendor is: `reset` cuts the socket before the work, `lost` after it; `slow` answers `ms` later. */
export async function strikeWire(c: Wire, { kind, ms }: WireTrouble, next: () => Promise<void>): Promise<Response | undefined> {
  if (kind === 'reset') return cut(c);
  if (kind === 'slow') await pause(ms);
  await next();
  return kind === 'lost' ? cut(c) : undefined;
}
