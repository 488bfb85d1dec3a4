import type { Fields, FieldValue } from '../contract/records.ts';
import type { Line } from '../mapping/mapping.ts';
import { brakeKey, flipKey, type KeptBack } from './brakes.ts';
import { decide } from './decide.ts';
import { canReach } from './fit-of.ts';
import { giveOut, missing } from './give-out.ts';
import { type Draft, draftOf, echoOf, type LinkDraft, learnArrived, systemsOf, treesOf } from './link-draft.ts';
import { mergeField, type Trees, type Verdict } from './merge-field.ts';
import { planPresence, type Standing } from './presence.ts';
import type { LinkPlan, PlannedHold, RecordPlan } from './record-plan.ts';
import type { LinkTree, RecordTree } from './record-tree.ts';
import { sameValue } from './same.ts';
import type { Decision } from './settle.ts';
import { readBase, storeBase } from './stored-base.ts';
import { takeAllIn } from './take-in.ts';

/**
 * Plans one record: takes in what its remotes changed, oldest change first, then works out what each of them still lacks. Pure: the same
 * tree gives the same plan, always.
 */
export function planRecord(given: RecordTree): RecordPlan {
  const tree = freeze(given);
  const draft: Draft = {
    fields: { ...tree.fields },
    stamps: { ...tree.stamps },
    fresh: Object.keys(tree.stamps).length === 0,
    systems: systemsOf(tree),
  };
  const drafts = tree.links.map(draftOf);
  for (const link of drafts) learnArrived(link, draft);
  const { entries, changes } = takeAllIn(tree, drafts, draft);
  const { standings, archived, revived, mass } = planPresence(tree, entries, {
    fields: draft.fields,
    hasUnsent: (link) => hasUnsent(link, draft),
    wasEdited: (link) => editedFields(link, draft).size > 0,
  });
  for (const link of drafts) {
    const counted = mass.get(link.tree.linkId);
    if (counted !== undefined) link.mass.add(brakeKey(counted));
  }
  const links = drafts.map((link) => planLink(link, draft, standings.get(link.tree.linkId) ?? { kind: 'part' }));
  return {
    recordId: tree.recordId,
    fields: withoutBlanks(draft.fields),
    stamps: draft.stamps,
    moved: changes.length > 0,
    archived,
    revived,
    changes,
    links,
    mass: new Map(drafts.flatMap((link) => (link.mass.size === 0 ? [] : [[link.tree.linkId, [...link.mass]] as const]))),
  };
}

function withoutBlanks(fields: Fields): Fields {
  const filled: Record<string, FieldValue> = {};
  for (const name in fields) {
    const value = fields[name] ?? null;
    if (value !== null) filled[name] = value;
  }
  return filled;
}

/** Nothing reads or writes a field that goes back and forth, until a person has released it. */
function freeze(tree: RecordTree): RecordTree {
  if (tree.links.every(({ braked }) => braked === undefined || braked.size === 0)) return tree;
  const frozen = (link: LinkTree, line: Line): Line =>
    link.braked?.has(flipKey(line.hub)) === true ? { ...line, direction: 'off' } : line;
  return { ...tree, links: tree.links.map((link) => ({ ...link, lines: link.lines.map((line) => frozen(link, line)) })) };
}

/**
 * Whether the hub holds a value, of the fields that both sides edit, which this remote has never shown and could. One that it cannot hold is no
 * secret: a hold has said so, and whoever removes the record there loses nothing by it that the hub does not keep.
 */
function hasUnsent(link: LinkTree, draft: Draft): boolean {
  return link.lines.some((line) => {
    const value = draft.fields[line.hub] ?? null;
    return !sameValue(value, readBase(link.base, line.hub)?.hub ?? null) && canReach(link, line, value);
  });
}

/** The hub fields that were edited over there since both sides agreed, and that the hub has not come to hold. */
function editedFields(link: LinkTree, draft: Draft): ReadonlySet<string> {
  const linkDraft = draftOf(link);
  const edited = link.lines.filter((line) => {
    if (line.direction === 'off' || line.direction === 'out') return false;
    const { kind } = mergeField(treesOf(linkDraft, line, draft), echoOf(line));
    return kind === 'pull' || kind === 'clash';
  });
  return new Set(edited.map((line) => line.hub));
}

/** A link that takes part gives out what its remote lacks; any other keeps its base, and waits for what its standing says. */
function planLink(link: LinkDraft, draft: Draft, standing: Standing): LinkPlan {
  if (standing.kind === 'part') {
    const given = giveOut(link, draft);
    return { ...given, standing, braked: keptBack(link) };
  }
  const { tree } = link;
  const holds: readonly PlannedHold[] =
    standing.kind === 'asked' ? [{ kind: 'removal', field: null, reason: standing.reason, detail: { event: standing.event } }] : [];
  // Whether it was edited before its removal is looked at again next time, so an edit that a rule turned down is not forgotten.
  const edited = standing.kind === 'asked' || standing.kind === 'remove' ? editedFields(tree, draft) : new Set<string>();
  const base = storeBase(tree.base, new Map([...link.base].filter(([name]) => !edited.has(name))));
  const braked = standing.kind === 'braked' ? [{ by: standing.by, reason: standing.reason }] : keptBack(link);
  return { linkId: tree.linkId, standing, base, push: {}, pushed: {}, holds, waits: [], braked };
}

/** What of all that a link is about to do is kept back, and which of its fields are frozen. */
function keptBack({ tree, mass }: LinkDraft): readonly KeptBack[] {
  if (tree.braked === undefined || tree.braked.size === 0) return [];
  const frozen = tree.lines.map((line) => flipKey(line.hub));
  return [...mass, ...frozen].flatMap((by) => {
    const reason = tree.braked?.get(by);
    return reason === undefined ? [] : [{ by, reason }];
  });
}

/** One field of one link as it stands: its snapshots in the hub's words, what happened, and what the rules make of it. */
export type Judged = { readonly line: Line; readonly trees: Trees; readonly verdict: Verdict; readonly decision: Decision };

/** The merge of a link field by field, without carrying anything out: what `explain` shows. */
export function judgeLink(given: RecordTree, of: LinkTree): readonly Judged[] {
  const tree = freeze(given);
  const link = tree.links.find(({ linkId }) => linkId === of.linkId) ?? of;
  const draft: Draft = {
    fields: { ...tree.fields },
    stamps: { ...tree.stamps },
    fresh: false,
    systems: systemsOf(tree),
  };
  const linkDraft = draftOf(link);
  learnArrived(linkDraft, draft);
  return link.lines.map((line) => {
    const trees = treesOf(linkDraft, line, draft);
    const verdict: Verdict = link.remoteId === null ? missing(trees.hub) : mergeField(trees, echoOf(line));
    return { line, trees, verdict, decision: decide(linkDraft, line, draft, trees, verdict) };
  });
}
