import { createHmac } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Hub } from '../hub/database.ts';
import { newId } from '../hub/ids.ts';
import { Problem } from './problem.ts';
import { actorOf, type Env } from './security/operator.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;
/** After this long a request that never ended is taken to have died with its process, and may be tried again. */
const GIVEN_UP_MS = 120_000;
/** What is shown once is not kept: a repeat shows null in its place. */
const SHOWN_ONCE: ReadonlySet<string> = new Set(['secret', 'link']);

const Answer = z.object({ status: z.int(), type: z.string(), body: z.string() });
/** Answers that may be others next time: they are not kept, and the key is free again. */
const FLEETING: ReadonlySet<number> = new Set([401, 403, 409, 424, 429]);
type Request = { readonly actor: string; readonly key: string; readonly hash: string };

/** A POST that comes again with its `Idempotency-Key` gets the answer of the first time, and does nothing. */
export function repeatable(hub: Hub, secret: string): MiddlewareHandler<Env> {
  return async (c, next) => {
    const key = c.req.header('idempotency-key');
    if (c.req.method !== 'POST' || key === undefined) return next();
    if (!KEY.test(key)) throw new Problem(400, 'An Idempotency-Key has 1 to 200 visible ASCII characters.');
    const hash = fingerprint(secret, [c.req.method, c.req.path, await c.req.text()]);
    const request: Request = { actor: actorOf(c.var.operator), key, hash };
    const inputId = await begin(hub, request);
    if (inputId === null) {
      const { status, type, body } = await answerOf(hub, request);
      return new Response(body === '' ? null : body, {
        status,
        headers: { 'content-type': type, 'cache-control': 'no-store', 'idempotency-replayed': 'true' },
      });
    }
    await next();
    await end(hub, inputId, c.res.clone());
  };
}

// Bodies hold passwords and tokens: without the secret nobody can try guesses against what is stored.
function fingerprint(secret: string, parts: readonly string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
}

/** The id under which this request runs, or null when it ran before or runs now. */
async function begin(hub: Hub, request: Request): Promise<string | null> {
  const row = {
    id: newId(),
    kind: 'api',
    actor: request.actor,
    key: request.key,
    request_hash: request.hash,
    answer: null,
    ended_at: null,
  };
  const begun = await hub
    .insertInto('input')
    .values(row)
    .onConflict((c) =>
      c
        .columns(['actor', 'key'])
        .doUpdateSet({ created_at: sql`now()` })
        .where('input.state', '=', 'accepted')
        .where('input.request_hash', '=', request.hash)
        .where('input.created_at', '<', sql<Date>`now() - ${GIVEN_UP_MS} * interval '1 ms'`),
    )
    .returning('id')
    .executeTakeFirst();
  return begun?.id ?? null;
}

async function answerOf(hub: Hub, request: Request): Promise<z.infer<typeof Answer>> {
  const found = await hub
    .selectFrom('input')
    .select(['request_hash', 'state', 'answer'])
    .where('actor', '=', request.actor)
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (found !== undefined && found.request_hash !== request.hash) {
    throw new Problem(422, 'This Idempotency-Key was used for another request. Take a new one.');
  }
  if (found === undefined || found.state === 'accepted') {
    throw new Problem(409, 'The first request with this Idempotency-Key is still running.', { headers: { 'retry-after': '1' } });
  }
  return Answer.parse(found.answer);
}

async function end(hub: Hub, inputId: string, response: Response): Promise<void> {
  const { status } = response;
  if (status >= 500 || FLEETING.has(status)) {
    await hub.deleteFrom('input').where('id', '=', inputId).execute();
    return;
  }
  const answer = { status, type: response.headers.get('content-type') ?? 'application/json', body: withoutSecrets(await response.text()) };
  const state = status < 400 ? 'applied' : 'refused';
  await hub
    .updateTable('input')
    .set({ state, answer: JSON.stringify(answer), ended_at: sql`now()` })
    .where('id', '=', inputId)
    .execute();
}

function withoutSecrets(text: string): string {
  if (text === '') return text;
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (SHOWN_ONCE.has(key) && typeof value === 'string' ? null : value)));
}
