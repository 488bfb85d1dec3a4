import { describe, expect } from 'vitest';
import { createApiKey } from '../../src/http/security/access.ts';
import { Problem } from '../../src/http/shapes/common.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { DRAFT, openStage, quietActions } from './stage.ts';

const LOOPBACK = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = Problem.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  return problem;
}

describe('bad requests', () => {
  test('an id that cannot be one is not found, like one that nobody has', async ({ hub }) => {
    const stage = openStage(hub);
    for (const id of ['1', '%00', '..%2f..', '00000000-0000-0000-0000-000000000000', "' or 1=1", 'x'.repeat(5000)]) {
      for (const path of ['connections', 'records', 'holds', 'responses']) {
        expect((await problemOf(await stage.ask('admin', `/api/v1/${path}/${id}`))).status).toBe(404);
      }
      expect((await stage.ask('admin', `/api/v1/api-keys/${id}`, { method: 'DELETE' })).status).toBe(404);
    }
  });

  test('a cursor that the list did not give is refused', async ({ hub }) => {
    const stage = openStage(hub);
    const other = Buffer.from('holds:00000000-0000-0000-0000-000000000000').toString('base64url');
    for (const cursor of ['', 'abc', other, Buffer.from('records:x').toString('base64url'), '%F0%9F%98%80', '\u0000']) {
      expect((await problemOf(await stage.ask('viewer', `/api/v1/records?cursor=${encodeURIComponent(cursor)}`))).status).toBe(400);
    }
  });

  test('a limit is a whole number from 1 to 200', async ({ hub }) => {
    const stage = openStage(hub);
    for (const limit of ['0', '201', '-1', '1.5', 'x', '', '1e2', '99999999999999999999']) {
      const problem = await problemOf(await stage.ask('viewer', `/api/v1/records?limit=${limit}`));
      expect(problem).toMatchObject({ status: 400, errors: [{ pointer: 'query:/limit' }] });
    }
    expect((await stage.ask('viewer', '/api/v1/records?limit=200')).status).toBe(200);
  });

  test('a filter that is no id or no known word is refused', async ({ hub }) => {
    const stage = openStage(hub);
    for (const path of ['runs?connectionId=x', 'holds?kind=x', 'holds?state=x', 'responses?attachment=x', 'conflicts?recordId=1']) {
      expect((await problemOf(await stage.ask('viewer', `/api/v1/${path}`))).status).toBe(400);
    }
  });

  test('every value that does not fit is pointed at', async ({ hub }) => {
    const stage = openStage(hub);
    const problem = await problemOf(
      await stage.ask('admin', '/api/v1/api-keys', { method: 'POST', json: { name: '', role: 'king', extra: 1 } }),
    );
    expect(problem.status).toBe(422);
    expect(problem.errors?.map((error) => error.pointer).sort()).toEqual(['#', '#/name', '#/role']);
  });

  test('a connection is held against the manifest of its connector', async ({ hub }) => {
    const stage = openStage(hub);
    const pointers = async (draft: object) => {
      const problem = await problemOf(await stage.ask('admin', '/api/v1/connections', { method: 'POST', json: draft }));
      expect(problem.status).toBe(422);
      return problem.errors?.map((error) => error.pointer);
    };
    expect(await pointers({ ...DRAFT, connector: 'fax' })).toEqual(['#/connector']);
    expect(await pointers({ ...DRAFT, auth: { kind: 'password', values: {} } })).toEqual(['#/auth/kind']);
    expect(await pointers({ ...DRAFT, auth: { kind: 'token', values: { tokn: 'x' } } })).toEqual([
      '#/auth/values/token',
      '#/auth/values/tokn',
    ]);
    expect(await pointers({ ...DRAFT, settings: { region: 'mars', size: '1' } })).toEqual(['#/settings/region', '#/settings/size']);
    expect(await pointers({ ...DRAFT, origin: 'file:///etc/passwd' })).toEqual(['#/origin']);
  });

  test('what is no JSON is refused before it is read', async ({ hub }) => {
    const stage = openStage(hub);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      const answer = await rawPost(stage, '{"name":"a","role":"viewer"}', type);
      expect([type, (await problemOf(answer)).status]).toEqual([type, 415]);
    }
    for (const text of ['', '{', 'undefined', '{"name":"a",}'])
      expect([text, (await problemOf(await rawPost(stage, text, 'application/json'))).status]).toEqual([text, 400]);
    for (const text of ['null', '[]', '"x"', '1'])
      expect([text, (await problemOf(await rawPost(stage, text, 'application/json; charset=utf-8'))).status]).toEqual([text, 422]);
  });

  test('a body over 256 KB is refused before all of it is read', async ({ hub }) => {
    const stage = openStage(hub);
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 65_536;
        if (read > 50 * 65_536) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    expect((await problemOf(await rawPost(stage, endless, 'application/json'))).status).toBe(413);
    expect(read).toBeLessThan(20 * 65_536);
    expect((await problemOf(await rawPost(stage, 'x'.repeat(256 * 1024 + 1), 'application/json'))).status).toBe(413);
  });

  test('a wrong method is told from a wrong address', async ({ hub }) => {
    const stage = openStage(hub);
    const wrong = await stage.ask('admin', '/api/v1/records', { method: 'DELETE' });
    expect(wrong.headers.get('allow')).toBe('GET');
    expect((await problemOf(wrong)).status).toBe(405);
    expect((await problemOf(await stage.ask('admin', '/api/v1/nothing'))).status).toBe(404);
    expect((await problemOf(await stage.ask(null, '/healthz', { method: 'POST' }))).status).toBe(405);
    expect((await problemOf(await stage.ask(null, '/nothing'))).status).toBe(404);
  });

  test('text that no database can hold is refused, wherever it comes', async ({ hub }) => {
    const stage = openStage(hub);
    await seed(hub);
    for (const path of ['records?search=a%00b', 'records?object=%00', 'responses?surveyId=%00'])
      expect((await problemOf(await stage.ask('viewer', `/api/v1/${path}`))).status).toBe(400);
    const named = await stage.ask('admin', '/api/v1/api-keys', { method: 'POST', json: { name: 'a\u0000b', role: 'viewer' } });
    expect((await problemOf(named)).status).toBe(400);
    const keyed = await stage.ask('admin', '/api/v1/api-keys', {
      method: 'POST',
      json: { name: 'a', role: 'viewer' },
      headers: { 'idempotency-key': 'é' },
    });
    expect((await problemOf(keyed)).status).toBe(400);
  });

  test('a fault of ours says nothing of itself', async ({ hub }) => {
    const lines: object[] = [];
    const log = { info() {}, warn() {}, error: (about: object) => void lines.push(about) };
    const boom = async () => {
      throw new Error('password=hunter2 at db.internal');
    };
    const stage = openStage(hub, { actions: quietActions({ decide: boom }), log });
    const { hold } = await seed(hub);
    const answer = await stage.ask('steward', `/api/v1/holds/${hold}/decide`, { method: 'POST', json: { dismiss: true } });
    const text = await answer.clone().text();
    expect((await problemOf(answer)).status).toBe(500);
    expect(text).not.toMatch(/hunter2|internal|stack|at /i);
    expect(lines).toHaveLength(1);
  });
});

describe('who sees what machines ask for', () => {
  test('this machine and operators see figures and documentation, others do not', async ({ hub }) => {
    const stage = openStage(hub);
    for (const path of ['/metrics', '/api/openapi.json', '/api/docs']) {
      expect((await problemOf(await stage.ask(null, path))).status).toBe(401);
      expect((await stage.ask('viewer', path)).status).toBe(200);
      expect((await stage.app.request(`http://127.0.0.1${path}`, {}, LOOPBACK)).status).toBe(200);
      expect((await stage.app.request(`http://evil.test${path}`, {}, LOOPBACK)).status).toBe(401);
      expect((await stage.app.request(`http://127.0.0.1${path}`, { headers: { 'x-forwarded-for': '127.0.0.1' } }, LOOPBACK)).status).toBe(
        401,
      );
      expect(
        (await stage.app.request(`http://127.0.0.1${path}`, {}, { incoming: { socket: { remoteAddress: '192.0.2.7' } } })).status,
      ).toBe(401);
    }
    expect((await stage.ask(null, '/healthz')).status).toBe(200);
    expect(await (await stage.ask(null, '/readyz')).json()).toEqual({ ok: true, checks: { database: 'ok' } });
  });

  test('a hub that cannot work says so', async ({ hub }) => {
    const stage = openStage(hub, { ready: async () => ({ ok: false, checks: { database: 'failing' } }) });
    expect((await stage.ask(null, '/readyz')).status).toBe(503);
  });

  test('no page runs a script that stands in it', async ({ hub }) => {
    const stage = openStage(hub, { pages: async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }) });
    const page = await stage.ask(null, '/connections');
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const docs = await stage.ask('viewer', '/api/docs');
    const nonce = /'nonce-([^']+)'/.exec(docs.headers.get('content-security-policy') ?? '')?.[1];
    expect((await docs.text()).match(/<script(?![^>]*nonce=)/g)).toBeNull();
    expect(nonce).toBeDefined();
  });

  test('the edge shows, and sends writes to the hub', async ({ hub }) => {
    const stage = openStage(hub, { actions: null });
    const ids = await seed(hub);
    expect((await stage.ask('viewer', `/api/v1/records/${ids.ada}`)).status).toBe(200);
    const answer = await stage.ask('steward', `/api/v1/holds/${ids.hold}/decide`, { method: 'POST', json: { dismiss: true } });
    expect(await problemOf(answer)).toMatchObject({ status: 503, detail: expect.stringContaining("hub's own address") });
  });
});

async function rawPost(stage: ReturnType<typeof openStage>, body: BodyInit, type: string): Promise<Response> {
  const { secret } = await createApiKey(stage.parts.hub, { name: 'raw', role: 'admin' });
  const request = new Request('http://127.0.0.1:8080/api/v1/api-keys', {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${secret}` },
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  if (type === '') {
    // What is sent on a socket says how long it is.
    request.headers.delete('content-type');
    request.headers.set('content-length', '2');
  } else request.headers.set('content-type', type);
  return stage.app.request(request);
}
