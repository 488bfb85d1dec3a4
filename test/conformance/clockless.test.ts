import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/contract/errors.ts';
import { must } from '../../src/kernel/must.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf } from './every.ts';
import { openServer } from './server.ts';
import { connectTo, mappedFields, openStage, scopesOf } from './stage.ts';

/** A proxy in front of a server that takes away the `Date` of its answers. */
function openProxy(target: string): Promise<string> {
  return openServer(async (request, response) => {
    const body = await buffer(request);
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answer = await fetch(`${target}${request.url ?? ''}`, {
      method: request.method ?? 'GET',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    response.sendDate = false;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(await answer.text());
  });
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  describe.each(objectsOf(tried.connector))('$object', ({ object, traits }) => {
    test('without the clock of the vendor a read leaves nothing out, or says that it cannot be done', async () => {
      const { open, hands, wind } = await openStage(tried);
      // What a sign-in calls its own address would lead past the proxy.
      const { token = '' } = tried.bench.definition.credentials;
      const { port: portOf } = connectTo(tried, { origin: await openProxy(open.origin), credentials: { token }, kind: 'token' });
      const port = portOf(object);
      const memory = openMemory({ fields: await mappedFields(tried.connector.manifest.id, object) });
      const scope = must((await scopesOf(port))[0], 'a scope');
      try {
        await memory.read(port, scope);
      } catch (error) {
        expect(error instanceof HubError ? error.kind : error).toBe('broken_answer');
        expect(memory.held.size).toBe(0);
        return;
      }
      expect([...memory.held.keys()].sort()).toEqual(hands.all(object, scope).toSorted());
      for (let edits = 0; edits < 3; edits += 1) {
        wind(60_000);
        const { id, field, value } = hands.edit(object, scope);
        wind(traits.read.settleMs + 1_000);
        await memory.read(port, scope);
        expect(memory.held.has(id)).toBe(true);
        if (field !== null) expect(memory.one(id).fields[field]).toEqual(value);
      }
    });
  });
});
