import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { test } from '../support/database.ts';
import { type Claims, openOidcProvider } from '../support/oidc-provider.ts';
import { openStage, PUBLIC_URL, type Stage } from './stage.ts';

type Provider = Awaited<ReturnType<typeof openOidcProvider>>;
const draftFor = ({ issuer, client }: Provider, more: object = {}) => ({
  label: 'Acme',
  issuer,
  clientId: client.id,
  clientSecret: client.secret,
  domains: ['acme.test'],
  role: 'analyst',
  ...more,
});
const choose = (stage: Stage, json: object) => stage.ask('admin', '/api/v1/settings/sso', { method: 'PUT', json });

/** Goes the way of a browser: out to the provider, and back. `tamper`: what becomes of the way back. */
async function enter(stage: Stage, provider: Provider, who: Claims, tamper: (back: URL, cookie: string) => string = (_, cookie) => cookie) {
  provider.seat(who);
  const begun = await stage.ask(null, '/api/auth/sign-in/social', {
    method: 'POST',
    json: { provider: 'sso', callbackURL: '/health', errorCallbackURL: '/sign-in' },
    headers: { origin: PUBLIC_URL },
  });
  const { url } = (await begun.json()) as { url: string };
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '');
  const kept = tamper(back, cookie);
  const ended = await stage.ask(null, `${back.pathname}${back.search}`, { headers: { cookie: kept } });
  const session = ended.headers.getSetCookie().find((line) => line.includes('session_token=')) ?? null;
  return { location: ended.headers.get('location') ?? '', session: session?.split(';')[0] ?? null };
}

const people = async (hub: Hub) =>
  (await hub.selectFrom('operator').select(['email', 'role']).orderBy('id').execute()).map(({ email, role }) => `${email} ${role}`);

describe('signing in by a provider of OpenID Connect', () => {
  test('newcomers of a domain that may come in get the role that an admin chose; whoever was invited keeps theirs', async ({ hub }) => {
    await using provider = await openOidcProvider();
    const stage = openStage(hub);
    const kept = await choose(stage, draftFor(provider));
    expect([kept.status, await kept.text()]).toEqual([200, expect.not.stringContaining(provider.client.secret)]);
    expect(await (await stage.ask(null, '/api/auth/sso')).json()).toEqual({ label: 'Acme' });
    const eve = await enter(stage, provider, { sub: '1', email: 'Eve@acme.test', email_verified: true, name: 'Eve' });
    const me = await stage.ask(null, '/api/v1/me', { headers: { cookie: eve.session ?? '' } });
    expect(await me.json()).toMatchObject({ name: 'Eve', email: 'eve@acme.test', role: 'analyst', hasPassword: false });
    await stage.signIn('steward');
    const invited = await enter(stage, provider, { sub: '2', email: 'steward@acme.test', email_verified: true });
    expect(invited.session).not.toBeNull();
    expect(await people(hub)).toEqual(['eve@acme.test analyst', 'steward@acme.test steward']);
    const [entry] = await hub
      .selectFrom('audit')
      .select(['actor_name', 'status'])
      .where('action', '=', 'callback/sso')
      .orderBy('id')
      .execute();
    expect(entry).toMatchObject({ actor_name: 'Eve', status: 302 });
  });

  test('a foreign domain, an address that is not proved, and who was switched off stay outside', async ({ hub }) => {
    await using provider = await openOidcProvider();
    const stage = openStage(hub);
    await choose(stage, draftFor(provider));
    const ways = [
      await enter(stage, provider, { sub: '1', email: 'eve@evil.test', email_verified: true }),
      await enter(stage, provider, { sub: '2', email: 'eve@acme.test.evil.test', email_verified: true }),
      await enter(stage, provider, { sub: '3', email: 'eve@acme.test', email_verified: false }),
    ];
    await stage.signIn('viewer');
    await hub.updateTable('operator').set({ disabled_at: new Date() }).execute();
    ways.push(await enter(stage, provider, { sub: '4', email: 'viewer@acme.test', email_verified: true }));
    expect(ways.map(({ session }) => session)).toEqual([null, null, null, null]);
    expect(await people(hub)).toEqual(['viewer@acme.test viewer']);
  });

  test('nobody who was not invited comes in where an admin says so', async ({ hub }) => {
    await using provider = await openOidcProvider();
    const stage = openStage(hub);
    await choose(stage, draftFor(provider, { role: null }));
    expect((await enter(stage, provider, { sub: '1', email: 'eve@acme.test', email_verified: true })).session).toBeNull();
    expect(await people(hub)).toEqual([]);
  });

  test('a way back with another state, in another browser, or with a token that somebody else signed, leads nowhere', async ({ hub }) => {
    await using provider = await openOidcProvider();
    const stage = openStage(hub);
    await choose(stage, draftFor(provider));
    const eve = { sub: '1', email: 'eve@acme.test', email_verified: true };
    const forged = await enter(stage, provider, eve, (back, cookie) => {
      back.searchParams.set('state', 'another');
      return cookie;
    });
    const elsewhere = await enter(stage, provider, eve, () => '');
    provider.signWrongly();
    const unsigned = await enter(stage, provider, eve);
    expect([forged.session, elsewhere.session, unsigned.session]).toEqual([null, null, null]);
    expect(await people(hub)).toEqual([]);
  });

  test('a provider that does not tell of itself is not kept; the secret stays where it is not given again, and is stored sealed', async ({
    hub,
  }) => {
    await using provider = await openOidcProvider();
    const stage = openStage(hub);
    expect((await choose(stage, draftFor(provider, { issuer: 'http://127.0.0.1:9' }))).status).toBe(422);
    expect((await choose(stage, draftFor(provider, { issuer: 'http://idp.acme.test' }))).status).toBe(422);
    expect((await choose(stage, draftFor(provider, { clientSecret: undefined }))).status).toBe(422);
    expect((await choose(stage, draftFor(provider))).status).toBe(200);
    expect((await choose(stage, draftFor(provider, { clientSecret: undefined, label: 'Other' }))).status).toBe(200);
    expect(JSON.stringify(await hub.selectFrom('setting').select('value').execute())).not.toContain(provider.client.secret);
    expect((await enter(stage, provider, { sub: '1', email: 'eve@acme.test', email_verified: true })).session).not.toBeNull();
    expect((await stage.ask('admin', '/api/v1/settings/sso', { method: 'DELETE' })).status).toBe(204);
    expect(await (await stage.ask(null, '/api/auth/sso')).json()).toEqual({ label: null });
  });
});
