import { describe, expect } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { openAuth } from '../../src/http/security/auth.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { Role } from '../../src/hub/tables/access.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { test } from '../support/database.ts';
import { openStage, PASSWORD, PUBLIC_URL, type Stage } from './stage.ts';

const idOf = async (hub: Hub, role: Role) =>
  (await hub.selectFrom('operator').select('id').where('role', '=', role).executeTakeFirstOrThrow()).id;
const asks = (stage: Stage, cookie: string) => async (path: string, method?: string, json?: unknown) =>
  stage.ask(null, path, { ...(method === undefined ? {} : { method }), json, headers: { cookie, origin: PUBLIC_URL } });
const signInAgain = (stage: Stage, role: Role) =>
  stage.ask(null, '/api/auth/sign-in/email', { method: 'POST', json: { email: `${role}@acme.test`, password: PASSWORD } });

describe('operators', () => {
  test('a session that was revoked is nobody at once, in every process', async ({ hub }) => {
    const stage = openStage(hub);
    const auth = openAuth(hub, { secret: 'a secret of the tests, long enough', publicUrl: PUBLIC_URL, log: silentLog });
    const other = createApp({ ...stage.parts, auth });
    const cookie = await stage.signIn('viewer');
    const me = (app: ReturnType<typeof createApp>) => app.request('/api/v1/me', { headers: { cookie } });
    expect([(await me(stage.app)).status, (await me(other)).status]).toEqual([200, 200]);
    await stage.ask('admin', `/api/v1/operators/${await idOf(hub, 'viewer')}/sessions`, { method: 'DELETE' });
    expect([(await me(stage.app)).status, (await me(other)).status]).toEqual([401, 401]);
  });

  test('who is switched off is out at once, comes in nowhere, and comes back as they were', async ({ hub }) => {
    const stage = openStage(hub);
    const cookie = await stage.signIn('steward');
    const id = await idOf(hub, 'steward');
    const turn = (disabled: boolean) => stage.ask('admin', `/api/v1/operators/${id}`, { method: 'PATCH', json: { disabled } });
    expect(await (await turn(true)).json()).toMatchObject({ role: 'steward', disabledAt: expect.any(String) });
    expect((await asks(stage, cookie)('/api/v1/me')).status).toBe(401);
    const refused = await signInAgain(stage, 'steward');
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ code: 'SWITCHED_OFF' })]);
    const invited = { name: 'S', email: 'steward@acme.test', role: 'steward' };
    expect((await stage.ask('admin', '/api/v1/operators', { method: 'POST', json: invited })).status).toBe(409);
    await turn(false);
    expect((await signInAgain(stage, 'steward')).status).toBe(200);
  });

  test('the last admin who is switched on can be neither demoted, nor switched off, nor removed', async ({ hub }) => {
    const stage = openStage(hub);
    await stage.signIn('admin');
    const id = await idOf(hub, 'admin');
    const spare = { name: 'Second', email: 'second@acme.test', role: 'admin' };
    const made = (await (await stage.ask('admin', '/api/v1/operators', { method: 'POST', json: spare })).json()) as {
      operator: { id: string };
    };
    await stage.ask('admin', `/api/v1/operators/${made.operator.id}`, { method: 'PATCH', json: { disabled: true } });
    const tries = [{ method: 'PATCH', json: { role: 'viewer' } }, { method: 'PATCH', json: { disabled: true } }, { method: 'DELETE' }];
    for (const init of tries) expect((await stage.ask('admin', `/api/v1/operators/${id}`, init)).status).toBe(409);
    expect((await stage.ask('admin', `/api/v1/operators/${id}`, { method: 'PATCH', json: { role: 'admin' } })).status).toBe(200);
  });

  test('everybody sees where they are signed in, and ends one of these sessions or all others, and nobody else’s', async ({ hub }) => {
    const stage = openStage(hub);
    const ask = asks(stage, await stage.signIn('viewer'));
    const foreign = asks(stage, await stage.signIn('steward'));
    await signInAgain(stage, 'viewer');
    await signInAgain(stage, 'viewer');
    const sessions = async () => ((await (await ask('/api/v1/me/sessions')).json()) as { items: { id: string; isThis: boolean }[] }).items;
    const all = await sessions();
    expect(all.map((one) => one.isThis).sort()).toEqual([false, false, true]);
    const other = all.find((one) => !one.isThis)?.id ?? '';
    expect((await foreign(`/api/v1/me/sessions/${other}`, 'DELETE')).status).toBe(404);
    expect((await ask(`/api/v1/me/sessions/${other}`, 'DELETE')).status).toBe(204);
    expect(await sessions()).toHaveLength(2);
    expect((await ask('/api/v1/me/sessions', 'DELETE')).status).toBe(204);
    expect((await sessions()).map((one) => one.isThis)).toEqual([true]);
    expect((await foreign('/api/v1/me')).status).toBe(200);
  });
});

const aDayAgo = (hub: Hub) =>
  hub
    .updateTable('operator_session')
    .set({ confirmed_at: new Date(Date.now() - 86_400_000) })
    .execute();

describe('acts that cannot be taken lightly', () => {
  test('ask a browser that was left open who it is, and go on once that is proved', async ({ hub }) => {
    const stage = openStage(hub);
    const ask = asks(stage, await stage.signIn('admin'));
    const makeKey = () => ask('/api/v1/api-keys', 'POST', { name: 'bot', role: 'viewer' });
    expect((await makeKey()).status).toBe(201);
    await aDayAgo(hub);
    const refused = await makeKey();
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ code: 'fresh_sign_in_needed' })]);
    expect((await ask('/api/v1/me/confirm', 'POST', { password: 'not this one' })).status).toBe(422);
    expect((await makeKey()).status).toBe(403);
    expect((await ask('/api/v1/me/confirm', 'POST', { password: PASSWORD })).status).toBe(204);
    expect((await makeKey()).status).toBe(201);
  });

  test('are known in the description, and each of them refuses an old sign-in', async ({ hub }) => {
    const stage = openStage(hub);
    const ask = asks(stage, await stage.signIn('admin'));
    await aDayAgo(hub);
    const id = '0198c1b2-7f0e-7cc3-9a51-3b1d2f6c8e10';
    const acts: readonly [string, string, unknown?][] = [
      ['DELETE', `/connections/${id}`],
      ['POST', `/connections/${id}/choices`, { object: 'contact', field: 'segment', add: [{ value: 'a', label: 'A' }] }],
      ['POST', '/undo', { target: { run: id }, preview: false }],
      ['POST', `/records/${id}/merge`, { with: id }],
      ['POST', `/mergings/${id}/undo`],
      ['POST', `/responses/${id}/erase`],
      ['PUT', '/settings/sso', { label: 'A', issuer: 'https://idp.test', clientId: 'x', clientSecret: 'y', domains: [], role: null }],
      ['DELETE', '/settings/sso'],
      ['PATCH', '/settings/retention', { audit: 400 }],
      ['POST', '/api-keys', { name: 'bot', role: 'viewer' }],
      ['POST', '/operators', { name: 'E', email: 'e@acme.test', role: 'admin' }],
      ['PATCH', `/operators/${id}`, { role: 'admin' }],
      ['DELETE', `/operators/${id}`],
      ['DELETE', `/operators/${id}/two-factor`],
      ['PATCH', '/settings/security', { requireTwoFactor: false }],
      ['POST', '/me/password', { password: PASSWORD }],
    ];
    for (const [method, path, json] of acts) {
      const answer = await ask(`/api/v1${path}`, method, json);
      expect([path, await answer.json()]).toEqual([path, expect.objectContaining({ status: 403, code: 'fresh_sign_in_needed' })]);
      const byKey = await stage.ask('admin', `/api/v1${path}`, { method, json });
      expect(JSON.stringify([path, await byKey.text()])).not.toContain('fresh_sign_in_needed');
    }
  });

  test('guesses are limited where it is asked', async ({ hub }) => {
    const stage = openStage(hub);
    const ask = asks(stage, await stage.signIn('admin'));
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await ask('/api/v1/me/confirm', 'POST', { code: '000000' })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
  });
});
