import type { Observation } from '../../contract/records.ts';
import { digestOf } from '../../hub/ids.ts';
import { knownHashes } from '../../hub/records/observations.ts';
import { type RowProblem, readRow } from '../../mapping/arriving/read-row.ts';
import type { Engine } from '../engine.ts';
import { type ImportWish, openFor, problemsOf } from './import-file.ts';
import { findTarget } from './wanted.ts';

/** What an import would do. `held`: fields whose values do not fit; the others of their rows flow. */
export type Rehearsed = {
  readonly rows: number;
  readonly made: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly refused: number;
  readonly held: number;
  readonly untold: boolean;
  readonly missing: readonly string[];
};

/** Reads a file as an import would, and stores nothing. `told` hears of every problem. */
export async function rehearse(engine: Engine, wish: ImportWish, told: (problems: readonly RowProblem[]) => void): Promise<Rehearsed> {
  const target = await findTarget(engine, wish.connection, wish.object);
  const file = await openFor(target, wish.bytes);
  const key = { connectionId: target.connection.id, object: target.stream.object };
  const table = { mapping: target.mapping, reading: target.reading, columns: file.columns, receivedAt: engine.clock.now().toISOString() };
  const sum = { rows: 0, made: 0, changed: 0, unchanged: 0, removed: 0, refused: 0, held: 0 };
  for await (const lot of target.port.lots(file.bytes, file.dialect, null)) {
    wish.signal.throwIfAborted();
    const read = lot.rows.map((row) => readRow(table, row));
    const { refused, errors } = problemsOf(read);
    const seen = read.flatMap((one) => (one.kind === 'seen' ? [one.seen] : []));
    const known = await knownHashes(
      engine.hub,
      key,
      seen.map(({ id }) => id),
    );
    sum.rows += read.filter(({ kind }) => kind !== 'passed').length;
    sum.refused += refused;
    sum.held += errors.filter(({ field }) => field !== '').length;
    for (const one of seen) sum[fateOf(one, known.get(one.id))] += 1;
    told(errors);
  }
  return { ...sum, untold: target.reading.id === null, missing: file.missing };
}

function fateOf(seen: Observation, hash: string | undefined): 'made' | 'changed' | 'unchanged' | 'removed' {
  if (seen.kind === 'gone') return hash === undefined ? 'unchanged' : 'removed';
  if (hash === undefined) return 'made';
  return hash === digestOf(seen.fields) ? 'unchanged' : 'changed';
}
