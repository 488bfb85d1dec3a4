import { sql } from 'kysely';
import type { HubError } from '../../contract/errors.ts';
import type { Present } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { type OpenHold, openHolds } from '../../hub/records/holds.ts';
import { nameCauses } from '../../hub/records/link-causes.ts';
import { storeObservations } from '../../hub/records/observations.ts';
import { must, unreachable } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { noteTries } from '../failures/note-tries.ts';
import { entityStream } from '../streams.ts';
import { askFor, type Work } from '../work.ts';
import type { Attempt } from './attempt.ts';

export type Failed = { readonly attempt: Attempt; readonly error: HubError };

/** Records that stood in the way of a create, as they are now. */
export async function readExisting(engine: Engine, work: Work, failed: readonly Failed[]): Promise<ReadonlyMap<string, Present>> {
  const ids = [
    ...new Set(failed.flatMap(({ error }) => (error.recovery === 'adopt' && error.existingId !== undefined ? [error.existingId] : []))),
  ];
  if (ids.length === 0) return new Map();
  const seen = await work.port.read.byIds(ids, askFor(engine, work, 'all'));
  return new Map(seen.flatMap((one) => (one.kind === 'present' ? [[one.id, one] as const] : [])));
}

/** Writes that the vendor refused: tried again later, held with its reason, or tied to what stood in the way. What is gone is left to `settleGone`. */
export async function settleFailed(
  engine: Engine,
  tx: Tx,
  work: Work,
  failed: readonly Failed[],
  existing: ReadonlyMap<string, Present>,
): Promise<void> {
  for (const { attempt, error } of failed) {
    engine.log.warn({ linkId: attempt.link.id, kind: error.kind, code: error.code }, 'a write was refused');
  }
  const of = (...fates: readonly Fate[]) => failed.filter((one) => fates.includes(fateOf(one)));
  await noteTries(tx, of('later'), { isOpen: false });
  await noteTries(tx, of('open'), { isOpen: true });
  const held = of('held');
  await sql`
    update link l set sent = null, sent_at = null, state = 'held', reason = h.reason
    from unnest(${held.map(({ attempt }) => attempt.link.id)}::uuid[], ${held.map(({ error }) => error.message)}::text[]) as h (id, reason) where l.id = h.id`.execute(
    tx,
  );
  const holds: OpenHold[] = held.flatMap(({ attempt, error }) => refusals(engine, work, attempt, error));
  for (const { attempt, error } of of('adopt')) holds.push(...(await adopt(tx, work, attempt, error, existing)));
  await openHolds(tx, holds);
  await nameCauses(
    tx,
    of('held', 'adopt').map(({ attempt }) => attempt.link.id),
  );
  await sql`update record set dirty = true where id = any(${held.map(({ attempt }) => attempt.record.id)}::uuid[])`.execute(tx);
}

/** What becomes of a refused write. `open`: whether it was done is looked up before anything is sent again, so `sent` stays. */
type Fate = 'later' | 'gone' | 'adopt' | 'open' | 'held';

export function fateOf({ attempt, error }: Failed): Fate {
  switch (error.recovery) {
    case 'retry':
      // A create that failed over there in the middle may have been made all the same.
      return attempt.write.verb === 'create' ? 'open' : 'later';
    case 'wait':
      return 'later';
    case 'let_go':
      return 'gone';
    case 'adopt':
      return 'adopt';
    case 'look_again':
      return 'open';
    case 'read_afresh':
    case 'hold_record':
    case 'ask_operator':
      return 'held';
    default:
      return unreachable(error.recovery);
  }
}

/** Field by field where the vendor names fields that we sent, so that the record's others flow; else the record as a whole. */
function refusals(engine: Engine, work: Work, attempt: Attempt, error: HubError): readonly OpenHold[] {
  const { link, record } = attempt;
  const stream = must(entityStream(engine, work.connection, work.stream), 'the stream of a write');
  const place = {
    connectionId: link.connectionId,
    object: link.object,
    remoteId: link.remoteId,
    recordId: record.id,
    linkId: link.id,
    reason: error.message,
  };
  const told = { by: 'vendor', error: error.kind, ...(error.code === undefined ? {} : { code: error.code }) };
  const lines = stream.lines.filter((line) => error.fields.includes(line.remote) && attempt.push[line.remote] !== undefined);
  if (lines.length === 0) {
    const detail = { digest: digestOf(attempt.push), values: attempt.pushed, ...told };
    return [{ ...place, kind: 'refused_record', field: null, detail }];
  }
  return lines.map((line) => ({
    ...place,
    kind: 'refused_field' as const,
    field: line.hub,
    detail: { value: attempt.pushed[line.hub] ?? null, ...told },
  }));
}

/** The record is there already: it becomes this link's, unless it stands for somebody else. */
async function adopt(
  tx: Tx,
  work: Work,
  attempt: Attempt,
  error: HubError,
  existing: ReadonlyMap<string, Present>,
): Promise<readonly OpenHold[]> {
  const { link, record } = attempt;
  const found = error.existingId === undefined ? undefined : existing.get(error.existingId);
  const place = {
    connectionId: link.connectionId,
    object: link.object,
    remoteId: link.remoteId,
    recordId: record.id,
    linkId: link.id,
    field: null,
  };
  const refused = async (reason: string, because: object): Promise<readonly OpenHold[]> => {
    await sql`update link set sent = null, sent_at = null, state = 'held', reason = ${reason} where id = ${link.id}`.execute(tx);
    return [
      {
        ...place,
        kind: 'refused_record',
        reason,
        detail: { digest: digestOf(attempt.push), existing: error.existingId ?? null, ...because },
      },
    ];
  };
  if (found === undefined) return refused(error.message, error.code === undefined ? {} : { code: error.code });
  const { rows } = await sql<{
    id: string;
  }>`select id from link where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id} and id <> ${link.id}`.execute(
    tx,
  );
  if (rows.length > 0)
    return refused(`${work.connection.name} has this as ${found.id}, which stands for another record here`, {
      because: 'stands_for_another',
    });
  await storeObservations(tx, { connectionId: link.connectionId, object: link.object }, [found], { runId: work.runId });
  await sql`update observation set dirty = true where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id}`.execute(
    tx,
  );
  await sql`update link set remote_id = ${found.id}, sent = null, sent_at = null, base = '{}', expected = null, due = false, evidence = ${JSON.stringify({ matched: 'the vendor says that it is there already' })}::jsonb where id = ${link.id}`.execute(
    tx,
  );
  await sql`update hold set closed_at = now(), closed_by = 'syncline', decision = '{"superseded":true}' where connection_id = ${link.connectionId} and object = ${link.object} and remote_id = ${found.id} and link_id is null and closed_at is null`.execute(
    tx,
  );
  return [];
}
