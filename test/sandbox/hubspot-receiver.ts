import { createServer, type Server } from 'node:http';

type Got = {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
};

/** Somebody whom webhooks are sent to: answers as it is told, and keeps what it got. */
export type Receiver = {
  readonly url: string;
  readonly got: Got[];
  /** What is answered from now on; null is nothing at all. */
  answer(status: number | null): void;
  /** Keeps every answer back until `release`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
};

export async function openReceiver(path = '/hook'): Promise<Receiver> {
  const got: Got[] = [];
  const held: (() => void)[] = [];
  let [status, holding]: [number | null, boolean] = [204, false];
  const releaseAll = (): void => {
    for (const release of held.splice(0)) release();
  };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      got.push({ headers: request.headers, body, events: JSON.parse(body) });
      const now = status;
      if (now === null) return;
      held.push(() => {
        response.writeHead(now).end();
      });
      if (!holding) releaseAll();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    got,
    answer: (next) => {
      status = next;
    },
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      releaseAll();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
