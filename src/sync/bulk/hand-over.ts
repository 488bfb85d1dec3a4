import type { BulkJob, BulkMaker } from '../../contract/bulk.ts';
import { HubError } from '../../contract/errors.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import { addBulkJob, endBulkJob, hasFailedLately, nameBulkJob, noteStarted, undoBulkJob } from '../../hub/runs/bulk-jobs.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import type { EntityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import type { Work } from '../work.ts';
import type { Attempt } from '../writing/attempt.ts';
import type { CarriedOut } from '../writing/carried-out.ts';
import { type Claimed, claim, countBulk } from '../writing/claim.ts';
import { noteSent, takeBack } from '../writing/note-sent.ts';

/** `plan` says what each claimed link lacks now, as writes. */
type Ready = { readonly maker: BulkMaker; readonly stream: EntityStream; plan(claimed: readonly Claimed[]): Promise<readonly Attempt[]> };

/** More than any one job takes. */
const COUNTED = 200_000;
/** To open it, to fill it, to start it, to look at it, and to fetch what became of it. */
const CALLS = 5;
/** What a refusal of a job says about jobs, and not about the moment: then its records are made like any others. */
const ABOUT_JOBS: readonly string[] = ['misconfigured', 'not_allowed', 'record_rejected', 'broken_answer', 'gone'];

/** Whether so much is due to be made that jobs are worth it, and nothing speaks against them. */
export async function isWorkForJobs(engine: Engine, work: Work, maker: BulkMaker): Promise<boolean> {
  // What a job makes of a part of an object would be read with the whole before the job tells whose it is.
  const isPart = work.mapping.kind === 'entity' && work.mapping.of !== undefined;
  if (isPart || work.applying !== undefined || (await hasFailedLately(engine.hub, work.stream.id))) return false;
  return (await maker.begin(await countBulk(engine, work, COUNTED))) !== null;
}

/**
 * Hands over what a first load has to make, where it is so much that jobs take fewer calls. Nobody waits for them: they are followed whenever the
 * connection is tended, and what people edit meanwhile is sent beside them.
 */
export async function handOver(engine: Engine, work: Work, ready: Ready, total: CarriedOut): Promise<void> {
  while ((await work.turns?.givesWay('backfill')) !== true) {
    const job = await ready.maker.begin(await countBulk(engine, work, COUNTED));
    if (job === null) return;
    work.turns?.enter('backfill');
    if (!(await fillAndStart(engine, work, { ...ready, job }, total))) return;
  }
}

/** False when nothing went that way. */
async function fillAndStart(engine: Engine, work: Work, ready: Ready & { readonly job: BulkJob }, total: CarriedOut): Promise<boolean> {
  const id = await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, work.held.lease);
    return addBulkJob(tx, { streamId: work.stream.id, runId: must(work.runId, 'the run of a job') });
  });
  const rows = await fill(engine, work, ready, id);
  if (rows === 0) {
    await endBulkJob(engine.hub, id, { well: true });
    return false;
  }
  try {
    await ready.job.start((name) => underLease(engine, work, (tx) => nameBulkJob(tx, id, name)));
  } catch (error) {
    if (!(error instanceof HubError) || !ABOUT_JOBS.includes(error.kind)) throw error;
    engine.log.warn({ streamId: work.stream.id, reason: error.message }, 'a job was refused; its records are made without one');
    await underLease(engine, work, (tx) => undoBulkJob(tx, id, { well: false }));
    return false;
  }
  await underLease(engine, work, (tx) => noteStarted(tx, id, rows));
  total.floor += CALLS;
  engine.log.info({ streamId: work.stream.id, rows }, 'handed over to a job');
  return true;
}

/** Fills a job with what is due, and notes it as sent: from then on it goes no other way. How many writes it took. */
async function fill(engine: Engine, work: Work, ready: Ready & { readonly job: BulkJob }, id: string): Promise<number> {
  let [after, rows] = ['', 0];
  while (!ready.job.isFull()) {
    work.held.signal.throwIfAborted();
    const claimed = await claim(engine, work, { after, part: 'others', lane: 'backfill', creates: true });
    const last = claimed.at(-1);
    if (last === undefined) break;
    after = last.id;
    const attempts = (await ready.plan(claimed)).filter(({ write }) => write.verb === 'create');
    const noted = await noteSent(engine, work, ready.stream, attempts, id);
    rows += await add(
      engine,
      work,
      ready.job,
      attempts.filter(({ link }) => noted.has(link.id)),
    );
    engine.live({
      event: 'progress',
      connectionId: work.connection.id,
      object: work.stream.object,
      phase: 'writing',
      done: rows,
      total: null,
    });
  }
  return rows;
}

async function add(engine: Engine, work: Work, job: BulkJob, attempts: readonly Attempt[]): Promise<number> {
  const isTaken = await job.add(attempts.flatMap(({ write }) => (write.verb === 'create' ? [write] : [])));
  const left = attempts.filter((_, i) => isTaken[i] !== true);
  if (left.length > 0) await takeBack(engine, work, left);
  return attempts.length - left.length;
}

type Change = Parameters<typeof inTransaction<void>>[1];

async function underLease(engine: Engine, { held }: Work, change: Change): Promise<void> {
  await inTransaction(engine.hub, async (tx) => {
    await assertLease(tx, held.lease);
    await change(tx);
  });
}
