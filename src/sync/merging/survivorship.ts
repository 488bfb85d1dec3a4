import type { Db } from '../../hub/database.ts';
import { must } from '../../kernel/must.ts';
import type { Line } from '../../mapping/mapping.ts';
import type { Survivorship } from '../../merge/survive.ts';
import type { Engine } from '../engine.ts';

/** The rules by which the values of two records of a hub object are chosen. */
export async function survivorshipOf(engine: Engine, db: Db, hubObject: string): Promise<Survivorship> {
  const connections = await db.selectFrom('connection').select(['id', 'connector']).execute();
  const lines = new Map<string, readonly Line[]>();
  for (const mapping of engine.mappings.byStream.values()) {
    if (mapping.kind !== 'entity' || mapping.hub !== hubObject) continue;
    lines.set(mapping.connector, [...(lines.get(mapping.connector) ?? []), ...mapping.lines]);
  }
  return {
    object: must(engine.mappings.model.get(hubObject), `hub object ${hubObject}`),
    lines,
    connectors: new Map(connections.map((row) => [row.id, row.connector])),
  };
}
