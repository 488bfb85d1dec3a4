import { sql } from 'kysely';
import type { Scope } from '../../contract/records.ts';
import { noteSwept } from '../../hub/connections/connections.ts';
import { dropCursors } from '../../hub/connections/cursors.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import { countUnmet, forgetSightings, noteSightings, unmetRecords } from '../../hub/records/sightings.ts';
import { openRun, startRun } from '../../hub/runs/runs.ts';
import { judgeSuspects } from '../brakes/suspects.ts';
import type { Engine } from '../engine.ts';
import { entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { askFor, nothingSeen, type Seen, type Work } from '../work.ts';
import { storeSeen } from './keep-seen.ts';
import { GAVE_WAY, readOn, scopesOf, watched } from './observe.ts';
import { readByIds } from './survivors.ts';

const SWEEP = 'sweep:';

/**
 * Looks at every record of a stream, to find what no delta tells: removals that the vendor does not report, associations that move without a date,
 * and whatever a delta has missed. What it does not meet is only suspected: the vendor is asked for each by its id, and that answer counts. A sweep
 * that was interrupted goes on where it was.
 */
export async function sweep(engine: Engine, work: Work, total: Seen = nothingSeen()): Promise<Seen> {
  const { stream } = work;
  work.turns?.enter('audit');
  const open = await openRun(engine.hub, stream.id, 'sweep');
  if (open === null) {
    await forgetSightings(engine.hub, stream.id);
    await sql`delete from cursor where stream_id = ${stream.id} and scope like ${`${SWEEP}%`}`.execute(engine.hub);
  }
  const id = open ?? (await startRun(engine.hub, stream.id, 'sweep'));
  await engine.hub.updateTable('run').set({ ended_at: null, error: null }).where('id', '=', id).execute();
  await watched(engine, work, { kind: 'sweep', total, id }, async (own) => {
    const asks = isOnlyOurs(engine, work) || (await meetSome(engine, own, total));
    if (asks === null || (asks && !(await askForUnmet(engine, own, total)))) return GAVE_WAY;
    await forgetSightings(engine.hub, stream.id);
    for await (const scope of scopesOf(work.port)) await dropCursors(engine.hub, stream.id, SWEEP + scope);
    await noteSwept(engine.hub, stream.id);
    return null;
  });
  return total;
}

/** Where only the hub's own records are looked at none of them is met, and each is asked for. */
export const isOnlyOurs = (engine: Engine, { connection, stream }: Work): boolean =>
  engine.connectors.get(connection.connector)?.manifest.objects[stream.object]?.read.only === 'ours';

/** Meets what there is; whether the rest may be asked for, or null when it has given way. */
async function meetSome(engine: Engine, work: Work, total: Seen): Promise<boolean | null> {
  for await (const scope of scopesOf(work.port)) if (!(await meetAll(engine, work, scope, total))) return null;
  return mayAsk(engine, work);
}

/** Notes which records of a scope there are; false when it has given way. Where the vendor lists ids alone, nothing more is read. */
async function meetAll(engine: Engine, work: Work, scope: Scope, total: Seen): Promise<boolean> {
  const ask = { ...askFor(engine, work, scope), known: async () => new Set<string>() };
  const { ids } = work.port.read;
  if (ids === undefined) return readOn(engine, { work, kind: 'sweep', ask, cursorKey: SWEEP + scope }, total);
  for await (const met of ids(ask)) {
    work.held.signal.throwIfAborted();
    await inTransaction(engine.hub, async (tx) => {
      await assertLease(tx, work.held.lease);
      await noteSightings(tx, work.stream.id, met);
    });
  }
  return true;
}

/**
 * Whether what the sweep has not met may be asked for. So many at once rather tell of a system that shows too little than of deletions: then nobody
 * is asked before a person has released it.
 */
async function mayAsk(engine: Engine, work: Work): Promise<boolean> {
  const stream = entityStream(engine, work.connection, work.stream);
  if (stream === null) return true;
  return inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const key = { id: work.stream.id, connectionId: work.connection.id, object: work.stream.object };
    return judgeSuspects(tx, stream, await countUnmet(tx, key, work.runId ?? ''));
  });
}

/** Asks the vendor for every record that the sweep has not met; false when the part of the day that sweeps may use is used up. */
async function askForUnmet(engine: Engine, work: Work, total: Seen): Promise<boolean> {
  const pageMax = engine.connectors.get(work.connection.connector)?.manifest.objects[work.stream.object]?.read.pageMax ?? 100;
  const key = { id: work.stream.id, connectionId: work.connection.id, object: work.stream.object };
  let after = '';
  for (;;) {
    work.held.signal.throwIfAborted();
    const ids = await unmetRecords(engine.hub, key, { after, limit: pageMax, runId: work.runId ?? '' });
    const last = ids.at(-1);
    if (last === undefined) return true;
    if ((await work.turns?.rests('audit')) === true) return false;
    after = last;
    const seen = await readByIds(engine, work, ids);
    const stored = await inTransaction(engine.hub, (tx) => storeSeen(engine, tx, work, { seen, partial: false }));
    total.changed += stored.changed;
    total.gone += stored.gone;
  }
}
