import { getMigrations } from 'better-auth/db/migration';
import { describe, expect } from 'vitest';
import { createSetupLink, createSignInLink } from '../../src/http/security/access.ts';
import { authOptions } from '../../src/http/security/auth.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { test } from '../support/database.ts';
import { cookieOf, openStage, PASSWORD, PUBLIC_URL } from './stage.ts';

const post = (path: string, json: unknown, headers: Readonly<Record<string, string>> = {}) =>
  [null, path, { method: 'POST', json, headers }] as const;
const tokenIn = (link: string | null) => new URL(link ?? 'about:blank').searchParams.get('token');

describe('signing in', () => {
  test('the tables are those that better-auth expects', async ({ hub }) => {
    const { toBeCreated, toBeAdded } = await getMigrations(
      authOptions(hub, { secret: 'x'.repeat(32), publicUrl: PUBLIC_URL, log: silentLog }),
    );
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
  });

  test('a setup link makes the first admin, once, and signs in', async ({ hub }) => {
    const stage = openStage(hub);
    const token = tokenIn(await createSetupLink(hub, PUBLIC_URL));
    const draft = { token, name: 'Ada', email: 'Ada@Acme.test', password: PASSWORD };
    const made = await stage.ask(...post('/api/auth/one-time-link/setup', draft));
    expect(made.status).toBe(200);
    const me = await stage.ask(null, '/api/v1/me', { headers: { cookie: cookieOf(made) } });
    expect(await me.json()).toMatchObject({ name: 'Ada', email: 'ada@acme.test', role: 'admin', via: 'session' });
    expect((await stage.ask(...post('/api/auth/one-time-link/setup', draft))).status).toBe(400);
    expect(await createSetupLink(hub, PUBLIC_URL)).toBeNull();
    expect((await stage.ask(...post('/api/auth/sign-in/email', { email: 'ada@acme.test', password: PASSWORD }))).status).toBe(200);
  });

  test('of two setup links only one makes an admin', async ({ hub }) => {
    const stage = openStage(hub);
    const links = [await createSetupLink(hub, PUBLIC_URL), await createSetupLink(hub, PUBLIC_URL)];
    const statuses: number[] = [];
    for (const [i, link] of links.entries()) {
      const answer = await stage.ask(
        ...post('/api/auth/one-time-link/setup', { token: tokenIn(link), name: 'A', email: `a${i}@acme.test`, password: PASSWORD }),
      );
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 400]);
  });

  test('a sign-in link works once, and not after an hour', async ({ hub }) => {
    const stage = openStage(hub);
    const link = tokenIn(await createSignInLink(hub, PUBLIC_URL));
    const answers = await Promise.all([1, 2, 3].map(() => stage.ask(...post('/api/auth/one-time-link/sign-in', { token: link }))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
    const late = tokenIn(await createSignInLink(hub, PUBLIC_URL));
    await hub
      .updateTable('one_time_link')
      .set({ expires_at: new Date(0) })
      .execute();
    expect((await stage.ask(...post('/api/auth/one-time-link/sign-in', { token: late }))).status).toBe(400);
  });

  test('neither a link nor a key can be read from the database', async ({ hub }) => {
    const token = tokenIn(await createSignInLink(hub, PUBLIC_URL));
    const [stored] = await hub.selectFrom('one_time_link').select('hash').execute();
    expect(stored?.hash).not.toContain(token);
    const stage = openStage(hub);
    const { secret } = (await (
      await stage.ask('admin', '/api/v1/api-keys', { method: 'POST', json: { name: 'bot', role: 'viewer' } })
    ).json()) as { secret: string };
    const keys = JSON.stringify(await hub.selectFrom('api_key').selectAll().execute());
    expect(keys).not.toContain(secret);
    expect((await stage.ask(null, '/api/v1/me', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200);
  });

  test('who came in by a link chooses a password, once, and signs in with it', async ({ hub }) => {
    const stage = openStage(hub);
    const token = tokenIn(await createSignInLink(hub, PUBLIC_URL));
    const headers = { cookie: cookieOf(await stage.ask(...post('/api/auth/one-time-link/sign-in', { token }))), origin: PUBLIC_URL };
    const me = async () => (await stage.ask(null, '/api/v1/me', { headers })).json();
    expect(await me()).toMatchObject({ hasPassword: false });
    expect((await stage.ask(...post('/api/v1/me/password', { password: 'short' }, headers))).status).toBe(422);
    expect((await stage.ask(...post('/api/v1/me/password', { password: PASSWORD }, headers))).status).toBe(204);
    expect((await stage.ask(...post('/api/v1/me/password', { password: 'another one, long' }, headers))).status).toBe(409);
    expect(await me()).toMatchObject({ hasPassword: true });
    expect((await stage.ask(...post('/api/auth/sign-in/email', { email: 'admin@syncline.invalid', password: PASSWORD }))).status).toBe(200);
  });

  test('nobody signs up', async ({ hub }) => {
    const stage = openStage(hub);
    const answer = await stage.ask(...post('/api/auth/sign-up/email', { name: 'Eve', email: 'eve@evil.test', password: PASSWORD }));
    expect(answer.status).toBe(404);
    expect(await hub.selectFrom('operator').select('id').execute()).toEqual([]);
  });

  test('the session cookie is out of reach of scripts and of other sites', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('viewer');
    const answer = await stage.ask(...post('/api/auth/sign-in/email', { email: 'viewer@acme.test', password: PASSWORD }));
    expect(answer.headers.getSetCookie().join()).toMatch(/HttpOnly; SameSite=Lax/i);
  });

  test('a wrong password and an unknown e-mail get the same problem', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('viewer');
    const bodies = [];
    for (const email of ['viewer@acme.test', 'nobody@acme.test']) {
      const answer = await stage.ask(...post('/api/auth/sign-in/email', { email, password: 'wrong wrong wrong' }));
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      bodies.push(await answer.json());
    }
    expect(bodies[0]).toMatchObject({ status: 401, title: 'Sign in first' });
    expect(bodies[1]).toEqual(bodies[0]);
  });

  // A busy machine may disturb a measurement; a hash that is left out would be missing each time.
  test('a wrong password takes as long as an e-mail that nobody has, and as one who has no password', { retry: 3 }, async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('viewer');
    await createSignInLink(hub, PUBLIC_URL);
    const took = async (email: string) => {
      const began = performance.now();
      const { status } = await stage.ask(...post('/api/auth/sign-in/email', { email, password: 'wrong wrong wrong' }));
      expect(status).toBe(401);
      return performance.now() - began;
    };
    const tries: Record<string, number[]> = { 'viewer@acme.test': [], 'nobody@acme.test': [], 'admin@syncline.invalid': [] };
    for (let i = 0; i < 3; i++) for (const [email, times] of Object.entries(tries)) times.push(await took(email));
    // The quickest of each: what a busy machine adds is in none of them.
    const [known, ...others] = Object.values(tries).map((times) => Math.min(...times));
    for (const other of others) expect(other / (known ?? 0)).toSatisfy((ratio: number) => ratio > 0.67 && ratio < 1.5);
  });

  test('guessing is slowed down, whatever the guesser says of its address', async ({ hub }) => {
    const stage = openStage(hub);
    const guess = (i: number) =>
      stage.app.request(
        '/api/auth/sign-in/email',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-syncline-peer': `10.0.0.${i}`, 'x-forwarded-for': `10.0.0.${i}` },
          body: JSON.stringify({ email: 'a@acme.test', password: 'x'.repeat(12) }),
        },
        { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
      );
    const statuses: number[] = [];
    for (let i = 1; i <= 11; i++) statuses.push((await guess(i)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  test('signing out ends the session', async ({ hub }) => {
    const stage = openStage(hub);
    const cookie = await stage.signIn('viewer');
    const headers = { cookie, origin: PUBLIC_URL };
    expect((await stage.ask(null, '/api/v1/me', { headers })).status).toBe(200);
    expect((await stage.ask(...post('/api/auth/sign-out', {}, headers))).status).toBe(200);
    expect((await stage.ask(null, '/api/v1/me', { headers })).status).toBe(401);
  });

  test('nobody can give themselves a role', async ({ hub }) => {
    const stage = openStage(hub);
    const headers = { cookie: await stage.signIn('viewer'), origin: PUBLIC_URL };
    await stage.ask(...post('/api/auth/update-user', { role: 'admin' }, headers));
    expect(await (await stage.ask(null, '/api/v1/me', { headers })).json()).toMatchObject({ role: 'viewer' });
  });

  test('an expired key is nobody', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.ask('viewer', '/api/v1/me');
    await hub
      .updateTable('api_key')
      .set({ expires_at: new Date(0) })
      .execute();
    expect((await stage.ask('viewer', '/api/v1/me')).status).toBe(401);
  });
});
