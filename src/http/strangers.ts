import { sql } from 'kysely';
import type { Fields } from '../contract/records.ts';
import type { HoldView } from '../hub/views/holds.ts';
import { titleOf } from '../hub/views/titles.ts';
import { mappingFor } from '../mapping/mappings.ts';
import type { AppParts } from './parts.ts';
import { modelBehind, type Veil } from './security/veil.ts';

/** Somebody over there who is nobody's yet, in the hub's words, as last seen and without what is veiled. */
export type Stranger = { readonly object: string; readonly title: string; readonly fields: Fields };

type Row = { readonly id: string; readonly connector: string; readonly name: string; readonly object: string; readonly fields: Fields };

/** Whom the open decisions about strangers are about, by decision: nobody can tell by an id alone who somebody is. */
export async function strangersOf(
  { hub, mappings }: Pick<AppParts, 'hub' | 'mappings'>,
  veil: Veil,
  holds: readonly HoldView[],
): Promise<ReadonlyMap<string, Stranger>> {
  const asked = holds.filter(({ kind, closedAt }) => kind === 'ambiguous' && closedAt === null).map(({ id }) => id);
  if (asked.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select h.id, c.connector, c.name, o.object, o.fields from hold h join connection c on c.id = h.connection_id
      join observation o on o.connection_id = h.connection_id and o.object = h.object and o.remote_id = h.remote_id
    where h.id = any(${asked}::uuid[])`.execute(hub);
  const all = mappings();
  const model = modelBehind(veil, all.model);
  return new Map(
    rows.flatMap((row): readonly (readonly [string, Stranger])[] => {
      const mapping = mappingFor(all, row, row.object);
      if (mapping?.kind !== 'entity') return [];
      const hidden = veil(mapping.hub);
      const shown = mapping.lines.filter(({ hub: name, ref }) => ref === null && !hidden.has(name));
      const fields = Object.fromEntries(
        shown.flatMap((line) => {
          const decoded = line.codec.decode(row.fields[line.remote] ?? null);
          return decoded.ok && decoded.value !== null ? [[line.hub, decoded.value] as const] : [];
        }),
      );
      return [[row.id, { object: mapping.hub, title: titleOf(model, mapping.hub, fields), fields }]];
    }),
  );
}
