import { Writable } from 'node:stream';
import { expect } from 'vitest';
import { enabledInWords } from '../../src/commands/enable.ts';
import { syncUntilQuietCommand } from '../../src/commands/sync.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { beginUndo } from '../../src/sync/undo/undo.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
const syncOnce = (world: World): Promise<number> =>
  syncUntilQuietCommand(
    { engine: world.engine, hub: world.hub, watch: () => () => undefined },
    { json: false, signal: AbortSignal.timeout(60_000), out: nowhere },
  );

test('a shadow that is synced in the foreground has its report, and stays a shadow when it is enabled again', { timeout: 120_000 }, async ({
  hub,
}) => {
  await using world = await openWorld(hub);
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  for (const name of ['hubspot', 'salesforce']) await setEnabled(world.engine, name, 'shadow');
  expect(await syncOnce(world)).toBe(0);
  const plans = await hub.selectFrom('plan').select(['state', 'summary']).execute();
  expect(plans.map(({ state }) => state)).toEqual(plans.map(() => 'ready'));
  expect(plans.flatMap(({ summary }) => summary?.counts ?? [])).toContainEqual({
    connection: 'hubspot',
    object: 'contact',
    operation: 'create_record',
    records: 1,
  });
  await setEnabled(world.engine, 'hubspot', true);
  expect(await enabledInWords({ hub }, 'hubspot', { enabled: true })).toBe(
    'enabled hubspot, as a shadow: nothing is written before a plan for it is applied (syncline plan hubspot)',
  );
  expect(await enabledInWords({ hub }, 'hubspot', { enabled: false, object: 'contact' })).toBe('disabled hubspot contact');
});

test('an undo that waits for a worker is done by a sync in the foreground', { timeout: 120_000 }, async ({ hub }) => {
  await using world = await openWorld(hub);
  world.hs.contacts.add({ email: 'ada@example.com', lastname: 'Lovelace' });
  await syncOnce(world);
  expect(world.inSalesforce('Email', 'ada@example.com')).toHaveLength(1);
  const { id } = await hub
    .selectFrom('run')
    .innerJoin('stream', 'stream.id', 'run.stream_id')
    .innerJoin('connection', 'connection.id', 'stream.connection_id')
    .select('run.id')
    .where('run.kind', '=', 'first_load')
    .where('connection.name', '=', 'hubspot')
    .where('stream.object', '=', 'contact')
    .executeTakeFirstOrThrow();
  await beginUndo(world.engine, { run: id }, 'admin');
  await syncOnce(world);
  expect(world.inSalesforce('Email', 'ada@example.com')).toEqual([]);
});
