import { sql } from 'kysely';
import type { FieldValue } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { ChangedField, Stamp } from '../../hub/stored.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Engine } from '../engine.ts';
import { moveIdentities } from '../identity/identities.ts';
import { meetTwins } from '../merging/twins.ts';
import { rejoinKept, remakeGone } from '../steward/presence-by-hand.ts';
import type { RecordUndo, UndoDeeds } from './case.ts';

/** In whose name an undo is done, and as which run. */
export type UndoRun = { readonly id: string; readonly actor: string };

/** Writes what was planned for some records, in sets, in the caller's transaction: it has locked them since they were planned. */
export async function writeUndo(
  engine: Engine,
  tx: Tx,
  { run, undos }: { readonly run: UndoRun; readonly undos: readonly RecordUndo[] },
): Promise<void> {
  const done = undos.filter(({ deeds }) => doesAnything(deeds)).map((undo) => ({ ...undo, ...afterwards(undo) }));
  if (done.length === 0) return;
  await sql`
    update record r set fields = u.fields::jsonb, stamps = u.stamps::jsonb, dirty = true, updated_at = now()
    from unnest(${done.map(({ record }) => record.id)}::uuid[], ${done.map((one) => JSON.stringify(one.fields))}::text[],
      ${done.map((one) => JSON.stringify(one.stamps))}::text[]) as u (id, fields, stamps) where r.id = u.id`.execute(tx);
  const answering = await moveIdentities(
    engine,
    tx,
    done.filter(({ deeds }) => deeds.fields.size > 0).map(({ record, fields }) => ({ ...record, before: record.fields, after: fields })),
  );
  await writePresence(tx, run, undos);
  await writeJournal(tx, run, undos);
  for (const [object, own] of groupBy(done, ({ record }) => record.object)) {
    const ids = new Set(own.map(({ record }) => record.id));
    await meetTwins(
      engine,
      tx,
      object,
      answering.filter(({ recordId }) => ids.has(recordId)),
    );
  }
}

const doesAnything = (deeds: UndoDeeds): boolean =>
  deeds.fields.size + deeds.putBacks.size + deeds.removes.length + deeds.keeps.length + deeds.remakes.length > 0 ||
  deeds.archived !== undefined;

/** The record's values and stamps once what is undone has gone back. */
function afterwards({ record, deeds }: RecordUndo): { fields: Record<string, FieldValue>; stamps: Record<string, Stamp> } {
  const fields: Record<string, FieldValue> = { ...record.fields };
  const stamps: Record<string, Stamp> = { ...record.stamps };
  for (const [field, { to, at }] of deeds.fields) {
    if (to === null) delete fields[field];
    else fields[field] = to;
    stamps[field] = [at, 'hub'];
  }
  return { fields, stamps };
}

async function writePresence(tx: Tx, run: UndoRun, undos: readonly RecordUndo[]): Promise<void> {
  const archives = undos.flatMap(({ record, deeds }) =>
    deeds.archived == null ? [] : [{ id: record.id, how: { ...deeds.archived, actor: run.actor } }],
  );
  const restores = undos.flatMap(({ record, deeds }) => (deeds.archived === null ? [record.id] : []));
  await sql`
    update record r set archived_at = now(), archived = a.how::jsonb
    from unnest(${archives.map(({ id }) => id)}::uuid[], ${archives.map(({ how }) => JSON.stringify(how))}::text[]) as a (id, how) where r.id = a.id`.execute(
    tx,
  );
  if (restores.length > 0) {
    await sql`update record set archived_at = null, archived = null where id = any(${restores}::uuid[])`.execute(tx);
    await rejoinKept(tx, restores);
  }
  await sql`
    update link set evidence = coalesce(evidence, '{}') || ${JSON.stringify({ undone: run.id })}::jsonb
    where id = any(${undos.flatMap(({ deeds }) => deeds.removes)}::uuid[])`.execute(tx);
  const backs = undos.flatMap(({ deeds }) => [...deeds.putBacks].map(([id, back]) => ({ id, putBack: { ...back, run: run.id } })));
  await sql`
    update link l set evidence = coalesce(l.evidence, '{}') || b.evidence::jsonb, given_up = null, attempts = 0
    from unnest(${backs.map(({ id }) => id)}::uuid[], ${backs.map(({ putBack }) => JSON.stringify({ putBack }))}::text[]) as b (id, evidence) where l.id = b.id`.execute(
    tx,
  );
  await sql`
    update link set evidence = evidence - 'undone' - 'putBack', state = 'in_sync', reason = null, cause = null, removal = null, due = false
    where id = any(${undos.flatMap(({ deeds }) => deeds.keeps)}::uuid[])`.execute(tx);
  await remakeGone(
    tx,
    undos.flatMap(({ deeds }) => deeds.remakes),
  );
}

async function writeJournal(tx: Tx, run: UndoRun, undos: readonly RecordUndo[]): Promise<void> {
  const rows = undos
    .filter(({ deeds }) => doesAnything(deeds))
    .map(({ record, deeds }) => ({ id: record.id, fields: JSON.stringify(changed(deeds)), detail: JSON.stringify(detailOf(deeds, run)) }));
  await sql`
    insert into change (id, record_id, cause, actor, run_id, fields, detail)
    select c.id, c.record_id, 'undone', ${run.actor}, ${run.id}::uuid, c.fields::jsonb, c.detail::jsonb
    from unnest(${rows.map(() => newId())}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.fields)}::text[],
      ${rows.map((row) => row.detail)}::text[]) as c (id, record_id, fields, detail)`.execute(tx);
}

const changed = (deeds: UndoDeeds): Readonly<Record<string, ChangedField>> =>
  Object.fromEntries([...deeds.fields].map(([field, { from, to }]) => [field, { old: from, new: to }]));

/** What was undone, by id, so that the next undo knows what stands. */
function detailOf(deeds: UndoDeeds, run: UndoRun): Readonly<Record<string, unknown>> {
  const undid = Object.fromEntries(
    [...deeds.fields].flatMap(([field, back]) => (back.undid.length > 0 ? [[field, back.undid] as const] : [])),
  );
  const links = [...deeds.removes, ...deeds.putBacks.keys()];
  return {
    undid: { ...undid, ...(deeds.undidPresence.length > 0 ? { '': deeds.undidPresence } : {}) },
    ...(deeds.deliveries.length > 0 ? { deliveries: deeds.deliveries } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(deeds.archived === undefined ? {} : { archived: deeds.archived === null ? null : { ...deeds.archived, actor: run.actor } }),
  };
}
