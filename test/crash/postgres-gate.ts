import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Stop, type StopAt, setStop } from './stop.ts';

/** A gate before Postgres: the hub's statements come through here as they are, and can be made to wait. */
export type PostgresGate = AsyncDisposable & {
  /** The address of a database behind the gate. */
  urlOf(database: string): string;
  stopAt(at: StopAt): Stop;
};

// A statement travels as text in a Parse message or, like begin and commit, in a simple Query.
const COMMIT = /Q....commit\0/s;

/** Opens the gate; `target` is asked for every connection, since a Postgres that is started again listens elsewhere. */
export async function openPostgresGate(target: () => URL): Promise<PostgresGate> {
  const stops: Stop[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = target();
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.setNoDelay(true);
      open.add(socket);
      // Whichever side dies, the other one is told so, as the network would.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    upstream.on('data', (chunk) => client.write(chunk));
    void passOn(client, upstream, stops);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    urlOf: (database) => {
      const url = new URL(database);
      url.hostname = '127.0.0.1';
      url.port = String((server.address() as AddressInfo).port);
      return url.toString();
    },
    stopAt: (at) => {
      const stop = setStop(at);
      stops.push(stop);
      return stop;
    },
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop.release('is lost');
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Hands on what the client says, piece by piece; the stop whose statement was met last waits for its commit. */
async function passOn(client: Socket, upstream: Socket, stops: readonly Stop[]): Promise<void> {
  let committing: Stop | undefined;
  try {
    for await (const piece of client as AsyncIterable<Buffer>) {
      const text = piece.toString('latin1');
      const met = stops.find((one) => one.meets(text));
      if (met?.when.endsWith('commit') === true) committing = met;
      const due = committing !== undefined && COMMIT.test(text) ? committing : met?.when.endsWith('commit') === false ? met : undefined;
      if (due === committing) committing = undefined;
      if (due?.when.startsWith('before') === true && (await due.wait()) === 'is lost') break;
      if (due?.when.startsWith('after') === true) await holdAnswer({ piece, upstream, client }, due);
      else upstream.write(piece);
    }
  } catch {
    // The client was killed: its connection ends below.
  }
  client.destroy();
}

async function holdAnswer({ piece, upstream, client }: { piece: Buffer; upstream: Socket; client: Socket }, stop: Stop): Promise<void> {
  const held: Buffer[] = [];
  const answered = Promise.withResolvers<void>();
  const keep = (chunk: Buffer): void => {
    held.push(chunk);
    answered.resolve();
  };
  upstream.removeAllListeners('data');
  upstream.on('data', keep);
  upstream.once('close', answered.resolve);
  upstream.write(piece);
  await answered.promise;
  if ((await stop.wait()) === 'is lost') return void client.destroy();
  upstream.off('data', keep);
  for (const chunk of held) client.write(chunk);
  upstream.on('data', (chunk) => client.write(chunk));
}
