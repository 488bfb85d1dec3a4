import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Previewed, PreviewedPlace } from '../../hub/mappings/looks.ts';
import { titleOf } from '../../hub/views/titles.ts';
import type { Engine } from '../engine.ts';
import { compileDraft } from './check-draft.ts';
import { type MappedPlace, placesOf } from './places.ts';
import { previewThere } from './preview-there.ts';
import { previewedPlace, showThere, type TriedMapping } from './previewed-place.ts';
import type { Tried } from './read-there.ts';

/** A record of the hub, or one of a system by its id there. */
export type PreviewOf = { readonly recordId: string } | { readonly connectionId: string; readonly remoteId: string };

/** What a draft makes of a real record, in both directions. Nothing is written, here or there. */
export async function previewDraft(engine: Engine, draft: Tried, of: PreviewOf): Promise<Previewed> {
  const { mapping, problems } = await compileDraft(engine, draft.name, draft.text);
  if (mapping?.kind !== 'entity') return { kind: 'problems', problems };
  const tried = { mapping, signal: draft.signal };
  return 'recordId' in of ? previewHere(engine, tried, of.recordId) : previewThere(engine, tried, of);
}

async function previewHere(engine: Engine, tried: TriedMapping, recordId: string): Promise<Previewed> {
  const { mapping } = tried;
  const record = await engine.hub.selectFrom('record').select(['object', 'fields']).where('id', '=', recordId).executeTakeFirst();
  if (record === undefined || record.object !== mapping.hub) return { kind: 'not_found' };
  const places: PreviewedPlace[] = [];
  for (const place of await placesOf(engine.hub, mapping))
    for (const link of await linksOf(engine, place, recordId)) {
      const { there, unread } = await showThere(engine, tried, { place, link });
      places.push(previewedPlace(mapping, { place, remoteId: link.remoteId, here: record.fields, there, unread }));
    }
  const title = titleOf(engine.mappings.model, mapping.hub, record.fields);
  return { kind: 'previewed', hubObject: mapping.hub, as: { kind: 'linked', recordId, title, reason: null }, places };
}

/** Where a record stands over there, and what was seen of it last. */
type LinkSeen = { readonly remoteId: string | null; readonly fields: Fields };

/** Where a record is on a connection; where it is not yet, as it would be made there. */
async function linksOf({ hub }: Engine, { connection, stream }: MappedPlace, recordId: string): Promise<readonly LinkSeen[]> {
  const { rows } = await sql<LinkSeen>`
    select l.remote_id as "remoteId", coalesce(o.fields, '{}'::jsonb) as fields from link l
    left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id and not o.gone
    where l.record_id = ${recordId} and l.connection_id = ${connection.id} and l.object = ${stream.object} order by l.id limit 5`.execute(
    hub,
  );
  return rows.length === 0 ? [{ remoteId: null, fields: {} }] : rows;
}
