import { sql } from 'kysely';
import type { Engine } from '../engine.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { Work } from '../work.ts';

/** A person has yet to say whether a remote record, of whichever object, stands for one of these: until then nothing is made for them there. */
export async function suspectedTwins(engine: Engine, work: Work, links: readonly LinkRow[]): Promise<ReadonlySet<string>> {
  const creating = links.filter((link) => link.remoteId === null).map((link) => link.recordId);
  if (creating.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select distinct c.id from hold h cross join lateral jsonb_array_elements_text(h.detail -> 'candidates') as c (id)
    where h.connection_id = ${work.connection.id} and h.kind = 'ambiguous' and h.closed_at is null and c.id = any(${creating}::text[])`.execute(
    engine.hub,
  );
  return new Set(rows.map((row) => row.id));
}
