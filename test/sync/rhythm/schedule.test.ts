import { expect } from 'vitest';
import type { Hub } from '../../../src/hub/database.ts';
import { dueConnections } from '../../../src/hub/rhythm/due-connections.ts';
import { setSchedule } from '../../../src/hub/rhythm/pausing.ts';
import { nextLook, type Schedule } from '../../../src/hub/rhythm/schedule.ts';
import type { Engine } from '../../../src/sync/engine.ts';
import { tend } from '../../../src/sync/tend.ts';
import { cycleOnce } from '../../../src/sync/until-quiet.ts';
import { test } from '../../support/database.ts';
import { openWoundHub, type WoundHub } from '../../support/wound.ts';
import { openWorld, type World } from '../world.ts';

const HOUR_MS = 3_600_000;
const signal = () => AbortSignal.timeout(20_000);

// Time passes when it is wound, and not because somebody waits for it.
const untilAborted = (_: number, until?: AbortSignal) => new Promise<void>((resolve) => until?.addEventListener('abort', () => resolve()));

/** A world that lives in the time that is wound, which begins on Sunday, 22 November 2026, at 08:00 UTC. */
async function openWound(wound: WoundHub): Promise<{ world: World; engine: Engine }> {
  const world = await openWorld(wound.hub, { now: wound.clock.now });
  return { world, engine: { ...world.engine, clock: { now: wound.clock.now, sleep: untilAborted } } };
}

async function give(hub: Hub, name: string, schedule: Schedule, now: Date): Promise<string> {
  const { id } = await hub.selectFrom('connection').select('id').where('name', '=', name).executeTakeFirstOrThrow();
  await setSchedule(hub, id, { schedule, nextAt: nextLook(schedule, now) });
  return id;
}

test('a connection with a cron expression is looked at when that says so, and not before', async ({ database }) => {
  await using wound = await openWoundHub(database.url);
  const { world, engine } = await openWound(wound);
  await using _ = world;
  const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  for (let round = 0; round < 3; round += 1) await cycleOnce(engine, signal());
  const id = await give(wound.hub, 'hubspot', { cron: '0 6 * * 1-5', timeZone: 'Europe/Berlin', quiet: [] }, wound.clock.now());
  world.hs.contacts.edit(ada, { city: 'London' });

  await wound.wind(12 * HOUR_MS);
  expect(await dueConnections(wound.hub)).not.toContain(id);
  // Something else may have to be done there: it is no reason to look.
  await tend(engine, id, { signal: signal() });
  expect((await world.record('ada@example.com'))?.fields.city ?? null).toBeNull();

  // Monday, 06:00 in Berlin.
  await wound.wind(9 * HOUR_MS);
  expect(await dueConnections(wound.hub)).toContain(id);
  await tend(engine, id, { signal: signal() });
  expect((await world.record('ada@example.com'))?.fields.city).toBe('London');
  const { next_at } = await wound.hub
    .selectFrom('stream')
    .select('next_at')
    .where('connection_id', '=', id)
    .where('object', '=', 'contact')
    .executeTakeFirstOrThrow();
  expect(next_at.toISOString()).toBe('2026-11-24T05:00:00.000Z');
});

test('in quiet hours nothing is read and nothing is written; what is under way stops as they begin, and goes on when they are over', async ({
  database,
}) => {
  await using wound = await openWoundHub(database.url);
  const { world, engine } = await openWound(wound);
  await using _ = world;
  world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  for (let round = 0; round < 3; round += 1) await cycleOnce(engine, signal());
  const quiet = [{ from: '09:00', to: '17:00', days: [7] }];
  const id = await give(wound.hub, 'salesforce', { cron: null, timeZone: 'UTC', quiet }, wound.clock.now());
  world.hs.contacts.add({ email: 'bea@example.com', lastname: 'Bea' });

  const other = await wound.hub.selectFrom('connection').select('id').where('name', '=', 'hubspot').executeTakeFirstOrThrow();
  await tend(engine, other.id, { signal: signal(), look: () => true });

  // Nine o'clock comes with the first answer, before anything is written.
  const calls = world.sandbox('salesforce').calls();
  const now = () => (world.sandbox('salesforce').calls() > calls ? new Date('2026-11-22T09:00:00Z') : wound.clock.now());
  expect(await tend({ ...engine, clock: { now, sleep: untilAborted } }, id, { signal: signal(), look: () => true })).toBeNull();
  expect(world.sandbox('salesforce').calls()).toBe(calls + 1);
  await wound.wind(1.5 * HOUR_MS);
  for (let round = 0; round < 3; round += 1) await cycleOnce(engine, signal());
  expect((await tend(engine, id, { signal: signal() }))?.error?.code).toBe('QUIET_HOURS');
  expect(world.sandbox('salesforce').calls()).toBe(calls + 1);
  expect(await dueConnections(wound.hub)).not.toContain(id);
  expect(world.inSalesforce('Email', 'bea@example.com')).toEqual([]);

  await wound.wind(8 * HOUR_MS);
  expect(await dueConnections(wound.hub)).toContain(id);
  for (let round = 0; round < 3; round += 1) await cycleOnce(engine, signal());
  expect(world.inSalesforce('Email', 'bea@example.com')).toHaveLength(1);
});
