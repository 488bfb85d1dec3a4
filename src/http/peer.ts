import type { Context } from 'hono';

/** Carries the address of whoever is connected to the sign-in routes; what a client writes into it is thrown away. */
export const PEER_HEADER = 'x-syncline-peer';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via', 'cf-connecting-ip'] as const;

export const originOf = (url: string): string => new URL(url).origin;
export const isSecure = (url: string): boolean => new URL(url).protocol === 'https:';

/** The address at the other end of the socket; null where there is no socket to ask, as on the edge. */
function socketAddress(c: Context): string | null {
  const bindings: unknown = c.env;
  const incoming = inside(bindings, 'incoming');
  const address = inside(inside(incoming, 'socket'), 'remoteAddress');
  return typeof address === 'string' ? address : null;
}

/** Who is asking, for limits on tries: the socket, or what the edge says about its client. */
export function peerAddress(c: Context): string | null {
  return socketAddress(c) ?? c.req.header('cf-connecting-ip') ?? null;
}

/**
 * Whether the request comes from this very machine. A proxy on the same machine would make everybody local, so a forwarded request is
 * not; and the host must be a name of this machine, so that no foreign page can reach it through a name that resolves here.
 */
export function isLoopback(c: Context): boolean {
  const address = socketAddress(c);
  if (address === null || !LOOPBACK_ADDRESS.test(address)) return false;
  if (PROXY_HEADERS.some((name) => c.req.header(name) !== undefined)) return false;
  return LOOPBACK_NAMES.has(new URL(c.req.url).hostname);
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
