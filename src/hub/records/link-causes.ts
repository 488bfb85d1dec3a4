import { sql } from 'kysely';
import { causeOf } from '../../causes/cause-of.ts';
import type { Db } from '../database.ts';

/**
 * Gives links the cause that their state has now: that of the first open hold where they are held, and none where they are in sync. What a
 * failure was caused by is noted where it is met.
 */
export async function nameCauses(db: Db, linkIds: readonly string[]): Promise<void> {
  if (linkIds.length === 0) return;
  await sql`
    update link l set cause = n.cause
    from (
      select l.id, case l.state
        when 'held' then coalesce((select h.cause from hold h where h.link_id = l.id and h.closed_at is null order by h.id limit 1), l.cause, ${causeOf({ kind: 'refused_record', detail: {} })})
        when 'waiting' then ${causeOf({ link: 'waiting' })}
        when 'gone' then case when l.gone_by = 'hub' then ${causeOf({ link: 'gone', because: 'hub' })} else ${causeOf({ link: 'gone' })} end
        when 'excluded' then coalesce(l.cause, ${causeOf({ link: 'excluded' })})
        when 'failing' then coalesce(l.cause, ${causeOf({ link: 'failing' })}) end as cause
      from link l where l.id = any(${linkIds}::uuid[])) n
    where l.id = n.id and l.cause is distinct from n.cause`.execute(db);
}
