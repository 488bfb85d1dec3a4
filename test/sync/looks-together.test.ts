import { sql } from 'kysely';
import { expect } from 'vitest';
import { listConnections } from '../../src/hub/connections/connections.ts';
import { must } from '../../src/kernel/must.ts';
import { tend } from '../../src/sync/tend.ts';
import { test } from '../support/database.ts';
import { openWorld } from './world.ts';

test('where one call serves several looks, a quiet cycle costs one, and what is due soon joins what is due', async ({ hub }) => {
  await using world = await openWorld(hub, { people: 5 });
  await world.settle();
  const calls = () => world.sandbox('salesforce').calls();
  const before = calls();
  await world.cycle();
  expect(calls() - before).toBe(1);
  const { id } = must(
    (await listConnections(hub)).find(({ connector }) => connector === 'salesforce'),
    'salesforce',
  );
  // Contacts are due, accounts in a second.
  await sql`update stream set next_at = now() + case object when 'contact' then interval '0 s' when 'company' then interval '1 s' else interval '1 h' end where connection_id = ${id}`.execute(
    hub,
  );
  const [account] = world.sf.all('Account');
  world.sf.edit(must(account, 'an account').Id, { Phone: '+1 555' });
  const tended = await tend(world.engine, id, { signal: AbortSignal.timeout(20_000) });
  expect(tended?.seen.changed).toBe(1);
  const { rows } = await sql<{ every: number }>`select distinct every_ms as every from stream where connection_id = ${id}`.execute(hub);
  expect(rows).toEqual([{ every: 10_000 }]);
});
