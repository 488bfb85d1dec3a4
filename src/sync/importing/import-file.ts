import { ARRIVING } from '../../contract/arriving.ts';
import { HubError } from '../../contract/errors.ts';
import type { Lot } from '../../contract/files.ts';
import { knownAsLate } from '../../hub/arrivals/arrivals.ts';
import { noteObserved } from '../../hub/connections/connections.ts';
import { LEASE_MS } from '../../hub/connections/leases.ts';
import type { Tx } from '../../hub/database.ts';
import { countOutcomes } from '../../hub/records/accounting.ts';
import { asOldAsKnown, beginImport, endImport, type ImportOf, noteRead, type OpenImport, reopenImport } from '../../hub/runs/imports.ts';
import { closeInterrupted } from '../../hub/runs/interrupted-runs.ts';
import { finishRun } from '../../hub/runs/runs.ts';
import { missingColumns, type ReadRow, type RowProblem, readRow } from '../../mapping/arriving/read-row.ts';
import { fieldsRead } from '../../mapping/fields-read.ts';
import type { Engine } from '../engine.ts';
import { type Held, withLease } from '../lease.ts';
import { keepSeen } from '../reading/keep-seen.ts';
import { mergesBeside } from '../reading/merge-beside.ts';
import { reconcile } from '../reconciling/reconcile.ts';
import { adoptMapping } from '../schema/adopt-mapping.ts';
import { freshSchema } from '../schema/fresh-schema.ts';
import { mappingHash } from '../schema/mapping-versions.ts';
import { inTransaction } from '../transaction.ts';
import type { MergesBeside } from '../work.ts';
import { nothingSeen, type Seen, type Work } from '../work.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { findTarget, type Target } from './wanted.ts';

/** A file that somebody wants to import. `size` in bytes, where it is known. */
export type ImportWish = {
  readonly connection: string;
  readonly object?: string | undefined;
  readonly file: string;
  readonly size: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Hears how far it has come. */
  told?(soFar: Imported): void;
};

/** What an import has come to. `refused`: rows that could not be read. `untold`: the mapping names no id, so rows are told by their content. */
export type Imported = {
  readonly run: string;
  readonly connectionId: string;
  readonly object: string;
  readonly rows: number;
  readonly refused: number;
  readonly line: number;
  readonly seen: Seen;
  readonly untold: boolean;
  readonly missing: readonly string[];
};

const STEP_MS = 500;

/** Opens a file for a target, and refuses one that the mapping cannot read at all. */
export async function openFor(
  target: Target,
  bytes: AsyncIterable<Uint8Array>,
): Promise<OpenFile & { readonly missing: readonly string[] }> {
  const { mapping, reading, port } = target;
  const file = await openFile(port, bytes, reading.dialect);
  const { needed, wanted, hasAny } = missingColumns(mapping, reading, file.columns);
  const named = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(', ');
  if (needed.length > 0 || !hasAny) {
    const columns = `${named(file.columns.slice(0, 40))}${file.columns.length > 40 ? ', …' : ''}`;
    const lacks = needed.length > 0 ? needed : wanted;
    throw new HubError('misconfigured', `The file has no column ${named(lacks)}, which ${mapping.file} names. It has: ${columns}.`);
  }
  return { ...file, missing: wanted };
}

/**
 * Imports a file, as one run. Lots of rows are stored each in one transaction with how far they reach: cut off in the midst and given again, it goes on
 * there. Rows that cannot be read are told and spoil no other.
 */
export async function importFile(engine: Engine, wish: ImportWish): Promise<Imported> {
  const target = await findTarget(engine, wish.connection, wish.object);
  const file = await openFor(target, wish.bytes);
  const untilMs = engine.clock.now().getTime() + 2 * LEASE_MS;
  for (;;) {
    const done = await withLease(engine, target.connection.id, wish.signal, (held) => underLease(engine, { target, file, wish, held }));
    if (done !== null) return done;
    if (engine.clock.now().getTime() > untilMs)
      throw new HubError('locked', `Another worker is at ${target.connection.name}. Try again when it is done.`);
    await engine.clock.sleep(STEP_MS, wish.signal);
  }
}

type Importing = {
  readonly target: Target;
  readonly file: Awaited<ReturnType<typeof openFor>>;
  readonly wish: ImportWish;
  readonly held: Held;
};

async function underLease(engine: Engine, importing: Importing): Promise<Imported> {
  const { target, file, wish, held } = importing;
  await closeInterrupted(engine.hub, target.connection.id);
  const work = await workOf(engine, target, held);
  const of: ImportOf = {
    streamId: target.stream.id,
    doorId: target.door.id,
    file: wish.file,
    head: file.head,
    mappingHash: mappingHash(target.mapping),
    size: wish.size,
    actor: wish.actor,
  };
  const receivedAt = engine.clock.now().toISOString();
  const open = await inTransaction(engine.hub, async (tx) => (await reopenImport(tx, of)) ?? (await beginImport(tx, of, receivedAt)));
  const total: Seen = { ...nothingSeen(), ...open.counts };
  const merges = mergesBeside(engine, held.signal);
  try {
    const done = await readAll(engine, { ...importing, work: { ...work, runId: open.id }, open, total, merges });
    await merges.settle();
    await endImport(engine.hub, open.id);
    await finishRun(engine.hub, open.id, { ...total, refused: done.refused }, null);
    await noteObserved(engine.hub, target.stream.id, { sweeps: false });
    if (target.mapping.kind === 'entity') await reconcile(engine, target.mapping.hub, held.signal);
    return done;
  } catch (error) {
    await merges.settle().catch(() => undefined);
    if (error instanceof HubError && error.kind === 'cursor_expired') await endImport(engine.hub, open.id);
    await finishRun(engine.hub, open.id, total, error);
    throw error;
  }
}

async function workOf(engine: Engine, { connection, stream, mapping }: Target, held: Held): Promise<Work> {
  const port = ARRIVING;
  if (mapping.kind === 'response') return { connection, stream, port, mapping, fields: [], held };
  const isNew = await inTransaction(engine.hub, (tx) => adoptMapping(tx, stream, mapping));
  const fresh = await freshSchema(engine, isNew ? { ...stream, schema: null } : stream, port, mapping);
  return { connection, stream: fresh, port, mapping, fields: fieldsRead(mapping), held };
}

type Reading = Importing & { readonly work: Work; readonly open: OpenImport; readonly total: Seen; readonly merges: MergesBeside };

async function readAll(engine: Engine, reading: Reading): Promise<Imported> {
  const { target, file, wish, open, total, work, merges } = reading;
  let done: Imported = {
    run: open.id,
    connectionId: target.connection.id,
    object: target.stream.object,
    rows: open.rows,
    refused: open.refused,
    line: open.place?.line ?? 1,
    seen: total,
    untold: target.reading.id === null,
    missing: file.missing,
  };
  for await (const lot of target.port.lots(file.bytes, file.dialect, open.place)) {
    wish.signal.throwIfAborted();
    work.held.signal.throwIfAborted();
    const kept = await keepLot(engine, reading, lot);
    done = { ...done, rows: done.rows + kept.rows, refused: done.refused + kept.refused, line: lot.place.line, seen: { ...total } };
    if (target.mapping.kind === 'entity') merges.begin(target.mapping.hub);
    wish.told?.(done);
    engine.live({
      event: 'progress',
      connectionId: target.connection.id,
      object: target.stream.object,
      phase: 'reading',
      done: done.rows,
      total: null,
    });
  }
  return done;
}

async function keepLot(engine: Engine, { target, file, work, open, total }: Reading, { rows, place }: Lot) {
  const table = { mapping: target.mapping, reading: target.reading, columns: file.columns, receivedAt: open.receivedAt };
  const read = rows.map((row) => readRow(table, row));
  const { refused, errors } = problemsOf(read);
  const all = read.flatMap((one) => (one.kind === 'seen' ? [one.seen] : []));
  const key = { connectionId: target.connection.id, object: target.stream.object };
  const isGuest = target.connection.id !== target.door.id;
  const late = isGuest ? await knownAsLate(engine.hub, key, all) : new Set();
  const news = all.filter((one) => !late.has(one));
  const timed = target.reading.changed === null ? await asOldAsKnown(engine.hub, key, news) : news;
  const counted = read.filter(({ kind }) => kind !== 'passed').length;
  const also = async (tx: Tx) => {
    await noteRead(tx, open.id, { place, rows: counted, refused, errors });
    await countOutcomes(tx, open.id, { accepted: refused + late.size, refused, duplicate: late.size });
  };
  await keepSeen(engine, work, timed, { partial: false, total, also });
  return { rows: counted, refused };
}

/** What is wrong with some rows, and how many of them cannot be read at all. */
export function problemsOf(read: readonly ReadRow[]): { readonly refused: number; readonly errors: readonly RowProblem[] } {
  const errors = read.flatMap((one) => (one.kind === 'refused' ? [one.problem] : one.kind === 'seen' ? one.problems : []));
  return { refused: read.filter(({ kind }) => kind === 'refused').length, errors };
}
