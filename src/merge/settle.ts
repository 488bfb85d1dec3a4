import type { FieldValue } from '../contract/records.ts';
import { unreachable } from '../kernel/must.ts';
import type { Direction, NullPolicy, Rule } from '../mapping/mapping.ts';
import { blendIn } from './blend.ts';
import type { Base, Verdict } from './merge-field.ts';
import { sameValue } from './same.ts';

/** Whose value it is and since when: `by` is a connector's id or `hub`, `connection` the name of the connection, `at` ISO. */
export type Claim = { readonly by: string; readonly connection?: string; readonly at: string };

/** The policy of one mapped field, with who stands behind both values. */
export type Policy = {
  readonly direction: Direction;
  readonly rule: Rule;
  readonly nulls: NullPolicy;
  readonly hub: Claim;
  readonly remote: Claim;
};

/**
 * What is to be done. `lost` names the value that gave way, when somebody had written it. `agree` moves only the base, also when both sides
 * may differ: then a remote that may not be written to keeps what the rule turned down.
 */
export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'agree'; readonly base: Base; readonly lost?: FieldValue; readonly reason?: string }
  | { readonly kind: 'pull'; readonly value: FieldValue; readonly lost?: FieldValue; readonly reason: string }
  | { readonly kind: 'push'; readonly value: FieldValue; readonly lost?: FieldValue; readonly reason: string }
  /** The value goes both ways: it is neither what the hub holds nor what the remote shows. */
  | { readonly kind: 'blend'; readonly value: FieldValue; readonly reason: string }
  | { readonly kind: 'hold'; readonly hub: FieldValue; readonly remote: FieldValue; readonly reason: string };

/** Turns a fact into a choice by the field's direction, null policy, and rule. Pure. */
export function settle(
  verdict: Verdict,
  trees: { readonly hub: FieldValue; readonly remote: FieldValue | undefined; readonly base: Base | undefined },
  policy: Policy,
): Decision {
  switch (verdict.kind) {
    case 'still':
      return { kind: 'nothing' };
    case 'agree':
      return { kind: 'agree', base: verdict.base };
    case 'pull':
      return settlePull(verdict.value, trees, policy);
    case 'push':
      return settlePush(verdict.value, trees, policy);
    case 'clash':
      return settleClash(verdict, trees.base, policy);
    default:
      return unreachable(verdict);
  }
}

function settlePull(value: FieldValue, trees: { hub: FieldValue; base: Base | undefined }, policy: Policy): Decision {
  const { direction, nulls } = policy;
  const unmoved: Base = { hub: trees.hub, remote: value };
  if (direction === 'off') return { kind: 'nothing' };
  if (direction === 'out') {
    if (isBlank(trees.hub) && (trees.base === undefined || nulls !== 'clear')) return { kind: 'agree', base: unmoved };
    if (policy.rule.kind === 'yield') return { kind: 'agree', base: unmoved };
    return { kind: 'push', value: trees.hub, lost: value, reason: 'the field only flows out of the hub' };
  }
  if (isBlank(value) && nulls === 'keep') return { kind: 'agree', base: unmoved };
  if (isBlank(value) && nulls === 'ignore') {
    if (direction === 'in') return { kind: 'agree', base: unmoved };
    return { kind: 'push', value: trees.hub, reason: 'a blank has no opinion here, so the value is written back' };
  }
  if (trees.base !== undefined && outranks(policy, trees.hub)) {
    if (direction === 'both') return { kind: 'push', value: trees.hub, lost: value, reason: ruleInWords(policy.rule) };
    // Where the hub may not answer, its own rule would shut the remote out for ever.
    if (policy.rule.kind !== 'hub') return { kind: 'agree', base: unmoved, lost: value, reason: ruleInWords(policy.rule) };
  }
  // Where the hub may not write, whoever edits has never seen what the hub kept of a value of its own.
  const isUnseen = direction === 'in' && trees.base !== undefined && !isBlank(trees.hub) && !sameValue(trees.base.hub, trees.base.remote);
  return { kind: 'pull', value, ...(isUnseen ? { lost: trees.hub } : {}), reason: 'only the remote changed' };
}

function settlePush(value: FieldValue, trees: { remote: FieldValue | undefined; base: Base | undefined }, policy: Policy): Decision {
  const remote = trees.remote ?? null;
  if (policy.direction === 'off' || policy.direction === 'in') return { kind: 'nothing' };
  if (isBlank(value) && policy.nulls !== 'clear') return { kind: 'agree', base: { hub: value, remote } };
  // While the hub held a blank, the remote kept a value of its own, which nobody else has ever seen.
  const isUnseen = policy.direction === 'out' && trees.base !== undefined && isBlank(trees.base.hub) && !isBlank(remote);
  if (isUnseen) return { kind: 'push', value, lost: remote, reason: 'the field only flows out of the hub' };
  return { kind: 'push', value, reason: 'only the hub changed' };
}

type Clash = { readonly hub: FieldValue; readonly remote: FieldValue; readonly blend?: FieldValue };

function settleClash(clash: Clash, base: Base | undefined, policy: Policy): Decision {
  const { hub, remote } = clash;
  if (policy.direction === 'off') return { kind: 'nothing' };
  const blend = policy.direction === 'in' && base !== undefined && clash.blend !== undefined ? blendIn(base, hub, remote) : clash.blend;
  if (blend !== undefined && blends({ hub, remote, blend }, policy)) return settleBlend({ hub, remote, value: blend }, policy);
  const blankLoses = policy.nulls !== 'clear';
  if (policy.direction === 'out') {
    if (blankLoses && isBlank(hub)) return { kind: 'agree', base: { hub, remote } };
    return { kind: 'push', value: hub, lost: remote, reason: 'the field only flows out of the hub' };
  }
  if (policy.rule.kind === 'hold') return { kind: 'hold', hub, remote, reason: 'both sides changed it, and the rule is to ask' };
  const hubWins = outranks(policy, hub) || (!outranked(policy, remote) && Date.parse(policy.hub.at) >= Date.parse(policy.remote.at));
  const takeHub = blankLoses && isBlank(remote) ? true : blankLoses && isBlank(hub) ? false : hubWins;
  const reason = `both sides changed it; ${ruleInWords(policy.rule)}`;
  if (!takeHub) return { kind: 'pull', value: remote, lost: hub, reason };
  if (policy.direction === 'in') return { kind: 'agree', base: { hub, remote }, lost: remote, reason };
  return { kind: 'push', value: hub, lost: remote, reason };
}

/**
 * Options are added and taken away one by one, so nobody has to give way; but a rule that names a winner holds for lists as well, and where blanks
 * do not clear, no list is emptied because each side took away what the other had left.
 */
const blends = (lists: Required<Clash>, { direction, rule, nulls }: Policy): boolean =>
  direction !== 'out' && (rule.kind === 'newest' || rule.kind === 'hold') && (nulls === 'clear' || !Object.values(lists).some(isBlank));

function settleBlend({ hub, remote, value }: { hub: FieldValue; remote: FieldValue; value: FieldValue }, policy: Policy): Decision {
  const reason = 'both sides changed the list, so it has what either added and lacks what either took away';
  if (sameValue(value, remote)) return { kind: 'pull', value: remote, reason };
  if (policy.direction === 'in') return sameValue(value, hub) ? { kind: 'agree', base: { hub, remote } } : { kind: 'pull', value, reason };
  return sameValue(value, hub) ? { kind: 'push', value: hub, reason } : { kind: 'blend', value, reason };
}

const isBlank = (value: FieldValue): boolean => sameValue(value, null);

/** Whether the rule puts the hub's value above the remote's, whatever their times. A blank does so only under the rule `hub`, where blanks clear. */
function outranks(policy: Policy, hubValue: FieldValue): boolean {
  const { rule } = policy;
  switch (rule.kind) {
    case 'newest':
    case 'hold':
    case 'yield':
      return false;
    case 'hub':
      return !isBlank(hubValue) || policy.nulls === 'clear';
    case 'prefer':
      return !isBlank(hubValue) && isMeant(rule.system, policy.hub) && !isMeant(rule.system, policy.remote);
    case 'order':
      return !isBlank(hubValue) && rank(rule.systems, policy.hub) < rank(rule.systems, policy.remote);
    default:
      return unreachable(rule);
  }
}

/** Whether the rule puts the remote's value above the hub's, whatever their times. */
function outranked(policy: Policy, remoteValue: FieldValue): boolean {
  const { rule } = policy;
  if (isBlank(remoteValue)) return false;
  if (rule.kind === 'prefer') return isMeant(rule.system, policy.remote) && !isMeant(rule.system, policy.hub);
  if (rule.kind === 'order') return rank(rule.systems, policy.remote) < rank(rule.systems, policy.hub);
  return false;
}

/** Whether a rule means this side: by its connector, which stands for all of its connections, or by the connection's name. */
const isMeant = (system: string, { by, connection }: Claim): boolean => system === by || system === connection;

const rank = (systems: readonly string[], claim: Claim): number => {
  const index = systems.findIndex((system) => isMeant(system, claim));
  return index < 0 ? systems.length : index;
};

/** The rule as a clause of a sentence. */
export function ruleInWords(rule: Rule): string {
  switch (rule.kind) {
    case 'newest':
      return 'the newest edit wins';
    case 'hub':
      return 'the hub wins';
    case 'yield':
      return 'an edit there stands until the hub has another value';
    case 'hold':
      return 'a person decides';
    case 'prefer':
      return `${rule.system} wins unless it is blank there`;
    case 'order':
      return `the first of ${rule.systems.join(', ')} wins`;
    default:
      return unreachable(rule);
  }
}
