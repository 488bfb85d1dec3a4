import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import { fulfils } from '../../mapping/conditions.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import type { EntityStream } from '../streams.ts';

/** Records of one side that the other has nothing for, although it should: ids over there, and hub records. */
export type Missing = {
  readonly unknown: readonly string[];
  readonly unmade: readonly string[];
  readonly held: number;
  readonly leftOut: number;
};

const AT_ONCE = 1000;

/** Goes through every record of a stream that nothing here stands for, and every hub record that has no place there. */
export async function findMissing(engine: Engine, stream: EntityStream): Promise<Missing> {
  const unknown: string[] = [];
  let leftOut = 0;
  for (let after = ''; ; ) {
    const rows = await unlinked(engine, stream, after);
    for (const row of rows) {
      if (isLeftOut(stream, row.fields)) leftOut += 1;
      else unknown.push(row.remoteId);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) break;
    after = last.remoteId;
  }
  return { unknown, unmade: await unmade(engine, stream), held: await countHeld(engine, stream), leftOut };
}

/** Records over there without a link, a question to a person, or news that is still to be merged. */
async function unlinked(engine: Engine, { connection, stream }: EntityStream, after: string) {
  const { rows } = await sql<{ remoteId: string; fields: Fields }>`
    select o.remote_id as "remoteId", o.fields from observation o
    where o.connection_id = ${connection.id} and o.object = ${stream.object} and not o.gone and not o.dirty and o.remote_id > ${after}
      and not exists (select 1 from link l where l.connection_id = o.connection_id and l.object = o.object and l.remote_id = o.remote_id)
      and not exists (select 1 from hold h where h.connection_id = o.connection_id and h.object = o.object and h.remote_id = o.remote_id and h.closed_at is null)
    order by o.remote_id limit ${AT_ONCE}`.execute(engine.hub);
  return rows;
}

/** Whether the mapping keeps a record out that nothing here stands for. */
function isLeftOut({ mapping, stream, lines }: EntityStream, fields: Fields): boolean {
  if (stream.direction === 'out') return true;
  const { when } = mapping.gates.in;
  if (mapping.optOut !== null && fields[mapping.optOut.remote] === mapping.optOut.is) return true;
  return when !== null && !fulfils(when, decodeFields(fields, lines));
}

/** Hub records in use that have not even a place on a stream where every record should have one. */
async function unmade(engine: Engine, { connection, stream, canCreate }: EntityStream): Promise<readonly string[]> {
  if (!canCreate || !stream.placed) return [];
  const { rows } = await sql<{ id: string }>`
    select r.id from record r
    where r.object = ${stream.hubObject} and r.merged_into is null and r.archived_at is null and not r.dirty
      and not exists (select 1 from link l where l.record_id = r.id and l.connection_id = ${connection.id} and l.object = ${stream.object})
    order by r.id`.execute(engine.hub);
  return rows.map((row) => row.id);
}

async function countHeld(engine: Engine, { connection, stream }: EntityStream): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct coalesce(link_id::text, remote_id))::float8 as n from hold
    where connection_id = ${connection.id} and object = ${stream.object} and closed_at is null`.execute(engine.hub);
  return rows[0]?.n ?? 0;
}
