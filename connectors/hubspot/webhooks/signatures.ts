import type { Delivery } from '../../../src/contract/webhook.ts';

const WINDOW_MS = 300_000;

// What HubSpot writes plainly in the address that it signs, whatever came over the wire.
const PLAINLY_SIGNED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Whether HubSpot signed a delivery, by whichever of its three ways it used. Where there is a signature of the third kind it alone counts:
 * the older ones have no time in them, so that what somebody recorded could be sent again for ever.
 */
export async function isSigned(delivery: Delivery, secret: string): Promise<boolean> {
  const { headers } = delivery;
  if (secret === '') return false;
  const third = headers.get('x-hubspot-signature-v3');
  if (third !== null) return isSignedWithTime(delivery, secret, third);
  const given = headers.get('x-hubspot-signature');
  if (given === null) return false;
  switch (headers.get('x-hubspot-signature-version')) {
    case 'v2':
      return same(given, await sha256(utf8(secret + delivery.method.toUpperCase() + delivery.url), delivery.body));
    case 'v1':
    case null:
      return same(given, await sha256(utf8(secret), delivery.body));
    default:
      return false;
  }
}

async function isSignedWithTime({ method, url, headers, body, receivedAt }: Delivery, secret: string, given: string): Promise<boolean> {
  const sentAt = headers.get('x-hubspot-request-timestamp') ?? '';
  // It may be as far in the future as in the past, and is signed as the text that came.
  if (!/^\d{1,15}$/.test(sentAt) || Math.abs(receivedAt.getTime() - Number(sentAt)) > WINDOW_MS) return false;
  const signature = fromBase64(given);
  if (signature === null) return false;
  const address = url.replace(PLAINLY_SIGNED, decodeURIComponent);
  const key = await crypto.subtle.importKey('raw', bytes(utf8(secret)), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  // Constant in time by itself.
  return crypto.subtle.verify('HMAC', key, signature, joined(utf8(method.toUpperCase() + address), body, utf8(sentAt)));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return null;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

async function sha256(...parts: readonly Uint8Array[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', joined(...parts));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const bytes = (some: Uint8Array): Uint8Array<ArrayBuffer> => joined(some);

// Looks at every letter, whichever is the first that differs.
function same(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let i = 0; i < wanted.length; i++) difference |= wanted.charCodeAt(i) ^ given.charCodeAt(i);
  return difference === 0;
}
