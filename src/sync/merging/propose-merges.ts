import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { type OpenHold, openHolds } from '../../hub/records/holds.ts';
import { titleOf } from '../../hub/views/titles.ts';
import { must } from '../../kernel/must.ts';
import type { Meeting } from '../../merge/arrange-links.ts';
import type { Engine } from '../engine.ts';
import { type EntityStream, entityStreams, streamKey } from '../streams.ts';
import type { HeldLink } from './move-links.ts';
import { differingFields, shownThere } from './preview-there.ts';

/** Two records of one system that stand for what is one in the hub since a merge. */
export type Proposal = {
  readonly mergingId: string;
  readonly object: string;
  readonly winnerId: string;
  /** What the merged record holds: the systems are given it, whatever becomes of theirs. */
  readonly fields: Fields;
  readonly links: readonly HeldLink[];
  readonly meets: readonly Meeting[];
};

/** Proposes to merge over there what has become one here. Nothing is done before a person releases it; what was turned down stays so. */
export async function proposeMerges(engine: Engine, tx: Tx, proposal: Proposal): Promise<void> {
  if (proposal.meets.length === 0) return;
  const streams = await entityStreams(engine, tx, proposal.object);
  const dismissed = await dismissedLinks(tx, proposal.meets);
  const byId = new Map(proposal.links.map((link) => [link.id, link]));
  const holds: OpenHold[] = [];
  for (const meeting of proposal.meets.filter(({ loser }) => !dismissed.has(loser.id))) {
    const [into, from] = [meeting.winner, meeting.loser].map((tie) => must(byId.get(tie.id), 'a link of a merge')) as [HeldLink, HeldLink];
    holds.push(await holdOf(engine, tx, { proposal, into, from, stream: streams.get(streamKey(from.connectionId, from.object)) }));
  }
  await openHolds(tx, holds);
}

async function dismissedLinks(tx: Tx, meets: readonly Meeting[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select link_id as id from hold
    where link_id = any(${meets.map(({ loser }) => loser.id)}::uuid[]) and kind = 'merge' and closed_at is not null and decision ? 'dismiss'`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.id));
}

type Case = { readonly proposal: Proposal; readonly into: HeldLink; readonly from: HeldLink; readonly stream: EntityStream | undefined };

async function holdOf(engine: Engine, tx: Tx, { proposal, into, from, stream }: Case): Promise<OpenHold> {
  const shown = stream === undefined ? new Map<string, Fields>() : await shownThere(tx, [into.id, from.id], stream);
  const [there, other] = [into, from].map((link) => shown.get(link.id) ?? {}) as [Fields, Fields];
  const { name } = await tx.selectFrom('connection').select('name').where('id', '=', from.connectionId).executeTakeFirstOrThrow();
  const title = (fields: Fields): string => titleOf(engine.mappings.model, proposal.object, fields);
  return {
    kind: 'merge',
    connectionId: from.connectionId,
    object: from.object,
    remoteId: from.remoteId,
    recordId: proposal.winnerId,
    linkId: from.id,
    field: null,
    reason: `${name} has two records of what is one here: ${into.remoteId} and ${from.remoteId}`,
    detail: {
      mergingId: proposal.mergingId,
      into: { linkId: into.id, remoteId: into.remoteId, title: title(there) },
      from: { linkId: from.id, remoteId: from.remoteId, title: title(other) },
      offered: stream?.traits.write?.verbs.includes('merge') === true,
      fields: differingFields(there, other, proposal.fields),
    },
  };
}
