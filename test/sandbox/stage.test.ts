import { Hono } from 'hono';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { closeSandboxes, openSandboxes } from '../../src/commands/sandbox.ts';
import { must } from '../../src/kernel/must.ts';
import type { Town } from '../../src/sandbox/people.ts';
import { type OpenSandbox, openSandbox, type SandboxDefinition } from '../../src/sandbox/sandbox.ts';
import { freePort } from '../support/free-port.ts';

const nobody: Town = { people: [], companies: [], owners: [], inSystem: () => [] };
let done: string[] = [];
let stage: OpenSandbox;

const ledger: SandboxDefinition = {
  id: 'ledger',
  credentials: {},
  settings: {},
  open: () => {
    const app = new Hono();
    app.post('/lines/:line', (c) => {
      done.push(c.req.param('line'));
      return c.json({ lines: done.length }, 201);
    });
    app.get('/lines', (c) => c.json(done));
    return { app, life: { stir: () => 'nothing happens in a ledger' }, people: () => 0 };
  },
};

const write = (line: string) => fetch(`${stage.origin}/lines/${line}`, { method: 'POST' });

beforeEach(async () => {
  done = [];
  stage = await openSandbox(ledger, { town: nobody });
});
afterEach(() => stage.close());

test('a reply that is lost after the work leaves the work done and the caller without an answer', async () => {
  stage.fail({ on: 'POST /lines/*', lose: 'after' });
  await expect(write('a')).rejects.toThrow('fetch failed');
  expect(done).toEqual(['a']);
  expect((await write('b')).status).toBe(201);
});

test('a request that is lost before the work leaves nothing done', async () => {
  stage.fail({ on: 'POST /lines/*', lose: 'before' });
  await expect(write('a')).rejects.toThrow('fetch failed');
  expect(done).toEqual([]);
});

test('an answer fault answers with its status, body, and headers, instead of doing the work', async () => {
  stage.fail({ on: 'POST /lines/*', answer: 429, body: { message: 'slow down' }, headers: { 'retry-after': '2' } });
  const answer = await write('a');
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([429, '2', { message: 'slow down' }]);
  expect(done).toEqual([]);
});

test('an answer fault with a text body sends it as it is', async () => {
  stage.fail({ on: 'GET /lines', answer: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } });
  const answer = await fetch(`${stage.origin}/lines`);
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/html', '<html>Bad gateway</html>']);
});

test('a fault strikes only the requests that it names, after those it skips, as often as it says', async () => {
  stage.fail({ on: 'POST /lines/*', skip: 1, times: 2, answer: 503 });
  const statuses: number[] = [];
  for (const line of ['a', 'b', 'c', 'd']) statuses.push((await write(line)).status);
  expect(statuses).toEqual([201, 503, 503, 201]);
  expect((await fetch(`${stage.origin}/lines`)).status).toBe(200);
});

test('faults that were scripted one after the other strike one after the other', async () => {
  stage.fail({ on: 'POST /lines/*', answer: 500 }, { on: 'POST /lines/*', answer: 423 });
  const statuses = [await write('a'), await write('b'), await write('c')].map(({ status }) => status);
  expect(statuses).toEqual([500, 423, 201]);
});

test('every request is counted under its path without the query, lost ones too', async () => {
  stage.fail({ on: 'POST /lines/a', lose: 'before' });
  await expect(write('a')).rejects.toThrow('fetch failed');
  await fetch(`${stage.origin}/lines?from=1`);
  await fetch(`${stage.origin}/lines?from=2`);
  expect(Object.fromEntries(stage.requests)).toEqual({ 'POST /lines/a': 1, 'GET /lines': 2 });
  expect(stage.calls()).toBe(3);
});

test('an address of sixty thousand characters reaches the app, which is to say what it makes of it', async () => {
  expect((await fetch(`${stage.origin}/lines?ids=${'1,'.repeat(30_000)}`)).status).toBe(200);
});

test('switches reach their sandbox, as text too; a wrong one is refused, and nothing is left running', async () => {
  const open = (firstPort: number, system: string, switches: Record<string, string>) =>
    openSandboxes({ firstPort, seed: 1, people: 2, switches: new Map([[system, switches]]) });
  const running = await open(0, 'hubspot', { uniqueId: 'false', indexLagMs: '0' });
  onTestFinished(() => closeSandboxes(running));
  const { origin } = must(running[0], 'the first sandbox').stage;
  const shown = await fetch(`${origin}/crm/v3/properties/contacts`, { headers: { authorization: 'Bearer pat-eu1-sandbox' } });
  expect(await shown.text()).not.toContain('syncline_id');
  const port = await freePort();
  await expect(open(port, 'salesforce', { uniqueId: 'perhaps' })).rejects.toThrow('uniqueId');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
});
