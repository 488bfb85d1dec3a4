import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { FoundThere, RecordsThere } from '../../hub/mappings/looks.ts';
import { titleOf } from '../../hub/views/titles.ts';
import type { EntityMapping } from '../../mapping/mapping.ts';
import { decodeFields } from '../../merge/recognise.ts';
import type { Engine } from '../engine.ts';
import { compileDraft } from './check-draft.ts';
import { type MappedPlace, placesOf } from './places.ts';
import { readThere, type Tried } from './read-there.ts';

const MOST = 8;
/** How many records of a system are looked through for a text; one that is named by its id is found among any number. */
const LOOKED_THROUGH = 50_000;

/** Records of the systems that a mapping is about: those that hold a text, and the one whose id it is, also where the hub has never seen that. */
export async function findThere(engine: Engine, draft: Tried, search: string): Promise<RecordsThere> {
  const { mapping, problems } = await compileDraft(engine, draft.name, draft.text);
  if (mapping?.kind !== 'entity') return { kind: 'problems', problems };
  const items: FoundThere[] = [];
  for (const place of await placesOf(engine.hub, mapping)) {
    const seen = await seenThere(engine, place, search);
    const isKnown = seen.some(({ remoteId }) => remoteId === search);
    const asked = isKnown || !couldBeId(search) ? [] : await asId(engine, { place, mapping, id: search, signal: draft.signal });
    items.push(...[...asked, ...seen].map((row) => foundAt(engine, { place, mapping }, row)));
  }
  return { kind: 'found', items: items.slice(0, MOST) };
}

type Row = { readonly remoteId: string; readonly fields: Fields; readonly recordId: string | null };

async function seenThere({ hub }: Engine, { connection, stream }: MappedPlace, search: string): Promise<readonly Row[]> {
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<Row>`
    with mine as not materialized (
      select remote_id, fields from observation where connection_id = ${connection.id} and object = ${stream.object} and not gone),
    named as (select remote_id, fields from mine where remote_id = ${search}),
    holding as (
      select remote_id, fields from (select remote_id, fields from mine limit ${LOOKED_THROUGH}) looked
      where remote_id <> ${search} and exists (select from jsonb_each_text(fields) as f where f.value ilike ${like}) limit ${MOST})
    select o.remote_id as "remoteId", o.fields, l.record_id as "recordId" from (table named union all table holding) o
    left join link l on l.connection_id = ${connection.id} and l.object = ${stream.object} and l.remote_id = o.remote_id limit ${MOST}`.execute(
    hub,
  );
  return rows;
}

// An e-mail address or a name is no id anywhere, and some vendors refuse to be asked for one.
const couldBeId = (text: string): boolean => /^[\w.:-]{1,200}$/.test(text);

type Asking = { readonly place: MappedPlace; readonly mapping: EntityMapping; readonly id: string; readonly signal: AbortSignal };

async function asId(engine: Engine, { place, mapping, id, signal }: Asking): Promise<readonly Row[]> {
  const shown = new Set((place.stream.schema ?? []).map(({ name }) => name));
  const fields = mapping.lines.map(({ remote }) => remote).filter((name) => shown.has(name));
  const read = await readThere(engine, place, { ids: [id], fields, signal });
  const found = typeof read === 'string' ? undefined : read.get(id);
  return found === undefined ? [] : [{ remoteId: id, fields: found, recordId: null }];
}

function foundAt(engine: Engine, { place, mapping }: Pick<Asking, 'place' | 'mapping'>, { remoteId, fields, recordId }: Row): FoundThere {
  const { id: connectionId, name: connection } = place.connection;
  return {
    connectionId,
    connection,
    remoteId,
    recordId,
    title: titleOf(engine.mappings.model, mapping.hub, decodeFields(fields, mapping.lines)),
  };
}
