import { sql } from 'kysely';
import type { Observation } from '../../contract/records.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import type { Db } from '../../hub/database.ts';
import type { Mapping, Mappings } from '../../mapping/mappings.ts';
import { type Engine, mappingOf } from '../engine.ts';
import type { Work } from '../work.ts';

/** The objects of a connector that are parts of this one: records of theirs are none of its own. */
function partsOf({ byStream }: Mappings, { connector, object }: Pick<Mapping, 'connector' | 'object'>): readonly string[] {
  return [...byStream.values()].flatMap((mapping) =>
    mapping.kind === 'entity' && mapping.connector === connector && mapping.of === object ? [mapping.object] : [],
  );
}

/** What was seen without the records that the hub has made there as parts: they would come in as if people had made them, and go round. */
export async function withoutOurs(db: Db, engine: Engine, work: Work, seen: readonly Observation[]): Promise<readonly Observation[]> {
  const parts = partsOf(engine.mappings, work.mapping);
  if (parts.length === 0 || seen.length === 0) return seen;
  const { rows } = await sql<{ id: string }>`
    select remote_id as id from link where connection_id = ${work.connection.id} and object = any(${parts}::text[]) and remote_id = any(${seen.map(({ id }) => id)}::text[])`.execute(
    db,
  );
  const ours = new Set(rows.map(({ id }) => id));
  return ours.size === 0 ? seen : seen.filter(({ id }) => !ours.has(id));
}

/** Without the objects of which a part has creates that nobody knows the outcome of: what they have made would be taken for somebody else's. */
export function exceptBeside(engine: Engine, works: readonly Work[], waiting: readonly Work[]): readonly Work[] {
  const beside = new Set(waiting.flatMap(({ connection, stream }) => partOf(engine, connection, stream.object) ?? []));
  return works.filter(({ stream }) => !beside.has(stream.object));
}

function partOf(engine: Engine, connection: Connection, object: string): string | undefined {
  const mapping = mappingOf(engine, connection, object);
  return mapping?.kind === 'entity' ? mapping.of : undefined;
}
