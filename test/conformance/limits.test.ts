import { describe, expect, onTestFinished, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { Pace } from '../../src/sync/limits/pace.ts';
import { jumpingClock } from '../support/clock.ts';
import { openMemory } from '../support/memory.ts';
import { EVERY_CONNECTOR, objectsOf, type Tried } from './every.ts';
import { connectTo, mappedFields, scopesOf } from './stage.ts';

/** So many requests in a row meet every limit that counts over minutes at most, several times. */
const MANY = 700;

/** The sandbox with the vendor's own limits, in a time that passes only while the connector waits for its turn: the fastest network there is. */
async function openLimited(tried: Tried) {
  const clock = jumpingClock();
  const { definition, hands } = tried.bench.start();
  const open = await openSandbox(definition, { seed: 7, town: makeTown({ seed: 7, people: tried.bench.people }), now: clock.now });
  onTestFinished(() => open.close());
  const pace = new Pace(tried.connector.manifest.pace, clock);
  return { clock, open, hands: hands(), ...connectTo(tried, { origin: open.origin, clock, pace }) };
}

describe.each(EVERY_CONNECTOR)('$label', (tried) => {
  const { connector } = tried;

  test('at the pace of the manifest no limit of the vendor is ever met', async () => {
    const { session, ports, port, hands, clock } = await openLimited(tried);
    await ports.identify();
    const memories = await Promise.all(
      objectsOf(connector).map(async ({ object }) => ({
        object,
        memory: openMemory({ fields: await mappedFields(connector.manifest.id, object) }),
      })),
    );
    while (session.calls() < MANY) {
      for (const { object, memory } of memories) {
        for (const scope of await scopesOf(port(object))) {
          hands.edit(object, scope);
          await memory.read(port(object), scope);
          await port(object).fields(scope);
          await port(object).read.byIds(hands.all(object, scope).slice(0, 2), memory.ask(scope));
        }
      }
    }
    expect(clock.ms()).toBeGreaterThan(Date.parse('2026-11-22T00:00:00Z'));
  });

  test('two objects that are read and written at once keep to the pace together', async () => {
    const { session, port, hands } = await openLimited(tried);
    await Promise.all(
      objectsOf(connector)
        .slice(0, 2)
        .map(async ({ object, traits }) => {
          const memory = openMemory({ fields: await mappedFields(connector.manifest.id, object) });
          const [scope = 'all'] = await scopesOf(port(object));
          await memory.read(port(object), scope);
          const [id = ''] = hands.all(object, scope);
          const name = traits.write === undefined ? '' : (hands.edit(object, scope).field ?? '');
          for (let round = 0; round < 60; round += 1) {
            const [seen] = await port(object).read.byIds([id], memory.ask(scope));
            await memory.read(port(object), scope);
            if (traits.write === undefined || seen?.kind !== 'present') continue;
            const write = {
              verb: 'update',
              id,
              ifVersion: seen.version,
              fields: { [name]: `Round ${round}` },
              seen: seen.fields,
            } as const;
            const [outcome] = await must(port(object).write, 'a writer').apply([write], memory.ask(scope));
            expect(outcome).toMatchObject({ done: true });
          }
        }),
    );
    expect(session.calls()).toBeGreaterThan(60);
  });
});
