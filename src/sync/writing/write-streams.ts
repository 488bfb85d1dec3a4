import type { Reach } from '../connecting/lost-scope.ts';
import type { Engine } from '../engine.ts';
import { wakePrevented } from '../failures/wake-prevented.ts';
import { mergeThere } from '../merging/merge-there.ts';
import { place } from '../reconciling/place.ts';
import type { Work } from '../work.ts';
import { type CarriedOut, nothingCarriedOut } from './carried-out.ts';
import { carryOut } from './carry-out.ts';

/**
 * `noted`: what was done on one stream, also when the vendor failed on the way. `merged`: lets what was just made be merged. `reach`: which objects
 * the credentials reach.
 */
type Around = { readonly reach: Reach; noted(wrote: CarriedOut): void; merged(): Promise<unknown> };

/**
 * Writes what is due on the streams of one connection, which come parents before children: children are removed before what they hang on, and
 * made after it. What is due stands in the tables, so that a crash in between changes nothing of that order.
 */
export async function writeStreams(engine: Engine, works: readonly Work[], around: Around): Promise<void> {
  const written = works.filter(({ mapping, stream }) => mapping.kind === 'entity' && stream.mode !== 'shadow');
  for (const work of written.toReversed()) {
    const { deleted } = await noting(around, work, async (total) => void (await carryOut(engine, work, { total, part: 'removals' })));
    if (deleted > 0) await wakePrevented(engine.hub, work.connection.id);
  }
  for (const work of written.filter(around.reach.isReached)) {
    if (work.stream.backfilled && !work.stream.placed) await place(engine, work);
    const { created, adopted } = await noting(around, work, async (total) => {
      await carryOut(engine, work, { total, part: 'others' });
      const there = await mergeThere(engine, work);
      total.updated += there.merged;
      total.floor += there.calls;
    });
    // What was just made may be what records of the next stream wait for.
    if (created + adopted > 0) await around.merged();
  }
}

async function noting({ noted, reach }: Around, work: Work, write: (wrote: CarriedOut) => Promise<void>): Promise<CarriedOut> {
  const wrote = nothingCarriedOut();
  try {
    await reach.within(work, () => write(wrote));
  } finally {
    noted(wrote);
  }
  return wrote;
}
