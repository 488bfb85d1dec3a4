import { type HubspotSandbox, handsOf } from '../../connectors/hubspot/sandbox/index.ts';
import { SANDBOXES } from '../../connectors/sandboxes.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { must } from '../../src/kernel/must.ts';
import { makeTown } from '../../src/sandbox/people.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';
import { connect, setEnabled } from '../../src/sync/connecting/connect.ts';
import { Pace } from '../../src/sync/limits/pace.ts';
import type { World } from './world.ts';

/** A second portal of the same connector, connected as `emea`, with the hands of its people. */
export async function openSecondPortal(world: World): Promise<AsyncDisposable & { readonly hs: HubspotSandbox; readonly origin: string }> {
  const definition = must(
    SANDBOXES.find(({ id }) => id === 'hubspot'),
    'the sandbox',
  );
  const switches = { indexLagMs: 0, searchPerSecond: 10_000, burstPer10s: 100_000, associationsPer10s: 100_000 };
  const portal = await openSandbox(definition, { town: makeTown({ seed: 2, people: 0 }), seed: 2, switches });
  const auth = { kind: 'token', values: { token: definition.credentials.token ?? '' } };
  const connected = await connect(world.engine, {
    connector: 'hubspot',
    name: 'emea',
    origin: portal.origin,
    auth,
    settings: definition.settings,
  });
  if (!connected.ok) throw new Error(connected.message);
  world.engine.paces.set(connected.id, new Pace([], systemClock));
  await setEnabled(world.engine, 'emea', true);
  return { hs: handsOf(portal.sandbox), origin: portal.origin, [Symbol.asyncDispose]: () => portal.close() };
}
