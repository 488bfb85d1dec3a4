import { sql } from 'kysely';
import type { Gone, Observation, Scope } from '../../contract/records.ts';
import type { Engine } from '../engine.ts';
import { askFor, type Work } from '../work.ts';

/** Records as they are now, and with each of ours that was merged into another one that other one. */
export async function readByIds(engine: Engine, work: Work, ids: readonly string[], scope: Scope = 'all'): Promise<readonly Observation[]> {
  return withSurvivors(engine, work, await work.port.read.byIds(ids, askFor(engine, work, scope)));
}

/**
 * Adds to what was seen a view of each record that one of ours was merged into since: who follows the merge must not take an older view of the
 * survivor, which lacks what the merge has put there, for what people have made of it.
 */
export async function withSurvivors(engine: Engine, work: Work, seen: readonly Observation[]): Promise<readonly Observation[]> {
  const merged = seen.filter((one) => isMergedHere(one, work));
  if (merged.length === 0) return seen;
  const ours = await notFollowedYet(engine, work, merged);
  const shown = new Map(seen.map((one) => [one.id, one]));
  const survivors: Observation[] = [];
  const asked = new Set<string>();
  for (let next = merged.filter(({ id }) => ours.has(id)); next.length > 0; ) {
    const open = new Set(next.filter((one) => !isShownSince(shown.get(one.mergedInto.id), one)).map((one) => one.mergedInto.id));
    const ids = [...open.difference(asked)];
    for (const id of ids) asked.add(id);
    const more = ids.length === 0 ? [] : await work.port.read.byIds(ids, askFor(engine, work, 'all'));
    survivors.push(...more);
    // What they were merged into may have been merged itself.
    next = more.filter((one) => isMergedHere(one, work));
  }
  return [...seen, ...survivors];
}

type Merged = Gone & { readonly mergedInto: NonNullable<Gone['mergedInto']> };
const isMergedHere = (one: Observation, { stream }: Work): one is Merged =>
  one.kind === 'gone' && one.mergedInto?.object === stream.object && one.mergedInto.id !== one.id;

const isShownSince = (survivor: Observation | undefined, { changedAt }: Merged): boolean =>
  survivor !== undefined && Date.parse(survivor.changedAt) >= Date.parse(changedAt);

/** Those merged records that stand for one of the hub's still. */
async function notFollowedYet(engine: Engine, { connection, stream }: Work, merged: readonly Merged[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select l.remote_id as id from link l where l.connection_id = ${connection.id} and l.object = ${stream.object}
      and l.remote_id = any(${merged.map(({ id }) => id)}::text[])
      and not exists (select 1 from alias a where a.connection_id = l.connection_id and a.object = l.object and a.alias_id = l.remote_id and a.followed)`.execute(
    engine.hub,
  );
  return new Set(rows.map(({ id }) => id));
}
