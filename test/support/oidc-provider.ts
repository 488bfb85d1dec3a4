import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';

export type Claims = { readonly sub: string; readonly email: string; readonly email_verified?: boolean; readonly name?: string };
type Asked = { readonly challenge: string; readonly nonce: string | null; readonly redirectUri: string };

const CLIENT = { id: 'syncline', secret: 'a secret of the provider' };
const TOKEN_S = 300;
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A small provider of OpenID Connect on a loopback port: whoever it is told sits before it signs in at once. It checks client, PKCE, and code. */
export async function openOidcProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, Asked>();
  const state: { who: Claims; signsWrongly: boolean } = { who: { sub: 'nobody', email: '' }, signsWrongly: false };
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const signed = (claims: object): string => {
    const text = `${encoded({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encoded(claims)}`;
    return `${text}.${createSign('RSA-SHA256')
      .update(text)
      .sign(state.signsWrongly ? other : privateKey)
      .toString('base64url')}`;
  };
  app.get('/.well-known/openid-configuration', (c) =>
    c.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
  );
  app.get('/jwks', (c) => c.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] }));
  app.get('/authorize', (c) => {
    const { client_id, redirect_uri = '', state: handed = '', code_challenge = '', nonce } = c.req.query();
    if (client_id !== CLIENT.id || code_challenge === '') return c.text('invalid_request', 400);
    const code = randomUUID();
    codes.set(code, { challenge: code_challenge, nonce: nonce ?? null, redirectUri: redirect_uri });
    return c.redirect(`${redirect_uri}?${new URLSearchParams({ code, state: handed })}`);
  });
  app.post('/token', async (c) => {
    const form = await c.req.parseBody();
    const basic = Buffer.from(c.req.header('authorization')?.split(' ')[1] ?? '', 'base64').toString('utf8');
    const isClient = basic === `${CLIENT.id}:${CLIENT.secret}` || (form.client_id === CLIENT.id && form.client_secret === CLIENT.secret);
    const asked = codes.get(String(form.code));
    codes.delete(String(form.code));
    const isPkce = createHash('sha256').update(String(form.code_verifier)).digest('base64url') === asked?.challenge;
    if (!isClient || asked === undefined || !isPkce || form.redirect_uri !== asked.redirectUri)
      return c.json({ error: 'invalid_grant' }, 400);
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: CLIENT.id, iat, exp: iat + TOKEN_S, nonce: asked.nonce, ...state.who };
    return c.json({ access_token: randomUUID(), token_type: 'Bearer', expires_in: TOKEN_S, id_token: signed(claims) });
  });
  return {
    issuer,
    client: CLIENT,
    /** Who sits before it from now on. */
    seat(who: Claims): void {
      state.who = who;
    },
    signWrongly(): void {
      state.signsWrongly = true;
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
