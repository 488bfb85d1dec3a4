import { expect } from 'vitest';
import { listStreams } from '../../src/hub/connections/connections.ts';
import { setEnabled } from '../../src/sync/connecting/connect.ts';
import { resolveWish } from '../../src/sync/plan/asked.ts';
import { test } from '../support/database.ts';
import { openStage } from '../support/stage.ts';

const OPTIONAL = ['call', 'deal', 'email', 'meeting', 'note', 'segment', 'task', 'ticket'];

test('what a mapping calls optional is switched on by its own name only, also in a plan, and off with everything', async ({ hub }) => {
  await using stage = await openStage(hub, { connectors: ['hubspot'], people: 3 });
  const { engine } = stage;
  const on = async () => (await listStreams(hub)).flatMap(({ object, enabled }) => (enabled ? [object] : [])).sort();
  expect((await listStreams(hub)).map(({ object }) => object).sort()).toEqual([...OPTIONAL, 'company', 'contact', 'feedback'].sort());
  expect(await on()).toEqual(['company', 'contact', 'feedback']);
  await setEnabled(engine, 'hubspot', true, 'deal');
  expect(await on()).toEqual(['company', 'contact', 'deal', 'feedback']);
  const planned = async () => {
    const wish = await resolveWish(engine, { streams: [{ connection: 'hubspot' }] });
    return wish.ok ? wish.asked.streams.map(({ object }) => object).sort() : wish.reason;
  };
  expect(await planned()).toEqual(['company', 'contact', 'deal', 'feedback']);
  await setEnabled(engine, 'hubspot', false);
  expect(await on()).toEqual([]);
  expect(await planned()).toEqual(['company', 'contact', 'feedback']);
});
