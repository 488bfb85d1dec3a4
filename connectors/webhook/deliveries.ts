import type { DeliveryPort } from '../../src/contract/webhook.ts';
import { bodyOf } from './bodies.ts';
import { isProved, nameOf } from './signatures.ts';

/** Deliveries of any tool: proved as the connection's settings say, and read as JSON or as form data. */
export const deliveries: DeliveryPort = {
  // Some tools ask first whether the address is there; that tells them nothing else.
  greet: ({ method }) => (method === 'HEAD' ? new Response(null, { status: 200 }) : null),
  verify: isProved,
  nameOf,
  bodyOf,
};
