import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { wakeWaiting } from '../../src/sync/reconciling/wake-waiting.ts';
import { addConnection } from '../hub/rows.ts';
import { test } from '../support/database.ts';

/** So many companies with a link each, and contacts of which each waits for one: half by its remote id, half by its record. */
async function crowd(hub: Hub, connectionId: string, size: number): Promise<void> {
  await sql`
    with company as (
      insert into record (id, object, fields, stamps) select gen_random_uuid(), 'company', '{}', '{}' from generate_series(1, ${size}) returning id
    ), placed as (
      insert into link (id, connection_id, object, remote_id, record_id) select gen_random_uuid(), ${connectionId}, 'company', 'c' || row_number() over (), id from company
      returning remote_id, record_id
    ), contact as (
      insert into record (id, object, fields, stamps) select gen_random_uuid(), 'contact', '{}', '{}' from generate_series(1, ${size}) returning id
    ), paired as (
      select c.id, c.n, p.remote_id, p.record_id from (select id, row_number() over () as n from contact) c
      join (select remote_id, record_id, row_number() over () as n from placed) p on p.n = c.n
    )
    insert into link (id, connection_id, object, remote_id, record_id, waits_for)
    select gen_random_uuid(), ${connectionId}, 'contact', 'p' || n, id, array[case n % 2
      when 0 then 'remote:' || ${connectionId} || ':company:' || remote_id else 'record:' || ${connectionId} || ':company:' || record_id end] from paired`.execute(
    hub,
  );
}

test('thousands that wait for thousands are woken in a moment, each once, and none of a stream that is off', async ({ hub }) => {
  const connectionId = await addConnection(hub);
  await crowd(hub, connectionId, 4_000);
  const woken = (streamKeys: readonly string[]) =>
    hub.transaction().execute(async (tx) => {
      // Each compared with each would be sixteen million pairs, and a minute or two.
      await sql`set local statement_timeout = '10s'`.execute(tx);
      return wakeWaiting(tx, 'contact', streamKeys);
    });
  expect(await woken([`${connectionId}|company`])).toBe(0);
  expect(await woken([`${connectionId}|contact`])).toBe(4_000);
  expect(await woken([`${connectionId}|contact`])).toBe(0);
});

test('nobody is woken for what is gone, not there yet, or somebody else', async ({ hub }) => {
  const connectionId = await addConnection(hub);
  await crowd(hub, connectionId, 8);
  await sql`
    update link set state = case when remote_id in ('c1', 'c2') then 'gone' else state end, remote_id = case when remote_id in ('c3', 'c4') then null else remote_id end
    where object = 'company'`.execute(hub);
  await sql`
    insert into observation (connection_id, object, remote_id, fields, hash, changed_at, gone)
    select ${connectionId}, 'company', id, '{}', gen_random_uuid(), now(), true from unnest(array['c5', 'c6']) as id`.execute(hub);
  expect(await wakeWaiting(hub, 'contact', [`${connectionId}|contact`])).toBe(2);
});
