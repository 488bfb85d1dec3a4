import { createHmac } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Org } from '../org.ts';
import { shownInstant } from '../soql/select.ts';
import { type AppAccess, barred } from './app-access.ts';
import { assertionFault } from './jwt.ts';
import { CLIENT_ID, CLIENT_SECRET, type SpentCode, type Tokens } from './tokens.ts';

type Deps = { readonly org: Org; readonly tokens: Tokens; readonly access: AppAccess; readonly origin: () => string };
type Form = Readonly<Record<string, string>>;

/** Sign-in: authorize, token, revoke, and who the token belongs to. */
export function oauthApp(deps: Deps): Hono {
  const { org, tokens, origin } = deps;
  const app = new Hono();
  app.get('/services/oauth2/authorize', (c) => authorize(c, deps));
  app.post('/services/oauth2/token', async (c) => {
    c.header('date', new Date(org.now()).toUTCString());
    c.header('cache-control', 'no-store');
    const grant = grantTokens(deps, await readForm(c), new URL(c.req.url).hostname);
    return 'error' in grant ? c.json(grant, 400) : c.json(grant);
  });
  app.on(['GET', 'POST'], '/services/oauth2/revoke', async (c) => {
    const form = c.req.method === 'GET' ? c.req.query() : await readForm(c);
    if (tokens.revoke(form.token ?? '')) return c.body(null, 200);
    return c.json({ error: 'unsupported_token_type', error_description: 'this token type is not supported' }, 400);
  });
  const identity = (c: Context) => {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? c.req.query('oauth_token') ?? '';
    if (!tokens.accept(token)) return c.text('Bad_OAuth_Token', 403);
    const { org: orgId = org.id, user = org.apiUserId } = c.req.param();
    if (orgId !== org.id || user !== org.apiUserId) return c.text('Bad_Id', 404);
    return c.json(whoIs(org, origin()));
  };
  app.get('/id/:org/:user', identity);
  app.get('/services/oauth2/userinfo', identity);
  return app;
}

/** Signs in at once, as somebody would who is already logged in and agrees. */
function authorize(c: Context, { org, tokens, access }: Deps): Response {
  const { client_id, redirect_uri, response_type, state, code_challenge } = c.req.query();
  if (client_id !== CLIENT_ID) return c.json(failure('invalid_client_id', 'client identifier invalid'), 400);
  if (redirect_uri === undefined || !URL.canParse(redirect_uri)) {
    return c.json(failure('redirect_uri_missing', 'redirect_uri is required'), 400);
  }
  const back = new URL(redirect_uri);
  const refuse = ({ error, error_description }: Failure) => {
    back.searchParams.set('error', error);
    back.searchParams.set('error_description', error_description);
  };
  if (state !== undefined) back.searchParams.set('state', state);
  if (response_type !== 'code') refuse(failure('unsupported_response_type', 'response type not supported'));
  else if (access.barrier !== null) refuse(barred(access.barrier));
  else if (code_challenge === undefined && org.switches.requirePkce) refuse(failure('invalid_request', 'missing required code challenge'));
  else back.searchParams.set('code', tokens.issueCode(code_challenge ?? null, redirect_uri));
  return c.redirect(back.href, 302);
}

/** The form's fields; client id and secret may come by Basic authentication instead. */
async function readForm(c: Context): Promise<Form> {
  const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
  const basic = /^Basic (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (basic === undefined) return form;
  const [client_id = '', client_secret = ''] = Buffer.from(basic, 'base64').toString().split(/:(.*)/s);
  return { client_id, client_secret, ...form };
}

type Failure = { readonly error: string; readonly error_description: string };
const failure = (error: string, error_description: string): Failure => ({ error, error_description });

const WRONG_CODE: Readonly<Record<Exclude<SpentCode, 'good'>, Failure>> = {
  unknown: failure('invalid_grant', 'expired authorization code'),
  'no verifier': failure('invalid_grant', 'invalid code verifier'),
  'wrong verifier': failure('invalid_request', 'invalid code verifier'),
  'wrong redirect': failure('redirect_uri_mismatch', 'redirect_uri must match configuration'),
};

type Grant = Failure | Readonly<Record<string, string>>;

function grantTokens(deps: Deps, form: Form, host: string): Grant {
  const { org, access } = deps;
  if (form.grant_type === undefined) return failure('unsupported_grant_type', 'grant type not supported');
  if (form.grant_type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return byAssertion(deps, form.assertion ?? '');
  if (form.client_id !== CLIENT_ID) return failure('invalid_client_id', 'client identifier invalid');
  if (form.client_secret !== undefined && form.client_secret !== CLIENT_SECRET)
    return failure('invalid_client', 'invalid client credentials');
  if (access.barrier !== null) return barred(access.barrier);
  switch (form.grant_type) {
    case 'client_credentials':
      if (host === org.switches.loginHost) return failure('invalid_grant', 'request not supported on this domain');
      return form.client_secret === undefined ? failure('invalid_client', 'invalid client credentials') : tokenBody(deps, {});
    case 'refresh_token':
      return byRefreshToken(deps, form.refresh_token ?? '');
    case 'authorization_code':
      return byCode(deps, form);
    default:
      return failure('unsupported_grant_type', 'grant type not supported');
  }
}

/** A verifier may come along: it is of no meaning here. */
function byRefreshToken(deps: Deps, token: string): Grant {
  const used = deps.tokens.spendRefresh(token);
  if (used === undefined) return failure('invalid_grant', 'expired access/refresh token');
  return tokenBody(deps, used.rotated === null ? {} : { refresh_token: used.rotated });
}

function byCode(deps: Deps, form: Form): Grant {
  const { code = '', code_verifier = null, redirect_uri = null } = form;
  const spent = deps.tokens.spendCode(code, { verifier: code_verifier, redirectUri: redirect_uri });
  return spent === 'good' ? tokenBody(deps, { refresh_token: deps.tokens.issueRefresh() }) : WRONG_CODE[spent];
}

/** Whom the assertions for an org in production are for, whatever its address. */
const PRODUCTION = 'https://login.salesforce.com';

/** The address of the login host, when it has a name of its own. */
const loginOrigin = (origin: string, loginHost: string) => (loginHost === '' ? [] : [origin.replace(/\/\/[^:/]+/, `//${loginHost}`)]);

function byAssertion(deps: Deps, assertion: string): Grant {
  const { org, access, origin } = deps;
  if (access.barrier !== null) return barred(access.barrier);
  const user = org.row('User', org.apiUserId);
  const fault = assertionFault(assertion, {
    certificate: access.certificate,
    audiences: [PRODUCTION, origin(), ...loginOrigin(origin(), org.switches.loginHost)],
    username: String(user.Username),
    now: org.now(),
    maxMs: org.switches.jwtMaxMs,
  });
  return fault === null ? tokenBody(deps, {}) : failure('invalid_grant', fault);
}

/** There is no `expires_in`: that a token ran out is told by a 401. */
function tokenBody({ org, tokens, access, origin }: Deps, more: Form): Readonly<Record<string, string>> {
  const id = `${origin()}/id/${org.id}/${org.apiUserId}`;
  const issued_at = String(org.now());
  return {
    access_token: tokens.issueAccess(),
    signature: createHmac('sha256', CLIENT_SECRET)
      .update(id + issued_at)
      .digest('base64'),
    scope: 'api refresh_token',
    instance_url: access.instanceUrl ?? (org.switches.instanceUrl === '' ? origin() : org.switches.instanceUrl),
    id,
    token_type: 'Bearer',
    issued_at,
    ...more,
  };
}

function whoIs(org: Org, origin: string) {
  const user = org.row('User', org.apiUserId);
  const id = `${origin}/id/${org.id}/${org.apiUserId}`;
  const rest = `${origin}/services/data/v{version}/`;
  return {
    id,
    asserted_user: true,
    user_id: org.apiUserId,
    organization_id: org.id,
    username: user.Username,
    nick_name: user.LastName,
    display_name: `${user.FirstName} ${user.LastName}`,
    email: user.Email,
    email_verified: true,
    first_name: user.FirstName,
    last_name: user.LastName,
    timezone: 'UTC',
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    last_modified_date: shownInstant(user.SystemModstamp),
    is_app_installed: true,
    urls: { rest, sobjects: `${rest}sobjects/`, query: `${rest}query/`, search: `${rest}search/`, profile: `${origin}/${org.apiUserId}` },
  };
}
