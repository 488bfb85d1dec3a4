import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { CameOut, Previewed, PreviewedLine, PreviewedPlace } from '../../hub/mappings/looks.ts';
import { fulfils } from '../../mapping/conditions.ts';
import type { EntityMapping, Line, Translated } from '../../mapping/mapping.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import { compileDraft } from './check-draft.ts';
import { type MappedPlace, placesOf } from './places.ts';
import { readThere, type Tried } from './read-there.ts';

/** What a draft makes of a real record, in both directions. Nothing is written, here or there. */
export async function previewDraft(engine: Engine, draft: Tried, recordId: string): Promise<Previewed> {
  const { mapping, problems } = await compileDraft(engine, draft.name, draft.text);
  if (mapping?.kind !== 'entity') return { kind: 'problems', problems };
  const record = await engine.hub.selectFrom('record').select(['object', 'fields']).where('id', '=', recordId).executeTakeFirst();
  if (record === undefined || record.object !== mapping.hub) return { kind: 'not_found' };
  const places: PreviewedPlace[] = [];
  for (const place of await placesOf(engine.hub, mapping))
    for (const link of await linksOf(engine, place, recordId))
      places.push(await previewed(engine, { place, link, mapping, here: record.fields, signal: draft.signal }));
  return { kind: 'previewed', hubObject: mapping.hub, places };
}

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

type Previewing = {
  readonly place: MappedPlace;
  readonly link: LinkSeen;
  readonly mapping: EntityMapping;
  readonly here: Fields;
  readonly signal: AbortSignal;
};

async function previewed(engine: Engine, { place, link, mapping, here, signal }: Previewing): Promise<PreviewedPlace> {
  const shown = new Set((place.stream.schema ?? []).map(({ name }) => name));
  const asked = mapping.lines.map(({ remote }) => remote).filter((name) => shown.has(name));
  const read = link.remoteId === null ? new Map() : await readThere(engine, place, { ids: [link.remoteId], fields: asked, signal });
  const there: Fields = { ...link.fields, ...(typeof read === 'string' ? {} : read.get(link.remoteId ?? '')) };
  return {
    connection: place.connection.name,
    remoteId: link.remoteId,
    covered: {
      in: mapping.gates.in.when === null || fulfils(mapping.gates.in.when, decodeFields(there, mapping.lines)),
      out: mapping.gates.out.when === null || fulfils(mapping.gates.out.when, here),
    },
    unread: typeof read === 'string' ? read : null,
    lines: mapping.lines.map((line) => lineOf(line, here, there)),
  };
}

function lineOf(line: Line, here: Fields, there: Fields): PreviewedLine {
  const { hub, remote, direction, codec } = line;
  const [mine, theirs] = [here[hub] ?? null, there[remote] ?? null];
  const seen = Object.hasOwn(there, remote);
  return {
    ...{ hub, remote, direction, here: mine, there: theirs, seen },
    comesIn: seen && (direction === 'both' || direction === 'in') ? cameOut(codec.decode(theirs)) : null,
    goesOut: direction === 'both' || direction === 'out' ? cameOut(codec.encode(mine)) : null,
  };
}

const cameOut = (made: Translated): CameOut => (made.ok ? { ok: true, value: made.value } : { ok: false, reason: made.reason });
