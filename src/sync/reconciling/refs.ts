import { sql } from 'kysely';
import { BY_EVIDENCE } from '../../contract/evidence.ts';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';
import { isUnfollowedMerge } from '../../hub/records/aliases.ts';
import type { LinkState, StoredBase } from '../../hub/stored.ts';
import type { Codec, Line, Translated } from '../../mapping/mapping.ts';
import { readBase } from '../../merge/stored-base.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { type Evidence, personsByEvidence } from './evidence-refs.ts';

/** Where references lead, both ways; which of the missing ones are on their way, and which are gone for good. */
export type Refs = {
  record(connectionId: string, object: string, remoteId: string): string | undefined;
  remote(connectionId: string, object: string, recordId: string): { id: string | null; pending: boolean; gone: boolean } | undefined;
};

/** The lines of a stream that hold references, with the connector's object that they lead to. */
export const refsOf = (stream: EntityStream): readonly { line: Line; object: string }[] =>
  stream.lines.flatMap((line) => {
    const object = line.ref === null ? undefined : stream.traits.refs?.[line.remote];
    return object === undefined ? [] : [{ line, object }];
  });

/** What a reference leads to, and what it is called where it is one of several: `<id>` or `<id>#<label>`. */
type Token = { readonly id: string; readonly label: string };

function tokenOf(text: string): Token {
  const at = text.indexOf('#');
  return at < 0 ? { id: text, label: '' } : { id: text.slice(0, at), label: text.slice(at) };
}

const idsIn = (value: FieldValue | undefined): readonly string[] => {
  if (typeof value === 'string') return value === '' ? [] : [tokenOf(value).id];
  return Array.isArray(value) ? value.map((item: string) => tokenOf(item).id) : [];
};

type Linked = {
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string | null;
  readonly recordId: string;
  readonly expected: Fields | null;
  readonly seen: Fields | null;
  readonly sent: Fields | null;
  readonly base: StoredBase;
};

/** Resolves all references of some links in two queries. Ids that led to a record before a merge over there still do. */
export async function readRefs(
  db: Db,
  streams: ReadonlyMap<string, EntityStream>,
  forest: { links: readonly Linked[]; records: ReadonlyMap<string, { readonly fields: Fields }> },
): Promise<Refs> {
  const remotes = new Map<string, { connectionId: string; object: string; id: string }>();
  const evidence: Evidence[] = [];
  const records = new Set<string>();
  for (const link of forest.links) {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    if (stream === undefined) continue;
    for (const { line, object } of refsOf(stream)) {
      for (const id of idsIn(link.expected?.[line.remote] ?? link.seen?.[line.remote]))
        if (object === BY_EVIDENCE) evidence.push({ connectionId: link.connectionId, token: id, hubObject: line.ref ?? '' });
        else remotes.set(`${link.connectionId}|${object}|${id}`, { connectionId: link.connectionId, object, id });
      const agreed = readBase(link.base, line.hub)?.hub;
      for (const value of [forest.records.get(link.recordId)?.fields[line.hub], link.sent?.[line.hub], agreed])
        for (const id of idsIn(value)) records.add(id);
    }
  }
  const byRemote = await linksOfRemotes(db, [...remotes.values()]);
  for (const row of byRemote) records.add(row.record_id);
  const byRecord = await linksOfRecords(db, [...records]);
  const persons = await personsByEvidence(db, evidence);
  const toRecord = new Map([
    ...byRemote.map((row) => [`${row.connection_id}|${row.object}|${row.remote_id}`, row.record_id] as const),
    ...persons,
  ]);
  const toRemote = new Map(byRecord.map((row) => [`${row.connection_id}|${row.object}|${row.record_id}`, row]));
  return {
    record: (connectionId, object, remoteId) => toRecord.get(`${connectionId}|${object}|${remoteId}`),
    remote: (connectionId, object, recordId) => {
      const row = toRemote.get(`${connectionId}|${object}|${recordId}`);
      if (row === undefined) return undefined;
      const pending = row.remote_id === null && !row.elsewhere && (row.state === 'in_sync' || row.state === 'waiting');
      const gone = row.state === 'gone' || row.gone;
      return { id: gone ? null : row.remote_id, pending, gone };
    },
  };
}

/**
 * `gone`: it was last seen to be gone, whether or not anybody has dealt with that. `elsewhere`: its system has the record as another of its
 * objects, so that nothing is about to be made.
 */
type Row = {
  connection_id: string;
  object: string;
  remote_id: string | null;
  record_id: string;
  state: LinkState;
  gone: boolean;
  elsewhere: boolean;
};

/** `remote_id` is the id that was asked for, also where it leads to another one by now. */
async function linksOfRemotes(
  db: Db,
  wanted: readonly { connectionId: string; object: string; id: string }[],
): Promise<readonly Pick<Row, 'connection_id' | 'object' | 'remote_id' | 'record_id'>[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<Pick<Row, 'connection_id' | 'object' | 'remote_id' | 'record_id'>>`
    select w.connection_id, w.object, w.remote_id, coalesce(r.merged_into, r.id) as record_id
    from unnest(${wanted.map((w) => w.connectionId)}::uuid[], ${wanted.map((w) => w.object)}::text[], ${wanted.map((w) => w.id)}::text[]) as w (connection_id, object, remote_id)
    left join alias a on a.connection_id = w.connection_id and a.object = w.object and a.alias_id = w.remote_id
    join link l on l.connection_id = w.connection_id and l.object = coalesce(a.into_object, w.object) and l.remote_id = coalesce(a.remote_id, w.remote_id)
    join record r on r.id = l.record_id`.execute(db);
  return rows;
}

async function linksOfRecords(db: Db, recordIds: readonly string[]): Promise<readonly Row[]> {
  if (recordIds.length === 0) return [];
  const { rows } = await sql<Row>`
    select l.connection_id, l.object, l.remote_id, l.record_id, l.state, coalesce(o.gone, false) and not exists (select 1 from alias a where ${isUnfollowedMerge}) as gone,
      exists (select 1 from link x where x.record_id = l.record_id and x.connection_id = l.connection_id and x.object <> l.object and x.remote_id is not null) as elsewhere
    from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.record_id = any(${recordIds}::uuid[])`.execute(db);
  return rows;
}

const remoteKey = (connectionId: string, object: string, remoteId: string): string => `remote:${connectionId}:${object}:${remoteId}`;
const recordKey = (connectionId: string, object: string, recordId: string): string => `record:${connectionId}:${object}:${recordId}`;

/** A reference, or a list of them, as a codec: remote ids to record ids and back, or what they wait for. Labels stay as they are. */
export function refCodec(connectionId: string, object: string, refs: Refs): Codec {
  const decodeOne = (text: string): Translated => {
    const { id, label } = tokenOf(text);
    const recordId = refs.record(connectionId, object, id);
    const what = object === BY_EVIDENCE ? 'whom its response or e-mail address leads to' : `the ${object} ${id}`;
    return recordId === undefined
      ? { ok: false, reason: `${what} is not known yet`, waits: remoteKey(connectionId, object, id) }
      : { ok: true, value: recordId + label };
  };
  const encodeOne = (text: string): Translated => {
    const { id, label } = tokenOf(text);
    const remote = refs.remote(connectionId, object, id);
    return remote?.id != null
      ? { ok: true, value: remote.id + label }
      : { ok: false, reason: `the ${object} is not there yet`, waits: recordKey(connectionId, object, id) };
  };
  return { decode: (remote) => each(remote, decodeOne), encode: (hub) => each(hub, encodeOne) };
}

/** Translates a reference, or each of a list: the list waits as long as one of them has to. */
function each(value: FieldValue, one: (text: string) => Translated): Translated {
  if (value === null || value === '') return { ok: true, value: null };
  if (!Array.isArray(value)) return one(String(value));
  const translated = (value as readonly string[]).map(one);
  const missing = translated.find((item) => !item.ok);
  if (missing !== undefined) return missing;
  const items = translated.flatMap((item) => (item.ok ? [String(item.value)] : [])).sort();
  return { ok: true, value: items.length === 0 ? null : items };
}

/** Whether a reference waits for a record that is about to be made over there. */
export function isPending(key: string, refs: Refs): boolean {
  const [kind, connectionId = '', object = '', recordId = ''] = key.split(':');
  return kind === 'record' && refs.remote(connectionId, object, recordId)?.pending === true;
}
