import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { describe, expect } from 'vitest';
import { createSignInLink } from '../../src/http/security/access.ts';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import { cookieOf, openStage, PUBLIC_URL, type Stage } from './stage.ts';

/** The app on a socket of its own, for what only a socket shows. */
async function listening(
  hub: Hub,
  over: Parameters<typeof openStage>[1] = {},
): Promise<AsyncDisposable & { stage: Stage; origin: string }> {
  const stage = openStage(hub, over);
  const server = createAdaptorServer({ fetch: stage.app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  };
  return { stage, origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

const signInByLink = async (hub: Hub, origin: string, headers: Readonly<Record<string, string>> = {}) => {
  const token = new URL(await createSignInLink(hub, PUBLIC_URL)).searchParams.get('token');
  return fetch(`${origin}/api/auth/one-time-link/sign-in`, {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { 'content-type': 'application/json', ...headers },
  });
};

describe('on a socket', () => {
  test('a browser that came by another name of this machine signs in and writes', async ({ hub }) => {
    await using server = await listening(hub);
    const signedIn = await signInByLink(hub, server.origin, { origin: server.origin });
    expect(signedIn.status).toBe(200);
    const headers = {
      cookie: cookieOf(signedIn),
      origin: server.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
    };
    const made = await fetch(`${server.origin}/api/v1/api-keys`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'bot', role: 'viewer' }),
    });
    expect(made.status).toBe(201);
    expect((await fetch(`${server.origin}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    expect((await fetch(`${server.origin}/api/v1/me`, { headers })).status).toBe(401);
  });

  test('a request without a body needs not say what its body is', async ({ hub }) => {
    await using server = await listening(hub);
    const headers = { cookie: cookieOf(await signInByLink(hub, server.origin)), origin: server.origin, 'sec-fetch-site': 'same-origin' };
    const remove = (more: RequestInit = {}) =>
      fetch(`${server.origin}/api/v1/api-keys/${crypto.randomUUID()}`, { method: 'DELETE', headers, ...more });
    expect((await remove()).status).toBe(404);
    expect((await remove({ body: 'x', headers: { ...headers, 'content-type': 'text/plain' } })).status).toBe(415);
  });

  test('a page of another site can neither sign in here nor use up a link', async ({ hub }) => {
    await using server = await listening(hub);
    expect((await signInByLink(hub, server.origin, { origin: 'https://evil.test' })).status).toBe(403);
    expect((await hub.selectFrom('one_time_link').select('used_at').execute()).map((link) => link.used_at)).toEqual([null]);
  });

  test('links cannot be guessed at speed', async ({ hub }) => {
    await using server = await listening(hub);
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      const answer = await fetch(`${server.origin}/api/auth/one-time-link/sign-in`, {
        method: 'POST',
        body: '{"token":"guess"}',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.1.1.${i}` },
      });
      statuses.push(answer.status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(new Set(statuses.slice(0, 10))).toEqual(new Set([400]));
  });

  test('this machine reads the figures without signing in, but not through a proxy', async ({ hub }) => {
    await using server = await listening(hub);
    expect(await (await fetch(`${server.origin}/metrics`)).text()).toBe('syncline_up 1\n');
    expect((await fetch(`${server.origin}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
  });

  test('a body that claims to be too large is refused without waiting for it', async ({ hub }) => {
    await using server = await listening(hub);
    const sent = request(`${server.origin}/api/v1/api-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 10_000_000 },
    });
    sent.on('error', () => undefined);
    sent.write('{');
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode).toBe(413);
    sent.destroy();
  });

  test('whoever stops listening to progress is let go', async ({ hub }) => {
    const letGo = Promise.withResolvers<void>();
    const live = async function* (signal: AbortSignal) {
      yield { event: 'run', data: 1 };
      await once(signal, 'abort');
      letGo.resolve();
    };
    await using server = await listening(hub, { live });
    const cookie = cookieOf(await signInByLink(hub, server.origin));
    const listener = new AbortController();
    const answer = await fetch(`${server.origin}/api/v1/live`, { headers: { cookie }, signal: listener.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    while (!heard.includes('data: 1')) heard += (await reader?.read())?.value ?? '';
    listener.abort();
    await letGo.promise;
  });
});
