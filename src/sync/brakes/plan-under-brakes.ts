import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { chunk } from '../../kernel/lists.ts';
import { brakeKey } from '../../merge/brakes.ts';
import { type Planning, planRecords, planStored } from '../plan/records.ts';
import type { Outcome } from '../reconciling/batch.ts';
import { judge, type Passes } from './brakes.ts';
import { addCounts, COMES_IN, type Counted, type Counts, countMass, type Moved } from './count-mass.ts';
import { type OpenBrakes, readBrakes } from './open.ts';

const PAGE = 500;

type Planned = { readonly outcomes: readonly Outcome[]; readonly counts: Counts };

/**
 * Plans a batch of records, unless that comes to a mass change together with all that waits to be merged as well: what would be one is kept back
 * then, and everything else is planned.
 */
export async function planUnderBrakes(
  tx: Tx,
  planning: Planning,
  { hubObject, passes }: { readonly hubObject: string; readonly passes: Passes },
): Promise<Planned> {
  const first = await planned(tx, planning);
  if (first.counts.size === 0) return first;
  await judgeAlone(tx, hubObject);
  // Who has judged more of the same since the brakes were read may have stopped it, and nothing of theirs waits any more.
  const known = { ...planning, brakes: await readBrakes(tx, { lock: true }) };
  const { outcomes, counts } = isStopped(first.counts, known.brakes) ? await planned(tx, known) : first;
  const countWaiting = async (unsure: readonly Counted[], spare: number): Promise<Counts> => {
    const others = await waitingRecords(tx, { hubObject, mine: [...planning.records.keys()], unsure });
    return others.length <= spare ? new Map() : rehearse(tx, others, known);
  };
  if (!(await judge(tx, counts, { passes, countWaiting }))) return { outcomes, counts };
  return planned(tx, { ...planning, brakes: await readBrakes(tx) });
}

async function planned(tx: Tx, planning: Planning): Promise<Planned> {
  const outcomes = await planRecords(tx, planning);
  return { outcomes, counts: countIn(outcomes, planning) };
}

/** One at a time, until the transaction ends: of two who each hold a part of a mass change, neither sees what the other is about to do. */
const judgeAlone = (tx: Tx, hubObject: string) =>
  sql`select pg_advisory_xact_lock(hashtext('syncline judge'), hashtext(${hubObject}))`.execute(tx);

const isStopped = (counts: Counts, { byStream }: OpenBrakes): boolean =>
  [...counts.values()].some(({ stream, kind, field }) => byStream.get(stream.key)?.has(brakeKey(kind, field)) === true);

const countIn = (outcomes: readonly Outcome[], { streams }: Planning): Counts => countMass(movedOf(outcomes), streams, COMES_IN);

function* movedOf(outcomes: readonly Outcome[]): Generator<Moved> {
  for (const { links, planned } of outcomes) {
    for (const link of links) {
      const plan = planned.links.get(link.id);
      if (plan !== undefined) yield { link, plan };
    }
  }
}

/** Plans records in thought, to count what they will come to. */
async function rehearse(tx: Tx, recordIds: readonly string[], planning: Planning): Promise<Counts> {
  let counts: Counts = new Map();
  for (const some of chunk(recordIds, PAGE)) counts = addCounts(counts, countIn(await planStored(tx, some, planning), planning));
  return counts;
}

type Waiting = { readonly hubObject: string; readonly mine: readonly string[]; readonly unsure: readonly Counted[] };

/** The records that wait to be merged, beside these, and may come to more of the same. */
async function waitingRecords(tx: Tx, { hubObject, mine, unsure }: Waiting): Promise<readonly string[]> {
  // Who is deleted over there is only known by what was seen; values and filters may turn out otherwise under another mapping, too.
  const all = unsure.some(({ kind }) => kind !== 'removals_in')
    ? sql`select id from record where object = ${hubObject} and dirty union`
    : sql``;
  const seen = sql.join(
    unsure.map(
      (one) => sql`
      select l.record_id as id from observation o join link l on l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id
      where o.object = ${one.stream.stream.object} and o.connection_id = ${one.stream.connection.id} and o.dirty and l.state <> 'gone' and ${suspicion(one)}`,
    ),
    sql` union `,
  );
  const { rows } = await sql<{ id: string }>`
    select id from (${all} ${seen}) as waiting where id <> all(${mine}::uuid[]) order by id`.execute(tx);
  return rows.map(({ id }) => id);
}

/** What a view must show to come to an operation at all. */
function suspicion({ kind, field, stream }: Counted): RawBuilder<unknown> {
  if (kind === 'removals_in') return sql`o.gone`;
  const line = kind === 'blanks_in' ? stream.lines.find(({ hub }) => hub === field) : undefined;
  if (line === undefined) return sql`true`;
  return sql`o.fields -> ${line.remote} in ('null', '""', '[]') and l.base -> ${line.hub} not in ('null', '""', '[]')`;
}
