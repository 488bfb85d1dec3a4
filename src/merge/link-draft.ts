import type { Fields, FieldValue } from '../contract/records.ts';
import type { Stamp, Stamps } from '../hub/stored.ts';
import type { Line } from '../mapping/mapping.ts';
import { arrivedBase, type Base, type Trees } from './merge-field.ts';
import type { PlannedHold } from './record-plan.ts';
import type { LinkTree, RecordTree } from './record-tree.ts';
import { sameValue } from './same.ts';
import type { Claim } from './settle.ts';
import { readBase } from './stored-base.ts';

const NEVER: Stamp = ['1970-01-01T00:00:00.000Z', 'hub'];

export const ISO_NEVER = NEVER[0];

export const stampOf = (stamps: Stamps, field: string): Stamp => stamps[field] ?? stamps['*'] ?? NEVER;

export type Draft = {
  fields: Record<string, FieldValue>;
  stamps: Record<string, Stamp>;
  readonly fresh: boolean;
  readonly systems: ReadonlyMap<string, Omit<Claim, 'at'>>;
};

export type LinkDraft = {
  readonly tree: LinkTree;
  /** The hub's value with which a field was found to be still, by hub field: it is looked at again only with another one. */
  readonly still: Map<string, FieldValue>;
  readonly base: Map<string, Base>;
  readonly holds: PlannedHold[];
  readonly waits: Set<string>;
  readonly mass: Set<string>;
  /** It is to be made, and lacks something without which it is not. */
  lacksNeeded: boolean;
};

export const draftOf = (tree: LinkTree): LinkDraft => ({
  tree,
  still: new Map(),
  base: new Map(),
  holds: [],
  waits: new Set(),
  mass: new Set(),
  lacksNeeded: false,
});

export const systemsOf = ({ links }: RecordTree): Draft['systems'] =>
  new Map(links.map((link) => [link.connectionId, { by: link.connector, connection: link.system }]));

/** What a remote shows, in the hub's words, as far as it can be read. */
export function shownFields(link: LinkTree): Fields {
  const shown: Record<string, FieldValue> = {};
  for (const line of link.lines) {
    const raw = link.expected?.[line.remote] ?? link.seen?.[line.remote];
    if (raw === undefined) continue;
    const decoded = line.codec.decode(raw);
    if (decoded.ok) shown[line.hub] = decoded.value;
  }
  return shown;
}

export function treesOf(link: LinkDraft, line: Line, draft: Draft): Trees {
  const sent = link.tree.sent?.[line.hub];
  const shown = shownBy(link, line);
  const stored = link.base.get(line.hub) ?? readBase(link.tree.base, line.hub);
  const confirmed = stored?.lapsed === true && shown !== undefined && !isBlank(shown) && sameValue(shown, stored.remote);
  const base = stored?.lapsed === true && !confirmed ? undefined : stored;
  const hub = draft.fields[line.hub] ?? null;
  // A blank that a removal has left is nobody's edit: it is no news while the hub stays with the tie, and takes the next one like any blank.
  const cut = link.tree.severed.get(line.hub);
  const isCut = cut !== undefined;
  const isTied = base === undefined ? cut?.has(hub) === true : sameValue(hub, base.hub);
  const unseen = sent !== undefined || link.tree.expected?.[line.remote] !== undefined;
  const trees: Trees = {
    base: base === undefined ? undefined : { hub: base.hub, remote: isCut ? null : base.remote },
    sent,
    hub,
    remote: isCut && isTied ? undefined : shown,
    ...(confirmed ? { confirmed } : {}),
  };
  return base?.overruled === undefined || unseen ? trees : { ...trees, overruled: base.overruled };
}

/**
 * Takes what a write was seen to have left as agreed on, also where the link takes no part or nothing comes of it: what was noted as sent is
 * forgotten after this look, and the same value would be taken for somebody's edit by the next one.
 */
export function learnArrived(link: LinkDraft, draft: Draft): void {
  if (link.tree.sent === null) return;
  for (const line of link.tree.lines) {
    const base = arrivedBase(treesOf(link, line, draft), echoOf(line));
    if (base !== undefined) link.base.set(line.hub, base);
  }
}

/** Whether there is nothing to compare: a field was found to be still, and the hub's value is the same as then; or it is at rest. */
export function isStill(link: LinkDraft, line: Line, draft: Draft): boolean {
  const hub = draft.fields[line.hub] ?? null;
  return link.still.get(line.hub) === hub || isAtRest(link, line, hub);
}

/** Whether both sides still show to the letter what they agreed on, with nothing under way, as nearly all fields do at nearly all times. */
function isAtRest({ tree, base }: LinkDraft, line: Line, hub: FieldValue): boolean {
  if (tree.base[line.hub] !== hub || tree.sent !== null || tree.expected !== null || tree.severed.size > 0 || base.has(line.hub))
    return false;
  const raw = tree.seen?.[line.remote];
  if (raw === undefined) return false;
  const shown = line.codec.decode(raw);
  return shown.ok && shown.value === hub;
}

/** The remote's value in the hub's words; undefined when it was not shown, or cannot be understood (which is then said). */
function shownBy(link: LinkDraft, line: Line): FieldValue | undefined {
  const { seen, expected } = link.tree;
  const raw = expected?.[line.remote] !== undefined ? expected[line.remote] : seen?.[line.remote];
  if (raw === undefined) return undefined;
  const decoded = line.codec.decode(raw);
  if (decoded.ok) return decoded.value;
  if (decoded.ignored === true) return undefined;
  if (decoded.waits !== undefined) link.waits.add(decoded.waits);
  else if (!link.holds.some((hold) => hold.field === line.hub)) {
    link.holds.push({ kind: 'refused_field', field: line.hub, reason: decoded.reason, detail: { remote: raw, because: 'unreadable' } });
  }
  return undefined;
}

export const echoOf =
  (line: Line) =>
  (value: FieldValue): FieldValue | undefined => {
    const encoded = line.codec.encode(value);
    if (!encoded.ok) return undefined;
    const decoded = line.codec.decode(encoded.value);
    return decoded.ok ? decoded.value : undefined;
  };

export const isBlank = (value: FieldValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);
