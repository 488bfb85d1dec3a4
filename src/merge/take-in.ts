import type { ChangedField, Settled } from '../hub/stored.ts';
import type { Line } from '../mapping/mapping.ts';
import { decide } from './decide.ts';
import { isKeptBack } from './give-out.ts';
import { type Draft, echoOf, ISO_NEVER, isBlank, isStill, type LinkDraft, shownFields, stampOf, treesOf } from './link-draft.ts';
import { mergeField, type Trees, type Verdict } from './merge-field.ts';
import { entryOf, type Standing } from './presence.ts';
import type { PlannedChange } from './record-plan.ts';
import type { RecordTree } from './record-tree.ts';
import { sameValue } from './same.ts';
import type { Decision } from './settle.ts';

/**
 * Takes in every link that takes part, oldest change first. What one brings may let another one take part again, whose filter had not covered the
 * record before.
 */
export function takeAllIn(
  tree: RecordTree,
  drafts: readonly LinkDraft[],
  draft: Draft,
): { entries: ReadonlyMap<string, Standing>; changes: readonly PlannedChange[] } {
  const entries = new Map<string, Standing>();
  const changes: PlannedChange[] = [];
  const entered: LinkDraft[] = [];
  let outside = [...drafts].sort((a, b) => ((a.tree.changedAt ?? '') < (b.tree.changedAt ?? '') ? -1 : 1));
  const now = { ...tree, fields: draft.fields };
  for (;;) {
    const left: LinkDraft[] = [];
    for (const link of outside) {
      const shown = link.tree.gates.in.when === null ? {} : shownFields(link.tree);
      const entry = entryOf(link.tree, now, shown);
      entries.set(link.tree.linkId, entry);
      if (entry.kind !== 'part') left.push(link);
      else if (link.tree.seen !== null) {
        entered.push(link);
        const change = takeIn(link, draft, comesIn);
        if (change !== null) changes.push(change);
      }
    }
    if (left.length === outside.length) break;
    outside = left;
  }
  takeInLate(entered, draft, changes);
  // What only flows out meets the hub's values as they have become: who gives way to them is named.
  for (const link of entered) {
    const change = takeIn(link, draft, goesOut);
    if (change !== null) changes.push(change);
  }
  return { entries, changes };
}

const goesOut = (line: Line): boolean => line.direction === 'out';
const comesIn = (line: Line): boolean => line.direction !== 'out';

/** What a later link brought may have ended the clash of an earlier one, whose change is then taken in as well. */
function takeInLate(entered: readonly LinkDraft[], draft: Draft, changes: PlannedChange[]): void {
  let before = 0;
  for (let pass = 1; changes.length > before && pass < entered.length; pass += 1) {
    before = changes.length;
    for (const link of entered) {
      const change = takeIn(link, draft, comesIn);
      if (change !== null) changes.push(change);
    }
  }
}

/** First pass over a link: merges the mapped fields that are meant, and applies what the remote changed. */
function takeIn(link: LinkDraft, draft: Draft, isMeant: (line: Line) => boolean): PlannedChange | null {
  const changed: Record<string, ChangedField> = {};
  let conflict = false;
  for (const line of link.tree.lines) {
    if (!isMeant(line) || isStill(link, line, draft)) continue;
    const trees = treesOf(link, line, draft);
    const verdict = mergeField(trees, echoOf(line));
    if (verdict.kind === 'still') {
      link.still.set(line.hub, trees.hub);
      continue;
    }
    const decision = decide(link, line, draft, trees, verdict);
    const blanks = decision.kind === 'pull' && isBlank(decision.value) && !isBlank(trees.hub);
    if (blanks && isKeptBack(link, 'blanks_in', line.hub)) continue;
    const line_ = apply(link, line, draft, trees, decision);
    if (line_ === null) continue;
    changed[line.hub] =
      line_.settled === undefined ? line_ : { ...line_, settled: { ...line_.settled, ...howSettled(link, line, verdict) } };
    conflict ||= line_.lost !== undefined;
  }
  if (Object.keys(changed).length === 0) return null;
  if (draft.stamps['*'] === undefined && draft.fresh) draft.stamps['*'] = [link.tree.changedAt ?? ISO_NEVER, link.tree.connectionId];
  return { linkId: link.tree.linkId, fields: changed, conflict };
}

function howSettled({ tree }: LinkDraft, { hub }: Line, { kind }: Verdict): Pick<Settled, 'moved' | 'took'> {
  if (kind === 'pull') return { moved: 'remote' };
  const took = kind === 'clash' ? tree.decided.get(hub) : undefined;
  return took === undefined ? {} : { took };
}

/** Carries a decision into the draft; the journal line when a value was replaced, gave way, or was come to by two at once. */
function apply(link: LinkDraft, line: Line, draft: Draft, trees: Trees, decision: Decision): ChangedField | null {
  if (decision.kind === 'nothing' || decision.kind === 'hold') return null;
  const { tree } = link;
  const remote = trees.remote ?? null;
  const [hubAt, hubBy] = stampOf(draft.stamps, line.hub);
  switch (decision.kind) {
    case 'agree':
      link.base.set(line.hub, decision.base);
      if (decision.lost === undefined) return concurs(trees) ? { old: trees.hub, new: trees.hub } : null;
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
  }
}

/** Whether somebody over there came to what the hub had come to by itself: an edit of theirs, though it moves nothing. */
const concurs = ({ base, sent, hub, remote }: Trees): boolean =>
  base !== undefined && sent === undefined && !sameValue(hub, base.hub) && !sameValue(remote ?? null, base.remote);

/** Under what a conflict was decided. */
const policyOf = ({ direction, rule, nulls }: Line): Omit<Settled, 'by' | 'at'> => ({ direction, rule, nulls });
