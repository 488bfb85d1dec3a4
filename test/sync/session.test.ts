import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import nock from 'nock';
import { afterEach, beforeEach, expect } from 'vitest';
import { defineConnector, type Session } from '../../src/contract/connector.ts';
import type { Manifest } from '../../src/contract/manifest.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { parseRanges } from '../../src/sync/connecting/private-addresses.ts';
import { openDraft } from '../../src/sync/connecting/session.ts';
import { test } from '../support/database.ts';
import { openEngine } from '../support/stage.ts';

const ORIGIN = 'http://127.0.0.1:9080';
const manifest = {
  id: 'odd',
  label: 'Odd',
  about: 'A vendor of one endpoint.',
  kind: 'crm',
  origin: null,
  auth: [],
  settings: [],
  pace: [],
  objects: {},
} as const satisfies Manifest;

/** A connector that hands its session out, so that the session itself can be tried. */
async function sessionOf(hub: Hub, allowed: string, origin = ORIGIN): Promise<Session> {
  const given: Session[] = [];
  const connector = defineConnector(manifest, (session) => {
    given.push(session);
    return { identify: async () => ({ id: '1', name: 'one' }), objects: {} };
  });
  const engine = {
    ...(await openEngine(hub)),
    connectors: new Map([['odd', connector]]),
    allowPrivate: parseRanges(allowed),
    callTimeoutMs: 300,
  };
  await openDraft(engine, { connector: 'odd', origin, settings: {} }, { kind: 'token', values: {} });
  return must(given[0], 'the session');
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

beforeEach(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

test('a redirect is shown and never followed: it could lead into the network', async ({ hub }) => {
  nock(ORIGIN).get('/me').reply(302, '', { location: 'http://169.254.169.254/latest' });
  const session = await sessionOf(hub, '127.0.0.0/8');
  expect((await session.fetch(new Request(`${ORIGIN}/me`))).status).toBe(302);
  expect(nock.isDone()).toBe(true);
});

test('an answer that does not come in time is `unreachable`', async ({ hub }) => {
  // Intercepted requests do not hear an abort, so this one goes out for real.
  nock.restore();
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const session = await sessionOf(hub, '127.0.0.0/8', origin);
  const connected = once(silent, 'connection');
  const asked = session.fetch(new Request(`${origin}/me`));
  asked.catch(() => undefined);
  await connected;
  // Long waits are full of collections, and what ends the waiting must not be among the garbage.
  collectGarbage();
  await expect(asked).rejects.toMatchObject({ kind: 'unreachable', message: `${origin} did not answer in time.` });
  silent.close();
});

test('a private address that the operator has not allowed is never called, wherever the request comes from', async ({ hub }) => {
  await expect(sessionOf(hub, '10.0.0.0/8')).rejects.toMatchObject({ kind: 'misconfigured' });
  const session = await sessionOf(hub, '127.0.0.0/8');
  await expect(session.fetch(new Request('http://169.254.169.254/latest'))).rejects.toMatchObject({ kind: 'misconfigured' });
});
