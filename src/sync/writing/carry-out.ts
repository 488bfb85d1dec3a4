import { sql } from 'kysely';
import type { AnyPort } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { ObjectTraits } from '../../contract/manifest.ts';
import type { WriteOutcome } from '../../contract/records.ts';
import { noteWrote } from '../../hub/connections/connections.ts';
import { assertLease } from '../../hub/connections/leases.ts';
import { storeAliases } from '../../hub/records/aliases.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { finishRun, startRun } from '../../hub/runs/runs.ts';
import { chunk } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Passes } from '../brakes/brakes.ts';
import { handOver, isWorkForJobs } from '../bulk/hand-over.ts';
import type { Engine } from '../engine.ts';
import { observe } from '../reading/observe.ts';
import { readByIds } from '../reading/survivors.ts';
import { reconcile } from '../reconciling/reconcile.ts';
import { SchemaOutdated, tellsOfSchema } from '../schema/outdated.ts';
import { entityStream } from '../streams.ts';
import { inTransaction } from '../transaction.ts';
import { askFor, type Work } from '../work.ts';
import type { Attempt } from './attempt.ts';
import { type CarriedOut, nothingCarriedOut } from './carried-out.ts';
import { CLAIM, type Claimed, claim, type Part, type Way, waysThrough } from './claim.ts';
import { noteSent, takeBack } from './note-sent.ts';
import { settleAttempts } from './outcomes.ts';
import { planAttempts, type Sending } from './plan-attempts.ts';

/** Whatever turns out to be of the other part while it is looked at stays due. */
const VERBS = { removals: ['delete'], others: ['create', 'update'], all: ['delete', 'create', 'update'] } as const;
/** A view of the remote that is older than this is no look before a write. */
const FRESH_MS = 1_000;

type Ready = Sending & {
  readonly writer: NonNullable<AnyPort['write']>;
  readonly part: Part;
  readonly way: Way;
};

type Wanted = { readonly total?: CarriedOut; readonly part?: Part };

/**
 * Sends what is due on one stream, in the vendor's own batches, until nothing is. The caller holds the connection's lease. `total` tells what
 * was done also when the vendor fails on the way.
 */
export async function carryOut(
  engine: Engine,
  work: Work,
  { total = nothingCarriedOut(), part = 'all' }: Wanted = {},
): Promise<CarriedOut> {
  const stream = entityStream(engine, work.connection, work.stream);
  const { write: writer } = work.port;
  const traits = stream?.traits.write;
  if (stream === null || writer === undefined || traits === undefined || work.stream.direction === 'in') return total;
  const due = (await claim(engine, work, { after: '', part, lane: null })).length;
  if (due === 0) return total;
  const run = work.applying?.runId ?? (await startRun(engine.hub, work.stream.id, 'writes'));
  const finish = async (error: unknown): Promise<void> => {
    if (work.applying === undefined) await finishRun(engine.hub, run, total, error);
  };
  try {
    const passes: Passes = new Map();
    const own = { ...work, runId: run };
    const maker = part === 'removals' ? undefined : writer.bulk;
    const isMuch = maker !== undefined && (await isWorkForJobs(engine, own, maker));
    const isFew = due < CLAIM && !isMuch && (await work.turns?.rests('backfill')) !== true;
    for (const way of waysThrough(part, { isFew })) {
      const ready: Ready = { writer, traits, stream, part, passes, way };
      // What people wait for has gone by then.
      if (isMuch && way.claims === 'backfill') {
        const plan = (claimed: readonly Claimed[]) => planAttempts(engine, own, ready, claimed);
        await handOver(engine, own, { maker, stream, plan }, total);
      }
      await carryOutLane(engine, own, ready, total);
    }
    await finish(null);
    return total;
  } catch (error) {
    await finish(error);
    throw error;
  }
}

/** Sends what is due of one lane, until nothing is, or until something of a higher lane is. */
async function carryOutLane(engine: Engine, work: Work, ready: Ready, total: CarriedOut): Promise<void> {
  const { part, way } = ready;
  let after = '';
  for (;;) {
    if (await givesWay(work, ready, total)) return;
    const claimed = await claim(engine, work, { after, part, lane: way.claims });
    if (claimed.length === 0) return;
    work.turns?.enter(way.lane);
    // Claims go forward through the ids, so that a link which stays due cannot keep the loop going.
    after = must(claimed.at(-1), 'the last claim').id;
    await carryOutSome(engine, work, ready, claimed, total);
  }
}

/** Whether the lane has to wait. A batch of removals goes out in any case: what comes after may need the place that they leave. */
const givesWay = async ({ turns, applying }: Work, { way: { lane } }: Ready, { deleted }: CarriedOut): Promise<boolean> =>
  lane !== 'live' && (lane !== 'removal' || deleted > 0) && turns !== undefined && applying === undefined && (await turns.givesWay(lane));

async function carryOutSome(engine: Engine, work: Work, ready: Ready, claimed: readonly Claimed[], total: CarriedOut): Promise<void> {
  const remoteIds = claimed.flatMap((one) => one.remoteId ?? []);
  if (remoteIds.length > 0 && ready.traits.guard === 'none') await look(engine, work, ready, remoteIds, total);
  let lookedAt = engine.clock.now().getTime();
  const attempts = await planAttempts(engine, work, ready, claimed);
  for (const kind of VERBS[ready.part]) {
    for (const batch of chunk(
      attempts.filter((attempt) => attempt.write.verb === kind),
      ready.traits.batchMax,
    )) {
      if (await givesWay(work, ready, total)) return;
      const isStale = kind !== 'create' && ready.traits.guard === 'none' && engine.clock.now().getTime() - lookedAt > FRESH_MS;
      const current = isStale ? await lookAgain(engine, work, ready, batch, total) : batch;
      if (isStale && tellsAtOnce(ready.stream.traits)) lookedAt = engine.clock.now().getTime();
      if (current.length > 0) await send(engine, work, ready, current, total);
      engine.live({
        event: 'progress',
        connectionId: work.connection.id,
        object: work.stream.object,
        phase: 'writing',
        done: total.created + total.updated + total.deleted,
        total: null,
      });
    }
  }
}

/** A batch whose turn came late: what its records hold now, and what they still lack. */
async function lookAgain(
  engine: Engine,
  work: Work,
  ready: Ready,
  batch: readonly Attempt[],
  total: CarriedOut,
): Promise<readonly Attempt[]> {
  await look(
    engine,
    work,
    ready,
    batch.flatMap(({ link }) => link.remoteId ?? []),
    total,
  );
  return planAttempts(
    engine,
    work,
    ready,
    batch.map(({ link }) => ({ id: link.id, recordId: link.recordId, remoteId: link.remoteId })),
  );
}

/** Whether a look at what has changed tells of all records at once; else they are read by their ids. */
const tellsAtOnce = ({ read }: ObjectTraits): boolean => read.settleMs === 0 && read.only === undefined;

/**
 * Sees what the remotes hold right before they are written to, and merges what turns out to have changed. Where `changes` is immediate, one
 * of its looks tells about all records at once; where it lags, the records are read by id.
 */
async function look(engine: Engine, work: Work, ready: Ready, remoteIds: readonly string[], total: CarriedOut): Promise<void> {
  if (tellsAtOnce(ready.stream.traits) && work.stream.backfilled) {
    const { rows } = await sql<{
      fresh: boolean;
    }>`select coalesce(observed_at > now() - ${FRESH_MS} * interval '1 ms', false) as fresh from stream where id = ${work.stream.id}`.execute(
      engine.hub,
    );
    if (rows[0]?.fresh !== true) await observe(engine, work);
    work.turns?.enter(ready.way.lane);
  } else {
    const seen = await readByIds(engine, work, remoteIds);
    total.looks += Math.ceil(remoteIds.length / ready.stream.traits.read.pageMax);
    await inTransaction(engine.hub, async (tx) => {
      await assertLease(tx, work.held.lease);
      await storeAliases(tx, { connectionId: work.connection.id, object: work.stream.object }, seen);
      await storeObservations(tx, { connectionId: work.connection.id, object: work.stream.object }, seen, { runId: work.runId });
    });
  }
  await reconcile(engine, work.stream.hubObject, work.held.signal);
}

async function send(engine: Engine, work: Work, ready: Ready, planned: readonly Attempt[], total: CarriedOut): Promise<void> {
  work.held.signal.throwIfAborted();
  const noted = await noteSent(engine, work, ready.stream, planned);
  const batch = planned.filter((attempt) => noted.has(attempt.link.id));
  if (batch.length === 0) return;
  total.floor += 1;
  let outcomes: readonly WriteOutcome[];
  try {
    outcomes = await ready.writer.apply(
      batch.map((attempt) => attempt.write),
      askFor(engine, work, 'all'),
    );
  } catch (error) {
    if (error instanceof HubError && error.isRefusal) await takeBack(engine, work, batch);
    throw error;
  }
  await settleAttempts(engine, work, batch, outcomes, total);
  await noteWrote(engine.hub, work.stream.id);
  const outdated = outcomes.flatMap((outcome) => (outcome.done ? [] : [outcome.error])).find(tellsOfSchema);
  if (outdated !== undefined) throw new SchemaOutdated(outdated);
}
