import { expect } from 'vitest';
import { summarise } from '../../src/sync/summary.ts';
import { cycleOnce, syncUntilQuiet } from '../../src/sync/until-quiet.ts';
import { test } from '../support/database.ts';
import { openStage } from '../support/stage.ts';

const ALL = ['hubspot', 'salesforce', 'questionpro', 'typeform'];

test('two CRMs and two survey tools come to rest in agreement', { timeout: 90_000 }, async ({ hub }) => {
  await using stage = await openStage(hub, { connectors: ALL, people: 300, switches: { typeform: { callsPerSecond: 0 } } });
  const signal = AbortSignal.timeout(80_000);
  const quiet = await syncUntilQuiet(stage.engine, signal);
  for (const [id, sandbox] of stage.sandboxes) console.log(id, [...sandbox.requests]);
  expect(quiet.troubles).toEqual([]);
  expect(await cycleOnce(stage.engine, signal)).toBe(0);
  expect(await cycleOnce(stage.engine, signal)).toBe(0);
  const summary = await summarise(stage.engine, 0);
  console.log(JSON.stringify(summary));
  expect(summary).toMatchObject({ differing: 0, duplicates: 0 });
  expect(summary.responses.attached).toBeGreaterThan(0);
});
