import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { ADA, type OpenPortal, openPortal, sdkOf } from './hubspot-portal.ts';

let portal: OpenPortal;
const open = async (...switches: Parameters<typeof openPortal>) => {
  portal = await openPortal(...switches);
  return portal;
};
afterEach(() => portal.stage.close());

const redirectUri = 'http://127.0.0.1:9/back';
const scope = 'oauth crm.objects.contacts.read';
const contacts = '/crm/v3/objects/contacts';

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** The token endpoint of a version, with the app's own credentials unless told otherwise. */
async function ask(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  const { id, secret } = portal.hands.access.client;
  const body = new URLSearchParams({ client_id: id, client_secret: secret, ...form });
  const answer = await fetch(`${portal.stage.origin}${path}`, { method: 'POST', body });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}
const exchange = (code: string, more: Readonly<Record<string, string>> = {}, path = '/oauth/v1/token') =>
  ask(path, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...more });
const refresh = (token: string) => ask('/oauth/2026-09/token', { grant_type: 'refresh_token', refresh_token: token });
const signIn = async () => (await exchange(portal.hands.access.allow({ scope, redirectUri }))).body;
const bearing = (body: Readonly<Record<string, unknown>>) => ({ token: String(body.access_token) });

test('the official client takes a code, reads with the token, and refreshes it', async () => {
  const { hands } = await open();
  const sdk = sdkOf(portal);
  const { id, secret } = hands.access.client;
  const code = hands.access.allow({ scope, redirectUri });
  const first = await sdk.oauth.tokensApi.create('authorization_code', code, redirectUri, id, secret);
  expect([first.expiresIn, first.tokenType]).toEqual([1800, 'bearer']);
  expect((await sdkOf(portal, { token: first.accessToken }).crm.contacts.basicApi.getById(ADA)).id).toBe(ADA);
  const again = await sdk.oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, first.refreshToken);
  expect(again.accessToken).not.toBe(first.accessToken);
  expect(again.refreshToken).toBe(first.refreshToken);
  const about = await sdk.oauth.accessTokensApi.get(again.accessToken);
  expect([about.hubId, about.scopes]).toEqual([24_711_001, scope.split(' ')]);
  await sdk.oauth.refreshTokensApi.archive(first.refreshToken);
  await expect(sdk.oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, first.refreshToken)).rejects.toMatchObject({
    code: 400,
    body: { status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' },
  });
});

test('the authorize page asks, and its button leads back with a code and the state', async () => {
  const { stage, hands } = await open();
  const query = new URLSearchParams({ client_id: hands.access.client.id, redirect_uri: redirectUri, scope, state: '<s&t>' });
  const page = await fetch(`${stage.origin}/oauth/authorize?${query}`);
  const text = await page.text();
  expect([page.status, text.includes('crm.objects.contacts.read'), text.includes('<s&t>'), text.includes('&lt;s&amp;t&gt;')]).toEqual([
    200,
    true,
    false,
    true,
  ]);
  const press = async (answer: string) => {
    const body = new URLSearchParams([...query, ['answer', answer]]);
    const { headers } = await fetch(`${stage.origin}/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
    return new URL(headers.get('location') ?? '').searchParams;
  };
  const allowed = await press('allow');
  expect(allowed.get('state')).toBe('<s&t>');
  expect((await exchange(allowed.get('code') ?? '')).status).toBe(200);
  expect(Object.fromEntries(await press('deny'))).toEqual({ error: 'access_denied', state: '<s&t>' });
  for (const wrong of [{ client_id: 'other' }, { scope: 'crm.objects.everything' }, { redirect_uri: 'nowhere' }]) {
    const asked = new URLSearchParams({ ...Object.fromEntries(query), ...wrong });
    expect((await fetch(`${stage.origin}/oauth/authorize?${asked}`)).status).toBe(400);
  }
});

test('a code is good once, not for long, for its own redirect, and only with the verifier of its challenge', async () => {
  const { hands, wind } = await open();
  const { allow } = hands.access;
  const code = allow({ scope, redirectUri });
  expect((await exchange(code)).status).toBe(200);
  expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await exchange(allow({ scope, redirectUri }), { redirect_uri: 'http://127.0.0.1:9/other' })).status).toBe(400);
  const late = allow({ scope, redirectUri });
  wind(60_000);
  expect((await exchange(late)).status).toBe(400);
  const value = createHash('sha256').update('verifier').digest('base64url');
  const proven = () => allow({ scope, redirectUri, challenge: { value, method: 'S256' } });
  expect((await exchange(proven())).status).toBe(400);
  expect((await exchange(proven(), { code_verifier: 'another' })).status).toBe(400);
  expect((await exchange(proven(), { code_verifier: 'verifier' })).status).toBe(200);
  const plain = { client_id: hands.access.client.id, redirect_uri: redirectUri, scope, code_challenge: 'verifier', answer: 'allow' };
  const pressed = await fetch(`${portal.stage.origin}/oauth/authorize`, {
    method: 'POST',
    body: new URLSearchParams(plain),
    redirect: 'manual',
  });
  const plainCode = new URL(pressed.headers.get('location') ?? '').searchParams.get('code') ?? '';
  expect((await exchange(plainCode, { code_verifier: 'verifier' })).status).toBe(200);
});

test('wrong credentials of the app, and a grant that nobody knows, are refused; only the oldest version reads the query', async () => {
  await open();
  expect(await exchange('x', { client_secret: 'wrong' })).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
  expect(await ask('/oauth/v3/token', { grant_type: 'password' })).toMatchObject({ body: { error: 'unsupported_grant_type' } });
  const code = portal.hands.access.allow({ scope, redirectUri });
  const asked = `grant_type=authorization_code&code=${code}&redirect_uri=${encodeURIComponent(redirectUri)}`;
  expect((await ask(`/oauth/2026-09/token?${asked}`, {})).status).toBe(400);
  expect((await ask(`/oauth/v1/token?${asked}`, {})).status).toBe(200);
});

test('a token that is too old is told from one that never was', async () => {
  const { call, wind } = await open({ tokenTtlSeconds: 10 });
  const tokens = await signIn();
  expect(tokens).toMatchObject({ expires_in: 10, token_use: 'access_token', hub_id: 24_711_001, scopes: scope.split(' ') });
  wind(9999);
  expect((await call('GET', contacts, bearing(tokens))).status).toBe(200);
  wind(2001);
  expect(await call('GET', contacts, bearing(tokens))).toMatchObject({
    status: 401,
    body: {
      category: 'EXPIRED_AUTHENTICATION',
      message: 'The OAuth token used to make this call expired 2 second(s) ago.',
      context: { 'expire time': ['2026-11-22T09:00:10.000Z'] },
    },
  });
  expect(await call('GET', contacts, { token: 'never' })).toMatchObject({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
});

test('a token reaches what its scopes name, and a scope that is lost is missing from then on', async () => {
  const { call, hands } = await open();
  const tokens = await signIn();
  expect((await call('PATCH', `${contacts}/${ADA}`, { ...bearing(tokens), body: { properties: {} } })).body).toMatchObject({
    category: 'MISSING_SCOPES',
    errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.write'] } }],
  });
  for (const object of ['companies', 'deals', 'tickets']) {
    expect((await call('GET', `/crm/v3/objects/${object}`, bearing(tokens))).status).toBe(403);
  }
  for (const object of ['notes', 'tasks', 'communications']) {
    expect((await call('GET', `/crm/v3/objects/${object}`, bearing(tokens))).status).toBe(200);
  }
  hands.access.loseScope('crm.objects.contacts.read');
  expect((await call('GET', contacts, bearing(tokens))).status).toBe(403);
  expect((await refresh(String(tokens.refresh_token))).body).toMatchObject({ scopes: ['oauth'] });
});

test('dated paths let activities be reached by scopes of their own', async () => {
  const { call, hands } = await open();
  const token = hands.access.issueToken(['crm.objects.contacts.read']);
  expect((await call('GET', '/crm/objects/2026-09/tasks', { token })).status).toBe(200);
  const none = hands.access.issueToken([]);
  expect((await call('GET', '/crm/objects/2026-09/tasks', { token: none })).body).toMatchObject({
    errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.read', 'crm.objects.tasks.read'] } }],
  });
});

test('what is known about a token can be asked, by either name of it', async () => {
  await open();
  const tokens = await signIn();
  const about = (form: Readonly<Record<string, string>>) => ask('/oauth/2026-03/token/introspect', form);
  const access = String(tokens.access_token);
  expect((await about({ token: access })).body).toMatchObject({
    active: true,
    token_use: 'access_token',
    expires_in: 1800,
    scopes: scope.split(' '),
  });
  expect((await about({ access_token: access })).body).toMatchObject({ active: true });
  expect((await about({ refresh_token: String(tokens.refresh_token) })).body).toMatchObject({ active: true, token_use: 'refresh_token' });
  expect((await about({ token: 'never' })).body).toEqual({ active: false });
});

test('a revoked refresh token gives nothing more, while its access token lives out its time', async () => {
  const { call } = await open();
  const tokens = await signIn();
  expect((await ask('/oauth/v3/token/revoke', { token: String(tokens.refresh_token) })).status).toBe(200);
  expect(await refresh(String(tokens.refresh_token))).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
  expect((await call('GET', contacts, bearing(tokens))).status).toBe(200);
  expect((await ask('/oauth/v3/token/revoke', { token: String(tokens.access_token) })).status).toBe(200);
  expect((await call('GET', contacts, bearing(tokens))).status).toBe(401);
});

test('an app that was uninstalled has no token any more, and a private app keeps its own', async () => {
  const { call, hands } = await open();
  const tokens = await signIn();
  hands.access.uninstall();
  expect((await call('GET', contacts, bearing(tokens))).body).toMatchObject({ category: 'INVALID_AUTHENTICATION' });
  expect((await refresh(String(tokens.refresh_token))).body).toMatchObject({ status: 'BAD_REFRESH_TOKEN' });
  expect((await call('GET', contacts)).status).toBe(200);
});

test('a portal may give a new refresh token each time, and the old one is over then', async () => {
  await open({ rotateRefreshTokens: true });
  const first = await signIn();
  const second = await refresh(String(first.refresh_token));
  expect(second.body.refresh_token).not.toBe(first.refresh_token);
  expect((await refresh(String(first.refresh_token))).status).toBe(400);
  expect((await refresh(String(second.body.refresh_token))).status).toBe(200);
});

test('an app alone gets a token for the journal and nothing else', async () => {
  await open();
  const grant = { grant_type: 'client_credentials', scope: 'developer.webhooks_journal.read' };
  const given = await ask('/oauth/v3/token', grant);
  expect(given).toMatchObject({ status: 200, body: { scopes: ['developer.webhooks_journal.read'] } });
  expect(given.body).not.toHaveProperty('refresh_token');
  expect((await ask('/oauth/v3/token', { ...grant, scope })).status).toBe(400);
});

test('a private app can ask what its own token is', async () => {
  const { call, hands } = await open();
  const tokenKey = hands.access.issueToken(['crm.objects.contacts.read'], 77);
  expect((await call('POST', '/oauth/v2/private-apps/get/access-token-info', { body: { tokenKey } })).body).toMatchObject({
    appId: 77,
    hubId: 24_711_001,
    scopes: ['crm.objects.contacts.read'],
  });
});
