import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import type { LinkState } from '../../hub/stored.ts';
import { must } from '../../kernel/must.ts';
import type { HubObject, MatchRule } from '../../mapping/mapping.ts';
import {
  Book,
  type Door,
  decodeFields,
  digestsOf,
  type Face,
  type Identified,
  recogniseAll,
  ruleKey,
  type Stranger,
} from '../../merge/recognise.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { ruleDigest } from './identities.ts';

/** Finds the hub record of each stranger among those that answer to what it answers to; see `recogniseAll`. */
export async function identify(
  db: Db,
  strangers: readonly Stranger[],
  object: HubObject,
  streams: ReadonlyMap<string, EntityStream>,
  rules: readonly MatchRule[],
): Promise<readonly Identified[]> {
  const faces = strangers.map((stranger): Face => {
    const stream = must(streams.get(streamKey(stranger.connectionId, stranger.object)), 'the stream of a stranger');
    const fields = decodeFields(stranger.fields, stream.lines);
    return {
      stranger,
      door: doorOf(stream),
      fields,
      digests: new Map(rules.map((rule) => [ruleKey(rule), ruleDigest(rule, object, fields)])),
    };
  });
  const book = await readCandidates(db, [...new Set(faces.flatMap(digestsOf))], strangers);
  return recogniseAll(faces, object, { book, newId });
}

const doorOf = ({ key, connection, stream, mapping }: EntityStream): Door => ({
  key,
  system: connection.name,
  match: mapping.match,
  gates: mapping.gates,
  optOut: mapping.optOut,
  makes: stream.direction !== 'out' && mapping.gates.in.creates,
});

/** The records that answer to digests, and those that strangers stood for until they were removed. */
async function readCandidates(db: Db, digests: readonly string[], strangers: readonly Stranger[]): Promise<Book> {
  const book = new Book();
  type Link = { connection_id: string; object: string; id: string; remote_id: string | null; state: LinkState; formerly: string | null };
  const { rows } = await sql<{ digest: string | null; id: string; fields: Fields; archived: boolean; links: Link[] | null }>`
    with found (digest, record_id) as (
      select digest, record_id from identity where digest = any(${digests}::uuid[])
      union all
      select null, l.record_id from link l
        join unnest(${strangers.map((one) => one.connectionId)}::uuid[], ${strangers.map((one) => one.object)}::text[], ${strangers.map((one) => one.remoteId)}::text[])
          as s (connection_id, object, remote_id) on l.connection_id = s.connection_id and l.object = s.object and l.evidence ->> 'formerly' = s.remote_id
        where l.remote_id is null and l.evidence ? 'formerly')
    select f.digest, r.id, r.fields, r.archived_at is not null as archived, (
      select jsonb_agg(jsonb_build_object('connection_id', l.connection_id, 'object', l.object, 'id', l.id, 'remote_id', l.remote_id,
        'state', case when l.state = 'gone' and o.gone = false then 'in_sync' else l.state end,
        'formerly', case when l.remote_id is null then l.evidence ->> 'formerly' end))
      from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
      where l.record_id = r.id) as links
    from found f join record r on r.id = f.record_id
    where r.merged_into is null`.execute(db);
  for (const row of rows) {
    const links = new Map(
      (row.links ?? []).map((link) => [
        streamKey(link.connection_id, link.object),
        { id: link.id, remoteId: link.remote_id, state: link.state, formerly: link.formerly ?? undefined },
      ]),
    );
    book.add({ recordId: row.id, fields: row.fields, isArchived: row.archived, links }, row.digest === null ? [] : [row.digest]);
  }
  return book;
}
