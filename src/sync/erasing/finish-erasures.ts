import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db, Tx } from '../../hub/database.ts';
import { claimTraces, dropTrace, hasTraces, type Trace } from '../../hub/records/erasures.ts';
import type { LinkState, StoredBase } from '../../hub/stored.ts';
import { sameValue } from '../../merge/same.ts';
import { readBase } from '../../merge/stored-base.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';
import { countedFields } from './erase-response.ts';
import { redactWhole, redactWritten } from './redact.ts';

const AT_ONCE = 100;

/** Follows up what was erased until the systems hold nothing of it any more, and then forgets what the hub still knew of them. */
export async function finishErasures(engine: Engine, signal: AbortSignal): Promise<void> {
  if (!(await hasTraces(engine.hub))) return;
  for (let after: string | null = ''; after !== null; ) {
    signal.throwIfAborted();
    const from: string = after;
    after = await inTransaction(engine.hub, async (tx) => {
      const traces = await claimTraces(tx, from, AT_ONCE);
      for (const trace of traces) await followUp(engine, tx, trace);
      return traces.length < AT_ONCE ? null : (traces.at(-1)?.recordId ?? null);
    });
  }
}

async function followUp(engine: Engine, tx: Tx, trace: Trace): Promise<void> {
  const isDone = trace.whole ? await followWhole(tx, trace) : await followCounted(engine, tx, trace);
  if (isDone) await dropTrace(tx, trace);
}

/** The record itself goes once it is nowhere any more. */
async function followWhole(tx: Tx, { recordId }: Trace): Promise<boolean> {
  await redactWhole(tx, recordId);
  const { rows } = await sql`
    select 1 from link where record_id = ${recordId} and (sent is not null or (remote_id is not null and state <> 'gone')) limit 1`.execute(
    tx,
  );
  if (rows.length > 0) return false;
  await sql`
    delete from observation o using link l where l.record_id = ${recordId} and o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id`.execute(
    tx,
  );
  for (const table of ['hold', 'delivery', 'change', 'plan_line', 'link', 'entry'] as const)
    await tx.deleteFrom(table).where('record_id', '=', recordId).execute();
  await tx.deleteFrom('record').where('id', '=', recordId).execute();
  return true;
}

type Held = { readonly id: string; readonly state: LinkState; readonly base: StoredBase; readonly isAwaited: boolean };

/** What a system held of it has been written over, and seen to be. */
async function followCounted(engine: Engine, tx: Tx, trace: Trace): Promise<boolean> {
  const object = engine.mappings.model.get(trace.object);
  const names = object === undefined ? [] : countedFields(object);
  await redactWritten(tx, { ...trace, names });
  const record = await tx.selectFrom('record').select('fields').where('id', '=', trace.recordId).executeTakeFirstOrThrow();
  const links = await heldBy(tx, trace.recordId);
  return links.every((link) => agrees(link, record.fields, names));
}

async function heldBy(db: Db, recordId: string): Promise<readonly Held[]> {
  const { rows } = await sql<Held>`
    select id, state, base, sent is not null or expected is not null as "isAwaited" from link where record_id = ${recordId} and state <> 'gone'`.execute(
    db,
  );
  return rows;
}

function agrees({ base, isAwaited }: Held, fields: Fields, names: readonly string[]): boolean {
  if (isAwaited) return false;
  return names.every((name) => {
    const agreed = readBase(base, name);
    return agreed === undefined || sameValue(agreed.hub, fields[name] ?? null);
  });
}
