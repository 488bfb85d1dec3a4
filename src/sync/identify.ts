import { sql } from 'kysely';
import type { Fields } from '../contract/records.ts';
import type { Db } from '../hub/database.ts';
import { newId } from '../hub/ids.ts';
import type { LinkState } from '../hub/stored.ts';
import { must } from '../kernel/must.ts';
import type { HubObject, MatchRule } from '../mapping/mapping.ts';
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
} from '../merge/recognise.ts';
import { ruleDigest } from './identities.ts';
import { type EntityStream, streamKey } from './streams.ts';

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
  const book = await readCandidates(db, [...new Set(faces.flatMap(digestsOf))]);
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

async function readCandidates(db: Db, digests: readonly string[]): Promise<Book> {
  const book = new Book();
  if (digests.length === 0) return book;
  type Link = { connection_id: string; object: string; id: string; remote_id: string | null; state: LinkState };
  const { rows } = await sql<{ digest: string; id: string; fields: Fields; archived: boolean; links: Link[] | null }>`
    select i.digest, r.id, r.fields, r.archived_at is not null as archived, (
      select jsonb_agg(jsonb_build_object('connection_id', l.connection_id, 'object', l.object, 'id', l.id, 'remote_id', l.remote_id,
        'state', case when l.state = 'gone' and o.gone = false then 'in_sync' else l.state end))
      from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
      where l.record_id = r.id) as links
    from identity i join record r on r.id = i.record_id
    where i.digest = any(${digests}::uuid[]) and r.merged_into is null`.execute(db);
  for (const row of rows) {
    const links = new Map(
      (row.links ?? []).map((link) => [
        streamKey(link.connection_id, link.object),
        { id: link.id, remoteId: link.remote_id, state: link.state },
      ]),
    );
    book.add({ recordId: row.id, fields: row.fields, isArchived: row.archived, links }, [row.digest]);
  }
  return book;
}
