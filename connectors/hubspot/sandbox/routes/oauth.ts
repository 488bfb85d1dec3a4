import type { Grants } from '../access/grants.ts';
import { authorizePage } from '../oauth/authorize-page.ts';
import { type Asked, type Form, OAUTH_APP, type OAuth } from '../oauth/oauth.ts';
import type { Portal } from '../portal/portal.ts';
import { invalid, notFound } from '../wire/refusal.ts';
import { type Api, type Call, pathPart, readBody } from '../wire/requests.ts';
import { text } from '../wire/shapes.ts';

async function formOf(c: Call): Promise<Form> {
  const form = new URLSearchParams(await c.req.text());
  return Object.fromEntries(form);
}

function askedBy(given: Form): Asked {
  const { client_id, redirect_uri, scope = '', optional_scope = '', code_challenge, code_challenge_method } = given;
  const method = code_challenge_method === 'S256' ? 'S256' : 'plain';
  const challenge = code_challenge === undefined ? null : ({ value: code_challenge, method } as const);
  return { clientId: client_id, redirectUri: redirect_uri, scope, optionalScope: optional_scope, challenge };
}

function backTo(redirectUri: string, answer: Form): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value);
  return url.toString();
}

function authorizeRoutes(api: Api, portal: Portal, oauth: OAuth): void {
  api.get('/oauth/authorize', (c) => {
    const query = c.req.query();
    return c.html(authorizePage(portal.id, oauth.consider(askedBy(query)).scopes, query));
  });
  api.post('/oauth/authorize', async (c) => {
    const form = await formOf(c);
    const { redirectUri } = oauth.consider(askedBy(form));
    const { state } = form;
    if (form.answer === 'allow') return c.redirect(backTo(redirectUri, { code: oauth.allow(askedBy(form)), state }));
    return c.redirect(backTo(redirectUri, { error: 'access_denied', state }));
  });
}

type Parts = { readonly oauth: OAuth; readonly grants: Grants };

/** What is known about a token, or only that it is not active. */
function introspected(portal: Portal, { oauth, grants }: Parts, token: string) {
  const about = { hub_id: portal.id, hub_domain: `sandbox-${portal.id}.hubspot.com`, app_id: portal.appId, user_id: portal.apiUserId };
  const refresh = oauth.refreshToken(token);
  if (refresh !== undefined) return { active: true, ...about, scopes: refresh.scopes, token_use: 'refresh_token' };
  const access = grants.find(token);
  const leftMs = (access?.expiresAtMs ?? 0) - portal.now().getTime();
  if (access === undefined || leftMs <= 0) return { active: false };
  return { active: true, ...about, scopes: [...access.scopes], expires_in: Math.floor(leftMs / 1000), token_use: 'access_token' };
}

/** The calls of old, with the token in the path. */
function oldTokenRoutes(api: Api, portal: Portal, parts: Parts): void {
  api.get('/oauth/v1/access-tokens/:token', (c) => {
    const token = pathPart(c, 'token');
    const { active, token_use, ...about } = { token_use: null, ...introspected(portal, parts, token) };
    if (!active || token_use !== 'access_token') throw notFound();
    return c.json({ token, token_type: 'access', user: 'api@syncline.example', ...about });
  });
  api.get('/oauth/v1/refresh-tokens/:token', (c) => {
    const token = pathPart(c, 'token');
    const { active, token_use, ...about } = { token_use: null, ...introspected(portal, parts, token) };
    if (!active || token_use !== 'refresh_token') throw notFound();
    return c.json({ token, token_type: 'refresh', client_id: OAUTH_APP.clientId, user: 'api@syncline.example', ...about });
  });
  api.delete('/oauth/v1/refresh-tokens/:token', (c) => {
    parts.oauth.revoke(pathPart(c, 'token'));
    return c.body(null, 204);
  });
  api.post('/oauth/v2/private-apps/get/access-token-info', async (c) => {
    const caller = parts.grants.find(text((await readBody(c)).tokenKey, 'tokenKey'));
    if (caller?.kind !== 'static') throw notFound();
    return c.json({ userId: caller.userId, hubId: portal.id, appId: caller.appId, scopes: [...caller.scopes] });
  });
}

/** How an app gets in: consent, tokens, and what is known about them. */
export function oauthRoutes(api: Api, portal: Portal, parts: Parts): void {
  const { oauth } = parts;
  const uncached = { 'Cache-Control': 'no-store' };
  authorizeRoutes(api, portal, oauth);
  // The oldest version also reads the query; the others want everything in the body.
  api.post('/oauth/v1/token', async (c) => c.json(oauth.token({ ...c.req.query(), ...(await formOf(c)) }), 200, uncached));
  api.post('/oauth/v3/token', async (c) => c.json(oauth.token(await formOf(c)), 200, uncached));
  const tokenIn = (form: Form) => form.token ?? form.access_token ?? form.refresh_token;
  api.post('/oauth/v3/token/introspect', async (c) => {
    const form = await formOf(c);
    oauth.demandClient(form);
    const token = tokenIn(form);
    if (token === undefined) throw invalid('Some required fields were not set: [token]');
    return c.json(introspected(portal, parts, token));
  });
  api.post('/oauth/v3/token/revoke', async (c) => {
    const form = await formOf(c);
    oauth.demandClient(form);
    oauth.revoke(tokenIn(form) ?? '');
    return c.body(null, 200);
  });
  oldTokenRoutes(api, portal, parts);
}
