import { createHash, randomBytes } from 'node:crypto';
import { type ServerType, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';

export const APP = { client_id: 'app-of-acme', client_secret: 'kept-by-acme' };

/** What the vendor does next; everything may be changed while it runs. */
type Mood = {
  /** What the person on its page does: says yes, says no, or is shown the page and asked. */
  person: 'allows' | 'denies' | 'is asked';
  portal: string;
  /** What is granted of what was asked for. */
  grants(scopes: readonly string[]): readonly string[];
  lifetimeS: number;
};

/**
 * A stand-in of HubSpot's OAuth server and of the one call that says whose a token is, from the vendor's documents: single-use codes, PKCE, form
 * posts, 1,800 s tokens, and its own words for what it refuses.
 */
export async function openOAuthVendor() {
  const mood: Mood = { person: 'allows', portal: '4471902', grants: (scopes) => scopes, lifetimeS: 1800 };
  const codes = new Map<
    string,
    { readonly challenge: string; readonly redirectUri: string; readonly scopes: readonly string[]; readonly portal: string }
  >();
  const access = new Map<string, string>();
  const refresh = new Map<string, { readonly scopes: readonly string[]; readonly portal: string }>();
  const requests: { readonly path: string; readonly form: Readonly<Record<string, string>> }[] = [];
  const redirects = new Set<string>();
  const mint = (kind: string) => `${kind}-${randomBytes(12).toString('hex')}`;

  const refuse = (c: Context, error: string, status: string, message: string) =>
    c.json({ error, error_description: message, status, message }, 400);
  const give = (c: Context, { portal, scopes }: { portal: string; scopes: readonly string[] }, refreshToken: string) => {
    const access_token = mint('access');
    access.set(access_token, portal);
    return c.json({
      ...{ token_type: 'bearer', token_use: 'access_token', access_token, refresh_token: refreshToken, expires_in: mood.lifetimeS },
      ...{ hub_id: Number(portal), user_id: 77, scopes },
    });
  };

  function answerOf(c: Context, decision: 'allows' | 'denies'): Response {
    const { client_id, redirect_uri = '', state = '', scope = '', code_challenge = '', code_challenge_method } = c.req.query();
    if (client_id !== APP.client_id || !redirects.has(redirect_uri) || code_challenge_method !== 'S256')
      return c.text('The app or its redirect URL is not known.', 400);
    const back = new URL(redirect_uri);
    back.searchParams.set('state', state);
    if (decision === 'denies') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user denied access to the app.');
    } else {
      const code = mint('code');
      codes.set(code, { challenge: code_challenge, redirectUri: redirect_uri, scopes: mood.grants(scope.split(' ')), portal: mood.portal });
      back.searchParams.set('code', code);
    }
    return c.redirect(back.toString(), 302);
  }

  const app = new Hono()
    .get('/oauth/authorize', (c) => {
      if (mood.person !== 'is asked') return answerOf(c, mood.person);
      const query = new URL(c.req.url).search;
      return c.html(
        `<h1>Allow access</h1><a href="/oauth/answer/allows${query}">Allow</a> <a href="/oauth/answer/denies${query}">Deny</a>`,
      );
    })
    .get('/oauth/answer/:decision', (c) => answerOf(c, c.req.param('decision') === 'allows' ? 'allows' : 'denies'))
    .post('/oauth/:version/token', async (c) => {
      const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
      requests.push({ path: c.req.path, form });
      if (form.client_id !== APP.client_id) return refuse(c, 'invalid_client', 'BAD_CLIENT_ID', 'missing or unknown client id');
      if (form.client_secret !== APP.client_secret)
        return refuse(c, 'invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');
      if (form.grant_type === 'refresh_token') {
        const held = refresh.get(form.refresh_token ?? '');
        if (held === undefined) return refuse(c, 'invalid_grant', 'BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
        return give(c, held, form.refresh_token ?? '');
      }
      const held = codes.get(form.code ?? '');
      codes.delete(form.code ?? '');
      const challenge = createHash('sha256')
        .update(form.code_verifier ?? '')
        .digest('base64url');
      if (held === undefined || held.redirectUri !== form.redirect_uri || held.challenge !== challenge)
        return refuse(c, 'invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
      const token = mint('refresh');
      refresh.set(token, held);
      return give(c, held, token);
    })
    .get('/account-info/:version/details', (c) => {
      const portal = access.get(c.req.header('authorization')?.replace('Bearer ', '') ?? '');
      if (portal !== undefined) return c.json({ portalId: Number(portal), timeZone: 'UTC', companyCurrency: 'EUR' });
      const message = 'The OAuth token used to make this call expired 5 second(s) ago.';
      return c.json({ status: 'error', message, correlationId: '1', category: 'EXPIRED_AUTHENTICATION' }, 401);
    });
  const server = await new Promise<ServerType>((resolve) => {
    const opened = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(opened));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a vendor listens on a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    mood,
    requests,
    /** What the app over there has as its redirect URLs. */
    redirects,
    /** Ends every access token. */
    expireAll: () => access.clear(),
    /** Ends everything that was granted. */
    revokeAll: () => {
      access.clear();
      refresh.clear();
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
