import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { isUnfollowedMerge } from '../../hub/records/aliases.ts';
import { groupBy } from '../../kernel/lists.ts';
import type { Line } from '../../mapping/mapping.ts';
import { planRecord } from '../../merge/merge-record.ts';
import { APART_CAUSES } from '../../merge/presence.ts';
import { type PutBack, planPutBack, putBackOf } from '../../merge/put-back.ts';
import type { LinkPlan, PlannedHold, RecordPlan } from '../../merge/record-plan.ts';
import type { LinkTree } from '../../merge/record-tree.ts';
import { sameValue } from '../../merge/same.ts';
import { brakesOn, type OpenBrakes } from '../brakes/open.ts';
import { type EntityStream, streamKey } from '../streams.ts';
import { decidedRemoval, presenceOf, severedOf } from './link-presence.ts';
import { type LinkQueryRow, type LinkRow, linkOf } from './link-row.ts';
import { isPending, type Refs, refCodec } from './refs.ts';
import type { HoldRow, RecordRow } from './rows.ts';
import { saidByHolds } from './said-by-holds.ts';

/** Everything about some records that the merge looks at, loaded in a handful of queries. */
export type Forest = {
  readonly records: ReadonlyMap<string, RecordRow>;
  readonly links: readonly LinkRow[];
  readonly holds: ReadonlyMap<string, readonly HoldRow[]>;
  readonly refs: Refs;
  /** What is kept back of links until a person releases it; nothing when it is left out. */
  readonly brakes?: OpenBrakes | undefined;
};

/** Some records as they are; `lock` keeps others from changing them until the transaction ends, and leaves out those merged into others. */
export async function readRecords(db: Db, ids: readonly string[], { lock = false } = {}): Promise<Map<string, RecordRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Omit<RecordRow, 'fresh'>>`
    select id, fields, stamps, archived from record where id = any(${ids}::uuid[]) ${lock ? sql`and merged_into is null order by id for update` : sql``}`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, { ...row, fresh: false }]));
}

/** All links of some records, with what their remotes showed last. */
export async function readLinks(db: Db, recordIds: readonly string[]): Promise<LinkRow[]> {
  const { rows } = await sql<LinkQueryRow>`
    select l.id, l.connection_id, l.object, l.remote_id, l.record_id, l.base, l.sent, l.expected, l.state, l.reason, l.due, l.waits_for, l.evidence, l.removal, l.gone_by, l.cause, l.given_up, l.braked, l.lane,
      o.fields as seen, o.changed_at, o.gone and not exists (select 1 from alias a where ${isUnfollowedMerge}) as gone, o.run_id, o.changed_by
    from link l left join observation o on o.connection_id = l.connection_id and o.object = l.object and o.remote_id = l.remote_id
    where l.record_id = any(${recordIds}::uuid[])`.execute(db);
  return rows.map(linkOf);
}

/** Open holds of some links, by link. */
export async function readHolds(db: Db, linkIds: readonly string[]): Promise<ReadonlyMap<string, readonly HoldRow[]>> {
  const { rows } = await sql<HoldRow>`
    select id, link_id as "linkId", kind, field, reason, detail, cause from hold where link_id = any(${linkIds}::uuid[]) and closed_at is null`.execute(
    db,
  );
  return groupBy(rows, (row) => row.linkId);
}

/**
 * `due`: something is to be written. `blocked`: nothing can be, until what holds it is decided or what it waits for is there. `givenUp`: the
 * write has failed too often, or was skipped, and is not tried again by itself.
 */
export type PlannedLink = LinkPlan & {
  readonly due: boolean;
  readonly blocked: boolean;
  /** Nothing is made for it: its system has the record as another of its objects, such as a person who is a lead and no contact yet. */
  readonly elsewhere: boolean;
  readonly givenUp: boolean;
  /** The keys of what brakes count. */
  readonly mass: readonly string[];
};
export type PlannedRecord = { readonly plan: RecordPlan; readonly links: ReadonlyMap<string, PlannedLink> };

/** Plans a record with its links. Links of streams that are off, and those that a person keeps apart, stand aside. */
export function planTree(
  record: RecordRow,
  links: readonly LinkRow[],
  forest: Pick<Forest, 'holds' | 'refs' | 'brakes'>,
  streams: ReadonlyMap<string, EntityStream>,
): PlannedRecord {
  const trees = links.flatMap((link) => {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    return stream === undefined || isKeptApart(link) ? [] : [treeOf(link, stream, { ...forest, record })];
  });
  const byId = new Map(links.map((link) => [link.id, link]));
  const backOf = ({ linkId }: LinkTree): PutBack | null => {
    const link = byId.get(linkId);
    return link === undefined || link.state === 'gone' || link.remoteId === null ? null : putBackOf(link);
  };
  const flowing = trees.filter((tree) => backOf(tree) === null);
  const own = trees.flatMap((tree) => {
    const back = backOf(tree);
    return (back === null ? undefined : planPutBack(tree, back)) ?? [];
  });
  const merged = planRecord({
    recordId: record.id,
    fields: record.fields,
    stamps: record.stamps,
    archived: record.archived,
    links: flowing,
  });
  const plan: RecordPlan = own.length === 0 ? merged : { ...merged, links: [...merged.links, ...own] };
  const planned = new Map<string, PlannedLink>();
  for (const linkPlan of plan.links) {
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
    const elsewhere =
      creating && links.some((other) => other !== link && other.connectionId === link.connectionId && isOrMayBeThere(other));
    // Where nothing is to be made, nobody is asked about what could not be written.
    const holds = elsewhere ? [] : [...linkPlan.holds, ...again];
    const blocked = pendingParent || linkPlan.lacksNeeded === true || elsewhere || holds.some((hold) => hold.kind === 'refused_record');
    const removes = linkPlan.standing.kind === 'remove' && linkPlan.braked.length === 0;
    const lacks = !blocked && (removes || Object.keys(linkPlan.push).length > 0);
    const givenUp = lacks && link !== undefined && link.givenUp !== null && link.givenUp === digestOf(linkPlan.push);
    const mass = plan.mass.get(linkPlan.linkId) ?? [];
    planned.set(linkPlan.linkId, { ...linkPlan, holds, blocked, elsewhere, givenUp, due: lacks && !givenUp, mass });
  }
  return { plan, links: planned };
}

/** Also when its making was cut off before anybody knew what came of it. */
const isOrMayBeThere = ({ remoteId, sent }: LinkRow): boolean => remoteId !== null || sent !== null;

/** Excluded for a reason that only a person can take back. */
const isKeptApart = (link: LinkRow): boolean => link.state === 'excluded' && !APART_CAUSES.has(link.cause ?? '');

/** What was noted as sent, in the remote's words again; a field that can no longer be translated is left out. */
export function encodeSent(link: LinkRow, stream: EntityStream, refs: Refs): Fields {
  const tree = treeOf(link, stream, { holds: new Map(), refs, record: null });
  return Object.fromEntries(
    tree.lines.flatMap((line) => {
      const value = link.sent?.[line.hub];
      const encoded = value === undefined ? undefined : line.codec.encode(value);
      return encoded?.ok === true && encoded.value !== null ? [[line.remote, encoded.value] as const] : [];
    }),
  );
}

type Surroundings = Pick<Forest, 'holds' | 'refs' | 'brakes'> & { readonly record: RecordRow | null };

/** A link as the merge looks at it. */
export function treeOf(link: LinkRow, stream: EntityStream, { holds: all, refs, brakes, record }: Surroundings): LinkTree {
  const holds = all.get(link.id) ?? [];
  const { optOut } = stream.mapping;
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
    presence: presenceOf(link),
    goneBy: link.goneBy,
    gates: stream.mapping.gates,
    optedOut: optOut !== null && link.seen !== null && sameValue(link.seen[optOut.remote] ?? null, optOut.is),
    removed: stream.canDelete ? stream.mapping.removed : { ...stream.mapping.removed, out: 'ignore' },
    removal: stream.canDelete ? link.removal : null,
    undone: (link.evidence as { readonly undone?: string } | null)?.undone !== undefined,
    decidedRemoval: decidedRemoval(holds),
    asked: holds.some((hold) => hold.kind === 'removal'),
    lines: linesOf(link, stream, refs),
    severed: severedOf(link, stream, { refs, record }),
    schema: stream.schema,
    writable: link.remoteId === null ? stream.canCreate : stream.canUpdate,
    ...saidByHolds(holds),
    ...(brakes === undefined ? {} : { braked: brakesOn(link, brakes) }),
  };
}

/** The lines of a stream; references go by ids of the link's connection. */
function linesOf(link: LinkRow, stream: EntityStream, refs: Refs): readonly Line[] {
  if (stream.lines.every((line) => line.ref === null)) return stream.lines;
  return stream.lines.map((line) => {
    const object = line.ref === null ? undefined : stream.traits.refs?.[line.remote];
    return object === undefined ? line : { ...line, codec: refCodec(link.connectionId, object, refs) };
  });
}
