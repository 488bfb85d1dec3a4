import type { ErrorKind } from './errors.ts';

const KIND_BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'signed_out',
  403: 'not_allowed',
  404: 'misconfigured',
  408: 'unreachable',
  423: 'locked',
  429: 'rate_limited',
};

/** The kind that an HTTP status has when the vendor's body says nothing better. */
export function kindOfStatus(status: number): ErrorKind {
  return KIND_BY_STATUS[status] ?? (status >= 500 ? 'unreachable' : 'broken_answer');
}

/** `Retry-After` in milliseconds, whether it came as seconds or as a date; undefined when it is absent or unreadable. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
