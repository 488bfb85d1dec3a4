import { Hono } from 'hono';
import type { World } from '../world.ts';
import { CLIENT_ID, CLIENT_SECRET, type Grants } from './grants.ts';

/** Sign-in. The answer has no refresh token and no end: it names the host that the token is good for. */
export function oauthRoutes(world: World, grants: Grants, origin: () => string): Hono {
  const app = new Hono();
  // Somebody who is signed in already and agrees.
  app.get('/authorize', (c) => {
    const { response_type, client_id, redirect_uri, state } = c.req.query();
    if (client_id !== CLIENT_ID) return c.text('Unknown client', 400);
    if (redirect_uri === undefined || !URL.canParse(redirect_uri)) return c.text('Unknown redirect_uri', 400);
    const back = new URL(redirect_uri);
    if (response_type === 'code') back.searchParams.set('code', grants.issueCode(redirect_uri));
    else back.searchParams.set('error', 'unsupported_response_type');
    if (state !== undefined) back.searchParams.set('state', state);
    return c.redirect(back.href, 302);
  });
  app.post('/token', async (c) => {
    const refuse = (error: string, error_description: string) => c.json({ error, error_description }, 400);
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
      return refuse('invalid_request', 'The parameters are form-encoded.');
    const form = new URLSearchParams(await c.req.text());
    if (form.get('grant_type') !== 'authorization_code') return refuse('unsupported_grant_type', 'There is only authorization_code.');
    if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET)
      return refuse('invalid_client', 'Wrong client_id or client_secret.');
    const token = grants.spendCode(form.get('code') ?? '', form.get('redirect_uri') ?? '');
    if (token === null) return refuse('invalid_grant', 'The code is not valid, or has expired.');
    const access_url = world.switches.accessUrl === '' ? origin() : world.switches.accessUrl;
    return c.json({ access_token: token, token_type: 'bearer', access_url });
  });
  return app;
}
