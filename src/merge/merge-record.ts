import type { Fields, FieldValue } from '../contract/records.ts';
import type { Archived, ChangedField, Settled, Stamp, Stamps, StoredBase } from '../hub/tables.ts';
import type { Line } from '../mapping/mapping.ts';
import { type BrakeKind, brakeKey, flipKey, type KeptBack } from './brakes.ts';
import { guardEncoded, heldBack } from './guard.ts';
import { type Base, mergeField, type Trees, type Verdict } from './merge-field.ts';
import { entryOf, planPresence, type Standing } from './presence.ts';
import type { LinkTree, RecordTree } from './record-tree.ts';
import { sameValue } from './same.ts';
import { type Claim, type Decision, settle } from './settle.ts';
import { readBase, storeBase } from './stored-base.ts';

export type PlannedHold = {
  readonly kind: 'conflict' | 'refused_field' | 'refused_record' | 'removal';
  readonly field: string | null;
  readonly reason: string;
  readonly detail: Readonly<Record<string, FieldValue>>;
};
export type LinkPlan = {
  readonly linkId: string;
  readonly standing: Standing;
  readonly base: StoredBase;
  /** What to write, in the remote's words, and the same in the hub's words by hub field. */
  readonly push: Fields;
  readonly pushed: Fields;
  readonly holds: readonly PlannedHold[];
  /** Keys of links that a reference waits for. */
  readonly waits: readonly string[];
  /** What a brake or a frozen field keeps back of it. */
  readonly braked: readonly KeptBack[];
};
export type PlannedChange = {
  readonly linkId: string;
  readonly fields: Readonly<Record<string, ChangedField>>;
  readonly conflict: boolean;
};
export type RecordPlan = {
  readonly recordId: string;
  readonly fields: Fields;
  readonly stamps: Stamps;
  /** Whether fields or stamps differ from the tree's. */
  readonly moved: boolean;
  /** How the record was taken out of use just now, and by which link; or which link brought it back. */
  readonly archived: (Archived & { readonly linkId: string }) | null;
  readonly revived: { readonly linkId: string } | null;
  readonly changes: readonly PlannedChange[];
  readonly links: readonly LinkPlan[];
  /** The keys of what brakes count, by link, whether it is kept back or not. */
  readonly mass: ReadonlyMap<string, readonly string[]>;
};

const NEVER: Stamp = ['1970-01-01T00:00:00.000Z', 'hub'];
const ISO_NEVER = NEVER[0];

export const stampOf = (stamps: Stamps, field: string): Stamp => stamps[field] ?? stamps['*'] ?? NEVER;

type Draft = {
  fields: Record<string, FieldValue>;
  stamps: Record<string, Stamp>;
  readonly fresh: boolean;
  readonly systems: ReadonlyMap<string, Omit<Claim, 'at'>>;
};
type LinkDraft = {
  readonly tree: LinkTree;
  readonly base: Map<string, Base>;
  readonly holds: PlannedHold[];
  readonly waits: Set<string>;
  readonly mass: Set<string>;
};

const draftOf = (tree: LinkTree): LinkDraft => ({ tree, base: new Map(), holds: [], waits: new Set(), mass: new Set() });

const systemsOf = ({ links }: RecordTree): Draft['systems'] =>
  new Map(links.map((link) => [link.connectionId, { by: link.connector, connection: link.system }]));

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
  const { entries, changes } = takeAllIn(tree, drafts, draft);
  const { standings, archived, revived, mass } = planPresence(tree, entries, {
    fields: draft.fields,
    hasUnsent: (link) => hasUnsent(link, draft),
    wasEdited: (link) => wasEdited(link, draft),
  });
  for (const link of drafts) {
    const counted = mass.get(link.tree.linkId);
    if (counted !== undefined) link.mass.add(brakeKey(counted));
  }
  const links = drafts.map((link) => planLink(link, draft, standings.get(link.tree.linkId) ?? { kind: 'part' }));
  return {
    recordId: tree.recordId,
    fields: Object.fromEntries(Object.entries(draft.fields).filter(([, value]) => value !== null)),
    stamps: draft.stamps,
    moved: changes.length > 0,
    archived,
    revived,
    changes,
    links,
    mass: new Map(drafts.flatMap((link) => (link.mass.size === 0 ? [] : [[link.tree.linkId, [...link.mass]] as const]))),
  };
}

/** Nothing reads or writes a field that goes back and forth, until a person has released it. */
function freeze(tree: RecordTree): RecordTree {
  if (tree.links.every(({ braked }) => braked === undefined || braked.size === 0)) return tree;
  const frozen = (link: LinkTree, line: Line): Line =>
    link.braked?.has(flipKey(line.hub)) === true ? { ...line, direction: 'off' } : line;
  return { ...tree, links: tree.links.map((link) => ({ ...link, lines: link.lines.map((line) => frozen(link, line)) })) };
}

/**
 * Takes in every link that takes part, oldest change first. What one brings may let another one take part again, whose filter had not covered the
 * record before.
 */
function takeAllIn(
  tree: RecordTree,
  drafts: readonly LinkDraft[],
  draft: Draft,
): { entries: ReadonlyMap<string, Standing>; changes: readonly PlannedChange[] } {
  const entries = new Map<string, Standing>();
  const changes: PlannedChange[] = [];
  const entered: LinkDraft[] = [];
  let outside = [...drafts].sort((a, b) => ((a.tree.changedAt ?? '') < (b.tree.changedAt ?? '') ? -1 : 1));
  for (;;) {
    const left: LinkDraft[] = [];
    for (const link of outside) {
      const shown = link.tree.gates.in.when === null ? {} : shownFields(link.tree);
      const entry = entryOf(link.tree, { ...tree, fields: draft.fields }, shown);
      entries.set(link.tree.linkId, entry);
      if (entry.kind !== 'part') left.push(link);
      else if (link.tree.seen !== null) {
        entered.push(link);
        const change = takeIn(link, draft, (line) => line.direction !== 'out');
        if (change !== null) changes.push(change);
      }
    }
    if (left.length === outside.length) break;
    outside = left;
  }
  takeInLate(entered, draft, changes);
  // What only flows out meets the hub's values as they have become: who gives way to them is named.
  for (const link of entered) {
    const change = takeIn(link, draft, (line) => line.direction === 'out');
    if (change !== null) changes.push(change);
  }
  return { entries, changes };
}

/** What a later link brought may have ended the clash of an earlier one, whose change is then taken in as well. */
function takeInLate(entered: readonly LinkDraft[], draft: Draft, changes: PlannedChange[]): void {
  let before = 0;
  for (let pass = 1; changes.length > before && pass < entered.length; pass += 1) {
    before = changes.length;
    for (const link of entered) {
      const change = takeIn(link, draft, (line) => line.direction !== 'out');
      if (change !== null) changes.push(change);
    }
  }
}

/** What a remote shows, in the hub's words, as far as it can be read. */
function shownFields(link: LinkTree): Fields {
  const shown: Record<string, FieldValue> = {};
  for (const line of link.lines) {
    const raw = link.expected?.[line.remote] ?? link.seen?.[line.remote];
    if (raw === undefined) continue;
    const decoded = line.codec.decode(raw);
    if (decoded.ok) shown[line.hub] = decoded.value;
  }
  return shown;
}

/** Whether the hub holds a value, of the fields that both sides edit, which this remote has never shown. */
function hasUnsent(link: LinkTree, draft: Draft): boolean {
  return link.lines.some((line) => {
    const base = readBase(link.base, line.hub);
    const moved = !sameValue(draft.fields[line.hub] ?? null, base?.hub ?? null);
    return line.direction === 'both' && moved;
  });
}

function wasEdited(link: LinkTree, draft: Draft): boolean {
  const linkDraft = draftOf(link);
  return link.lines.some((line) => {
    const { kind } = mergeField(treesOf(linkDraft, line, draft), echoOf(line));
    return line.direction !== 'off' && line.direction !== 'out' && (kind === 'pull' || kind === 'clash');
  });
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
  const isRemoved = standing.kind === 'asked' || standing.kind === 'remove';
  const learnt = isRemoved ? new Map([...link.base].filter(([name, { hub }]) => sameValue(hub, draft.fields[name] ?? null))) : link.base;
  const base = storeBase(tree.base, learnt);
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

/** Counts one of a kind; whether a brake keeps it back. */
function isKeptBack(link: LinkDraft, kind: BrakeKind, field: string): boolean {
  const key = brakeKey(kind, field);
  link.mass.add(key);
  return link.tree.braked?.has(key) === true;
}

const isBlank = (value: FieldValue): boolean => value === '' || sameValue(value, null);

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
  return link.lines.map((line) => {
    const trees = treesOf(linkDraft, line, draft);
    const verdict: Verdict = link.remoteId === null ? missing(trees.hub) : mergeField(trees, echoOf(line));
    return { line, trees, verdict, decision: decide(linkDraft, line, draft, trees, verdict) };
  });
}

/** First pass over a link: merges the mapped fields that are meant, and applies what the remote changed. */
function takeIn(link: LinkDraft, draft: Draft, isMeant: (line: Line) => boolean): PlannedChange | null {
  const changed: Record<string, ChangedField> = {};
  let conflict = false;
  for (const line of link.tree.lines.filter(isMeant)) {
    const trees = treesOf(link, line, draft);
    const verdict = mergeField(trees, echoOf(line));
    const decision = decide(link, line, draft, trees, verdict);
    const blanks = decision.kind === 'pull' && isBlank(decision.value) && !isBlank(trees.hub);
    if (blanks && isKeptBack(link, 'blanks_in', line.hub)) continue;
    const line_ = apply(link, line, draft, trees, decision);
    if (line_ === null) continue;
    const took = verdict.kind === 'clash' ? link.tree.decided.get(line.hub) : undefined;
    changed[line.hub] = took === undefined || line_.settled === undefined ? line_ : { ...line_, settled: { ...line_.settled, took } };
    conflict ||= line_.lost !== undefined;
  }
  if (Object.keys(changed).length === 0) return null;
  if (draft.stamps['*'] === undefined && draft.fresh) draft.stamps['*'] = [link.tree.changedAt ?? ISO_NEVER, link.tree.connectionId];
  return { linkId: link.tree.linkId, fields: changed, conflict };
}

function decide(link: LinkDraft, line: Line, draft: Draft, trees: Trees, verdict: Verdict): Decision {
  if (verdict.kind === 'still') return { kind: 'nothing' };
  const taken = link.tree.decided.get(line.hub);
  if (taken !== undefined && verdict.kind === 'clash') {
    const reason = 'a person decided';
    return taken === 'hub'
      ? { kind: 'push', value: verdict.hub, lost: verdict.remote, reason }
      : { kind: 'pull', value: verdict.remote, lost: verdict.hub, reason };
  }
  if (verdict.kind === 'pull' && trees.base === undefined && link.tree.isOurs && link.tree.schema.get(line.remote)?.stopgap === true) {
    return { kind: 'agree', base: { hub: trees.hub, remote: verdict.value }, reason: `${link.tree.system} filled it in by itself` };
  }
  const [hubAt, hubBy] = stampOf(draft.stamps, line.hub);
  return settle(verdict, trees, {
    direction: line.direction,
    rule: line.rule,
    nulls: line.nulls,
    hub: { ...(draft.systems.get(hubBy) ?? { by: hubBy }), at: hubAt },
    remote: { by: link.tree.connector, connection: link.tree.system, at: link.tree.changedAt ?? ISO_NEVER },
  });
}

/** Carries a decision into the draft; the journal line when a value was replaced or gave way. */
function apply(link: LinkDraft, line: Line, draft: Draft, trees: Trees, decision: Decision): ChangedField | null {
  const { tree } = link;
  const remote = trees.remote ?? null;
  const [hubAt, hubBy] = stampOf(draft.stamps, line.hub);
  switch (decision.kind) {
    case 'agree':
      link.base.set(line.hub, decision.base);
      if (decision.lost === undefined) return null;
      return {
        old: trees.hub,
        new: trees.hub,
        rule: decision.reason ?? '',
        lost: { value: decision.lost, by: tree.connectionId, at: tree.changedAt ?? ISO_NEVER },
        settled: { by: hubBy, at: hubAt, ...policyOf(line) },
      };
    case 'pull': {
      link.base.set(line.hub, { hub: decision.value, remote });
      const old = trees.hub;
      draft.fields[line.hub] = decision.value;
      if (!draft.fresh || draft.stamps['*'] !== undefined) draft.stamps[line.hub] = [tree.changedAt ?? ISO_NEVER, tree.connectionId];
      const lost =
        decision.lost === undefined
          ? {}
          : {
              lost: { value: decision.lost, by: hubBy, at: hubAt },
              settled: { by: tree.connectionId, at: tree.changedAt ?? ISO_NEVER, ...policyOf(line) },
            };
      return { old, new: decision.value, ...(decision.lost === undefined ? {} : { rule: decision.reason }), ...lost };
    }
    case 'blend':
      // As if the remote's value had been agreed on before the hub changed it: so it is given out in the second pass.
      link.base.set(line.hub, { hub: remote, remote });
      draft.fields[line.hub] = decision.value;
      if (!draft.fresh || draft.stamps['*'] !== undefined) draft.stamps[line.hub] = [tree.changedAt ?? ISO_NEVER, tree.connectionId];
      return { old: trees.hub, new: decision.value, rule: decision.reason };
    case 'push': {
      const isNamed = decision.lost !== undefined;
      if (isNamed || trees.base === undefined || !sameValue(trees.base.remote, remote) || sameValue(trees.base.hub, trees.hub)) {
        const turnedDown = trees.base !== undefined && sameValue(trees.base.hub, trees.hub);
        link.base.set(line.hub, { hub: remote, remote, ...(turnedDown ? { overruled: remote } : {}) });
      }
      if (decision.lost === undefined) return null;
      return {
        old: trees.hub,
        new: decision.value,
        rule: decision.reason,
        lost: { value: decision.lost, by: tree.connectionId, at: tree.changedAt ?? ISO_NEVER },
        settled: { by: hubBy, at: hubAt, ...policyOf(line) },
      };
    }
    case 'hold':
    case 'nothing':
      return null;
  }
}

/** Under what a conflict was decided. */
const policyOf = ({ direction, rule, nulls }: Line): Omit<Settled, 'by' | 'at'> => ({ direction, rule, nulls });

/** Second pass over a link: what it still lacks of the hub's values, as far as it can take them. */
function giveOut(link: LinkDraft, draft: Draft): Omit<LinkPlan, 'standing' | 'braked'> {
  const { tree } = link;
  const push: Record<string, FieldValue> = {};
  const pushed: Record<string, FieldValue> = {};
  for (const line of tree.lines) {
    const trees = treesOf(link, line, draft);
    const creating = tree.remoteId === null;
    const verdict: Verdict = creating ? missing(trees.hub) : mergeField(trees, echoOf(line));
    const decision = decide(link, line, draft, trees, verdict);
    if (decision.kind === 'agree') link.base.set(line.hub, decision.base);
    if (decision.kind === 'hold')
      link.holds.push({
        kind: 'conflict',
        field: line.hub,
        reason: decision.reason,
        detail: { hub: decision.hub, remote: decision.remote },
      });
    if (decision.kind !== 'push' || !tree.writable) continue;
    const before = tree.refused.get(line.hub);
    if (before !== undefined && sameValue(before.value, decision.value)) {
      link.holds.push({ kind: 'refused_field', field: line.hub, reason: before.reason, detail: { value: decision.value, by: 'vendor' } });
      continue;
    }
    const encoded = line.codec.encode(decision.value);
    if (!encoded.ok && encoded.ignored === true) continue;
    if (!encoded.ok && encoded.waits !== undefined) {
      link.waits.add(encoded.waits);
      continue;
    }
    const unfit = guardEncoded(encoded, tree.schema.get(line.remote), tree.system);
    if (unfit !== null) link.holds.push(heldBack(line.hub, decision.value, unfit));
    else if (encoded.ok) {
      const blanks = !creating && isBlank(encoded.value) && !isBlank(trees.remote ?? null);
      if (blanks && isKeptBack(link, 'blanks_out', line.hub)) continue;
      push[line.remote] = encoded.value;
      pushed[line.hub] = decision.value;
    }
  }
  return {
    linkId: tree.linkId,
    base: storeBase(tree.base, link.base),
    push,
    pushed,
    holds: [...link.holds, ...lacking(tree, push)],
    waits: [...link.waits],
  };
}

const missing = (hub: FieldValue): Verdict => (hub === null ? { kind: 'still' } : { kind: 'push', value: hub });

/** A create without a required field is refused over there, so it waits here with the reason. */
function lacking(tree: LinkTree, push: Fields): readonly PlannedHold[] {
  if (tree.remoteId !== null || !tree.writable) return [];
  const names = tree.lines.flatMap((line) => {
    const field = tree.schema.get(line.remote);
    return field?.required === true && push[line.remote] === undefined ? [field.label] : [];
  });
  if (names.length === 0) return [];
  return [
    {
      kind: 'refused_record',
      field: null,
      reason: `${tree.system} requires ${names.join(' and ')} to make the record`,
      detail: { because: 'required' },
    },
  ];
}

function treesOf(link: LinkDraft, line: Line, draft: Draft): Trees {
  const sent = link.tree.sent?.[line.hub];
  const base = link.base.get(line.hub) ?? readBase(link.tree.base, line.hub);
  const unseen = sent !== undefined || link.tree.expected?.[line.remote] !== undefined;
  const trees: Trees = {
    base: base === undefined ? undefined : { hub: base.hub, remote: base.remote },
    sent,
    hub: draft.fields[line.hub] ?? null,
    remote: link.tree.severed.has(line.hub) ? undefined : shownBy(link, line),
  };
  return base?.overruled === undefined || unseen ? trees : { ...trees, overruled: base.overruled };
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

const echoOf =
  (line: Line) =>
  (value: FieldValue): FieldValue | undefined => {
    const encoded = line.codec.encode(value);
    if (!encoded.ok) return undefined;
    const decoded = line.codec.decode(encoded.value);
    return decoded.ok ? decoded.value : undefined;
  };
