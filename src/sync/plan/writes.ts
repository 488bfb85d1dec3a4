import { sql } from 'kysely';
import type { Fields, Write } from '../../contract/records.ts';
import type { PlannedField, PlannedFields } from '../../hub/plans/plans.ts';
import type { Stamps } from '../../hub/stored.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { stampOf } from '../../merge/link-draft.ts';
import { sameValue } from '../../merge/same.ts';
import { ruleInWords } from '../../merge/settle.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { addLines, type DraftLine } from './lines.ts';
import { isYetToBe, type Names, nameIn, recordKey, withNames } from './names.ts';
import type { Stage } from './stage.ts';

const PAGE = 500;

type Row = {
  id: string;
  connection_id: string;
  object: string;
  remote_id: string;
  verb: Write['verb'];
  before: Fields;
  after: Fields;
  record_id: string;
  record_object: string;
  fields: Fields;
  stamps: Stamps;
  reason: string | null;
};

/** Turns the writes that were carried out in thought into lines. */
export async function gatherWrites(stage: Stage): Promise<void> {
  const streams = new Map(stage.streams.map((stream) => [stream.key, stream]));
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<Row>`
      select d.id, d.connection_id, d.object, d.remote_id, d.verb, d.before, d.after, d.record_id, r.object as record_object, r.fields, r.stamps,
        case d.verb when 'delete' then l.reason end as reason
      from delivery d join record r on r.id = d.record_id join link l on l.id = d.link_id where d.at = now() and d.id > ${after} order by d.id limit ${PAGE}`.execute(
      stage.tx,
    );
    await addLines(
      stage.tx,
      rows.map((row) => lineOf(stage, row, streams.get(streamKey(row.connection_id, row.object)))),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** What tells a write apart. One to a record that is only made by the plan belongs to its making. */
export function writeKey(
  place: { connectionId: string; object: string },
  write: { verb: Write['verb']; remoteId: string | null; record: string },
): string {
  const [verb, target] =
    write.remoteId === null || isYetToBe(write.remoteId)
      ? ['create', write.record]
      : [write.verb === 'create' ? 'create' : write.verb, write.remoteId];
  return `${verb}|${place.connectionId}|${place.object}|${target}`;
}

function lineOf({ engine, names, streams }: Stage, row: Row, stream: EntityStream | undefined): DraftLine {
  const making = row.verb === 'create' || isYetToBe(row.remote_id);
  const isFresh = names.has(row.record_id);
  const key = writeKey(
    { connectionId: row.connection_id, object: row.object },
    {
      verb: row.verb,
      remoteId: making ? null : row.remote_id,
      record: making && row.verb !== 'create' ? nameKey(row.remote_id) : recordKey(names, row.record_id),
    },
  );
  return {
    key,
    connectionId: row.connection_id,
    object: row.object,
    recordId: isFresh ? null : row.record_id,
    remoteId: making ? null : row.remote_id,
    title: titleOf(engine.mappings.model, row.record_object, row.fields),
    operation: making ? 'create' : row.verb,
    reason: row.reason,
    fields: fieldsOf(row, { names, making, stream, sources: sourcesOf(streams) }),
  };
}

/** The record that a remote record which is yet to be made stands for, as recordKey tells it. */
function nameKey(remoteId: string): string {
  const name = nameIn(remoteId);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name) ? name : remoteId;
}

const sourcesOf = (streams: readonly EntityStream[]): ReadonlyMap<string, string> =>
  new Map(streams.map(({ connection }) => [connection.id, connection.name]));

type Around = {
  readonly names: Names;
  readonly making: boolean;
  readonly stream: EntityStream | undefined;
  readonly sources: ReadonlyMap<string, string>;
};

function fieldsOf(row: Row, { names, making, stream, sources }: Around): PlannedFields {
  const lines = new Map((stream?.lines ?? []).map((line) => [line.hub, line]));
  const touched = row.verb === 'delete' ? Object.keys(row.before) : Object.keys(row.after);
  return Object.fromEntries(
    touched.flatMap((name): readonly (readonly [string, PlannedField])[] => {
      const [, by] = stampOf(row.stamps, name);
      const field: PlannedField = {
        old: withNames(names, row.before[name] ?? null),
        new: withNames(names, row.after[name] ?? null),
        rule: making ? null : ruleOf(lines.get(name)),
        source: sources.get(by) ?? by,
      };
      return sameValue(field.old, field.new) ? [] : [[name, field]];
    }),
  );
}

const ruleOf = (line: EntityStream['lines'][number] | undefined): string | null => (line === undefined ? null : ruleInWords(line.rule));
