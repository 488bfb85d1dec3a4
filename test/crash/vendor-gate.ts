import { once } from 'node:events';
import { createServer, type IncomingMessage, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Stop, type StopAt, setStop } from './stop.ts';

/** One request that came through, and what became of it. */
export type Passed = { readonly text: string; readonly writes: boolean; status: number | null };

/** A gate before a vendor: everything that is asked of it comes through here, is noted, and can be made to wait. */
export type VendorGate = AsyncDisposable & {
  readonly origin: string;
  /** In the order of arrival; `text` is method, path, and body. */
  readonly passed: readonly Passed[];
  stopAt(at: StopAt): Stop;
};

const READS = /^(GET|HEAD) |\/(search|batch\/read|composite\/batch|token|introspect)\b/;

/** Opens the gate; `targetOf` is where the vendor is, and `onWrite` is called whenever something may have changed there. */
export async function openVendorGate(targetOf: () => string, onWrite: () => void): Promise<VendorGate> {
  const passed: Passed[] = [];
  const stops: Stop[] = [];
  const server = createServer(async (incoming, answer) => {
    const body = await buffer(incoming);
    const text = `${incoming.method} ${incoming.url} ${body.toString('utf8')}`;
    const entry: Passed = { text, writes: !READS.test(`${incoming.method} ${incoming.url?.split('?')[0]} `), status: null };
    const stop = stops.find((one) => one.meets(text));
    if (stop?.when === 'before' && (await stop.wait()) === 'is lost') return void incoming.socket.destroy();
    passed.push(entry);
    const { reply, content } = await forward(incoming, body, targetOf());
    entry.status = reply.statusCode ?? null;
    if (entry.writes) onWrite();
    if (stop?.when === 'after' && (await stop.wait()) === 'is lost') return void incoming.socket.destroy();
    const { connection: _connection, 'transfer-encoding': _encoding, ...headers } = reply.headers;
    answer.writeHead(reply.statusCode ?? 500, { ...headers, 'content-length': content.length });
    answer.end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    stopAt: (at) => {
      const stop = setStop(at);
      stops.push(stop);
      return stop;
    },
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop.release('is lost');
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forward(incoming: IncomingMessage, body: Buffer, target: string): Promise<{ reply: IncomingMessage; content: Buffer }> {
  const { hostname, port, host } = new URL(target);
  const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...headers } = incoming.headers;
  const going = open({
    hostname,
    port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...headers, host, 'content-length': body.length },
  });
  going.end(body);
  const [reply] = (await once(going, 'response')) as [IncomingMessage];
  return { reply, content: await buffer(reply) };
}
