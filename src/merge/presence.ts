import type { Fields } from '../contract/records.ts';
import type { Archived } from '../hub/stored.ts';
import { unreachable } from '../kernel/must.ts';
import { fulfils } from '../mapping/conditions.ts';
import type { LeavePolicy } from '../mapping/mapping.ts';
import { type BrakeKind, brakeKey } from './brakes.ts';
import type { LinkTree, RecordTree } from './record-tree.ts';

/**
 * Where a link stands in the sync. `part`: it takes part. `apart`: nothing flows until the cause is over. `gone`: there is nothing over there.
 * `remove`: the record over there is to be removed. `unlink`: the two are strangers from now on. `rebirth`: it is to be made anew.
 * `asked`: a person decides what the removal means. `braked`: so many like it came at once that a person has to release them.
 */
export type Standing =
  | { readonly kind: 'part' }
  | { readonly kind: 'apart'; readonly cause: ApartCause; readonly reason: string }
  | { readonly kind: 'gone'; readonly reason: string }
  /** `leaves`: because the filter for what comes in covers it no longer, so that the hub's own record goes out of use. */
  | { readonly kind: 'remove'; readonly removal: 'wanted' | 'approved'; readonly reason: string; readonly leaves?: 'in' }
  | { readonly kind: 'unlink'; readonly reason: string }
  | { readonly kind: 'rebirth' }
  | { readonly kind: 'asked'; readonly event: RemovalEvent; readonly reason: string }
  | { readonly kind: 'braked'; readonly by: string; readonly reason: string };

export type ApartCause = 'outside_filter' | 'opted_out' | 'record_archived' | 'kept' | 'undone';
/** Causes that are looked at anew each time; any other one keeps a link apart until a person takes it back. */
export const APART_CAUSES: ReadonlySet<string> = new Set<ApartCause>(['outside_filter', 'opted_out', 'record_archived']);
/** Which of the questions about a removal it is, for whoever decides. */
export type RemovalEvent = 'removed_there' | 'removed_and_edited' | 'to_be_removed' | 'edited_after_removal';

export type PresencePlan = {
  readonly standings: ReadonlyMap<string, Standing>;
  /** Taken out of use just now, with the link that told so; or brought back into use. */
  readonly archived: (Archived & { readonly linkId: string }) | null;
  readonly revived: { readonly linkId: string } | null;
  /** What a brake counts, link by link, whether it is kept back or not. */
  readonly mass: ReadonlyMap<string, BrakeKind>;
};

/** What the merge knows of a record when its presence is planned. */
export type Circumstances = {
  /** The hub's values once everything that was seen has been taken in. */
  readonly fields: Fields;
  /** Whether the hub holds edits which the remote of a link has never held. */
  hasUnsent(link: LinkTree): boolean;
  /** Whether the remote of a link was edited since both sides agreed. */
  wasEdited(link: LinkTree): boolean;
};

const PART: Standing = { kind: 'part' };
const UNDONE = 'the run that made it was undone';
const GONE: Standing = { kind: 'gone', reason: 'it was deleted over there' };
const KEPT: Standing = { kind: 'apart', cause: 'kept', reason: 'a person decided to keep it there' };

/** Whether a link takes part as far as its own remote has a say: its filter for coming in, its opt-out, and what was decided before. */
export function entryOf(link: LinkTree, tree: RecordTree, shown: Fields): Standing {
  if (link.presence === 'lost' || link.presence === 'gone') return GONE;
  if (link.presence === 'unborn') return PART;
  if (isUndone(link)) return { kind: 'remove', removal: 'wanted', reason: UNDONE };
  if (tree.archived !== null && link.presence !== 'back' && !isRevived(tree)) return archivedApart;
  if (link.optedOut) return optedOutOf(link);
  const { when, leaves } = link.gates.in;
  if (when === null || fulfils(when, shown)) return exitOf(link, tree.fields);
  const standing = left(leaves, `${link.system} shows it outside the filter for what comes in`);
  return standing.kind === 'remove' ? { ...standing, leaves: 'in' } : standing;
}

/** Whether the filter for what goes out lets a link take part. */
function exitOf(link: LinkTree, fields: Fields): Standing {
  const { when, leaves } = link.gates.out;
  if (when === null || fulfils(when, fields)) return PART;
  return left(leaves, `the filter for what goes out to ${link.system} does not cover it`);
}

function left(leaves: LeavePolicy, reason: string): Standing {
  switch (leaves) {
    case 'freeze':
      return { kind: 'apart', cause: 'outside_filter', reason };
    case 'unlink':
      return { kind: 'unlink', reason };
    case 'archive':
      return { kind: 'remove', removal: 'wanted', reason };
    default:
      return unreachable(leaves);
  }
}

/** Somebody who brings it back over there has the last word. */
const isUndone = (link: LinkTree): boolean => link.undone === true && link.presence !== 'back';

const archivedApart: Standing = { kind: 'apart', cause: 'record_archived', reason: 'the record is archived' };

const isRevived = (tree: RecordTree): boolean => tree.links.some((link) => link.presence === 'back');

/**
 * Plans what removals, restores, and filters mean for each link, once what was seen has been merged. Removals never meet an edit unnoticed: what
 * whoever removed the record cannot have seen is a person's to decide. Pure.
 */
export function planPresence(tree: RecordTree, entries: ReadonlyMap<string, Standing>, now: Circumstances): PresencePlan {
  const revived = tree.archived === null ? undefined : tree.links.find((link) => link.presence === 'back');
  const before = revived === undefined ? tree.archived : null;
  const lost = tree.links.filter((link) => link.presence === 'lost').map((link) => [link, fateOfLost(link, before, now)] as const);
  const told = before === null ? lost.find(([, { archived }]) => archived !== null) : undefined;
  const leavers = before === null && told === undefined ? tree.links.filter((link) => leavesInto(link, entries)) : [];
  const leaving = leavers.find((link) => brakedBy(link, 'archives_in') === null);
  const archived = told?.[1].archived ?? (leaving === undefined ? null : leftArchive(leaving));
  const state = before ?? archived;
  // Once the record is out of use by what one link told, there is nothing left to ask about the others.
  const fates = new Map(
    lost.map(([link, fate]) => [link.linkId, link === told?.[0] ? fate.standing : fateOfLost(link, state, now).standing] as const),
  );
  const standings = new Map(
    tree.links.map((link) => {
      const kept = leavers.includes(link) && archived === null ? brakedBy(link, 'archives_in') : null;
      const situation = { entry: entries.get(link.linkId) ?? PART, state, revived: revived !== undefined, now };
      return [link.linkId, fates.get(link.linkId) ?? kept ?? standingOf(link, situation)] as const;
    }),
  );
  const mass = new Map<string, BrakeKind>([
    ...tree.links.filter((link) => isBeingRemoved(link, standings)).map(({ linkId }) => [linkId, 'removals_out'] as const),
    ...leavers.map(({ linkId }) => [linkId, 'archives_in'] as const),
    ...lost.filter(([, { counts }]) => counts).map(([{ linkId }]) => [linkId, 'removals_in'] as const),
  ]);
  // What is back and out of use in the same breath, because a filter no longer covers it, is out of use.
  return { standings, archived, revived: revived === undefined || archived !== null ? null : { linkId: revived.linkId }, mass };
}

/** What a person decided for this record by itself, or released as a whole by undoing a run, is nothing to ask about again. */
const isBeingRemoved = (link: LinkTree, standings: ReadonlyMap<string, Standing>): boolean => {
  const standing = standings.get(link.linkId);
  return standing?.kind === 'remove' && standing.removal === 'wanted' && !isUndone(link);
};

function brakedBy(link: LinkTree, kind: BrakeKind): Standing | null {
  const reason = link.braked?.get(brakeKey(kind));
  return reason === undefined ? null : { kind: 'braked', by: brakeKey(kind), reason };
}

/** A filter for what comes in, whose policy is to archive, no longer covers the record. */
const leavesInto = (link: LinkTree, entries: ReadonlyMap<string, Standing>): boolean => {
  const entry = entries.get(link.linkId);
  return entry?.kind === 'remove' && entry.leaves === 'in' && !isUndone(link) && link.presence !== 'unborn';
};

const leftArchive = (link: LinkTree): Archived & { linkId: string } => ({
  linkId: link.linkId,
  by: link.connectionId,
  removes: false,
  reason: `${link.system} shows it outside the filter for what comes in`,
  ...(link.remoteId === null ? {} : { remoteId: link.remoteId }),
});

/** `counts`: a policy is about to decide, and not a person. */
type Fate = {
  readonly standing: Standing;
  readonly archived: (Archived & { readonly linkId: string }) | null;
  readonly counts: boolean;
};

/** What it means that a record is gone over there, by policy or by what a person decided. */
function fateOfLost(link: LinkTree, archived: Archived | null, now: Circumstances): Fate {
  const stays = (standing: Standing): Fate => ({ standing, archived: null, counts: false });
  if (archived !== null || link.removal !== null || isUndone(link)) return stays(GONE);
  switch (link.decidedRemoval) {
    case 'keep':
      return stays(GONE);
    case 'recreate':
      return stays({ kind: 'rebirth' });
    case 'archive':
      return { ...stays(GONE), archived: removalOf(link, false) };
    case 'remove':
      return { ...stays(GONE), archived: removalOf(link, true) };
    case null:
      return link.asked === true ? byPolicy(link, now) : { ...(brakedFate(link) ?? byPolicy(link, now)), counts: true };
    default:
      return unreachable(link.decidedRemoval);
  }
}

/** A record that was merged into another one is gone as well, while the merge that explains it is kept back. */
function brakedFate(link: LinkTree): Fate | null {
  const standing = brakedBy(link, 'merges_in') ?? brakedBy(link, 'removals_in');
  return standing === null ? null : { standing, archived: null, counts: true };
}

/** What the mapping makes of a record that is gone over there. */
function byPolicy(link: LinkTree, now: Circumstances): Fate {
  const stays = (standing: Standing): Fate => ({ standing, archived: null, counts: false });
  const policy = link.removed.in;
  if (policy === 'ignore') return stays(GONE);
  if (policy === 'ask') return stays({ kind: 'asked', event: 'removed_there', reason: `it was deleted in ${link.system}` });
  if (now.hasUnsent(link)) {
    return stays({
      kind: 'asked',
      event: 'removed_and_edited',
      reason: `it was deleted in ${link.system}, where nobody had seen what was edited elsewhere`,
    });
  }
  return { ...stays(GONE), archived: removalOf(link, policy === 'delete') };
}

const removalOf = (link: LinkTree, removes: boolean): Archived & { linkId: string } => ({
  linkId: link.linkId,
  by: link.connectionId,
  removes,
  reason: `it was deleted in ${link.system}`,
  ...(link.remoteId === null ? {} : { remoteId: link.remoteId }),
});

type Situation = { readonly entry: Standing; readonly state: Archived | null; readonly revived: boolean; readonly now: Circumstances };

function standingOf(link: LinkTree, { entry, state, revived, now }: Situation): Standing {
  if (link.presence === 'gone') return rebornOf(link, { state, revived, now });
  if (isUndone(link)) return removing(link, now, UNDONE);
  if (state !== null) return link.presence === 'unborn' ? archivedApart : underRemoval(link, state, now);
  if (link.presence === 'unborn') {
    const exit = exitOf(link, now.fields);
    return exit.kind === 'part' ? exit : { kind: 'apart', cause: 'outside_filter', reason: reasonOf(exit, link) };
  }
  const fate = entry.kind === 'part' ? exitOf(link, now.fields) : entry;
  return fate.kind === 'remove' ? removing(link, now, fate.reason) : fate;
}

const reasonOf = (standing: Standing, link: LinkTree): string =>
  'reason' in standing ? standing.reason : `the filter for what goes out to ${link.system} does not cover it`;

/** A record that the hub itself had removed there is made again when it is back in use, or covered by the filter again. */
function rebornOf(link: LinkTree, { state, revived, now }: Omit<Situation, 'entry'>): Standing {
  const back = link.goneBy === 'hub' && !isUndone(link) && state === null && (revived || link.gates.out.leaves === 'archive');
  if (link.decidedRemoval === 'recreate' || (back && exitOf(link, now.fields).kind === 'part')) return { kind: 'rebirth' };
  return { kind: 'gone', reason: link.goneBy === 'hub' ? 'the hub removed it there' : 'it was deleted over there' };
}

const optedOutOf = ({ system }: LinkTree): Standing => ({
  kind: 'apart',
  cause: 'opted_out',
  reason: `it is kept out of the sync in ${system}`,
});

/** A link of a record that is out of use. */
function underRemoval(link: LinkTree, state: Archived, now: Circumstances): Standing {
  if (link.decidedRemoval === 'keep') return KEPT;
  if (link.removal === 'approved' || link.decidedRemoval === 'remove') return { kind: 'remove', removal: 'approved', reason: state.reason };
  // What people over there keep out of the sync is not for the hub to remove, unless a person says so.
  if (link.optedOut) return optedOutOf(link);
  if (!state.removes || link.removed.out === 'ignore') return archivedApart;
  if (link.removed.out === 'ask') {
    return { kind: 'asked', event: 'to_be_removed', reason: `${state.reason}, and is to be removed from ${link.system} as well` };
  }
  return removing(link, now, state.reason);
}

function removing(link: LinkTree, now: Circumstances, reason: string): Standing {
  if (link.removal === 'approved' || link.decidedRemoval === 'remove') return { kind: 'remove', removal: 'approved', reason };
  if (link.decidedRemoval === 'keep') return KEPT;
  if (!now.wasEdited(link)) return { kind: 'remove', removal: 'wanted', reason };
  return { kind: 'asked', event: 'edited_after_removal', reason: `it is to be removed from ${link.system}, where it was edited meanwhile` };
}
