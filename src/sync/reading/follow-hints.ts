import type { Observation } from '../../contract/records.ts';
import { endLooks, type Look, readLooks, streamsToLookAt } from '../../hub/arrivals/looks.ts';
import type { Tx } from '../../hub/database.ts';
import { chunk, groupBy } from '../../kernel/lists.ts';
import type { Reach } from '../connecting/lost-scope.ts';
import type { OpenConnection } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import { nothingSeen, type Seen, type Work } from '../work.ts';
import { keepSeen } from './keep-seen.ts';
import { watched } from './observe.ts';
import { readByIds } from './survivors.ts';

/** How many records are looked at before what was seen of them is merged. */
const AT_ONCE = 1000;

/**
 * Looks at the records that deliveries gave a reason to look at, directly and by their ids: what they hold decides, never what a delivery says. The
 * fewest calls that it could have taken.
 */
export async function followHints(
  engine: Engine,
  opened: OpenConnection,
  works: readonly Work[],
  { reach, total }: { readonly reach: Reach; readonly total: Seen },
): Promise<number> {
  const [first] = works;
  const wanted = first === undefined ? new Set<string>() : await streamsToLookAt(engine.hub, first.connection.id);
  let floor = 0;
  for (const work of works.filter((one) => wanted.has(one.stream.id))) {
    const looks = await readLooks(engine.hub, work.stream.id, AT_ONCE);
    const pageMax = opened.connector.manifest.objects[work.stream.object]?.read.pageMax ?? 1;
    const seen = nothingSeen();
    try {
      const look = async (own: Work) => {
        for (const [scope, some] of groupBy(looks, (one) => one.scope)) {
          for (const batch of chunk(some, pageMax)) {
            await lookAt(engine, own, { scope, looks: batch }, seen);
            floor += 1;
          }
        }
      };
      await reach.within(work, () => watched(engine, work, { kind: 'changes', total: seen }, look));
    } finally {
      for (const name of Object.keys(seen) as (keyof Seen)[]) total[name] += seen[name];
    }
  }
  return floor;
}

async function lookAt(
  engine: Engine,
  work: Work,
  { scope, looks }: { readonly scope: string; readonly looks: readonly Look[] },
  total: Seen,
): Promise<void> {
  work.held.signal.throwIfAborted();
  const ids = looks.map((look) => look.remoteId);
  const seen: readonly Observation[] = await readByIds(engine, work, ids, scope);
  const also = async (tx: Tx, changedIds: readonly string[]) => {
    const changed = new Set(changedIds);
    const news = new Set(seen.flatMap((one, i) => (changed.has(one.id) ? [looks[i]?.remoteId] : [])));
    await endLooks(tx, work.stream.id, looks, (look) => news.has(look.remoteId));
  };
  await keepSeen(engine, work, seen, { partial: false, total, also });
}
