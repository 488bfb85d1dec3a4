import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Connector } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { must } from '../../src/kernel/must.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { openMemory } from '../support/memory.ts';
import { openStub, type StubRequest } from '../support/stub.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { openServer } from './server.ts';
import { type Connected, connectTo, errorOf, openStage, scopesOf } from './stage.ts';

const PAGE = '<!doctype html><title>Welcome</title><p>It works!';
const always = (answer: number, more: Partial<Extract<Fault, { answer: number }>> = {}): Fault => ({
  on: '*',
  times: 1000,
  answer,
  ...more,
});

/** Every way into a system that needs no scope of its own. */
function waysIn({ ports }: Connected): readonly { readonly way: string; run(): Promise<unknown> }[] {
  const reads = Object.entries(ports.objects).map(([object, port]) => ({
    way: `read ${object}`,
    run: async () => openMemory().read(port, (await scopesOf(port))[0] ?? 'all', { pages: 1 }),
  }));
  return [{ way: 'identify', run: () => ports.identify() }, ...reads];
}

/** The ways to sign in that take no person with a browser. */
const waysAlone = ({ manifest }: Connector) => manifest.auth.filter(({ kind }) => kind !== 'oauth2');

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { bench, connector } = tried;

  test('good credentials say whose they are', async () => {
    const { connect } = await openStage(tried);
    for (const { kind, fields } of waysAlone(connector)) {
      const credentials = Object.fromEntries(fields.map(({ name }) => [name, bench.definition.credentials[name] ?? '']));
      const account = await connect({ kind, credentials }).ports.identify();
      expect(account.id).not.toBe('');
      expect(account.name).not.toBe('');
    }
  });

  test('wrong credentials are signed out, however they sign in, and are not in the message', async () => {
    const { connect } = await openStage(tried);
    for (const { kind, fields } of waysAlone(connector)) {
      for (const wrong of fields.map(({ name }) => name)) {
        const value = bench.wrong?.[wrong] ?? 'n0t-the-right-one';
        const credentials = { ...bench.definition.credentials, [wrong]: value };
        for (const { way, run } of waysIn(connect({ kind, credentials }))) {
          const error = await errorOf(run());
          expect({ way, kind: error.kind }).toEqual({ way, kind: 'signed_out' });
          expect(error.message).not.toContain(value);
        }
      }
    }
  });

  test('credentials that run out in the middle are renewed and go on, or are signed out where there is nothing to renew', async () => {
    const { connect, open } = await openStage(tried);
    for (const { kind, fields } of waysAlone(connector)) {
      const credentials = Object.fromEntries(fields.map(({ name }) => [name, bench.definition.credentials[name] ?? '']));
      const { session, ports } = connect({ kind, credentials });
      await ports.identify();
      const before = session.grants();
      open.fail({ on: '*', answer: 401 });
      const outcome = await ports.identify().then(
        () => 'went on',
        (error: unknown) => (error instanceof HubError ? error.kind : error),
      );
      expect({ outcome, renewed: session.grants() - before }).toEqual(
        before > 0 ? { outcome: 'went on', renewed: 1 } : { outcome: 'signed_out', renewed: 0 },
      );
    }
  });

  test('credentials without a right are not allowed', async () => {
    const { connect, open } = await openStage(tried, bench.lackingRight.switches);
    const { session, ports } = connect();
    // The sign-in itself succeeds.
    const scopes = new Map<string, string>();
    for (const { object } of objectsOf(connector)) {
      const port = must(ports.objects[object], object);
      if (port.read.scopes !== undefined) scopes.set(object, must((await scopesOf(port))[0], 'a scope'));
    }
    if (connector.manifest.auth.some(({ kind }) => kind === 'client_credentials')) await ports.identify();
    open.fail(...bench.lackingRight.faults);
    for (const { object } of objectsOf(connector)) {
      const read = openMemory().read(must(ports.objects[object], object), scopes.get(object) ?? 'all');
      expect((await errorOf(read)).kind).toBe('not_allowed');
    }
    expect(session.calls()).toBeGreaterThan(0);
  });

  test('a host where nobody listens is unreachable', async () => {
    const stub = await openStub(() => ({}));
    await stub.close();
    for (const { way, run } of waysIn(connectTo(tried, { origin: stub.origin }))) {
      expect({ way, kind: (await errorOf(run())).kind }).toEqual({ way, kind: 'unreachable' });
    }
  });

  test.each([
    [200, 'broken_answer'],
    [404, 'misconfigured'],
    [429, 'rate_limited'],
    [500, 'unreachable'],
    [502, 'unreachable'],
    [503, 'unreachable'],
  ] as const)('a page of HTML with status %i is %s', async (status, kind) => {
    const { connect, open } = await openStage(tried);
    open.fail(always(status, { body: PAGE, headers: { 'content-type': 'text/html' } }));
    for (const { way, run } of waysIn(connect())) expect({ way, kind: (await errorOf(run())).kind }).toEqual({ way, kind });
  });

  test.each([['{}'], ['[]'], ['null'], ['{"results":7,"records":"x","items":{},"response":[]}']])(
    'a body of %s is a broken answer',
    async (body) => {
      const { connect, open } = await openStage(tried);
      open.fail(always(200, { body }));
      for (const { way, run } of waysIn(connect())) {
        const error = await run().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        // Where the vendor leaves things out, less may be read into it; what must not happen is an error without a name.
        if (error !== null) expect({ way, error: error instanceof HubError ? error.kind : error }).toEqual({ way, error: 'broken_answer' });
      }
    },
  );

  test('how long to stay away is what the vendor says', async () => {
    const { connect, open } = await openStage(tried);
    open.fail(always(429, { headers: { 'retry-after': '7' } }));
    for (const { way, run } of waysIn(connect())) {
      expect({ way, retryAfterMs: (await errorOf(run())).retryAfterMs }).toEqual({ way, retryAfterMs: 7000 });
    }
  });

  test('an answer that breaks off is unreachable', async () => {
    const { connect, open } = await openStage(tried);
    open.fail({ on: '*', times: 1000, lose: 'before' });
    for (const { way, run } of waysIn(connect())) expect({ way, kind: (await errorOf(run())).kind }).toEqual({ way, kind: 'unreachable' });
  });

  test.each([
    ['is cut off in the middle', (response: ServerResponse) => response.destroy()],
    ['stands still in the middle', () => undefined],
  ])('an answer that %s is unreachable', async (_name, then) => {
    const origin = await openHalf(then);
    for (const { way, run } of waysIn(connectTo(tried, { origin, timeoutMs: 150 }))) {
      expect({ way, kind: (await errorOf(run())).kind }).toEqual({ way, kind: 'unreachable' });
    }
  });

  test.each([301, 302, 307, 308])('a redirect (%i) to another host is not followed', async (status) => {
    const elsewhere = await openStub(() => ({ body: {} }));
    onTestFinished(() => elsewhere.close());
    const { connect, open } = await openStage(tried);
    open.fail(always(status, { headers: { location: `${elsewhere.origin}/caught` } }));
    for (const { way, run } of waysIn(connect()))
      expect({ way, kind: (await errorOf(run())).kind }).toEqual({ way, kind: 'misconfigured' });
    expect(elsewhere.requests).toEqual([]);
  });

  test('when the hub stops, a request under way is hung up', async () => {
    const asked = Promise.withResolvers<StubRequest>();
    const stub = await openStub((request) => {
      asked.resolve(request);
      return new Promise(() => undefined);
    });
    onTestFinished(() => stub.close());
    const stop = new AbortController();
    const identified = connectTo(tried, { origin: stub.origin, signal: stop.signal }).ports.identify();
    const { signal } = await asked.promise;
    const hungUp = once(signal, 'abort');
    stop.abort(new Error('the hub stops'));
    await expect(identified).rejects.toThrow();
    await hungUp;
    expect(stub.requests).toHaveLength(1);
  });
});

/** A server that sends the first half of every answer; `then` is what it does instead of sending the other. */
function openHalf(then: (response: ServerResponse) => void): Promise<string> {
  return openServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"results":[', () => then(response));
  });
}
