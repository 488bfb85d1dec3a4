import { sql } from 'kysely';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { chunk } from '../../kernel/lists.ts';
import { brakeOf } from '../../merge/brakes.ts';
import type { Engine } from '../engine.ts';
import { planRecords } from '../plan/records.ts';
import { readLinks, readRecords } from '../reconciling/trees.ts';
import type { EntityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import { judge, type Passes } from './brakes.ts';
import { addCounts, type Counts, countMass, GOES_OUT, type Moved } from './count-mass.ts';
import { type OpenBrakes, readBrakes } from './open.ts';

const PAGE = 500;

type Sends = { readonly stream: EntityStream; readonly passes: Passes; readonly moved: readonly Moved[] };

/**
 * Judges what is about to be sent before any of it is, together with all that is due as well. True when a brake has tripped: what it holds is said
 * by the next merge, and what may be sent all the same has to be planned anew.
 */
export async function judgeSends(engine: Engine, work: Work, { stream, passes, moved }: Sends): Promise<boolean> {
  const counts = countOut(moved, stream);
  if (counts.size === 0) return false;
  return inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    const concerned = new Set(recordsOf(moved));
    const tripped = await judge(tx, counts, {
      passes,
      countWaiting: async (_unsure, spare) => {
        const others = await dueElsewhere(tx, work, moved);
        return others.length <= spare ? new Map() : rehearse(tx, others, { stream, concerned });
      },
    });
    if (tripped) await sql`update record set dirty = true where id = any(${[...concerned]}::uuid[])`.execute(tx);
    return tripped;
  });
}

/** How many removals and blanks some writes come to. */
export const countOut = (moved: readonly Moved[], stream: EntityStream): Counts =>
  countMass(moved, new Map([[stream.key, stream]]), GOES_OUT);

const recordsOf = (moved: readonly Moved[]): readonly string[] =>
  moved.filter(({ plan }) => plan.mass.length > 0).map(({ link }) => link.recordId);

type Due = { readonly id: string; readonly recordId: string };

async function dueElsewhere(tx: Tx, work: Work, moved: readonly Moved[]): Promise<readonly Due[]> {
  const { rows } = await sql<Due>`
    select id, record_id as "recordId" from link
    where connection_id = ${work.connection.id} and object = ${work.stream.object} and due and remote_id is not null
      and id <> all(${moved.map(({ link }) => link.id)}::uuid[]) order by id`.execute(tx);
  return rows;
}

/** Plans what else is due in thought, to count what it comes to; the records that it is about are added to those concerned. */
async function rehearse(
  tx: Tx,
  due: readonly Due[],
  { stream, concerned }: { stream: EntityStream; concerned: Set<string> },
): Promise<Counts> {
  const brakes = await readBrakes(tx);
  let counts: Counts = new Map();
  for (const some of chunk(due, PAGE)) {
    const moved = await notYetJudged(tx, await planDue(tx, some, { stream, brakes }));
    for (const id of recordsOf(moved)) concerned.add(id);
    counts = addCounts(counts, countOut(moved, stream));
  }
  return counts;
}

async function planDue(
  tx: Tx,
  due: readonly Due[],
  { stream, brakes }: { stream: EntityStream; brakes: OpenBrakes },
): Promise<readonly Moved[]> {
  const ids = new Set(due.map(({ id }) => id));
  const records = await readRecords(
    tx,
    due.map(({ recordId }) => recordId),
  );
  const links = (await readLinks(tx, [...records.keys()])).filter(({ id }) => ids.has(id));
  const outcomes = await planRecords(tx, { links, records, brakes, streams: new Map([[stream.key, stream]]) });
  return outcomes.flatMap((outcome) =>
    outcome.links.flatMap((link) => {
      const plan = outcome.planned.links.get(link.id);
      return plan?.due === true ? [{ link, plan }] : [];
    }),
  );
}

/**
 * Leaves out what needs no judging: removals that were sent before and are only tried again, and blanks that the undoing of a run has put back, for
 * a person was shown those, and wanted them.
 */
export async function notYetJudged(db: Db, all: readonly Moved[]): Promise<readonly Moved[]> {
  const moved = all.map(({ link, plan: { mass, braked } }) => ({
    link,
    plan: { mass: mass.filter((by) => !isTriedAgain(link, by)), braked },
  }));
  const blanking = moved.filter(({ plan }) => plan.mass.some((by) => brakeOf(by)?.kind === 'blanks_out'));
  if (blanking.length === 0) return moved;
  const { rows } = await sql<{ record_id: string; field: string }>`
    select distinct c.record_id, f.name as field from change c cross join lateral jsonb_object_keys(c.fields) as f (name)
    where c.record_id = any(${blanking.map(({ link }) => link.recordId)}::uuid[]) and c.cause = 'undone' and c.at > now() - interval '1 day'`.execute(
    db,
  );
  const undone = new Set(rows.map((row) => `${row.record_id}|${row.field}`));
  return moved.map(({ link, plan }) => {
    const mass = plan.mass.filter((by) => !undone.has(`${link.recordId}|${brakeOf(by)?.field ?? ''}`));
    return { link, plan: { mass, braked: plan.braked } };
  });
}

const isTriedAgain = ({ state, removal }: Moved['link'], by: string): boolean =>
  state === 'failing' && removal !== null && brakeOf(by)?.kind === 'removals_out';
