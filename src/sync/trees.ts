import { sql } from 'kysely';
import type { Fields, FieldValue } from '../contract/records.ts';
import type { Db } from '../hub/database.ts';
import { digestOf } from '../hub/ids.ts';
import type { LinkState, Stamps, StoredBase } from '../hub/tables.ts';
import { groupBy } from '../kernel/lists.ts';
import type { Codec, Line } from '../mapping/mapping.ts';
import { type LinkPlan, type PlannedHold, planRecord, type RecordPlan } from '../merge/merge-record.ts';
import type { LinkTree } from '../merge/record-tree.ts';
import { type EntityStream, streamKey } from './streams.ts';

export type RecordRow = { readonly id: string; readonly fields: Fields; readonly stamps: Stamps; readonly fresh: boolean };
export type LinkRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly remoteId: string | null;
  readonly recordId: string;
  readonly base: StoredBase;
  readonly sent: Fields | null;
  readonly expected: Fields | null;
  readonly state: LinkState;
  readonly reason: string | null;
  readonly due: boolean;
  /** The digest of the write that is not tried again by itself. */
  readonly givenUp: string | null;
  readonly waitsFor: readonly string[];
  readonly seen: Fields | null;
  readonly changedAt: string | null;
  readonly gone: boolean;
  /** The run that saw what the remote shows, and who had changed it there. */
  readonly runId: string | null;
  readonly changedBy: string | null;
  readonly evidence: unknown;
};
export type HoldRow = {
  readonly id: string;
  readonly linkId: string;
  readonly kind: string;
  readonly field: string | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Everything about some records that the merge looks at, loaded in a handful of queries. */
export type Forest = {
  readonly records: ReadonlyMap<string, RecordRow>;
  readonly links: readonly LinkRow[];
  readonly holds: ReadonlyMap<string, readonly HoldRow[]>;
  readonly refs: Refs;
};

type LinkQueryRow = {
  id: string;
  connection_id: string;
  object: string;
  remote_id: string | null;
  record_id: string;
  base: StoredBase;
  sent: Fields | null;
  expected: Fields | null;
  state: LinkState;
  reason: string | null;
  due: boolean;
  given_up: string | null;
  waits_for: string[];
  evidence: unknown;
  seen: Fields | null;
  changed_at: Date | null;
  gone: boolean | null;
  run_id: string | null;
  changed_by: string | null;
};

/** All links of some records, with what their remotes showed last. */
export async function readLinks(db: Db, recordIds: readonly string[]): Promise<LinkRow[]> {
  const { rows } = await sql<LinkQueryRow>`
    select l.id, l.connection_id, l.object, l.remote_id, l.record_id, l.base, l.sent, l.expected, l.state, l.reason, l.due, l.given_up, l.waits_for, l.evidence,
      o.fields as seen, o.changed_at, o.gone, o.run_id, o.changed_by
    from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.record_id = any(${recordIds}::uuid[])`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    connectionId: row.connection_id,
    object: row.object,
    remoteId: row.remote_id,
    recordId: row.record_id,
    base: row.base,
    sent: row.sent,
    expected: row.expected,
    state: row.state,
    reason: row.reason,
    due: row.due,
    givenUp: row.given_up,
    waitsFor: row.waits_for,
    evidence: row.evidence,
    seen: row.gone === true ? null : row.seen,
    changedAt: row.changed_at?.toISOString() ?? null,
    gone: row.gone ?? false,
    runId: row.run_id,
    changedBy: row.changed_by,
  }));
}

/** Open holds of some links, by link. */
export async function readHolds(db: Db, linkIds: readonly string[]): Promise<ReadonlyMap<string, readonly HoldRow[]>> {
  const { rows } = await sql<HoldRow>`
    select id, link_id as "linkId", kind, field, reason, detail from hold where link_id = any(${linkIds}::uuid[]) and closed_at is null`.execute(
    db,
  );
  return groupBy(rows, (row) => row.linkId);
}

/** Where references lead, both ways; and which of the missing ones are on their way. */
export type Refs = {
  record(connectionId: string, object: string, remoteId: string): string | undefined;
  remote(connectionId: string, object: string, recordId: string): { id: string | null; pending: boolean } | undefined;
};

const refsOf = (stream: EntityStream): readonly { line: Line; object: string }[] =>
  stream.lines.flatMap((line) => {
    const object = line.ref === null ? undefined : stream.traits.refs?.[line.remote];
    return object === undefined ? [] : [{ line, object }];
  });

/** Resolves all references of some links in two queries. */
export async function readRefs(
  db: Db,
  streams: ReadonlyMap<string, EntityStream>,
  forest: { links: readonly LinkRow[]; records: ReadonlyMap<string, RecordRow> },
): Promise<Refs> {
  const remotes = new Map<string, { connectionId: string; object: string; id: string }>();
  const records = new Set<string>();
  for (const link of forest.links) {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    if (stream === undefined) continue;
    for (const { line, object } of refsOf(stream)) {
      const shown = link.expected?.[line.remote] ?? link.seen?.[line.remote];
      if (typeof shown === 'string')
        remotes.set(`${link.connectionId}|${object}|${shown}`, { connectionId: link.connectionId, object, id: shown });
      for (const value of [forest.records.get(link.recordId)?.fields[line.hub], link.sent?.[line.hub]])
        if (typeof value === 'string') records.add(value);
    }
  }
  type Row = { connection_id: string; object: string; remote_id: string | null; record_id: string; state: LinkState };
  const wanted = [...remotes.values()];
  const byRemote =
    wanted.length === 0
      ? []
      : (
          await sql<Row>`
    select l.connection_id, l.object, l.remote_id, l.record_id, l.state from link l
    join unnest(${wanted.map((w) => w.connectionId)}::uuid[], ${wanted.map((w) => w.object)}::text[], ${wanted.map((w) => w.id)}::text[]) as w (connection_id, object, remote_id)
      on l.connection_id = w.connection_id and l.object = w.object and l.remote_id = w.remote_id`.execute(db)
        ).rows;
  for (const row of byRemote) records.add(row.record_id);
  const byRecord =
    records.size === 0
      ? []
      : (
          await sql<Row>`
    select connection_id, object, remote_id, record_id, state from link where record_id = any(${[...records]}::uuid[])`.execute(db)
        ).rows;
  const toRecord = new Map(byRemote.map((row) => [`${row.connection_id}|${row.object}|${row.remote_id}`, row.record_id]));
  const toRemote = new Map(byRecord.map((row) => [`${row.connection_id}|${row.object}|${row.record_id}`, row]));
  return {
    record: (connectionId, object, remoteId) => toRecord.get(`${connectionId}|${object}|${remoteId}`),
    remote: (connectionId, object, recordId) => {
      const row = toRemote.get(`${connectionId}|${object}|${recordId}`);
      return row === undefined
        ? undefined
        : {
            id: row.state === 'gone' ? null : row.remote_id,
            pending: row.remote_id === null && (row.state === 'in_sync' || row.state === 'waiting'),
          };
    },
  };
}

const remoteKey = (connectionId: string, object: string, remoteId: string): string => `remote:${connectionId}:${object}:${remoteId}`;
const recordKey = (connectionId: string, object: string, recordId: string): string => `record:${connectionId}:${object}:${recordId}`;

/** A reference as a codec: remote id to record id and back, or what it waits for. */
function refCodec(connectionId: string, object: string, refs: Refs): Codec {
  return {
    decode: (remote) => {
      if (remote === null || remote === '') return { ok: true, value: null };
      const recordId = refs.record(connectionId, object, String(remote));
      return recordId === undefined
        ? { ok: false, reason: `the ${object} ${String(remote)} is not known yet`, waits: remoteKey(connectionId, object, String(remote)) }
        : { ok: true, value: recordId };
    },
    encode: (hub) => {
      if (hub === null) return { ok: true, value: null };
      const remote = refs.remote(connectionId, object, String(hub));
      return remote?.id != null
        ? { ok: true, value: remote.id }
        : { ok: false, reason: `the ${object} is not there yet`, waits: recordKey(connectionId, object, String(hub)) };
    },
  };
}

export type PlannedRecord = {
  readonly plan: RecordPlan;
  readonly links: ReadonlyMap<string, LinkPlan & { readonly due: boolean; readonly blocked: boolean; readonly givenUp: boolean }>;
};

/** Plans a record with the links that take part now. Links of streams that are off, and of records that are gone, stand aside. */
export function planTree(
  record: RecordRow,
  links: readonly LinkRow[],
  forest: Pick<Forest, 'holds' | 'refs'>,
  streams: ReadonlyMap<string, EntityStream>,
): PlannedRecord {
  const trees = links.flatMap((link) => {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    return stream === undefined || link.state === 'gone' || link.state === 'excluded' || link.gone ? [] : [treeOf(link, stream, forest)];
  });
  const plan = planRecord({ recordId: record.id, fields: record.fields, stamps: record.stamps, links: trees });
  const byId = new Map(links.map((link) => [link.id, link]));
  const planned = plan.links.map((linkPlan) => {
    const link = byId.get(linkPlan.linkId);
    const creating = link?.remoteId === null;
    const pendingParent = creating && linkPlan.waits.some((key) => isPending(key, forest.refs));
    const refused = (forest.holds.get(linkPlan.linkId) ?? []).find(
      (hold) => hold.kind === 'refused_record' && hold.detail.digest === digestOf(linkPlan.push),
    );
    const again: readonly PlannedHold[] =
      refused === undefined
        ? []
        : [{ kind: 'refused_record', field: null, reason: refused.reason, detail: { digest: String(refused.detail.digest) } }];
    const holds = [...linkPlan.holds, ...again];
    const blocked = pendingParent || holds.some((hold) => hold.kind === 'refused_record');
    const lacks = !blocked && Object.keys(linkPlan.push).length > 0;
    const givenUp = lacks && link?.givenUp != null && link.givenUp === digestOf(linkPlan.push);
    return [linkPlan.linkId, { ...linkPlan, holds, blocked, givenUp, due: lacks && !givenUp }] as const;
  });
  return { plan, links: new Map(planned) };
}

function isPending(key: string, refs: Refs): boolean {
  const [kind, connectionId = '', object = '', recordId = ''] = key.split(':');
  return kind === 'record' && refs.remote(connectionId, object, recordId)?.pending === true;
}

/** What was noted as sent, in the remote's words again; a field that can no longer be translated is left out. */
export function encodeSent(link: LinkRow, stream: EntityStream, refs: Refs): Fields {
  const tree = treeOf(link, stream, { holds: new Map(), refs });
  return Object.fromEntries(
    tree.lines.flatMap((line) => {
      const value = link.sent?.[line.hub];
      const encoded = value === undefined ? undefined : line.codec.encode(value);
      return encoded?.ok === true && encoded.value !== null ? [[line.remote, encoded.value] as const] : [];
    }),
  );
}

export function treeOf(link: LinkRow, stream: EntityStream, forest: Pick<Forest, 'holds' | 'refs'>): LinkTree {
  const holds = forest.holds.get(link.id) ?? [];
  const objects = new Map(refsOf(stream).map(({ line, object }) => [line.hub, object]));
  return {
    linkId: link.id,
    connectionId: link.connectionId,
    connector: stream.connection.connector,
    system: stream.connection.name,
    remoteId: link.remoteId,
    isOurs: (link.evidence as { readonly made?: string } | null)?.made === 'remote',
    base: link.base,
    sent: link.sent,
    expected: link.expected,
    seen: link.seen,
    changedAt: link.changedAt,
    lines: stream.lines.map((line) => {
      const object = objects.get(line.hub);
      return object === undefined ? line : { ...line, codec: refCodec(link.connectionId, object, forest.refs) };
    }),
    schema: stream.schema,
    writable: link.remoteId === null ? stream.canCreate : stream.canUpdate,
    refused: new Map(
      holds.flatMap((hold) =>
        hold.kind === 'refused_field' && hold.field !== null && hold.detail.by === 'vendor'
          ? [[hold.field, { value: hold.detail.value as FieldValue, reason: hold.reason }] as const]
          : [],
      ),
    ),
    decided: new Map(
      holds.flatMap((hold) =>
        hold.kind === 'conflict' && hold.field !== null && (hold.detail.take === 'hub' || hold.detail.take === 'remote')
          ? [[hold.field, hold.detail.take] as const]
          : [],
      ),
    ),
  };
}
