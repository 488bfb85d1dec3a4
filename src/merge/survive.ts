import type { Fields, FieldValue } from '../contract/records.ts';
import type { ChangedField, Stamp, Stamps } from '../hub/stored.ts';
import { canonical } from '../kernel/json.ts';
import { unreachable } from '../kernel/must.ts';
import { type HubObject, isComputed, type Line, type Rule } from '../mapping/mapping.ts';
import { blendLists } from './blend.ts';
import { stampOf } from './link-draft.ts';
import { sameValue } from './same.ts';
import { ruleInWords } from './settle.ts';

/** A record as far as a merge looks at it. */
export type Side = { readonly fields: Fields; readonly stamps: Stamps };
export type Sides = { readonly winner: Side; readonly loser: Side };

/** By what the values of two records are chosen: the model, and the lines of each connector that brings values. */
export type Survivorship = {
  readonly object: HubObject;
  readonly lines: ReadonlyMap<string, readonly Line[]>;
  /** The connector of a connection, by its id. */
  readonly connectors: ReadonlyMap<string, string>;
};

/** What the winner holds once two records are one; `changed` is what its journal says, with every value that gave way. */
export type Survivor = Side & { readonly changed: Readonly<Record<string, ChangedField>>; readonly conflict: boolean };

type Claim = { readonly value: FieldValue; readonly stamp: Stamp; readonly system: string };

/**
 * Chooses, field by field, which value of two records stays. Which of them is called the winner has no say in it; roll-ups stay as they are,
 * since they are computed anew. Pure.
 */
export function survive({ winner, loser }: Sides, how: Survivorship): Survivor {
  const fields: Record<string, FieldValue> = {};
  const stamps: Record<string, Stamp> = starOf(winner.stamps, loser.stamps);
  const changed: Record<string, ChangedField> = {};
  for (const name of namesOf(winner, loser)) {
    const [own, other] = [claimOf(winner, name, how), claimOf(loser, name, how)];
    const kept = isComputed(how.object.fields.get(name)) ? own : choose(name, own, other, how);
    if (!sameValue(kept.value, null)) fields[name] = kept.value;
    if (canonical(kept.stamp) !== canonical(stampOf(stamps, name))) stamps[name] = kept.stamp;
    const line = lineOf(name, { own, other, kept }, how);
    if (line !== null) changed[name] = line;
  }
  return { fields, stamps, changed, conflict: Object.values(changed).some((line) => line.lost !== undefined) };
}

function namesOf(a: Side, b: Side): readonly string[] {
  const names = new Set([a.fields, b.fields, a.stamps, b.stamps].flatMap((of) => Object.keys(of)));
  names.delete('*');
  return [...names].sort();
}

const claimOf = (side: Side, name: string, how: Survivorship): Claim => {
  const stamp = stampOf(side.stamps, name);
  return { value: side.fields[name] ?? null, stamp, system: how.connectors.get(stamp[1]) ?? stamp[1] };
};

/** The stamp of all fields without their own: the later of both. */
function starOf(a: Stamps, b: Stamps): Record<string, Stamp> {
  const later = [a['*'], b['*']].filter((stamp) => stamp !== undefined).sort(byAge)[0];
  return later === undefined ? {} : { '*': later };
}

/** Newest first; of two that are as old the order of their names, so that it is the same whoever asks. */
const byAge = (a: Stamp, b: Stamp): number => Date.parse(b[0]) - Date.parse(a[0]) || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);

/** The claim that stays: lists unite, else a value before a blank, then whom the rule puts first, then the newer one. */
function choose(name: string, own: Claim, other: Claim, how: Survivorship): Claim {
  const united = blendLists(undefined, own.value, other.value);
  if (united !== undefined) return { ...(byAge(own.stamp, other.stamp) <= 0 ? own : other), value: united };
  const blanks = Number(isBlank(own)) - Number(isBlank(other));
  const rule = survivalRule(name, [own, other], how);
  const ranks = isBlank(own) && isBlank(other) ? 0 : rankOf(rule, own) - rankOf(rule, other);
  const texts = canonical(own.value) <= canonical(other.value) ? -1 : 1;
  return (blanks || ranks || byAge(own.stamp, other.stamp) || texts) < 0 ? own : other;
}

const isBlank = ({ value }: Claim): boolean => sameValue(value, null);

/** Which of several rules counts: one that names systems says more than one that does not. */
const STRICTEST: readonly Rule['kind'][] = ['order', 'prefer', 'hub', 'hold', 'newest', 'yield'];

/** The rule of the lines that brought the two values; where neither came by a line, that of all lines of the field. */
function survivalRule(name: string, claims: readonly Claim[], how: Survivorship): Rule {
  const linesOf = (systems: Iterable<string>) =>
    [...systems].flatMap((system) => (how.lines.get(system) ?? []).filter((line) => line.hub === name && line.direction !== 'out'));
  const bringing = linesOf(new Set(claims.map((claim) => claim.system)));
  const rules = (bringing.length > 0 ? bringing : linesOf(how.lines.keys())).map((line) => line.rule);
  const strictest = rules.sort((a, b) => STRICTEST.indexOf(a.kind) - STRICTEST.indexOf(b.kind) || (canonical(a) < canonical(b) ? -1 : 1));
  return strictest[0] ?? { kind: 'newest' };
}

function rankOf(rule: Rule, { system }: Claim): number {
  switch (rule.kind) {
    case 'newest':
    case 'hold':
    case 'yield':
      return 0;
    case 'hub':
      return system === 'hub' ? 0 : 1;
    case 'prefer':
      return system === rule.system ? 0 : 1;
    case 'order':
      return rule.systems.includes(system) ? rule.systems.indexOf(system) : rule.systems.length;
    default:
      return unreachable(rule);
  }
}

type Contest = { readonly own: Claim; readonly other: Claim; readonly kept: Claim };

/** The journal's line of a field; null when both held the same, or the loser nothing. */
function lineOf(name: string, { own, other, kept }: Contest, how: Survivorship): ChangedField | null {
  const moved = !sameValue(own.value, kept.value);
  const united = Array.isArray(kept.value);
  const lost = united ? undefined : [own, other].find((claim) => !isBlank(claim) && !sameValue(claim.value, kept.value));
  if (!moved && (lost === undefined || isComputed(how.object.fields.get(name)))) return null;
  const line = { old: own.value, new: kept.value };
  if (lost === undefined) return { ...line, rule: united ? 'two records became one; lists unite' : 'two records became one' };
  const rule = `two records became one; ${reasonOf(survivalRule(name, [own, other], how))}`;
  return { ...line, rule, lost: { value: lost.value, by: lost.stamp[1], at: lost.stamp[0] } };
}

const reasonOf = (rule: Rule): string =>
  rule.kind === 'hold' ? 'a person decides, and the newer one stands until then' : ruleInWords(rule);
