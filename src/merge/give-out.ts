import type { Fields, FieldValue } from '../contract/records.ts';
import { type BrakeKind, brakeKey } from './brakes.ts';
import { decide } from './decide.ts';
import { fitOf } from './fit-of.ts';
import { type Draft, echoOf, isBlank, isStill, type LinkDraft, treesOf } from './link-draft.ts';
import { mergeField, type Verdict } from './merge-field.ts';
import type { LinkPlan, PlannedHold } from './record-plan.ts';
import type { LinkTree } from './record-tree.ts';
import { storeBase } from './stored-base.ts';

/** Second pass over a link: what it still lacks of the hub's values, as far as it can take them. */
export function giveOut(link: LinkDraft, draft: Draft): Omit<LinkPlan, 'standing' | 'braked'> {
  const { tree } = link;
  const push: Record<string, FieldValue> = {};
  const pushed: Record<string, FieldValue> = {};
  for (const line of tree.lines) {
    const creating = tree.remoteId === null;
    if (!creating && isStill(link, line, draft)) continue;
    const trees = treesOf(link, line, draft);
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
    const fit = fitOf(tree, line, decision.value);
    if (fit.kind === 'held') link.holds.push(fit.hold);
    if (fit.kind === 'waits') link.waits.add(fit.key);
    if (fit.kind === 'waits' && creating && line.needed === true) link.lacksNeeded = true;
    if (fit.kind !== 'fits') continue;
    const blanks = !creating && isBlank(fit.value) && !isBlank(trees.remote ?? null);
    if (blanks && isKeptBack(link, 'blanks_out', line.hub)) continue;
    push[line.remote] = fit.value;
    pushed[line.hub] = decision.value;
  }
  return {
    linkId: tree.linkId,
    base: storeBase(tree.base, link.base),
    push,
    pushed,
    holds: [...link.holds, ...lacking(tree, push)],
    waits: [...link.waits],
    ...(link.lacksNeeded ? { lacksNeeded: true as const } : {}),
  };
}

/** Counts one of a kind; whether a brake keeps it back. */
export function isKeptBack(link: LinkDraft, kind: BrakeKind, field: string): boolean {
  const key = brakeKey(kind, field);
  link.mass.add(key);
  return link.tree.braked?.has(key) === true;
}

export const missing = (hub: FieldValue): Verdict => (hub === null ? { kind: 'still' } : { kind: 'push', value: hub });

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
