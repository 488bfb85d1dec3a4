import type { ExplainedLink, ExplainedSide } from '../../hub/records/explanation.ts';
import { unreachable } from '../../kernel/must.ts';
import type { Judged } from '../../merge/merge-record.ts';
import type { Decision } from '../../merge/settle.ts';
import type { LinkRow } from '../reconciling/link-row.ts';

/** A connection as people and rules know it; undefined for one that is gone. */
export type Name = { readonly name: string; readonly connector: string } | undefined;

/** What one system holds of a field, and what the merge would do about it now; nothing where the field is not mapped. */
export function sideOf(link: LinkRow, field: string, judged: readonly Judged[], name: Name): readonly ExplainedSide[] {
  const own = judged.find((one) => one.line.hub === field);
  if (own === undefined) return [];
  const { trees, verdict, decision, line } = own;
  return [
    {
      connection: name?.name ?? '',
      connector: name?.connector ?? '',
      remoteId: link.remoteId,
      remoteField: line.remote,
      ...(trees.remote === undefined ? {} : { shown: trees.remote }),
      ...(trees.base === undefined ? {} : { base: trees.base }),
      ...(trees.sent === undefined ? {} : { sent: trees.sent }),
      verdict: verdict.kind,
      decision: decision.kind,
      reason: reasonOf(decision, trees.remote === undefined),
    },
  ];
}

function reasonOf(decision: Decision, unseen: boolean): string {
  switch (decision.kind) {
    case 'nothing':
      return unseen ? 'it was not shown there' : 'nothing changed since both agreed';
    case 'agree':
      return decision.reason ?? 'both hold the same';
    case 'pull':
    case 'push':
    case 'blend':
    case 'hold':
      return decision.reason;
    default:
      return unreachable(decision);
  }
}

/** Why a remote record is this one. */
export function linkOf(link: LinkRow, name: Name): ExplainedLink {
  return {
    connection: name?.name ?? '',
    connector: name?.connector ?? '',
    object: link.object,
    remoteId: link.remoteId,
    state: link.state,
    reason: link.reason,
    ...evidenceOf(link.evidence as { matched?: string; made?: string } | null),
  };
}

function evidenceOf(evidence: { matched?: string; made?: string } | null): Pick<ExplainedLink, 'evidence' | 'began'> {
  if (evidence?.matched !== undefined) return { evidence: evidence.matched, began: 'matched' };
  if (evidence?.made === 'remote') return { evidence: 'the hub made it there', began: 'here' };
  return { evidence: 'the record began here', began: 'there' };
}
