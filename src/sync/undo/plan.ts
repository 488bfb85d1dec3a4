import { sql } from 'kysely';
import type { Db } from '../../hub/database.ts';
import { readJournal } from '../../hub/records/journal.ts';
import type { UndoLine, UndoTarget } from '../../hub/runs/undoing.ts';
import { systemsById } from '../../hub/views/systems.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { groupBy } from '../../kernel/lists.ts';
import { must } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { readLinks } from '../reconciling/trees.ts';
import { type EntityStream, entityStreams } from '../streams.ts';
import { NO_DEEDS, type RecordUndo, type UndoCase, type UndoRecord } from './case.ts';
import { undoFields } from './fields.ts';
import { undoPresence } from './presence.ts';
import { putBack } from './put-back.ts';
import { select } from './target.ts';

/** Works out what taking a target back means for some records, and writes nothing. With `lock`, nobody changes them until the transaction ends. */
export async function planUndo(
  engine: Engine,
  db: Db,
  { target, recordIds, lock }: { readonly target: UndoTarget; readonly recordIds: readonly string[]; readonly lock: boolean },
): Promise<readonly RecordUndo[]> {
  const { rows } = await sql<UndoRecord>`
    select id, object, fields, stamps, archived, merged_into as "mergedInto" from record where id = any(${recordIds}::uuid[]) order by id
    ${lock ? sql`for update` : sql``}`.execute(db);
  const selection = await select(db, target, recordIds);
  const journals = groupBy(await readJournal(db, recordIds), (line) => line.recordId);
  const links = groupBy(await readLinks(db, recordIds), (link) => link.recordId);
  const deliveries = groupBy(selection.deliveries, (delivery) => delivery.recordId);
  const systems = await systemsById(db);
  const streams = new Map<string, ReadonlyMap<string, EntityStream>>();
  for (const name of new Set(rows.map((row) => row.object))) streams.set(name, await entityStreams(engine, db, name));
  return rows.map((record) =>
    undoRecord({
      record,
      object: must(engine.mappings.model.get(record.object), `hub object ${record.object}`),
      journal: journals.get(record.id) ?? [],
      links: links.get(record.id) ?? [],
      deliveries: deliveries.get(record.id) ?? [],
      streams: streams.get(record.object) ?? new Map(),
      systems,
      selected: (line) => selection.lines.has(line.id),
      tell: (line) => ({ ...blankLine(engine, record), ...line }),
    }),
  );
}

const blankLine = (engine: Engine, record: UndoRecord): Omit<UndoLine, 'deed' | 'fate' | 'reason'> => ({
  recordId: record.id,
  object: record.object,
  title: titleOf(engine.mappings.model, record.object, record.fields),
  field: null,
  from: null,
  to: null,
  connection: null,
  remoteId: null,
});

/** What is undone of one record: merges first and alone, since what is left looks different afterwards. */
function undoRecord(one: UndoCase): RecordUndo {
  const { record } = one;
  if (record.mergedInto !== null) {
    const reason = `it was merged into ${record.mergedInto} since`;
    return { record, lines: [one.tell({ deed: 'field', fate: 'spared', reason })], deeds: NO_DEEDS };
  }
  const mergings = mergingsOf(one);
  if (mergings.length > 0) {
    const lines = mergings.map(({ reason }) => one.tell({ deed: 'part', fate: 'undone', reason }));
    return { record, lines, deeds: { ...NO_DEEDS, mergings: mergings.map(({ id }) => id) } };
  }
  const presence = undoPresence(one);
  if (presence.begins === 'ends') return { record, lines: presence.lines, deeds: presence.deeds };
  if (presence.begins === 'stays') {
    const { lines, putBacks } = putBack(one);
    return { record, lines: [...presence.lines, ...lines], deeds: { ...presence.deeds, putBacks } };
  }
  const fields = undoFields(one);
  return {
    record,
    lines: [...presence.lines, ...fields.lines],
    deeds: { ...presence.deeds, fields: fields.back, deliveries: [...presence.deeds.deliveries, ...fields.deliveries] },
  };
}

/** Merges into this record that fall under the target and still stand, the latest first. */
function mergingsOf({ journal, selected }: UndoCase): readonly { id: string; reason: string }[] {
  const parted = new Set(journal.filter((line) => line.cause === 'unmerged').map((line) => line.detail.mergingId));
  return journal.toReversed().flatMap((line) => {
    const { mergingId, loserId } = line.detail;
    if (line.cause !== 'merged' || typeof mergingId !== 'string' || parted.has(mergingId) || !selected(line)) return [];
    return [{ id: mergingId, reason: `${typeof loserId === 'string' ? loserId : 'another record'} was merged into it` }];
  });
}
