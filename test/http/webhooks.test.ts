import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Connector } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import type { Delivery, Hints, WebhookPort } from '../../src/contract/webhook.ts';
import { endLooks, readLooks, tidyDeliveries } from '../../src/hub/arrivals/looks.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { forgetOld } from '../../src/hub/retention.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openStage, PUBLIC_URL, type Stage } from './stage.ts';

const SECRET = 'what the vendor signs with';
const signed = (body: string, path: string): string => createHmac('sha256', SECRET).update(`${PUBLIC_URL}${path}${body}`).digest('hex');
const said = (delivery: Delivery): string => new TextDecoder().decode(delivery.body);

/** A vendor that signs address and body, asks first whether the address is ours, and tells of contacts by their ids. */
const port: WebhookPort = {
  greet({ url, method }) {
    if (method === 'HEAD') return new Response(null, { headers: { 'x-here': 'yes' } });
    return method === 'GET' && url.includes('challenge=') ? new Response(new URL(url).searchParams.get('challenge')) : null;
  },
  verify: async ({ headers, body, url }, secret) =>
    headers.get('x-signature') === createHmac('sha256', secret).update(url).update(body).digest('hex'),
  hints: (delivery): Hints => {
    if (!said(delivery).startsWith('[')) throw new HubError('broken_answer', 'it is no list');
    const events = JSON.parse(said(delivery)) as { id?: string; object?: string; account?: string }[];
    return {
      hints: events.flatMap(({ id, object, account }) =>
        id === undefined ? [] : [{ object: object ?? 'contact', scope: 'all', id, reason: 'changed' as const, account: account ?? null }],
      ),
      unread: events.filter(({ id }) => id === undefined).map(() => 'an event has no id'),
    };
  },
};

async function open(hub: Hub, over: { readonly objects?: readonly string[] } = {}): Promise<Stage & { readonly id: string }> {
  const plain = openStage(hub);
  const crm: Connector = must(plain.parts.connectors.get('crm'), 'the CRM');
  const webhooks = { signedBy: 'hmac', subscribe: 'by_hand', secret: { label: 'Secret', help: 'Over there.' } } as const;
  const stage = openStage(hub, { connectors: new Map([['crm', { ...crm, manifest: { ...crm.manifest, webhooks }, webhooks: port }]]) });
  return { ...stage, id: await connection(hub, over.objects ?? ['contact'], '4711', stage) };
}

async function connection(hub: Hub, objects: readonly string[], account: string, { parts }: Stage): Promise<string> {
  const id = newId();
  await sql`
    insert into connection (id, connector, name, origin, settings, account, enabled)
    values (${id}, 'crm', ${`crm ${account}`}, 'https://api.crm.test', '{}', ${JSON.stringify({ id: account, name: account })}, true)`.execute(
    hub,
  );
  for (const object of objects)
    await sql`insert into stream (id, connection_id, object, hub_object, direction, enabled) values (${newId()}, ${id}, ${object}, 'contact', 'both', true)`.execute(
      hub,
    );
  await parts.vault.storeWebhookSecret(id, SECRET);
  return id;
}

const send = (stage: Stage & { id: string }, body: string, init: { path?: string; signature?: string | null } = {}) => {
  const path = init.path ?? `/webhooks/${stage.id}`;
  const signature = init.signature === undefined ? signed(body, path) : init.signature;
  return stage.app.request(path, { method: 'POST', body, headers: signature === null ? {} : { 'x-signature': signature } });
};
const inputs = async (hub: Hub) =>
  (await sql<{ state: string; repeats: number }>`select state, repeats from input where kind = 'webhook' order by id`.execute(hub)).rows;
const looks = async (hub: Hub) =>
  (
    await sql<{ remote_id: string; connection_id: string }>`
    select k.remote_id, s.connection_id from look k join stream s on s.id = k.stream_id order by k.remote_id`.execute(hub)
  ).rows;

test('a delivery is kept before it is answered, and the workers are told', async ({ hub }) => {
  const stage = await open(hub);
  const answer = await send(stage, '[{"id":"1"},{"id":"2"}]');
  expect([answer.status, await answer.json()]).toEqual([200, { kept: 'accepted' }]);
  expect(await inputs(hub)).toEqual([{ state: 'accepted', repeats: 0 }]);
  expect((await looks(hub)).map((look) => look.remote_id)).toEqual(['1', '2']);
  await expect.poll(() => stage.nudges).toEqual([{ name: 'tend', connectionId: stage.id }]);
});

test('what is not signed, or signed with something else, is refused and leaves nothing', async ({ hub }) => {
  const stage = await open(hub);
  const body = '[{"id":"1"}]';
  const forged = createHmac('sha256', 'guessed').update(`${PUBLIC_URL}/webhooks/${stage.id}${body}`).digest('hex');
  for (const signature of [null, '', forged, signed('[{"id":"2"}]', `/webhooks/${stage.id}`)])
    expect((await send(stage, body, { signature })).status).toBe(401);
  expect(await inputs(hub)).toEqual([]);
});

test('an address that nobody has, or that has no secret, is not there', async ({ hub }) => {
  const stage = await open(hub);
  for (const path of ['/webhooks/nothing', `/webhooks/${newId()}`]) expect((await send(stage, '[]', { path })).status).toBe(404);
  await stage.parts.vault.storeWebhookSecret(stage.id, null);
  expect((await send(stage, '[{"id":"1"}]')).status).toBe(404);
});

test('the address that was signed is the public one, with its query as it was sent', async ({ hub }) => {
  const stage = await open(hub);
  const path = `/webhooks/${stage.id}?b=2&a=%7E1`;
  expect((await send(stage, '[{"id":"1"}]', { path })).status).toBe(200);
  expect((await send(stage, '[{"id":"1"}]', { path, signature: signed('[{"id":"1"}]', `/webhooks/${stage.id}?a=~1&b=2`) })).status).toBe(
    401,
  );
});

test('a vendor that asks first whether the address is ours gets its answer; any other GET is told what to do', async ({ hub }) => {
  const stage = await open(hub);
  expect(await (await stage.app.request(`/webhooks/${stage.id}?challenge=abc`)).text()).toBe('abc');
  expect((await stage.app.request(`/webhooks/${stage.id}`)).status).toBe(405);
  const head = await stage.app.request(`/webhooks/${stage.id}?event=any`, { method: 'HEAD' });
  expect([head.status, head.headers.get('x-here')]).toEqual([200, 'yes']);
});

test('the same delivery again is a duplicate, and asks for another look only once the first is over', async ({ hub }) => {
  const stage = await open(hub);
  const body = '[{"id":"1"}]';
  await send(stage, body);
  expect(await (await send(stage, body)).json()).toEqual({ kept: 'duplicate' });
  expect([await inputs(hub), (await looks(hub)).length]).toEqual([[{ state: 'accepted', repeats: 1 }], 1]);
  await lookAll(hub, { news: true });
  expect([await inputs(hub), await looks(hub)]).toEqual([[{ state: 'applied', repeats: 1 }], []]);
  await send(stage, body);
  expect([await inputs(hub), (await looks(hub)).length]).toEqual([[{ state: 'applied', repeats: 2 }], 1]);
});

async function lookAll(hub: Hub, { news }: { news: boolean }): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from stream`.execute(hub);
  for (const { id } of rows) {
    const all = await readLooks(hub, id, 1000);
    await hub.transaction().execute((tx) => endLooks(tx, id, all, () => news));
  }
}

test('what cannot be read is kept as it came and waits for a person; the rest of the batch counts', async ({ hub }) => {
  const stage = await open(hub);
  expect((await send(stage, '{"not":"a list"}')).status).toBe(200);
  expect((await send(stage, '[{"id":"1"},{"nothing":true}]')).status).toBe(200);
  expect(await inputs(hub)).toEqual([
    { state: 'held', repeats: 0 },
    { state: 'accepted', repeats: 0 },
  ]);
  await lookAll(hub, { news: true });
  expect((await inputs(hub)).map((input) => input.state)).toEqual(['held', 'held']);
  const { rows } = await sql<{ body: Buffer; reason: string; cause: string }>`
    select u.body, h.reason, h.cause from unread_delivery u join hold h on h.detail ->> 'inputId' = u.input_id::text order by u.input_id`.execute(
    hub,
  );
  expect(rows.map((row) => [row.body.toString(), row.reason, row.cause])).toEqual([
    ['{"not":"a list"}', 'it is no list', 'webhook_unread'],
    ['[{"id":"1"},{"nothing":true}]', 'an event has no id', 'webhook_unread'],
  ]);
  const shown = (await (await stage.ask('viewer', '/api/v1/holds')).json()) as { items: { kind: string; cause: { id: string } }[] };
  expect(shown.items.map((hold) => [hold.kind, hold.cause.id])).toEqual([
    ['unread', 'webhook_unread'],
    ['unread', 'webhook_unread'],
  ]);
});

test('events of another account go to the connection that stands for it, and those of nobody are refused', async ({ hub }) => {
  const stage = await open(hub);
  const other = await connection(hub, ['contact'], '4712', stage);
  await send(stage, '[{"id":"1","account":"4711"},{"id":"2","account":"4712"}]');
  expect(await looks(hub)).toEqual([
    { remote_id: '1', connection_id: stage.id },
    { remote_id: '2', connection_id: other },
  ]);
  await send(stage, '[{"id":"3","account":"9"}]');
  expect((await inputs(hub)).map((input) => input.state)).toEqual(['accepted', 'refused']);
});

test('what nobody keeps in step ends as it comes', async ({ hub }) => {
  const stage = await open(hub);
  await send(stage, '[{"id":"1","object":"deal"}]');
  expect([await inputs(hub), await looks(hub)]).toEqual([[{ state: 'no_op', repeats: 0 }], []]);
});

test('a delivery over a megabyte is refused', async ({ hub }) => {
  const stage = await open(hub);
  expect((await send(stage, `[${' '.repeat(1024 * 1024)}]`)).status).toBe(413);
});

test('five hundred at once are all kept, each once, in few commits', async ({ hub }) => {
  const stage = await open(hub);
  const xidBefore = await commits(hub);
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => send(stage, `[{"id":"${i % 250}"},{"id":"x${i % 250}"}]`)));
  const kept = await Promise.all(answers.map((answer) => answer.json() as Promise<{ kept: string }>));
  expect(kept.filter((one) => one.kept === 'accepted')).toHaveLength(250);
  expect(kept.filter((one) => one.kept === 'duplicate')).toHaveLength(250);
  expect([(await inputs(hub)).reduce((sum, input) => sum + 1 + input.repeats, 0), (await looks(hub)).length]).toEqual([500, 500]);
  expect((await commits(hub)) - xidBefore).toBeLessThan(400);
});

/** How many transactions have written so far, on this server. */
const commits = async (hub: Hub): Promise<number> =>
  Number((await sql<{ x: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as x`.execute(hub)).rows[0]?.x);

test('deliveries whose stream is gone end, and those that ended long ago are forgotten, after as long as an admin says', async ({
  hub,
}) => {
  const stage = await open(hub);
  await send(stage, '[{"id":"1"}]');
  await sql`delete from stream`.execute(hub);
  await tidyDeliveries(hub);
  expect(await inputs(hub)).toEqual([{ state: 'no_op', repeats: 0 }]);
  await sql`update input set ended_at = now() - interval '31 days'`.execute(hub);
  await forgetOld(hub, new AbortController().signal);
  expect(await inputs(hub)).toEqual([]);
});

test('an admin says what deliveries are signed with, sees what became of them, and never sees the secret', async ({ hub }) => {
  const stage = await open(hub);
  const path = `/api/v1/connections/${stage.id}/webhook`;
  const put = await stage.ask('admin', path, { method: 'PUT', json: { secret: SECRET } });
  expect([put.status, (await put.text()).includes(SECRET)]).toEqual([200, false]);
  await send(stage, '[{"id":"1"}]');
  await send(stage, '[{"id":"1"}]');
  const shown = await (await stage.ask('admin', path)).json();
  expect(shown).toMatchObject({
    address: `${PUBLIC_URL}/webhooks/${stage.id}`,
    day: { accepted: 2, duplicate: 1, pending: 1, applied: 0, noOp: 0, held: 0, refused: 0 },
  });
  expect((await stage.ask('admin', path, { method: 'DELETE' })).status).toBe(204);
  expect((await send(stage, '[{"id":"2"}]')).status).toBe(404);
});
