import type { AnyPort, Ask } from '../contract/connector.ts';
import { HubError } from '../contract/errors.ts';
import type { Cursor, Observation, Page, Scope } from '../contract/records.ts';
import { type Connection, noteObserved, type Stream, storeSchema } from '../hub/connections.ts';
import { dropCursors, moveCursor, readCursor } from '../hub/cursors.ts';
import { digestOf } from '../hub/ids.ts';
import { assertLease } from '../hub/leases.ts';
import { knownVersions, storeObservations } from '../hub/observations.ts';
import { finishRun, startRun } from '../hub/runs.ts';
import { must } from '../kernel/must.ts';
import { misfits } from '../mapping/fit.ts';
import type { EntityMapping, Mapping } from '../mapping/mapping.ts';
import { fileResponses } from './attach.ts';
import type { Engine } from './engine.ts';
import type { Held } from './lease.ts';
import type { Attempt } from './outcomes.ts';
import { reconcile } from './reconcile.ts';

/** Pages are stored together until they hold this many records: fewer commits, and no gain beyond. */
const STORE_AT = 500;
const SCHEMA_MAX_AGE_MS = 3_600_000;

/** A stream being worked on, with everything that belongs to it. */
export type Work = {
  readonly connection: Connection;
  readonly stream: Stream;
  readonly port: AnyPort;
  readonly mapping: Mapping;
  /** Remote fields to ask for: mapped, and shown by the live schema. */
  readonly fields: readonly string[];
  readonly held: Held;
  /** Whether what is read is merged as well; by default yes. */
  readonly merges?: boolean | undefined;
  readonly applying?: Applying | undefined;
  /** The run that the work is done in, once it has begun. */
  readonly runId?: string;
};

/** A plan that is being applied: all of it is one run, and of what is due only that is written which the plan has shown. */
export type Applying = { readonly runId: string; allow(attempts: readonly Attempt[]): Promise<readonly Attempt[]> };

export type Seen = { seen: number; changed: number; unchanged: number; stale: number; gone: number };

/** The live schema, read again when it is older than an hour. What in the mapping does not fit it is kept, and told to whoever watches. */
export async function freshSchema(engine: Engine, stream: Stream, port: AnyPort, mapping: EntityMapping): Promise<Stream> {
  if (stream.schema !== null && stream.sinceSchemaMs !== null && stream.sinceSchemaMs < SCHEMA_MAX_AGE_MS) return stream;
  const schema = await port.fields('all');
  const creates = stream.direction !== 'in' && port.write !== undefined;
  const unfit = misfits(mapping, { model: engine.mappings.model, schema, creates });
  await storeSchema(engine.hub, stream.id, { schema, misfits: unfit });
  const text = unfit.map(({ remote, reason, advice }) => `${remote}: ${reason}. ${advice}.`);
  if (text.length > 0) engine.live({ event: 'misfits', connectionId: stream.connectionId, object: stream.object, text });
  return { ...stream, schema, sinceSchemaMs: 0 };
}

export const nothingSeen = (): Seen => ({ seen: 0, changed: 0, unchanged: 0, stale: 0, gone: 0 });

/**
 * Reads what changed since the last look, or everything at first, and stores it with the cursor that covers it. `total` tells what was
 * stored also when the vendor fails on the way.
 */
export async function observe(engine: Engine, work: Work, total: Seen = nothingSeen()): Promise<Seen> {
  const { stream } = work;
  const asked = digestOf([...work.fields].sort());
  if (stream.askedHash !== asked) {
    // A field that was not asked for before has to be read from every record once.
    await dropCursors(engine.hub, stream.id);
    await engine.hub.updateTable('stream').set({ asked_hash: asked }).where('id', '=', stream.id).execute();
  }
  const kind = stream.backfilled ? 'changes' : 'first_load';
  const run = await startRun(engine.hub, stream.id, kind);
  try {
    for await (const scope of scopesOf(work.port)) await readScope(engine, { ...work, runId: run }, scope, total);
    await noteObserved(engine.hub, stream.id);
    await finishRun(engine.hub, run, total, null);
    engine.live({ event: 'run', connectionId: work.connection.id, object: stream.object, counts: total });
    return total;
  } catch (error) {
    await finishRun(engine.hub, run, total, error);
    throw error;
  }
}

async function* scopesOf(port: AnyPort): AsyncGenerator<Scope> {
  if (port.read.scopes === undefined) yield 'all';
  else for await (const { scope } of port.read.scopes()) yield scope;
}

async function readScope(engine: Engine, work: Work, scope: Scope, total: Seen): Promise<void> {
  try {
    await readFrom(engine, work, scope, await readCursor(engine.hub, work.stream.id, scope), total);
  } catch (error) {
    if (!(error instanceof HubError) || error.recovery !== 'read_afresh') throw error;
    engine.log.warn({ streamId: work.stream.id, scope, reason: error.message }, 'cursor expired, reading afresh');
    await dropCursors(engine.hub, work.stream.id, scope);
    await readFrom(engine, work, scope, null, total);
  }
}

/** Stores one lot while the next pages are being fetched, and merges what is stored meanwhile. */
async function readFrom(engine: Engine, work: Work, scope: Scope, from: Cursor | null, total: Seen): Promise<void> {
  const merging = mergeMeanwhile(engine, work);
  let lot: Observation[] = [];
  let cursor: Cursor | null = null;
  let storing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await storing;
    const [seen, at] = [lot, must(cursor, 'the cursor of a page')];
    lot = [];
    storing = storeLot(engine, work, { seen, cursor: at }, scope, total).then(merging.start);
    // The error is thrown where the lot is awaited; until then it must not count as unhandled.
    storing.catch(() => undefined);
  };
  try {
    for await (const page of work.port.read.changes(from, askFor(engine, work, scope))) {
      work.held.signal.throwIfAborted();
      lot.push(...page.seen);
      cursor = page.cursor;
      if (lot.length >= STORE_AT) await flush();
      engine.live({
        event: 'progress',
        connectionId: work.connection.id,
        object: work.stream.object,
        phase: 'reading',
        done: total.seen + lot.length,
        total: page.total ?? null,
      });
    }
  } catch (error) {
    // What came before the vendor failed is kept, so that every try gets on.
    if (error instanceof HubError && lot.length > 0) await flush();
    await storing;
    throw error;
  }
  if (cursor !== null) await flush();
  await storing;
  await merging.end();
}

/** Lets the merge run beside the reading, one at a time. What it leaves, the next one takes. */
function mergeMeanwhile(engine: Engine, work: Work): { start(): void; end(): Promise<void> } {
  let running: Promise<void> | null = null;
  return {
    start: () => {
      if (running !== null || work.merges === false || work.mapping.kind !== 'entity' || work.stream.backfilled) return;
      running = reconcile(engine, work.stream.hubObject, work.held.signal).then(() => {
        running = null;
      });
      running.catch(() => undefined);
    },
    end: async () => {
      if (running !== null) await running;
    },
  };
}

export function askFor(engine: Engine, work: Work, scope: Scope): Ask {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  return { scope, fields: work.fields, known: (seen) => knownVersions(engine.hub, key, seen) };
}

async function storeLot(engine: Engine, work: Work, page: Page, scope: Scope, total: Seen): Promise<void> {
  const key = { connectionId: work.connection.id, object: work.stream.object };
  await engine.hub.transaction().execute(async (tx) => {
    await assertLease(tx, work.held.lease);
    // A response is filed right here; only entities are merged.
    const stored = await storeObservations(tx, key, page.seen, { dirty: work.mapping.kind === 'entity', runId: work.runId });
    if (work.mapping.kind === 'response') await fileResponses(tx, work.connection, work.mapping, page.seen, stored.changedIds);
    await moveCursor(tx, work.stream.id, scope, page.cursor);
    total.seen += page.seen.length;
    total.changed += stored.changed;
    total.unchanged += stored.unchanged;
    total.stale += stored.stale;
    total.gone += stored.gone;
  });
}
