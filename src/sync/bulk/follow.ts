import { sql } from 'kysely';
import type { BulkLook, BulkMaker } from '../../contract/bulk.ts';
import type { WriteOutcome } from '../../contract/records.ts';
import { noteWrote } from '../../hub/connections/connections.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import type { Db } from '../../hub/database.ts';
import { type BulkJobRow, bulkJobsToLookAt, endBulkJob, lookLater, undoBulkJob } from '../../hub/runs/bulk-jobs.ts';
import { recountWrites } from '../../hub/runs/interrupted-runs.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { SchemaOutdated, tellsOfSchema } from '../schema/outdated.ts';
import { entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import { type CarriedOut, nothingCarriedOut } from '../writing/carried-out.ts';
import { settleAttempts } from '../writing/outcomes.ts';
import { attemptsOf } from '../writing/recover.ts';

/**
 * Looks at the jobs of a stream whose time has come, and settles those that are over, item by item. It is the same after a crash: a job that was not
 * handed over to the end is given up, so that it can do nothing later, and what it was to make is due again.
 */
export async function followBulkJobs(engine: Engine, work: Work): Promise<CarriedOut> {
  const total = nothingCarriedOut();
  const maker = work.port.write?.bulk;
  for (const job of await bulkJobsToLookAt(engine.hub, work.stream.id)) {
    work.turns?.enter('backfill');
    await settle(engine, { ...work, runId: job.runId }, { job, look: await lookAt(maker, job) }, total);
  }
  return total;
}

async function lookAt(maker: BulkMaker | undefined, { name }: BulkJobRow): Promise<BulkLook> {
  if (name === null) return { kind: 'undone' };
  // Without one nobody can say: each of its records is looked up.
  return (await maker?.look(name)) ?? { kind: 'lost' };
}

type Seen = { readonly job: BulkJobRow; readonly look: BulkLook };

async function settle(engine: Engine, work: Work, { job, look }: Seen, total: CarriedOut): Promise<void> {
  const end = (change: (db: Db) => Promise<void>) =>
    inTransaction(engine.hub, async (tx) => {
      await assertLease(tx, work.held.lease);
      await change(tx);
    });
  if (look.kind === 'running') return end((tx) => lookLater(tx, job.id));
  if (look.kind === 'undone') return end((tx) => undoBulkJob(tx, job.id, { well: true }));
  let outdated: Parameters<typeof tellsOfSchema>[0] | undefined;
  if (look.kind === 'over')
    for await (const outcomes of look.outcomes()) outdated ??= await settleBunch(engine, work, { job, outcomes }, total);
  await end((tx) => endBulkJob(tx, job.id, { well: look.kind === 'over' && look.well }));
  await recountWrites(engine.hub, job.runId);
  await noteWrote(engine.hub, work.stream.id);
  engine.log.info({ streamId: work.stream.id, jobId: job.id, kind: look.kind, created: total.created }, 'a job has ended');
  if (tellsOfSchema(outdated)) throw new SchemaOutdated(outdated);
}

type Bunch = { readonly job: BulkJobRow; readonly outcomes: ReadonlyMap<string, WriteOutcome> };

/** What a look settles twice, because a process has died in between, is only what has not been settled. */
async function settleBunch(engine: Engine, work: Work, { job, outcomes }: Bunch, total: CarriedOut): Promise<unknown> {
  const { rows } = await sql<{ id: string; recordId: string }>`
    select id, record_id as "recordId" from link
    where id = any(${[...outcomes.keys()]}::uuid[]) and bulk_job_id = ${job.id} and sent is not null and remote_id is null`.execute(
    engine.hub,
  );
  const stream = entityStream(engine, work.connection, work.stream);
  if (rows.length === 0 || stream === null) return undefined;
  const attempts = await attemptsOf(engine, work, stream, rows);
  const answers = attempts.map(({ link }) => must(outcomes.get(link.id), 'the outcome of a row'));
  await settleAttempts(engine, work, attempts, answers, total);
  return answers.flatMap((answer) => (answer.done ? [] : [answer.error])).find(tellsOfSchema);
}
