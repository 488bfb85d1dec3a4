import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { nothingUndone, type UndoCounts, type UndoLine, type Undone, type UndoPreview, type UndoTarget } from '../../hub/undoing.ts';
import { canonical } from '../../kernel/json.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Engine } from '../engine.ts';
import { unmerge } from '../merging/unmerge.ts';
import { inTransaction } from '../transaction.ts';
import type { RecordUndo } from './case.ts';
import { planUndo } from './plan.ts';
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

/**
 * Takes a target back in the hub, as one run; the systems follow with the next cycle. What somebody has changed since is left as it is. An undo
 * that a crash has cut short is found again and goes on; a second one finds nothing.
 */
export async function undo(
  engine: Engine,
  target: UndoTarget,
  { actor }: { readonly actor: string },
): Promise<Undone | 'not_found' | Refused> {
  const refused = await checkTarget(engine.hub, target);
  if (refused !== null) return refused;
  const open = (await openUndos(engine.hub)).find((run) => canonical(run.target) === canonical(target));
  return carryOn(engine, open ?? (await startUndo(engine.hub, target, actor)));
}

/** Goes on with every undo that was cut short; how many there were. */
export async function resumeUndos(engine: Engine): Promise<number> {
  const open = await openUndos(engine.hub);
  for (const run of open) await carryOn(engine, run);
  return open.length;
}

/** An undo under way, and the record up to which it has come. */
type OpenUndo = UndoRun & { readonly target: UndoTarget; readonly after: string | null };

async function openUndos(db: Db): Promise<readonly OpenUndo[]> {
  const { rows } = await sql<OpenUndo>`
    select id, actor, undoes -> 'target' as target, undoes ->> 'after' as after from run where kind = 'undo' and ended_at is null order by id`.execute(
    db,
  );
  return rows;
}

async function startUndo(db: Db, target: UndoTarget, actor: string): Promise<OpenUndo> {
  const id = newId();
  const undoes = JSON.stringify({ target, after: null });
  await db
    .insertInto('run')
    .values({ id, stream_id: null, kind: 'undo', actor, undoes, counts: '{}', error: null, ended_at: null })
    .execute();
  return { id, actor, target, after: null };
}

/**
 * Batch after batch; each is one transaction with how far it has come, so that a record is undone as a whole or not at all, and two workers at
 * one undo take turns.
 */
async function carryOn(engine: Engine, run: OpenUndo): Promise<Undone> {
  for (let next: string | null | undefined = run.after; next !== undefined; ) next = await undoSome(engine, run, next);
  return endUndo(engine, run);
}

/** Undoes the next records; the one to go on after, or undefined when none is left. */
async function undoSome(engine: Engine, run: OpenUndo, after: string | null): Promise<string | null | undefined> {
  const { target } = run;
  const recordIds = await recordsOf(engine.hub, target, { after, limit: BATCH });
  const last = recordIds.at(-1);
  if (last === undefined) return undefined;
  const parted = await partMerged(engine, run, recordIds);
  return inTransaction(engine.hub, async (tx) => {
    const { rows } = await sql<{ after: string | null }>`
      select undoes ->> 'after' as after from run where id = ${run.id} and ended_at is null for update`.execute(tx);
    // Somebody else is at this undo as well, and has come further, or to the end.
    if (rows[0] === undefined) return undefined;
    if (rows[0].after !== after) return rows[0].after;
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

/** An undo that found nothing to undo leaves no run behind. */
async function endUndo(engine: Engine, run: UndoRun): Promise<Undone> {
  const { rows } = await sql<{ counts: Partial<UndoCounts> }>`select counts from run where id = ${run.id}`.execute(engine.hub);
  const counts: UndoCounts = { ...nothingUndone(), ...rows[0]?.counts };
  if (counts.records === 0) {
    await engine.hub.deleteFrom('run').where('id', '=', run.id).execute();
    return { run: null, counts };
  }
  await engine.hub.updateTable('run').set({ ended_at: sql`now()` }).where('id', '=', run.id).where('ended_at', 'is', null).execute();
  engine.log.info({ runId: run.id, records: counts.records, spared: counts.spared }, 'undone');
  return { run: run.id, counts };
}
