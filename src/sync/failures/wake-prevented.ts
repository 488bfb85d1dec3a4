import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { Db } from '../../hub/database.ts';

const PREVENTED = causeOf({ kind: 'depended_on' });

/** Links whose removal others stand in the way of, while their next try is still to come: nothing is under way there. */
export const isPrevented = sql<boolean>`l.cause = ${PREVENTED} and l.removal is not null and l.not_before > now()`;

/** Something was removed on a connection: what was to go with it, and could not as long as that was there, is tried again at once. */
export async function wakePrevented(db: Db, connectionId: string): Promise<void> {
  await sql`update link l set not_before = '-infinity' where l.connection_id = ${connectionId} and l.due and ${isPrevented}`.execute(db);
}
