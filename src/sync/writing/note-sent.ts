import { sql } from 'kysely';
import { assertLease } from '../../hub/connections/leases.ts';
import { tally } from '../brakes/brakes.ts';
import { countOut } from '../brakes/judge-sends.ts';
import type { Engine } from '../engine.ts';
import type { EntityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import type { Attempt } from './attempt.ts';

/** Notes what is about to be sent, in a job where there is one. A link that a merge has moved or put aside since it was planned is none of those: its record is planned anew. */
export async function noteSent(
  engine: Engine,
  work: Work,
  stream: EntityStream,
  batch: readonly Attempt[],
  bulkJobId: string | null = null,
): Promise<ReadonlySet<string>> {
  // What may not be sent any more is not noted as sent, so that nobody has to look whether it was done.
  work.held.assertHeld();
  return inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await work.applying?.assertGoing(tx);
    const { rows } = await sql<{ id: string }>`
      update link l set sent = s.sent::jsonb, sent_at = now(), due = false, bulk_job_id = ${bulkJobId}::uuid
      from unnest(${batch.map((a) => a.link.id)}::uuid[], ${batch.map((a) => a.link.recordId)}::uuid[], ${batch.map((a) => JSON.stringify(a.pushed))}::text[]) as s (id, record_id, sent)
      where l.id = s.id and l.record_id = s.record_id and l.state <> 'excluded' returning l.id`.execute(tx);
    const noted = new Set(rows.map((row) => row.id));
    const sent = batch.flatMap(({ link, mass = [] }) => (noted.has(link.id) ? [{ link, plan: { mass, braked: [] } }] : []));
    await tally(tx, countOut(sent, stream));
    return noted;
  });
}

/** The vendor refused the whole call before it did anything: what was noted as sent was not. */
export async function takeBack(engine: Engine, work: Work, batch: readonly Attempt[]): Promise<void> {
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    await sql`update link set sent = null, sent_at = null, due = true, bulk_job_id = null where id = any(${batch.map((a) => a.link.id)}::uuid[])`.execute(
      tx,
    );
  });
}
