import { sql } from 'kysely';
import { expect } from 'vitest';
import { CONNECTORS } from '../../connectors/index.ts';
import { salesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { redirectUriOf } from '../../src/http/connecting/redirect-uri.ts';
import { newSecret } from '../../src/hub/access/sign-ins.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { openConnection } from '../../src/sync/connecting/session.ts';
import { begin } from '../../src/sync/sign-in/begin.ts';
import { finish } from '../../src/sync/sign-in/finish.ts';
import { followTicket } from '../../src/sync/sign-in/follow-ticket.ts';
import { test } from '../support/database.ts';
import { APP, openOAuthVendor } from '../support/oauth-vendor.ts';
import { openEngine } from '../support/stage.ts';
import { openStage as openHttp, PUBLIC_URL, quietActions } from './stage.ts';

const REDIRECT = redirectUriOf(PUBLIC_URL);

/** The hub with its engine, an admin's browser, and a vendor that leads back to it. */
async function openStage(hub: Hub) {
  const engine = await openEngine(hub);
  const lines: string[] = [];
  const note = (about: object, message: string) => void lines.push(JSON.stringify(about) + message);
  const log = { info: note, warn: note, error: note };
  const logged = { ...engine, log };
  const http = openHttp(hub, {
    connectors: CONNECTORS,
    log,
    actions: quietActions({
      beginSignIn: (wish, actor) => begin(logged, { ...wish, actor }),
      followTicket: (ticket, cookie) => followTicket(logged, ticket, cookie),
      finishSignIn: (back, browser) => finish(logged, back, browser),
    }),
  });
  const vendor = await openOAuthVendor();
  vendor.redirects.add(REDIRECT);
  const cookie = await http.signIn('admin');
  const draft = (over: object = {}) => ({
    connector: 'hubspot',
    name: 'Main',
    origin: vendor.origin,
    auth: { kind: 'oauth2', values: APP },
    settings: { apiVersion: '2026-09', signInAddress: vendor.origin },
    ...over,
  });
  const start = async (json: object = draft(), headers: Record<string, string> = { cookie, origin: PUBLIC_URL }) =>
    http.ask(null, '/api/v1/sign-ins', { method: 'POST', json, headers });
  /** Where the person is after having been at the vendor. */
  const visit = async (link: string): Promise<URL> =>
    new URL(must((await fetch(link, { redirect: 'manual' })).headers.get('location'), 'a way back'));
  const comeBack = async (url: URL, headers: Record<string, string> = { cookie }) =>
    http.app.request(url.pathname + url.search, { headers });
  /** All of it; what the hub says came of it. */
  const signIn = async (json?: object) => {
    const begun = await start(json);
    const { link } = (await begun.json()) as { link: string };
    return outcome(await comeBack(await visit(link)));
  };
  const outcome = async (answer: Response) => {
    const where = new URL(must(answer.headers.get('location'), 'a page'));
    const id = where.searchParams.get('id');
    if (id === null) return { where, cause: where.searchParams.get('cause'), state: 'failed', lacking: [] };
    const told = await http.ask(null, `/api/v1/sign-ins/${id}`, { headers: { cookie } });
    const body = (await told.json()) as {
      state: string;
      connectionId: string;
      account: { name: string };
      lacking: object[];
      message: string;
      cause: { id: string } | null;
    };
    return { where, ...body, cause: body.cause?.id ?? null };
  };
  return {
    engine,
    http,
    vendor,
    cookie,
    lines,
    draft,
    start,
    visit,
    comeBack,
    signIn,
    outcome,
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  };
}

test('an admin signs in at the vendor, and comes back to a connection', async ({ hub }) => {
  await using stage = await openStage(hub);
  const { state, account, lacking, where, connectionId } = { account: null, connectionId: '', ...(await stage.signIn()) };
  expect({ state, account, lacking }).toEqual({ state: 'done', account: { id: '4471902', name: 'HubSpot portal 4471902' }, lacking: [] });
  expect(where.origin + where.pathname).toBe(`${PUBLIC_URL}/connections/sign-in`);
  const [exchange] = stage.vendor.requests;
  expect(exchange).toMatchObject({ path: '/oauth/2026-09/token', form: { grant_type: 'authorization_code', redirect_uri: REDIRECT } });
  const row = await hub
    .selectFrom('credential')
    .select(['kind', 'granted_scopes'])
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  expect(row?.kind).toBe('oauth2');
  expect(row?.granted_scopes).toContain('crm.objects.contacts.write');
});

test('only what the wanted objects need is asked for', async ({ hub }) => {
  await using stage = await openStage(hub);
  const begun = (await (await stage.start({ ...stage.draft(), objects: ['company'] })).json()) as { link: string; scopes: string[] };
  expect(new URL(begun.link).searchParams.get('scope')?.split(' ')).toEqual(begun.scopes);
  expect(begun.scopes).toContain('crm.objects.companies.write');
  expect(begun.scopes.filter((scope) => scope.includes('contacts'))).toEqual([]);
});

test('what was asked for and not given is told for each object', async ({ hub }) => {
  await using stage = await openStage(hub);
  stage.vendor.mood.grants = (scopes) => scopes.filter((scope) => scope !== 'crm.objects.contacts.write');
  expect(await stage.signIn()).toMatchObject({
    state: 'done',
    lacking: [{ object: 'contact', act: 'write', scopes: ['crm.objects.contacts.write'] }],
  });
  const rows = await hub.selectFrom('stream').select(['object', 'cause', 'reason']).where('cause', 'is not', null).execute();
  expect(rows).toEqual([{ object: 'contact', cause: 'scope_missing', reason: 'The sign-in lacks crm.objects.contacts.write' }]);
});

test('when somebody says no, or the app is another one, that is what is told, and nothing is kept', async ({ hub }) => {
  await using stage = await openStage(hub);
  stage.vendor.mood.person = 'denies';
  expect(await stage.signIn()).toMatchObject({ state: 'failed', cause: 'sign_in_denied' });
  stage.vendor.mood.person = 'allows';
  const wrong = stage.draft({ auth: { kind: 'oauth2', values: { ...APP, client_secret: 'wrong' } } });
  expect(await stage.signIn(wrong)).toMatchObject({ state: 'failed', cause: 'app_unknown' });
  expect(await hub.selectFrom('connection').select('id').execute()).toEqual([]);
});

test('a code that somebody else has used already is told as that', async ({ hub }) => {
  await using stage = await openStage(hub);
  const { link } = (await (await stage.start()).json()) as { link: string };
  const back = await stage.visit(link);
  await fetch(`${stage.vendor.origin}/oauth/v3/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...APP, code: back.searchParams.get('code') ?? '' }),
  });
  expect(await stage.outcome(await stage.comeBack(back))).toMatchObject({ state: 'failed', cause: 'code_spent' });
});

test('a way back is good once: coming again shows what came of it, and asks nothing of the vendor', async ({ hub }) => {
  await using stage = await openStage(hub);
  const { link } = (await (await stage.start()).json()) as { link: string };
  const back = await stage.visit(link);
  const answers = await Promise.all([stage.comeBack(back), stage.comeBack(back)]);
  for (const answer of answers) expect(answer.status).toBe(303);
  expect(await stage.outcome(await stage.comeBack(back))).toMatchObject({ state: 'done' });
  expect(stage.vendor.requests).toHaveLength(1);
});

test('a state that nobody gave out, of another session, or of nobody’s, leads nowhere, and spends nothing', async ({ hub }) => {
  await using stage = await openStage(hub);
  const { link } = (await (await stage.start()).json()) as { link: string };
  const back = await stage.visit(link);
  const forged = new URL(back);
  forged.searchParams.set('state', newSecret());
  const again = await stage.http.app.request('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@acme.test', password: 'correct horse battery' }),
  });
  const otherSession =
    must(
      again.headers.getSetCookie().find((line) => line.includes('session_token')),
      'a cookie',
    ).split(';')[0] ?? '';
  for (const answer of [await stage.comeBack(forged), await stage.comeBack(back, {}), await stage.comeBack(back, { cookie: otherSession })])
    expect(await stage.outcome(answer)).toMatchObject({ cause: 'sign_in_elsewhere' });
  expect(stage.vendor.requests).toHaveLength(0);
  expect(await stage.outcome(await stage.comeBack(back))).toMatchObject({ state: 'done' });
});

test('a way back after a quarter of an hour comes too late', async ({ hub }) => {
  await using stage = await openStage(hub);
  const { link } = (await (await stage.start()).json()) as { link: string };
  const back = await stage.visit(link);
  await sql`update sign_in set expires_at = expires_at - interval '15 min'`.execute(hub);
  expect(await stage.outcome(await stage.comeBack(back))).toMatchObject({ cause: 'sign_in_expired' });
  expect(stage.vendor.requests).toHaveLength(0);
});

test('reconnecting needs no secret again, keeps the connection, and refuses another account with both names', async ({ hub }) => {
  await using stage = await openStage(hub);
  await stage.signIn();
  const before = await hub.selectFrom('connection').select(['id', 'account']).executeTakeFirst();
  const bare = stage.draft({ auth: { kind: 'oauth2', values: {} } });
  expect(await stage.signIn(bare)).toMatchObject({ state: 'done', connectionId: before?.id });
  stage.vendor.mood.portal = '99';
  const refused = await stage.signIn(bare);
  expect(refused).toMatchObject({ state: 'failed', cause: 'other_account' });
  expect('message' in refused && refused.message).toContain('HubSpot portal 4471902');
  expect('message' in refused && refused.message).toContain('HubSpot portal 99');
  expect(await hub.selectFrom('connection').select(['id', 'account']).execute()).toEqual([before]);
});

test('a secret that is kept is never sent to another address', async ({ hub }) => {
  await using stage = await openStage(hub);
  await stage.signIn();
  const elsewhere = await stage.start(stage.draft({ origin: 'https://evil.example', auth: { kind: 'oauth2', values: {} } }));
  expect(elsewhere.status).toBe(422);
});

test('a sign-in is begun from the hub’s own page and with a session, and not too often', async ({ hub }) => {
  await using stage = await openStage(hub);
  expect((await stage.start(stage.draft(), { cookie: stage.cookie, origin: 'https://evil.test' })).status).toBe(403);
  expect((await stage.http.ask('admin', '/api/v1/sign-ins', { method: 'POST', json: stage.draft() })).status).toBe(422);
  const statuses: number[] = [];
  for (let i = 0; i < 21; i += 1) statuses.push((await stage.start()).status);
  expect([statuses.slice(0, 20).every((status) => status === 201), statuses[20]]).toEqual([true, 429]);
});

test('ways back are not guessed at speed', async ({ hub }) => {
  await using stage = await openStage(hub);
  const guess = async () => (await stage.comeBack(new URL(`${REDIRECT}?state=${newSecret()}&code=x`), {})).status;
  const statuses: number[] = [];
  for (let i = 0; i < 31; i += 1) statuses.push(await guess());
  expect([statuses[29], statuses[30]]).toEqual([303, 429]);
});

test('neither code, state, verifier, nor secret is logged, stored in the clear, or passed on', async ({ hub }) => {
  await using stage = await openStage(hub);
  const json = stage.draft();
  const begun = await stage.http.ask(null, '/api/v1/sign-ins', {
    method: 'POST',
    json,
    headers: { cookie: stage.cookie, origin: PUBLIC_URL, 'idempotency-key': 'once' },
  });
  const { link } = (await begun.json()) as { link: string };
  const back = await stage.visit(link);
  const secrets = [back.searchParams.get('code'), back.searchParams.get('state'), APP.client_secret].map((one) => must(one, 'a secret'));
  const answer = await stage.comeBack(back);
  const tables = ['sign_in', 'input', 'credential', 'connection'] as const;
  const rows = await Promise.all(tables.map((table) => hub.selectFrom(table).selectAll().execute()));
  const kept = rows
    .flat()
    .flatMap(Object.values)
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
    .join('\n');
  for (const secret of [...secrets, must(stage.vendor.requests[0]?.form.code_verifier, 'a verifier')]) {
    expect(stage.lines.join('\n')).not.toContain(secret);
    expect(kept).not.toContain(secret);
    expect(answer.headers.get('location')).not.toContain(secret);
  }
  expect(stage.lines.join('\n')).toContain('signed in');
});

test('a connection that was signed in renews its token when the vendor says that it has run out, and says when the access was withdrawn', async ({
  hub,
}) => {
  await using stage = await openStage(hub);
  await stage.signIn();
  const row = await hub.selectFrom('connection').select(['id', 'connector', 'origin', 'settings']).executeTakeFirstOrThrow();
  const user = { signal: AbortSignal.timeout(20_000), assertHeld: () => undefined };
  const { ports } = await openConnection(stage.engine, row, user);
  stage.vendor.expireAll();
  expect((await ports.identify()).id).toBe('4471902');
  expect(stage.vendor.requests.map(({ form }) => form.grant_type)).toEqual(['authorization_code', 'refresh_token']);
  stage.vendor.revokeAll();
  await expect(ports.identify()).rejects.toMatchObject({ kind: 'signed_out', code: 'BAD_REFRESH_TOKEN' });
});

test('a link of the command line works once, in the first browser that opens it, whoever is signed in there', async ({ hub }) => {
  await using stage = await openStage(hub);
  const ticket = newSecret();
  const begun = await begin(stage.engine, { draft: stage.draft(), redirectUri: REDIRECT, binding: { ticket }, actor: 'command line' });
  const go = () => stage.http.app.request(`/oauth/go?ticket=${ticket}`);
  const went = await go();
  expect((await go()).status).toBe(404);
  const back = await stage.visit(must(went.headers.get('location'), 'the vendor'));
  expect((await stage.comeBack(back, { cookie: stage.cookie })).headers.get('location')).toContain('cause=sign_in_elsewhere');
  const browser = must(went.headers.getSetCookie()[0], 'a cookie');
  expect(browser).toMatch(/HttpOnly; SameSite=Lax/);
  const answer = await stage.comeBack(back, { cookie: browser.split(';')[0] ?? '' });
  expect(await answer.text()).toContain('Main is connected to HubSpot portal 4471902.');
  expect(begun.ok).toBe(true);
});

test('Salesforce’s web server flow goes the same way, with rotated refresh tokens', async ({ hub }) => {
  await using stage = await openStage(hub);
  const org = await openSandbox(salesforceSandbox, { seed: 1, town: makeTown({ seed: 1, people: 1 }), switches: { rotateTokens: true } });
  const { client_id = '', client_secret = '' } = salesforceSandbox.credentials;
  const draft = {
    connector: 'salesforce',
    name: 'SF',
    origin: org.origin,
    auth: { kind: 'oauth2', values: { client_id, client_secret } },
    settings: {},
  };
  expect(await stage.signIn(draft)).toMatchObject({ state: 'done', lacking: [] });
  const row = await hub.selectFrom('connection').select(['id', 'connector', 'origin', 'settings']).executeTakeFirstOrThrow();
  const read = async () => must(await stage.engine.vault.grants.read(row.id), 'the grant');
  const first = await read();
  await stage.engine.vault.grants.refuse(row.id, first.accessToken);
  const { ports } = await openConnection(stage.engine, row, { signal: AbortSignal.timeout(20_000), assertHeld: () => undefined });
  await ports.identify();
  expect((await read()).refreshToken?.reveal()).not.toBe(first.refreshToken?.reveal());
  await org.close();
});
