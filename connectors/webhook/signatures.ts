import type { Fields } from '../../src/contract/records.ts';
import type { Delivery } from '../../src/contract/webhook.ts';
import { type Scheme, type Signing, schemeOf } from './schemes.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const utf8 = (words: string): Bytes => new TextEncoder().encode(words);

/** Whether a delivery is proved in the way that the settings describe; nothing is when they describe none. */
export async function isProved(delivery: Delivery, secret: string, settings: Fields): Promise<boolean> {
  const scheme = schemeOf(settings);
  if (scheme === null || secret === '') return false;
  return scheme.kind === 'token' ? holdsToken(delivery, secret, scheme) : isSigned(delivery, secret, scheme);
}

/** The name by which its sender knows a delivery. */
export function nameOf({ headers }: Delivery, settings: Fields): string | null {
  const header = schemeOf(settings)?.idHeader ?? null;
  const name = header === null ? null : headers.get(header);
  return name === null || name.trim() === '' ? null : name.trim();
}

type Token = Extract<Scheme, { kind: 'token' }>;

async function holdsToken({ headers, url }: Delivery, secret: string, { header, parameter }: Token): Promise<boolean> {
  const said = header === null ? null : headers.get(header);
  const inHeader = header === 'authorization' ? (said?.replace(/^(bearer|token)\s+/i, '') ?? null) : said;
  const inAddress = parameter === null ? null : new URL(url).searchParams.get(parameter);
  const found = await Promise.all([inHeader, inAddress].map((token) => (token === null ? false : isEqual(token.trim(), secret))));
  return found.includes(true);
}

/** Constant in time: both are signed with one key, and the signatures are compared by the platform. */
async function isEqual(one: string, other: string): Promise<boolean> {
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  return crypto.subtle.verify('HMAC', key, await crypto.subtle.sign('HMAC', key, utf8(other)), utf8(one));
}

async function isSigned(delivery: Delivery, secret: string, signing: Signing): Promise<boolean> {
  const key = keyOf(secret, signing);
  const timestamp = timestampOf(delivery, signing);
  if (key === null || key.length === 0 || (signing.timestampHeader !== null && timestamp === null)) return false;
  if (timestamp !== null && !isFresh(timestamp, delivery.receivedAt, signing.toleranceMs)) return false;
  const content = contentOf(delivery, signing, timestamp ?? '');
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: signing.algorithm }, false, ['verify']);
  const checked = await Promise.all(
    signaturesIn(delivery, signing).map((signature) => crypto.subtle.verify('HMAC', imported, signature, content)),
  );
  return checked.includes(true);
}

function keyOf(secret: string, { key }: Signing): Bytes | null {
  return key === 'text' ? utf8(secret) : fromBase64(secret.replace(/^whsec_/, ''));
}

function fromBase64(text: string): Bytes | null {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return null;
  try {
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromHex(text: string): Bytes | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A header may hold several, when a secret is being replaced. */
function signaturesIn({ headers }: Delivery, { header, prefix, encoding }: Signing): readonly Bytes[] {
  const signs = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = [...(headers.get(header) ?? '').matchAll(new RegExp(`(?:^|[\\s,])${signs}([A-Za-z0-9+/_-]+={0,2})(?=$|[\\s,])`, 'g'))];
  return found.slice(0, 10).flatMap(([, text = '']) => (encoding === 'hex' ? fromHex(text) : fromBase64(text)) ?? []);
}

/** As it was written, for that is what is signed. Some senders put it beside the signature, as `t=`. */
function timestampOf({ headers }: Delivery, { timestampHeader }: Signing): string | null {
  if (timestampHeader === null) return null;
  const said = headers.get(timestampHeader)?.trim() ?? '';
  return (/(?:^|[\s,])t=(\d+)/.exec(said)?.[1] ?? said) || null;
}

const MOST_SECONDS = 100_000_000_000;

function isFresh(timestamp: string, receivedAt: Date, toleranceMs: number): boolean {
  const count = Number(timestamp);
  const at = Number.isFinite(count) ? (count < MOST_SECONDS ? count * 1000 : count) : Date.parse(timestamp);
  return Math.abs(receivedAt.getTime() - at) <= toleranceMs;
}

/** The bytes that were signed: the body stands in them as it came. */
function contentOf({ body, url, method, headers }: Delivery, { content, idHeader }: Signing, timestamp: string): Bytes {
  const words: Readonly<Record<string, string>> = { timestamp, url, method, id: (idHeader === null ? null : headers.get(idHeader)) ?? '' };
  const pieces = content.split(/\{(body|timestamp|id|url|method)\}/).map((piece, i) => (i % 2 === 0 ? utf8(piece) : null));
  const names = [...content.matchAll(/\{(body|timestamp|id|url|method)\}/g)].map(([, name = '']) => name);
  const bytes = pieces.map((piece, i) => piece ?? (names[(i - 1) / 2] === 'body' ? body : utf8(words[names[(i - 1) / 2] ?? ''] ?? '')));
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of bytes) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
