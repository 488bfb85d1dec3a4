import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { nothingUndone, type UndoCounts, type UndoLine, type Undone, type UndoPreview, type UndoTarget } from '../../hub/runs/undoing.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Engine } from '../engine.ts';
import { unmerge } from '../merging/unmerge.ts';
import { inTransaction } from '../transaction.ts';
import type { RecordUndo } from './case.ts';
import { planUndo } from './plan.ts';
import { beginRun, endRun, keepRun, letGoOfRun, noteRunTrouble, type OpenUndo, stateOfRun, takeRun } from './run.ts';
import { checkTarget, recordsOf } from './target.ts';
import { type UndoRun, writeUndo } from './write.ts';

const BATCH = 500;
type Refused = { readonly refused: string };
type Page = { readonly after: string | null; readonly limit: number };

/** What undoing a target would do, line by line, and what it would leave as it is and why. Writes nothing. */
export async function previewUndo(
  engine: Engine,
  target: UndoTarget,
  page: Page = { after: null, limit: BATCH },
): Promise<UndoPreview | 'not_found' | Refused> {
  const refused = await checkTarget(engine.hub, target);
  if (refused !== null) return refused;
  const counts = nothingUndone();
  const lines: UndoLine[] = [];
  let next: string | null = null;
  let shown = 0;
  for await (const undos of batches(engine, target)) {
    for (const undo of undos) {
      count(counts, undo.lines);
      if (undo.lines.length === 0 || (page.after !== null && undo.record.id <= page.after)) continue;
      if (shown === page.limit) next ??= lines.at(-1)?.recordId ?? null;
      if (next !== null) continue;
      lines.push(...undo.lines);
      shown += 1;
    }
  }
  return { counts, lines, next };
}

async function* batches(engine: Engine, target: UndoTarget): AsyncGenerator<readonly RecordUndo[]> {
  for (let after: string | null = null; ; ) {
    const recordIds = await recordsOf(engine.hub, target, { after, limit: BATCH });
    const last = recordIds.at(-1);
    if (last === undefined) return;
    yield await planUndo(engine, engine.hub, { target, recordIds, lock: false });
    after = last;
  }
}

function count(counts: Record<keyof UndoCounts, number>, lines: readonly UndoLine[]): void {
  for (const { deed, fate } of lines) counts[fate === 'undone' ? deed : fate] += 1;
  if (lines.some(({ fate }) => fate === 'undone')) counts.records += 1;
}

/** Notes that a target is to be taken back; the run that does it, here or by a worker. One that is under way already goes on. */
export async function beginUndo(
  engine: Engine,
  target: UndoTarget,
  actor: string,
): Promise<{ readonly run: string } | 'not_found' | Refused> {
  return (await checkTarget(engine.hub, target)) ?? { run: await beginRun(engine.hub, target, actor) };
}

/** How an undo is waited for. `told`: hears how far it has come. */
type Waiting = { readonly actor: string; readonly signal?: AbortSignal; told?(counts: UndoCounts): void };
const ASK_AGAIN_MS = 500;

/**
 * Takes a target back in the hub, as one run, and waits for it; the systems follow with the next cycle. What somebody has changed since is left as
 * it is. An undo that a crash has cut short is found again and goes on; a second one finds nothing, which is no run to speak of.
 */
export async function undo(
  engine: Engine,
  target: UndoTarget,
  { actor, signal = new AbortController().signal, told }: Waiting,
): Promise<Undone | 'not_found' | Refused> {
  const begun = await beginUndo(engine, target, actor);
  if (begun === 'not_found' || 'refused' in begun) return begun;
  for (;;) {
    await workOnUndo(engine, begun.run, { signal, told });
    const { ended, counts } = await stateOfRun(engine.hub, begun.run);
    if (ended) return { run: counts.records === 0 ? null : begun.run, counts };
    told?.(counts);
    await engine.clock.sleep(ASK_AGAIN_MS, signal);
  }
}

/**
 * Does what is left of an undo, unless somebody else is at it. Batch after batch; each is one transaction with how far it has come, so that a
 * record is undone as a whole or not at all, and whoever comes after a crash goes on from there.
 */
export async function workOnUndo(
  engine: Engine,
  runId: string,
  { signal, told }: { readonly signal: AbortSignal; readonly told?: Waiting['told'] },
): Promise<void> {
  const run = await takeRun(engine.hub, runId);
  if (run === null) return;
  try {
    for (let next: string | null | undefined = run.after; next !== undefined; ) {
      signal.throwIfAborted();
      next = await undoSome(engine, run, next);
      told?.((await stateOfRun(engine.hub, run.id)).counts);
    }
    await endRun(engine.hub, run.id);
    engine.log.info({ runId: run.id }, 'undone');
  } catch (error) {
    // Who is stopped leaves it to whoever comes next; what fails is tried again when the lease has run out.
    if (signal.aborted) await letGoOfRun(engine.hub, run.id);
    else await noteRunTrouble(engine.hub, run.id, error);
    throw error;
  }
}

/** Undoes the next records; the one to go on after, or undefined when none is left. */
async function undoSome(engine: Engine, run: OpenUndo, after: string | null): Promise<string | null | undefined> {
  const { target } = run;
  const recordIds = await recordsOf(engine.hub, target, { after, limit: BATCH });
  const last = recordIds.at(-1);
  if (last === undefined) return undefined;
  const parted = await partMerged(engine, run, recordIds);
  return inTransaction(engine.hub, async (tx) => {
    if (!(await keepRun(tx, run.id, after))) throw new Error('Another worker took this undo over.');
    const left = recordIds.filter((id) => !parted.has(id));
    const undos = await planUndo(engine, tx, { target, recordIds: left, lock: true });
    await writeUndo(engine, tx, { run, undos });
    await noteProgress(tx, run, { last, lines: undos.flatMap(({ lines }) => lines) });
    return last;
  });
}

/** Parts what was merged, each in a transaction of its own; the records that are dealt with by that. */
async function partMerged(engine: Engine, run: OpenUndo, recordIds: readonly string[]): Promise<ReadonlySet<string>> {
  const planned = (await planUndo(engine, engine.hub, { target: run.target, recordIds, lock: false })).filter(
    ({ deeds }) => deeds.mergings.length > 0,
  );
  for (const { record, lines, deeds } of planned) {
    const outcomes: unknown[] = [];
    for (const mergingId of deeds.mergings) outcomes.push(await unmerge(engine, mergingId, run.actor));
    const told = lines.map((line, i) => (outcomes[i] === 'unmerged' ? line : { ...line, fate: 'impossible' as const }));
    await noteProgress(engine.hub, run, { last: null, lines: told });
    engine.log.info({ runId: run.id, recordId: record.id }, 'parted merged records');
  }
  return new Set(planned.map(({ record }) => record.id));
}

/** Counts what was done with what did it, so that a crash loses and doubles none of it. `last` is where to go on after. */
async function noteProgress(db: Db, run: UndoRun, { last, lines }: { last: string | null; lines: readonly UndoLine[] }): Promise<void> {
  const counts = nothingUndone();
  for (const [, own] of groupBy(lines, (line) => line.recordId)) count(counts, own);
  await sql`
    update run set undoes = case when ${last}::text is null then undoes else undoes || jsonb_build_object('after', ${last}::text) end, counts = (
      select jsonb_object_agg(n.key, coalesce((counts ->> n.key)::int, 0) + n.value::int) from jsonb_each_text(${JSON.stringify(counts)}::jsonb) as n)
    where id = ${run.id}`.execute(db);
}
