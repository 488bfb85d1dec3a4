import { HubError } from '../../../src/contract/errors.ts';
import type { WriteOutcome } from '../../../src/contract/records.ts';
import { chunk } from '../../../src/kernel/lists.ts';
import { csvPicks } from '../http/csv.ts';
import { rowError } from '../http/errors.ts';
import { parseRowError, type VendorJob } from '../http/wire.ts';
import { KEY_FIELD } from '../manifest.ts';
import { OWNER_COLUMN, OWNER_FIELD } from '../object-types.ts';
import type { Room } from '../room.ts';

const BUNCH = 1_000;

type Answered = readonly [key: string, outcome: WriteOutcome];

/**
 * What became of the rows of a job, by the hub's keys, for their order is another one. What was done, what was refused, and what nobody came to stand
 * in three lists, of which only those are fetched that have something.
 */
export async function* outcomesOf(room: Room, job: VendorJob): AsyncGenerator<ReadonlyMap<string, WriteOutcome>> {
  const list = async (name: string, read: (text: string) => readonly Answered[]) =>
    read(String((await room.client.send({ method: 'GET', path: `/jobs/ingest/${job.id}/${name}`, as: 'text' })).body));
  if (job.processed > job.failed) yield* bunches(await list('successfulResults', done));
  if (job.failed > 0) yield* bunches(await list('failedResults', (text) => refused(room, text)));
  if (job.state !== 'JobComplete') yield* bunches(await list('unprocessedrecords', (text) => left(job, text)));
}

function* bunches(answered: readonly Answered[]): Generator<ReadonlyMap<string, WriteOutcome>> {
  for (const some of chunk(answered, BUNCH)) yield new Map(some);
}

const done = (text: string) =>
  csvPicks(text, (cell): Answered => [cell(KEY_FIELD).toLowerCase(), { done: true, id: cell('sf__Id'), observed: null }]);

function refused(room: Room, text: string): readonly Answered[] {
  return csvPicks(text, (cell, names): Answered => {
    const key = cell(KEY_FIELD).toLowerCase();
    const written = names.flatMap((name) => (cell(name) === '' ? [] : fieldsBehind(room, name, cell(name))));
    const write = { verb: 'create', key, fields: Object.fromEntries(written.map((name) => [name, null])) } as const;
    return [key, { done: false, error: rowError([parseRowError(cell('sf__Error'))], write) }];
  });
}

/** Our names for what a column held. */
function fieldsBehind({ type: { slots } }: Room, column: string, value: string): readonly string[] {
  const shown = slots.filter((slot) => slot.column === column && value.startsWith(slot.prefix)).map(({ field }) => field);
  if (shown.length > 0) return shown;
  return [column === OWNER_COLUMN ? OWNER_FIELD : column];
}

/** Nothing was done with these, so they can be sent at once. */
function left({ state, why }: VendorJob, text: string): readonly Answered[] {
  const error = new HubError('rate_limited', `the bulk job ended as ${state} before it came to this row${why === null ? '' : ` (${why})`}`);
  return csvPicks(text, (cell): Answered => [cell(KEY_FIELD).toLowerCase(), { done: false, error }]);
}
