import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { redirectUriOf } from '../../src/http/connecting/redirect-uri.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { APP, openOAuthVendor } from '../support/oauth-vendor.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
type Vendor = Awaited<ReturnType<typeof openOAuthVendor>>;

/** A hub of its own on a free port, as its commands know it, and a vendor that leads back to it. */
async function openStage(databaseUrl: string) {
  const vendor = await openOAuthVendor();
  const port = await freePort();
  const hub = `http://127.0.0.1:${port}`;
  vendor.redirects.add(redirectUriOf(hub));
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SYNCLINE_KEY: KEY,
    SYNCLINE_ALLOW_PRIVATE: '127.0.0.0/8',
    SYNCLINE_URL: hub,
    PORT: String(port),
  };
  const run = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ['src/syncline.js', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { vendor, hub, run, [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose]() };
}

const connectTo = ({ origin }: Vendor): string[] => [
  ...['connect', 'hubspot', '--name', 'hs', '--oauth', '--origin', origin, '--client-id', APP.client_id],
  ...['--client-secret', APP.client_secret, '--setting', `signInAddress=${origin}`],
];

/** The first line of what a command prints that fits. */
async function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: must(child.stdout, 'its output') })) if (pattern.test(line)) return line;
  throw new Error('it said nothing of the kind');
}

/** A browser with a cookie jar of its own, which follows where it is led. */
async function follow(link: string): Promise<{ readonly status: number; readonly said: string }> {
  let [at, cookie] = [link, ''];
  for (;;) {
    const answer = await fetch(at, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const next = answer.headers.get('location');
    if (next === null) return { status: answer.status, said: await answer.text() };
    at = next;
  }
}

test('without a running hub the command stands in for it, and goes on when the browser has come back', async ({ database, hub }) => {
  await using stage = await openStage(database.url);
  const child = stage.run(...connectTo(stage.vendor));
  const ended = once(child, 'exit');
  const complaints = text(must(child.stderr, 'its errors'));
  const link = await lineOf(child, /\/oauth\/go\?ticket=/);
  expect((await follow(link)).said).toContain('hs is connected to HubSpot portal 4471902.');
  expect([(await ended)[0], await complaints]).toEqual([0, '']);
  expect(await hub.selectFrom('connection').select('name').execute()).toEqual([{ name: 'hs' }]);
});

test('beside a running hub it waits for what the hub was told, and says why there is no connection', async ({ database, hub }) => {
  await using stage = await openStage(database.url);
  const serving = stage.run('serve');
  await lineOf(serving, /^ready /);
  stage.vendor.mood.person = 'denies';
  const child = stage.run(...connectTo(stage.vendor));
  const ended = once(child, 'exit');
  const complaints = text(must(child.stderr, 'its errors'));
  const link = await lineOf(child, /\/oauth\/go\?ticket=/);
  expect(await follow(link)).toMatchObject({ status: 400, said: expect.stringContaining('The access was not allowed') });
  expect((await ended)[0]).toBe(1);
  expect(await complaints).toContain('Start again and allow it');
  expect(await hub.selectFrom('connection').select('name').execute()).toEqual([]);
  serving.kill('SIGTERM');
  await once(serving, 'exit');
});
