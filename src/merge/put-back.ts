import type { Fields } from '../contract/records.ts';
import type { Gates } from '../mapping/mapping.ts';
import { planRecord } from './merge-record.ts';
import type { LinkPlan } from './record-plan.ts';
import type { LinkTree } from './record-tree.ts';

/** Values by hub field that a remote record gets back since an undo, and when the hub had written over them. */
export type PutBack = { readonly run: string; readonly at: string; readonly fields: Fields };

/** What a link is to put back; null for all others. */
export function putBackOf({ evidence }: { readonly evidence: unknown }): PutBack | null {
  return (evidence as { readonly putBack?: PutBack } | null)?.putBack ?? null;
}

/**
 * Plans a link whose remote gets its own values back: the hub's record keeps its values, and once nothing is left to write the two stand apart,
 * so that they do not flow together again. An edit over there since then stays. Pure.
 */
export function planPutBack(tree: LinkTree, { at, fields }: PutBack): LinkPlan | undefined {
  const lines = tree.lines
    .filter((line) => line.hub in fields)
    .map((line) => ({ ...line, direction: 'both' as const, rule: { kind: 'newest' as const }, nulls: 'clear' as const }));
  const link: LinkTree = { ...tree, lines, gates: open(tree.gates), optedOut: false, decided: new Map(), braked: new Map() };
  const [plan] = planRecord({ recordId: tree.linkId, fields, stamps: { '*': [at, 'hub'] }, archived: null, links: [link] }).links;
  if (plan?.standing.kind !== 'part' || Object.keys(plan.push).length + plan.holds.length + plan.waits.length > 0) return plan;
  return { ...plan, standing: { kind: 'apart', cause: 'undone', reason: 'its own values were put back when a run was undone' } };
}

const open = ({ in: into, out }: Gates): Gates => ({ in: { ...into, when: null }, out: { ...out, when: null } });
