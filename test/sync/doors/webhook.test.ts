import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { CONNECTORS } from '../../../connectors/index.ts';
import type { Hub } from '../../../src/hub/database.ts';
import { must } from '../../../src/kernel/must.ts';
import { connect, setEnabled } from '../../../src/sync/connecting/connect.ts';
import type { Engine } from '../../../src/sync/engine.ts';
import { decide } from '../../../src/sync/steward/steward.ts';
import { tend } from '../../../src/sync/tend.ts';
import { openStage as openHttp, type Stage } from '../../http/stage.ts';
import { test } from '../../support/database.ts';
import { withFiles } from '../../support/mappings.ts';
import { openEngine } from '../../support/stage.ts';

const SECRET = 'whsec_Zm9ybWJyaWNrcy1kZW1vLXNlY3JldA==';

type Door = { readonly engine: Engine; readonly http: Stage; readonly id: string; tend(): Promise<void> };

async function open(
  hub: Hub,
  {
    settings = {},
    secret = SECRET,
    files = {},
  }: { settings?: Record<string, string>; secret?: string; files?: Record<string, string> } = {},
): Promise<Door> {
  const shipped = await openEngine(hub);
  const engine = { ...shipped, mappings: withFiles(shipped.mappings, files) };
  const auth = { kind: 'token', values: { token: secret } };
  const connected = await connect(engine, { connector: 'webhook', name: 'shop', origin: null, auth, settings });
  if (!connected.ok) throw new Error(connected.message);
  await setEnabled(engine, 'shop', true);
  const http = openHttp(hub, { connectors: CONNECTORS, mappings: () => engine.mappings, vault: engine.vault });
  return {
    engine,
    http,
    id: connected.id,
    async tend() {
      const tended = await tend(engine, connected.id, { signal: AbortSignal.timeout(20_000) });
      expect(tended?.error).toBeNull();
    },
  };
}

type Sending = { readonly id?: string; readonly atS?: number; readonly secret?: string };

/** As Standard Webhooks has it. */
function send({ http, id }: Door, body: unknown, sending: Sending = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const name = sending.id ?? `msg_${createHmac('sha256', 'name').update(text).digest('hex').slice(0, 12)}`;
  const timestamp = String(sending.atS ?? Math.floor(Date.now() / 1000));
  const key = Buffer.from((sending.secret ?? SECRET).replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${name}.${timestamp}.${text}`).digest('base64');
  const headers = {
    'webhook-id': name,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
    'content-type': 'application/json',
  };
  return Promise.resolve(http.app.request(`/webhooks/${id}`, { method: 'POST', body: text, headers }));
}

const answered = (over: object = {}, event = 'responseFinished') => ({
  webhookId: 'wh1',
  event,
  data: {
    id: 'r1',
    surveyId: 's1',
    survey: { title: 'After the purchase' },
    updatedAt: '2026-11-20T12:04:02.000Z',
    finished: true,
    language: 'ja',
    contactAttributes: { email: 'hana@example.jp' },
    data: { nps: 9, why: '速かった' },
    ...over,
  },
});

const inputs = async (hub: Hub) =>
  (await sql<{ state: string; repeats: number }>`select state, repeats from input where kind = 'webhook' order by id`.execute(hub)).rows;
const responses = async (hub: Hub) =>
  (
    await sql<{ remote_id: string; state: string; scores: unknown; comment: string | null }>`
    select remote_id, state, scores, comment from response order by remote_id`.execute(hub)
  ).rows;

test('a signed delivery is kept as what was seen before it is answered, and becomes a response', async ({ hub }) => {
  const door = await open(hub);
  const answer = await send(door, answered());
  expect([answer.status, await answer.json()]).toEqual([200, { kept: 'accepted' }]);
  const { rows } = await sql<{ seen: { id: string } }>`select seen from arrival`.execute(hub);
  expect(rows.map(({ seen }) => seen.id)).toEqual(['s1:r1']);
  await door.tend();
  expect(await responses(hub)).toMatchObject([
    { remote_id: 's1:r1', state: 'complete', scores: [{ metric: 'nps', score: 9, question: 'nps' }], comment: '速かった' },
  ]);
  expect(await inputs(hub)).toEqual([{ state: 'applied', repeats: 0 }]);
});

test('what is unsigned, signed with something else, or stale is refused, and a repeat counts as a duplicate', async ({ hub }) => {
  const door = await open(hub);
  const nowS = Math.floor(Date.now() / 1000);
  const unsigned = await door.http.app.request(`/webhooks/${door.id}`, { method: 'POST', body: JSON.stringify(answered()) });
  expect(unsigned.status).toBe(401);
  // Far enough ahead that it is too early however long the tests before it took.
  for (const wrong of [{ secret: 'whsec_b3RoZXI=' }, { atS: nowS - 301 }, { atS: nowS + 3600 }])
    expect((await send(door, answered(), wrong)).status).toBe(401);
  expect(await inputs(hub)).toEqual([]);
  await send(door, answered());
  await door.tend();
  // Signed anew, as a sender does that tries again.
  const again = await send(door, answered(), { atS: nowS - 5 });
  expect([again.status, await again.json()]).toEqual([200, { kept: 'duplicate' }]);
  await door.tend();
  expect(await inputs(hub)).toEqual([{ state: 'applied', repeats: 1 }]);
});

test('versions in the wrong order, and a completion that comes late, end in one response as it is now', async ({ hub }) => {
  const door = await open(hub);
  const part = answered({ finished: false, updatedAt: '2026-11-20T12:03:00Z', data: { nps: 3 } }, 'responseUpdated');
  await send(door, answered());
  await send(door, part);
  await door.tend();
  expect(await responses(hub)).toMatchObject([{ state: 'complete', comment: '速かった' }]);
  await send(door, answered({ id: 'r2', finished: false, updatedAt: '2026-11-20T12:03:00Z', data: { nps: 3 } }, 'responseUpdated'));
  await door.tend();
  await send(door, answered({ id: 'r2' }));
  await door.tend();
  expect(await responses(hub)).toMatchObject([{ remote_id: 's1:r1' }, { remote_id: 's1:r2', state: 'complete', comment: '速かった' }]);
});

test('what is signed and cannot be read is kept as it came with the reason, and is taken again once the mapping was mended', async ({
  hub,
}) => {
  const door = await open(hub);
  const odd = answered({ surveyId: undefined, form: 's7' });
  for (const body of [
    'no JSON',
    '7',
    odd,
    answered({ data: { why: 'a\u0000b' } }),
    '{"event":"responseFinished","data":{"id":"\\ud800","surveyId":"s"}}',
  ])
    expect((await send(door, body)).status).toBe(200);
  const { rows } = await sql<{ id: string; reason: string; cause: string }>`select id, reason, cause from hold order by id`.execute(hub);
  expect(rows.map(({ reason, cause }) => [reason, cause])).toEqual([
    ['the delivery is neither JSON nor form data', 'delivery_unread'],
    ['the delivery is a single value, and holds no record', 'delivery_unread'],
    ['the delivery: nothing says which survey it answers', 'delivery_unread'],
    ['the delivery: answer:why holds a NUL character, which no text may hold', 'delivery_unread'],
    ['the delivery: id holds half of a character (a lone surrogate)', 'delivery_unread'],
  ]);
  expect((await inputs(hub)).map(({ state }) => state)).toEqual(Array(5).fill('held'));
  const held = must(rows[2], 'the delivery without a survey').id;
  expect(await decide(door.engine, held, { again: true }, 'test')).toMatchObject({ refused: expect.stringContaining('which survey') });
  const general = must(door.engine.mappings.byStream.get('webhook.response'), 'the mapping that ships');
  const reading = must(general.reading, 'how it reads');
  const mended = {
    ...general,
    reading: {
      ...reading,
      id: ['data.form', 'data.id'],
      answers: { ...must(reading.answers, 'answers'), survey: { id: 'data.form', name: null } },
    },
  };
  const engine = { ...door.engine, mappings: { ...door.engine.mappings, byStream: new Map([['webhook.response', mended]]) } };
  expect(await decide(engine, held, { again: true }, 'test')).toBe('decided');
  await door.tend();
  expect((await responses(hub)).map(({ remote_id }) => remote_id)).toEqual(['s7:r1']);
  expect((await inputs(hub))[2]).toEqual({ state: 'applied', repeats: 0 });
});

test('a delivery for a connection with nothing switched on is held rather than lost', async ({ hub }) => {
  const door = await open(hub);
  await setEnabled(door.engine, 'shop', false);
  expect((await send(door, answered())).status).toBe(200);
  expect((await inputs(hub)).map(({ state }) => state)).toEqual(['held']);
});

const ORDERS = `
connector: webhook
object: contact
connection: shop
hub: contact
direction: in
match:
  - { on: [email], confirm: [last_name] }
removed: { in: archive }
delivery:
  when: { at: $.topic, is: [customers, gone] }
  items: rows[]
  id: id
  removed: { at: $.topic, is: gone }
fields:
  - { hub: email, remote: "emails[main=true].address" }
  - { hub: last_name, remote: name.last }
  - { hub: city, remote: 'places[0]."city.name"' }
examples: []
`;

test('lists of people become contacts by nested and array paths, one bad one spoils no other, and a removal is followed', async ({
  hub,
}) => {
  const door = await open(hub, { files: { 'webhook.contact.shop.yaml': ORDERS } });
  const person = (id: string | null, last: string) => ({
    id,
    name: { last },
    emails: [{ address: 'old@example.com' }, { main: true, address: `${last}@example.com` }],
    places: [{ 'city.name': 'Osaka' }],
  });
  await send(door, { topic: 'customers', rows: [person('1', 'sato'), person(null, 'nobody'), person('2', 'suzuki')] });
  await door.tend();
  const records = async () =>
    (
      await sql<{
        fields: object;
        archived: boolean;
      }>`select fields, archived is not null as archived from record order by fields ->> 'email'`.execute(hub)
    ).rows;
  expect(await records()).toEqual([
    { fields: { email: 'sato@example.com', last_name: 'sato', city: 'Osaka' }, archived: false },
    { fields: { email: 'suzuki@example.com', last_name: 'suzuki', city: 'Osaka' }, archived: false },
  ]);
  expect((await sql<{ reason: string }>`select reason from hold`.execute(hub)).rows).toEqual([{ reason: 'rows[1]: there is no id in id' }]);
  await send(door, { topic: 'gone', rows: [{ id: '1' }] });
  await door.tend();
  expect((await records()).map(({ archived }) => archived)).toEqual([true, false]);
});

const FORM = `
connector: webhook
object: contact
connection: shop
hub: contact
direction: in
match: [{ on: [email] }]
delivery: { id: email }
fields:
  - { hub: email, remote: email }
  - { hub: first_name, remote: person.first }
`;

test('forms are read as they are sent, urlencoded or in parts, behind a token in a header or in the address', async ({ hub }) => {
  const door = await open(hub, {
    settings: { scheme: 'token', header: 'X-Token', parameter: 'key' },
    secret: 'a long token',
    files: { 'webhook.contact.shop.yaml': FORM },
  });
  const parts = new FormData();
  parts.set('email', 'a@example.com');
  parts.set('person[first]', 'Ada');
  parts.set('photo', new File(['x'], 'a.png'));
  const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    door.http.app.request(`/webhooks/${door.id}${path}`, { method: 'POST', body, headers });
  expect((await post('', parts, { 'x-token': 'a long token' })).status).toBe(200);
  expect((await post('?key=a%20long%20token', new URLSearchParams({ email: 'b@example.com', 'person[first]': 'Bo' }))).status).toBe(200);
  for (const [path, headers] of [
    ['', {}],
    ['?key=a%20long%20toke', {}],
    ['', { 'x-token': 'a long token!' }],
  ] as const)
    expect((await post(path, new URLSearchParams({ email: 'c@example.com' }), headers)).status).toBe(401);
  await door.tend();
  const { rows } = await sql<{ fields: object }>`select fields from record order by fields ->> 'email'`.execute(hub);
  expect(rows.map(({ fields }) => fields)).toEqual([
    { email: 'a@example.com', first_name: 'Ada' },
    { email: 'b@example.com', first_name: 'Bo' },
  ]);
});

test('a delivery over a megabyte is refused before it is read', async ({ hub }) => {
  const door = await open(hub);
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit;
  expect((await door.http.app.request(`/webhooks/${door.id}`, init)).status).toBe(413);
  expect(pulled).toBeLessThan(40);
});
