import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { readTallies } from '../../hub/records/tally.ts';
import type { EntityStream } from '../streams.ts';
import { exceeds, openBrake } from './brakes.ts';
import type { Example } from './count-mass.ts';
import { countHeld } from './lift.ts';

/** What a complete look has not met. */
type Suspects = { readonly n: number; readonly examples: readonly Example[] };

/** Whether so many suspects may be asked for. Where they may not, a brake says so, until a later look meets them again or a person releases it. */
export async function judgeSuspects(tx: Tx, stream: EntityStream, { n, examples }: Suspects): Promise<boolean> {
  const place = { connection_id: stream.connection.id, object: stream.stream.object };
  const [done = 0] = await readTallies(tx, [{ streamId: stream.stream.id, what: 'removals_in', field: '' }]);
  const limits = await exceeds(tx, stream, n + done);
  if (limits === null) {
    await sql`
      update hold set detail = detail || '{"suspects":0}' where kind = 'brake' and closed_at is null and connection_id = ${place.connection_id}
        and object = ${place.object} and detail ->> 'what' = 'removals_in' and detail -> 'suspects' <> '0'`.execute(tx);
    return true;
  }
  const held = await countHeld(tx, { ...place, detail: { what: 'removals_in', field: null } });
  await openBrake(tx, stream, { kind: 'removals_in', field: null, n: held, suspects: n, examples, ...limits });
  return false;
}
