import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { surveymonkeyHands, surveymonkeySandbox } from '../../connectors/surveymonkey/sandbox/index.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Answer = { readonly status: number; readonly body: Json; readonly headers: Headers };
export const START = Date.parse('2026-11-22T09:00:00Z');
export const [NPS, CSAT, CES, KINDS] = ['512000001', '512000002', '512000003', '512000004'] as const;
export const town = makeTown({ seed: 3, people: 300 });
const nobody = makeTown({ seed: 3, people: 0 });

/** An account of which one knows everything; its clock stands at START until it is wound. */
export async function openAccount(switches: SandboxOptions['switches'] = {}, { full = false }: { full?: boolean } = {}) {
  const unlimited = { callsPerMinute: 0, callsPerDay: 0, webhooksByThemselves: false };
  const stage = await openSandbox(surveymonkeySandbox, {
    town: full ? town : nobody,
    seed: 4,
    now: () => new Date(START),
    switches: { ...unlimited, ...switches },
  });
  const call = async (method: string, path: string, { token = 'sm-sandbox-token', body, headers = {} }: Asked = {}): Promise<Answer> => {
    const answer = await fetch(`${stage.origin}${path}`, {
      method,
      headers: { ...(token === '' ? {} : { authorization: `bearer ${token}` }), 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const raw = await answer.text();
    return { status: answer.status, body: raw === '' ? {} : JSON.parse(raw), headers: answer.headers };
  };
  const get = (path: string) => call('GET', `/v3${path}`);
  /** All items of a list, page by page along its links. */
  const everything = async (path: string): Promise<readonly Json[]> => {
    const found: Json[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const { body } = await get(next);
      found.push(...rows(body));
      next = textAt(body, 'links', 'next')?.replace(`${stage.origin}/v3`, '');
    }
    return found;
  };
  return { stage, hands: surveymonkeyHands(stage.sandbox), call, get, everything, close: () => stage.close() };
}
type Asked = { readonly token?: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
export type Account = Awaited<ReturnType<typeof openAccount>>;

/** The same for one test, closed when that is over. */
export async function open(...how: Parameters<typeof openAccount>): Promise<Account> {
  const account = await openAccount(...how);
  onTestFinished(() => account.close());
  return account;
}

export const object = (value: unknown): Json => value as Json;
export const rows = (body: Json, name = 'data'): readonly Json[] => must(body[name] as readonly Json[] | undefined, name);
export const ids = (body: Json): readonly unknown[] => rows(body).map(({ id }) => id);
export function textAt(body: Json, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((value, name) => (value === undefined ? undefined : object(value)[name]), body);
  return found === undefined ? undefined : String(found);
}
export const errorOf = ({ status, body }: Answer): readonly [number, unknown] => [status, object(body.error ?? {}).id];

type Got = { readonly path: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string; readonly event: Json };

/** Somebody whom webhooks are sent to: he answers each kind of request as he is told, and keeps what he got. */
export async function openReceiver() {
  const got: Got[] = [];
  const answers = { HEAD: 200, POST: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'HEAD') return void response.writeHead(answers.HEAD).end();
      const body = Buffer.concat(chunks).toString();
      got.push({ path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) });
      response.writeHead(answers.POST).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    got,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
