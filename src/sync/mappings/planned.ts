import { listConnections } from '../../hub/connections/connections.ts';
import type { Hub, Tx } from '../../hub/database.ts';
import { activateVersions, mappingSet, versionTexts } from '../../hub/mappings/texts.ts';
import type { PlanAsked } from '../../hub/plans/plans.ts';
import { ensureMapped } from '../connecting/connect.ts';
import type { Engine } from '../engine.ts';
import { activeTexts, compiled, currentEngine, familiesOf, isCurrent, mistakes, withChanges } from './active.ts';

/** The engine under the active mappings, or under those that a plan would make active. Throws what is wrong with them. */
export async function engineFor(engine: Engine, changes: PlanAsked['changes'] = []): Promise<Engine> {
  if (changes.length === 0) return currentEngine(engine);
  const versions = await versionTexts(
    engine.hub,
    changes.map(({ id }) => id),
  );
  const texts = withChanges(await activeTexts(engine.hub), new Map(versions.map(({ name, text }) => [name, text])));
  const found = compiled(texts, engine.connectors);
  if (!found.ok) throw mistakes(found.problems);
  return { ...engine, mappings: found.mappings, connectors: familiesOf(found.mappings, engine.connectors) };
}

/** Makes what a plan has shown active, in the transaction that does the rest of it; or says why it is not what it was. */
export async function makeActive(engine: Engine, tx: Tx, changes: PlanAsked['changes'] = []): Promise<string | null> {
  if (changes.length === 0)
    return (await isCurrent(engine, tx)) ? null : 'The mappings have changed since the plan was made. Make a new plan.';
  await mappingSet(tx, { lock: true });
  const stale = await activateVersions(
    tx,
    changes.map(({ id }) => id),
  );
  // Objects that had no mapping before can be switched on from now on.
  if (stale.length === 0) for (const connection of await listConnections(tx)) await ensureMapped({ ...engine, hub: tx as Hub }, connection);
  return stale.length === 0
    ? null
    : `Another version has become active meanwhile of ${stale.join(', ')}. Look at what it says, and make a new plan.`;
}
