import { sql } from 'kysely';
import { expect } from 'vitest';
import { linksAlike, listLinks } from '../../src/hub/views/failures.ts';
import { test } from '../support/database.ts';
import { addConnection } from './rows.ts';

test('the few records that are not in sync are found by an index, the newest first, and none of the others is read', async ({ hub }) => {
  const connection = await addConnection(hub);
  await sql`
    with made as (
      insert into record (id, object, fields, stamps)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'contact', '{}', '{}' from generate_series(1, 5000) as n returning id)
    insert into link (id, connection_id, object, remote_id, record_id, state)
    select id, ${connection}, 'contact', id::text, id, case right(id::text, 3) when '001' then 'failing' when '002' then 'held' else 'in_sync' end from made`.execute(
    hub,
  );
  await sql`analyze link, record`.execute(hub);
  const page = { after: null, limit: 50 };
  for (const state of ['failing', 'held', 'waiting'] as const) {
    const plan = await linksAlike(hub, { state }, page).explain('text');
    expect([state, JSON.stringify(plan)]).toEqual([state, expect.stringContaining('link_standing')]);
  }
  const { items } = await listLinks(hub, { model: new Map(), systems: new Map() }, { state: 'failing' }, page);
  expect(items.map(({ recordId }) => recordId.slice(-4))).toEqual(['1001', '0001']);
});
