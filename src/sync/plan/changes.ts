import { sql } from 'kysely';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { PlannedField, PlannedFields, PlanOperation } from '../../hub/plans/plans.ts';
import type { ChangedField } from '../../hub/stored.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { decodeFields } from '../../merge/recognise.ts';
import { streamKey } from '../streams.ts';
import { addLines, type DraftLine } from './lines.ts';
import { recordKey, withNames } from './names.ts';
import type { Stage } from './stage.ts';

const PAGE = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Turns what the merge has done in this transaction into lines: records begun, matched, changed, archived, merged, held, and left out. */
export async function gatherChanges(stage: Stage): Promise<void> {
  await gatherSeen(stage);
  await gatherJournal(stage);
  await gatherArchived(stage);
  await gatherMerged(stage);
}

type SeenRow = {
  connection_id: string;
  object: string;
  remote_id: string;
  seen: Fields;
  record_id: string | null;
  record_object: string | null;
  fields: Fields | null;
  began: boolean;
  waits: boolean;
};

/** What was not known before: the beginning of a record, a match, or something that the mapping leaves out. */
async function gatherSeen(stage: Stage): Promise<void> {
  const { tx, engine, names } = stage;
  const streams = new Map(stage.streams.map((stream) => [stream.key, stream]));
  for (let [connection, object, remote] = [NOBODY, '', '']; ; ) {
    const { rows } = await sql<SeenRow>`
      select s.connection_id, s.object, s.remote_id, o.fields as seen, l.record_id, r.object as record_object, r.fields,
        coalesce(l.evidence ->> 'made' = 'record', false) as began, exists (
          select 1 from hold h where h.connection_id = s.connection_id and h.object = s.object and h.remote_id = s.remote_id and h.link_id is null
            and h.kind = 'ambiguous' and h.closed_at is null) as waits
      from planned_seen s join observation o on o.connection_id = s.connection_id and o.object = s.object and o.remote_id = s.remote_id
        left join link l on l.connection_id = s.connection_id and l.object = s.object and l.remote_id = s.remote_id
        left join record r on r.id = l.record_id
      where not s.linked and not o.gone and (s.connection_id, s.object, s.remote_id) > (${connection}, ${object}, ${remote})
      order by s.connection_id, s.object, s.remote_id limit ${PAGE}`.execute(tx);
    const lines = rows.flatMap((row): readonly DraftLine[] => {
      if (row.record_id === null && row.waits) return [];
      const stream = streams.get(streamKey(row.connection_id, row.object));
      const operation: PlanOperation = row.record_id === null ? 'exclude' : row.began ? 'create_record' : 'match';
      const shown = row.fields ?? (stream === undefined ? {} : decodeFields(row.seen, stream.lines));
      return [
        {
          key: seenKey(operation, { connectionId: row.connection_id, object: row.object, remoteId: row.remote_id }),
          connectionId: row.connection_id,
          object: row.object,
          recordId: row.record_id === null || names.has(row.record_id) ? null : row.record_id,
          remoteId: row.remote_id,
          title: titleOf(engine.mappings.model, row.record_object ?? stream?.mapping.hub ?? row.object, shown),
          operation,
          reason: operation === 'exclude' ? 'the mapping leaves it out' : null,
          fields: {},
        },
      ];
    });
    await addLines(tx, lines);
    const last = rows.at(-1);
    if (last === undefined) return;
    [connection, object, remote] = [last.connection_id, last.object, last.remote_id];
  }
}

type Seen = { readonly connectionId: string; readonly object: string; readonly remoteId: string };
const seenKey = (operation: PlanOperation, { connectionId, object, remoteId }: Seen): string =>
  `${operation}|${connectionId}|${object}|${remoteId}`;

type JournalRow = {
  id: string;
  record_id: string;
  connection_id: string | null;
  remote_id: string | null;
  changed: Readonly<Record<string, ChangedField>>;
  record_object: string;
  fields: Fields;
  object: string | null;
  came: boolean | null;
  began: boolean;
};

/** Values that come into the hub, by the remote record that they come from. */
async function gatherJournal(stage: Stage): Promise<void> {
  const { tx } = stage;
  const sources = new Map(stage.streams.map(({ connection }) => [connection.id, connection.name]));
  for (let after = NOBODY; ; ) {
    const { rows } = await sql<JournalRow>`
      select c.id, c.record_id, c.connection_id, c.remote_id, c.fields as changed, r.object as record_object, r.fields, l.object,
        not s.linked as came, coalesce(l.evidence ->> 'made' = 'record', false) as began
      from change c join record r on r.id = c.record_id
        left join link l on l.record_id = c.record_id and l.connection_id = c.connection_id and l.remote_id = c.remote_id
        left join planned_seen s on s.connection_id = c.connection_id and s.object = l.object and s.remote_id = c.remote_id
      where c.xmin = ${stage.xid}::xid and c.id > ${after} order by c.id limit ${PAGE}`.execute(tx);
    await addLines(
      tx,
      rows.flatMap((row) => journalLine(stage, row, sources)),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function journalLine({ engine, names }: Stage, row: JournalRow, sources: ReadonlyMap<string, string>): readonly DraftLine[] {
  const source = row.connection_id === null ? 'hub' : (sources.get(row.connection_id) ?? null);
  const fields = Object.fromEntries(
    Object.entries(row.changed).map(([name, change]): readonly [string, PlannedField] => [
      name,
      { old: withNames(names, change.old), new: withNames(names, change.new), rule: change.rule ?? null, source },
    ]),
  );
  if (Object.keys(fields).length === 0) return [];
  const operation: PlanOperation = row.came !== true ? 'change_record' : row.began ? 'create_record' : 'match';
  const place = {
    connectionId: row.connection_id ?? 'hub',
    object: row.object ?? row.record_object,
    remoteId: row.remote_id ?? recordKey(names, row.record_id),
  };
  return [
    {
      key: seenKey(operation, place),
      connectionId: row.connection_id,
      object: place.object,
      recordId: names.has(row.record_id) ? null : row.record_id,
      remoteId: row.remote_id,
      title: titleOf(engine.mappings.model, row.record_object, row.fields),
      operation,
      reason: null,
      fields,
    },
  ];
}

type RecordLine = { id: string; object: string; fields: Fields; reason: string | null; into: string | null };

async function gatherArchived(stage: Stage): Promise<void> {
  const { rows } = await sql<RecordLine>`
    select id, object, fields, archived ->> 'reason' as reason, null as into from record where archived_at = now() order by id`.execute(
    stage.tx,
  );
  await addLines(
    stage.tx,
    rows.map((row) => recordLine(stage, row, 'archive_record')),
  );
}

async function gatherMerged(stage: Stage): Promise<void> {
  const { rows } = await sql<RecordLine>`
    select l.id, l.object, l.fields, 'it becomes part of another record' as reason, m.winner_id as into
    from merging m join record l on l.id = m.loser_id where m.xmin = ${stage.xid}::xid order by m.id`.execute(stage.tx);
  await addLines(
    stage.tx,
    rows.map((row) => recordLine(stage, row, 'merge_record')),
  );
}

function recordLine({ engine, names }: Stage, row: RecordLine, operation: PlanOperation): DraftLine {
  const into = row.into === null ? '' : `|${recordKey(names, row.into)}`;
  return {
    key: `${operation}|hub|${row.object}|${recordKey(names, row.id)}${into}`,
    connectionId: null,
    object: row.object,
    recordId: names.has(row.id) ? null : row.id,
    remoteId: null,
    title: titleOf(engine.mappings.model, row.object, row.fields),
    operation,
    reason: row.reason,
    fields: {},
  };
}

type HoldRow = {
  id: string;
  kind: string;
  connection_id: string | null;
  object: string | null;
  remote_id: string | null;
  record_id: string | null;
  record_object: string | null;
  fields: Fields | null;
  seen: Fields | null;
  field: string | null;
  reason: string;
  detail: Readonly<Record<string, FieldValue>>;
};

/** Decisions that would wait for a person. */
export async function gatherHolds(stage: Stage): Promise<void> {
  const { tx } = stage;
  for (let after = NOBODY; ; ) {
    const { rows } = await sql<HoldRow>`
      select h.id, h.kind, h.connection_id, h.object, h.remote_id, h.record_id, r.object as record_object, r.fields, o.fields as seen, h.field, h.reason, h.detail
      from hold h left join record r on r.id = h.record_id
        left join observation o on o.connection_id = h.connection_id and o.object = h.object and o.remote_id = h.remote_id
      where h.opened_at = now() and h.closed_at is null and h.id > ${after} order by h.id limit ${PAGE}`.execute(tx);
    await addLines(
      tx,
      rows.map((row) => holdLine(stage, row)),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function holdLine({ engine, names, streams }: Stage, row: HoldRow): DraftLine {
  const stream = streams.find((one) => one.key === streamKey(row.connection_id ?? '', row.object ?? ''));
  const hubObject = row.record_object ?? stream?.mapping.hub ?? row.object ?? '';
  const target = row.remote_id ?? (row.record_id === null ? '' : recordKey(names, row.record_id));
  const shown = row.fields ?? (row.seen === null || stream === undefined ? {} : decodeFields(row.seen, stream.lines));
  return {
    key: `hold|${row.connection_id ?? 'hub'}|${row.object ?? ''}|${target}|${row.kind}|${row.field ?? ''}`,
    connectionId: row.connection_id,
    object: row.object ?? hubObject,
    recordId: row.record_id === null || names.has(row.record_id) ? null : row.record_id,
    remoteId: row.remote_id,
    title: titleOf(engine.mappings.model, hubObject, shown),
    operation: 'hold',
    reason: row.reason,
    fields: row.field === null ? {} : { [row.field]: heldField(row, (value) => withNames(names, value)) },
  };
}

function heldField({ kind, detail }: HoldRow, named: (value: FieldValue) => FieldValue): PlannedFields[string] {
  return { old: named(detail.remote ?? null), new: named(detail.hub ?? detail.value ?? null), rule: kind, source: null };
}
