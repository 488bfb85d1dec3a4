import { expect } from 'vitest';
import type { HoldDecision } from '../../src/http/parts.ts';
import { test } from '../support/database.ts';
import { seed } from './seed.ts';
import { openStage, PUBLIC_URL, quietActions } from './stage.ts';

const keyed = (key: string, json: unknown) => ({ method: 'POST', json, headers: { 'idempotency-key': key } });

test('a request that comes again is answered as the first time, and done once', async ({ hub }) => {
  const decisions: HoldDecision[] = [];
  const decide = async (_id: string, decision: HoldDecision) => {
    decisions.push(decision);
    return 'decided' as const;
  };
  const stage = openStage(hub, { actions: quietActions({ decide }) });
  const { hold } = await seed(hub);
  const ask = () => stage.ask('steward', `/api/v1/holds/${hold}/decide`, keyed('k1', { take: 'hub' }));
  const first = await ask();
  const again = await ask();
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.text()).toBe(await first.text());
  expect(decisions).toEqual([{ take: 'hub' }]);
  expect(await hub.selectFrom('input').select(['kind', 'key', 'state']).execute()).toEqual([{ kind: 'api', key: 'k1', state: 'applied' }]);
});

test('a key that was used for another request is refused', async ({ hub }) => {
  const stage = openStage(hub);
  await stage.ask('admin', '/api/v1/api-keys', keyed('k1', { name: 'a', role: 'viewer' }));
  expect((await stage.ask('admin', '/api/v1/api-keys', keyed('k1', { name: 'b', role: 'viewer' }))).status).toBe(422);
  expect((await stage.ask('admin', '/api/v1/operators', keyed('k1', { name: 'a', role: 'viewer' }))).status).toBe(422);
});

test('two operators do not share a key', async ({ hub }) => {
  const stage = openStage(hub);
  const headers = { cookie: await stage.signIn('admin'), origin: PUBLIC_URL };
  const one = await stage.ask('admin', '/api/v1/api-keys', keyed('k1', { name: 'a', role: 'viewer' }));
  const other = await stage.ask(null, '/api/v1/api-keys', {
    ...keyed('k1', { name: 'b', role: 'viewer' }),
    headers: { ...headers, 'idempotency-key': 'k1' },
  });
  expect([one.status, other.status]).toEqual([201, 201]);
});

test('while the first is running, the second is told to wait; of many at once, one is done', async ({ hub }) => {
  const gate = Promise.withResolvers<void>();
  let decided = 0;
  const decide = async () => {
    decided += 1;
    await gate.promise;
    return 'decided' as const;
  };
  const stage = openStage(hub, { actions: quietActions({ decide }) });
  const { hold } = await seed(hub);
  await stage.ask('steward', '/api/v1/me');
  const asked = Array.from({ length: 5 }, () => stage.ask('steward', `/api/v1/holds/${hold}/decide`, keyed('k1', { dismiss: true })));
  const waiting = await Promise.all((await firstFour(asked)).map((answer) => answer.status));
  expect(waiting).toEqual([409, 409, 409, 409]);
  gate.resolve();
  expect((await Promise.all(asked)).map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409]);
  expect(decided).toBe(1);
});

test('what was started by a process that died can be tried again', async ({ hub }) => {
  const stage = openStage(hub);
  const ask = () => stage.ask('admin', '/api/v1/api-keys', keyed('k1', { name: 'a', role: 'viewer' }));
  await ask();
  await hub.updateTable('input').set({ state: 'accepted', answer: null, ended_at: null }).execute();
  expect((await ask()).status).toBe(409);
  await hub
    .updateTable('input')
    .set({ created_at: new Date(Date.now() - 3_600_000) })
    .execute();
  expect((await ask()).status).toBe(201);
});

test('a failure is not kept: the same request may succeed later', async ({ hub }) => {
  let broken = true;
  const decide = async () => {
    if (broken) throw new Error('the database went away');
    return 'decided' as const;
  };
  const stage = openStage(hub, { actions: quietActions({ decide }) });
  const { hold } = await seed(hub);
  const ask = () => stage.ask('steward', `/api/v1/holds/${hold}/decide`, keyed('k1', { dismiss: true }));
  expect((await ask()).status).toBe(500);
  broken = false;
  expect((await ask()).status).toBe(200);
});

test('a secret that is shown once is not kept for a repeat', async ({ hub }) => {
  const stage = openStage(hub);
  const ask = () => stage.ask('admin', '/api/v1/api-keys', keyed('k1', { name: 'bot', role: 'viewer' }));
  const made = (await (await ask()).json()) as { id: string; secret: string };
  expect(await (await ask()).json()).toEqual({ ...made, secret: null });
  expect(JSON.stringify(await hub.selectFrom('input').selectAll().execute())).not.toContain(made.secret);
});

/** The four answers that come while the fifth is held back. */
async function firstFour(asked: readonly Promise<Response>[]): Promise<readonly Response[]> {
  const answers: Response[] = [];
  const { promise, resolve } = Promise.withResolvers<readonly Response[]>();
  for (const each of asked) {
    void each.then((answer) => {
      answers.push(answer);
      if (answers.length === 4) resolve([...answers]);
    });
  }
  return promise;
}
