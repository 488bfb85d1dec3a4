import { verify } from 'node:crypto';
import { CLIENT_ID } from './tokens.ts';

type Ground = {
  readonly certificate: string | null;
  readonly audiences: readonly string[];
  readonly username: string;
  readonly now: number;
  readonly maxMs: number;
};

function claimsOf(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return claims !== null && typeof claims === 'object' ? { ...claims } : null;
  } catch {
    return null;
  }
}

/** Why a JWT assertion is refused, in the vendor's words; null when it is good. */
export function assertionFault(assertion: string, { certificate, audiences, username, now, maxMs }: Ground): string | null {
  const [head = '', body = '', signature = '', more] = assertion.split('.');
  const [header, claims] = [claimsOf(head), claimsOf(body)];
  if (header === null || claims === null || more !== undefined || header.alg !== 'RS256') return 'invalid assertion';
  const signed = Buffer.from(`${head}.${body}`);
  if (certificate === null || !verify('RSA-SHA256', signed, certificate, Buffer.from(signature, 'base64url'))) return 'invalid assertion';
  if (claims.iss !== CLIENT_ID) return 'client identifier invalid';
  if (typeof claims.aud !== 'string' || !audiences.includes(claims.aud.replace(/\/$/, ''))) return 'audience is invalid';
  if (claims.sub !== username) return "user hasn't approved this consumer";
  const end = Number(claims.exp) * 1000;
  return end > now && end <= now + maxMs ? null : 'expired or too far ahead';
}
