import { HubError } from '../../contract/errors.ts';
import type { JwtBearer } from '../../contract/manifest.ts';
import { must } from '../../kernel/must.ts';
import type { TokenSession } from './token-request.ts';

// What stands longer is refused by some vendors; clocks may differ by as much.
const LIFETIME_S = 180;

/** A signed statement of who signs in as whom (RFC 7523, RS256), good for three minutes. A key that cannot be read is `misconfigured`. */
export async function assertionFor(way: JwtBearer, { credential, settings, now }: TokenSession): Promise<string> {
  const secret = (name: string) => must(credential.values[name], name).reveal().trim();
  const key = await readKey(secret('private_key'));
  const claims = {
    iss: secret('client_id'),
    sub: secret('username'),
    aud: String(settings[way.audienceSetting] || way.audience),
    exp: Math.floor(now().getTime() / 1000) + LIFETIME_S,
  };
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const PEM = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----$/;

// Fields of one line take the line breaks out of what is pasted into them.
async function readKey(pem: string): Promise<CryptoKey> {
  const [, body = ''] = PEM.exec(pem) ?? [];
  try {
    const der = Buffer.from(body.replace(/\s+/g, ''), 'base64');
    return await crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
  } catch (cause) {
    const message = 'The private key cannot be read: it has to be an RSA key in PKCS#8, which begins with -----BEGIN PRIVATE KEY-----';
    throw new HubError('misconfigured', message, { code: 'BAD_PRIVATE_KEY', cause });
  }
}
