import { Hono } from 'hono';
import { invalid } from '../wire/refusal.ts';
import { object, optionalText, text, texts } from '../wire/shapes.ts';
import type { Hands } from './hands.ts';

const BUCKETS = ['general', 'search', 'associations'] as const;

/** What an admin and a developer do: consent, tokens, scopes, and the calls of other consumers. */
export function accessCalls({ access }: Hands): Hono {
  const calls = new Hono();
  calls.get('/oauth/client', (c) => c.json(access.client));
  calls.post('/oauth/code', async (c) => {
    const { scope, redirectUri, codeChallenge, codeChallengeMethod } = object(await c.req.json(), 'the body');
    const value = optionalText(codeChallenge, 'codeChallenge');
    const method = codeChallengeMethod === 'plain' ? 'plain' : 'S256';
    const challenge = value === undefined ? {} : { challenge: { value, method } as const };
    return c.json({ code: access.allow({ scope: text(scope, 'scope'), redirectUri: text(redirectUri, 'redirectUri'), ...challenge }) });
  });
  calls.post('/oauth/expire', (c) => {
    access.expireTokens();
    return c.body(null, 204);
  });
  calls.post('/oauth/uninstall', (c) => {
    access.uninstall();
    return c.body(null, 204);
  });
  calls.post('/scopes/lose', async (c) => {
    access.loseScope(text(object(await c.req.json(), 'the body').scope, 'scope'));
    return c.body(null, 204);
  });
  calls.post('/tokens', async (c) => {
    const { scopes, appId } = object(await c.req.json(), 'the body');
    const token = access.issueToken(texts(scopes, 'scopes'), typeof appId === 'number' ? appId : undefined);
    return c.json({ token }, 201);
  });
  calls.post('/limits/elsewhere', async (c) => {
    const { bucket, count, token } = object(await c.req.json(), 'the body');
    const known = BUCKETS.find((one) => one === bucket);
    if (known === undefined) throw invalid(`bucket is one of ${BUCKETS.join(', ')}`);
    access.useElsewhere(known, Number(count), optionalText(token, 'token'));
    return c.body(null, 204);
  });
  return calls;
}
