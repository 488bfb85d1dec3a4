import { getRequestListener } from '@hono/node-server';
import { proxy } from 'hono/proxy';
import { openServer } from './server.ts';

/** Stands between a connector and its sandbox, and changes the text of every answer. Its origin; closed with the test. */
export async function openRelay(origin: string, change: (body: string) => string): Promise<string> {
  const listener = getRequestListener(async (raw) => {
    const { pathname, search, origin: own } = new URL(raw.url);
    const answer = await proxy(origin + pathname + search, { raw, redirect: 'manual' });
    const body = await answer.text();
    const headers = new Headers(answer.headers);
    headers.delete('content-length');
    // Where an answer leads on, it leads through here.
    return new Response(body === '' ? null : change(body.replaceAll(origin, own)), { status: answer.status, headers });
  });
  return openServer(listener);
}
