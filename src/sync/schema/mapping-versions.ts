import { sql } from 'kysely';
import type { Hub } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import type { Mapping, Mappings } from '../../mapping/mappings.ts';
import { documentOf } from '../../mapping/version.ts';
import type { Engine } from '../engine.ts';

const hashes = new WeakMap<Mapping, string>();
const noted = new WeakMap<Hub, WeakSet<Mappings>>();

/** The version of a mapping: the same for mappings that do the same. */
export function mappingHash(mapping: Mapping): string {
  const hash = hashes.get(mapping) ?? digestOf(documentOf(mapping));
  hashes.set(mapping, hash);
  return hash;
}

/** Keeps what the mappings of an engine say, so that a journal line can tell under which it was written, long after they have changed. */
export async function noteMappings({ hub, mappings }: Engine): Promise<void> {
  const done = noted.get(hub) ?? new WeakSet();
  if (done.has(mappings)) return;
  const all = [...mappings.byStream.values()];
  await sql`
    insert into mapping_version (hash, connector, object, document)
    select distinct on (m.hash) m.hash, m.connector, m.object, m.document::jsonb
    from unnest(${all.map(mappingHash)}::text[], ${all.map((m) => m.connector)}::text[], ${all.map((m) => m.object)}::text[],
      ${all.map((m) => JSON.stringify(documentOf(m)))}::text[]) as m (hash, connector, object, document)
    on conflict (hash) do nothing`.execute(hub);
  noted.set(hub, done.add(mappings));
}
