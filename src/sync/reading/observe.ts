import type { AnyPort } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/records.ts';
import { makeSweepDue, noteAsked } from '../../hub/connections/connections.ts';
import { dropCursors, readCursor } from '../../hub/connections/cursors.ts';
import { finishRun, pauseRun, startRun } from '../../hub/runs/runs.ts';
import type { Engine } from '../engine.ts';
import { noteLooked } from '../rhythm/note-looked.ts';
import { askFor, isSwept, nothingSeen, type Seen, type Work } from '../work.ts';
import { type Reading, readPages } from './pages.ts';

/**
 * Reads what changed since the last look, or everything at first, and stores it with the cursor that covers it. `total` tells what was
 * stored also when the vendor fails on the way.
 */
export async function observe(engine: Engine, work: Work, total: Seen = nothingSeen()): Promise<Seen> {
  const { stream } = work;
  const hasAll = await askForMore(engine, work, total);
  work.turns?.enter(stream.backfilled ? 'live' : 'backfill');
  await watched(engine, work, { kind: stream.backfilled ? 'changes' : 'first_load', total }, async (own) => {
    for await (const scope of scopesOf(work.port)) if (!(await readScope(engine, own, scope, total))) return;
    const traits = engine.connectors.get(work.connection.connector)?.manifest.objects[stream.object];
    if (hasAll) await noteLooked(engine, work, { sweeps: isSwept(traits, work.mapping) });
  });
  return total;
}

/** What a reading answers whose run is gone on with later. */
export const GAVE_WAY = Symbol('gave way');

/** Does some reading as a run of its own, which ends with what was seen and why it failed. */
export async function watched(
  engine: Engine,
  work: Work,
  run: { readonly kind: 'first_load' | 'changes' | 'sweep'; readonly total: Seen; readonly id?: string | undefined },
  read: (own: Work) => Promise<unknown>,
): Promise<void> {
  const runId = run.id ?? (await startRun(engine.hub, work.stream.id, run.kind));
  try {
    if ((await read({ ...work, runId })) === GAVE_WAY) return await pauseRun(engine.hub, runId, run.total);
    await finishRun(engine.hub, runId, run.total, null);
    engine.live({ event: 'run', connectionId: work.connection.id, object: work.stream.object, counts: run.total });
  } catch (error) {
    await finishRun(engine.hub, runId, run.total, error);
    throw error;
  }
}

/**
 * A field that was not asked for before has to be read from every record once: it alone, where everything else is known. False when that has given
 * way, and goes on with the next look.
 */
async function askForMore(engine: Engine, work: Work, total: Seen): Promise<boolean> {
  const { stream, fields } = work;
  const added = fields.filter((name) => stream.asked?.includes(name) !== true);
  if (added.length === 0 && stream.asked?.length === fields.length) return true;
  if (added.length > 0 && (stream.asked === null || !stream.backfilled)) await dropCursors(engine.hub, stream.id);
  else if (added.length > 0 && !(await readFields(engine, work, added, total))) return false;
  await noteAsked(engine.hub, stream.id, fields);
  return true;
}

async function readFields(engine: Engine, work: Work, added: readonly string[], total: Seen): Promise<boolean> {
  let isDone = true;
  work.turns?.enter('backfill');
  await watched(engine, work, { kind: 'sweep', total }, async (own) => {
    for await (const scope of scopesOf(work.port)) {
      const ask = { ...askFor(engine, work, scope), fields: added, known: async () => new Set<string>() };
      const reading: Reading = { work: own, kind: 'fields', ask, cursorKey: `fields:${[...added].sort().join(',')}:${scope}` };
      isDone = await readOn(engine, reading, total);
      if (!isDone) return;
      await dropCursors(engine.hub, work.stream.id, reading.cursorKey);
    }
  });
  return isDone;
}

export async function* scopesOf(port: AnyPort): AsyncGenerator<Scope> {
  if (port.read.scopes === undefined) yield 'all';
  else for await (const { scope } of port.read.scopes()) yield scope;
}

const readScope = (engine: Engine, work: Work, scope: Scope, total: Seen): Promise<boolean> =>
  readOn(engine, { work, kind: 'changes', ask: askFor(engine, work, scope), cursorKey: scope }, total);

/** Reads on from where the cursor is, or afresh when the vendor no longer takes it; false when it has given way. */
export async function readOn(engine: Engine, reading: Reading, total: Seen): Promise<boolean> {
  const { work, cursorKey } = reading;
  try {
    return await readPages(engine, reading, await readCursor(engine.hub, work.stream.id, cursorKey), total);
  } catch (error) {
    if (!(error instanceof HubError) || error.recovery !== 'read_afresh') throw error;
    engine.log.warn({ streamId: work.stream.id, scope: cursorKey, reason: error.message }, 'cursor expired, reading afresh');
    await dropCursors(engine.hub, work.stream.id, cursorKey);
    // Reading afresh shows what is there, and not what was removed since the lost position.
    if (reading.kind === 'changes' && work.stream.backfilled) await makeSweepDue(engine.hub, work.stream.id);
    return readPages(engine, reading, null, total);
  }
}
