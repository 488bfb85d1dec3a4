import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Observation } from '../../src/contract/records.ts';
import { ensureStreams, listStreams, saveConnection } from '../../src/hub/connections/connections.ts';
import type { Hub } from '../../src/hub/database.ts';
import { equationsOf, type Outcome, settleObservations } from '../../src/hub/records/accounting.ts';
import { storeObservations } from '../../src/hub/records/observations.ts';
import { startRun } from '../../src/hub/runs/runs.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';

const IDS = ['a', 'b', 'c', 'd'];
const ENDS: readonly Outcome[] = ['applied', 'no_op', 'excluded', 'superseded', 'held', 'refused', 'echo'];

const version: fc.Arbitrary<Observation> = fc
  .record({ id: fc.constantFrom(...IDS), minute: fc.nat(9), gone: fc.nat(5), value: fc.nat(2) })
  .map(({ id, minute, gone, value }) => {
    const changedAt = `2026-11-22T09:0${minute}:00.000Z`;
    return gone === 0 ? { kind: 'gone', id, changedAt } : { kind: 'present', id, changedAt, version: null, fields: { value } };
  });
const step = fc.oneof(
  fc.record({
    do: fc.constant('see' as const),
    run: fc.nat(2),
    seen: fc.array(version, { maxLength: 6 }),
    dirty: fc.boolean(),
    dies: fc.boolean(),
  }),
  fc.record({ do: fc.constant('settle' as const), ids: fc.subarray(IDS), end: fc.constantFrom(...ENDS), dies: fc.boolean() }),
  fc.record({ do: fc.constant('look again' as const), ids: fc.subarray(IDS) }),
  fc.record({ do: fc.constant('write' as const), ids: fc.subarray(IDS) }),
);

const DIES = new Error('the process dies here');

async function makeStream(hub: Hub) {
  const connectionId = await saveConnection(hub, {
    connector: 'crm',
    name: randomUUID(),
    origin: 'https://crm.test',
    settings: {},
    account: null,
  });
  await ensureStreams(hub, connectionId, [{ object: 'contact', hubObject: 'contact', direction: 'both' }]);
  const recordId = randomUUID();
  await hub.insertInto('record').values({ id: recordId, object: 'contact', fields: '{}', stamps: '{}', merged_into: null }).execute();
  return { connectionId, recordId, streamId: must((await listStreams(hub, { connectionId: connectionId }))[0], 'the stream').id };
}

test('whatever is seen, settled, seen again, and cut off in between: every version of every run is accounted for', async ({ hub }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { connectionId, streamId, recordId } = await makeStream(hub);
      const key = { connectionId, object: 'contact' };
      const runs = [await startRun(hub, streamId, 'changes'), await startRun(hub, streamId, 'writes'), null];
      let accepted = 0;
      for (const one of steps) {
        const work = hub.transaction().execute(async (tx) => {
          if (one.do === 'see') await storeObservations(tx, key, one.seen, { dirty: one.dirty, runId: runs[one.run] });
          if (one.do === 'settle') {
            const { rows } = await sql<{
              remote_id: string;
            }>`select remote_id from observation where connection_id = ${connectionId} and dirty and remote_id = any(${one.ids}::text[]) for update`.execute(
              tx,
            );
            await settleObservations(
              tx,
              rows.map((row) => ({ ...key, remoteId: row.remote_id, outcome: one.end })),
            );
          }
          if (one.do === 'look again')
            await sql`update observation set dirty = true where connection_id = ${connectionId} and remote_id = any(${one.ids}::text[])`.execute(
              tx,
            );
          if (one.do === 'write') {
            await sql`
              insert into link (id, connection_id, object, remote_id, record_id, expected) select gen_random_uuid(), ${connectionId}, 'contact', i, ${recordId}, '{"value":1}' from unnest(${one.ids.slice(0, 1)}::text[]) as i
              on conflict do nothing`.execute(tx);
            await sql`update link set expected = '{"value":1}' where connection_id = ${connectionId} and remote_id = any(${one.ids}::text[])`.execute(
              tx,
            );
          }
          if ('dies' in one && one.dies) throw DIES;
        });
        const outcome = await work.then(
          () => 'done',
          (error: unknown) => (error === DIES ? 'died' : Promise.reject(error)),
        );
        if (outcome === 'done' && one.do === 'see' && runs[one.run] !== null) accepted += one.seen.length;
        const known = runs.filter((run) => run !== null);
        const equations = [...(await equationsOf(hub, known)).values()];
        expect(equations.map(({ holds }) => holds)).toEqual([true, true]);
        expect(equations.reduce((sum, equation) => sum + equation.accepted, 0)).toBe(accepted);
      }
    }),
    { numRuns: 150 },
  );
});
