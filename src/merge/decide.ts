import type { Line } from '../mapping/mapping.ts';
import { fitOf } from './fit-of.ts';
import { type Draft, ISO_NEVER, type LinkDraft, stampOf } from './link-draft.ts';
import type { Trees, Verdict } from './merge-field.ts';
import { type Decision, settle } from './settle.ts';

export function decide(link: LinkDraft, line: Line, draft: Draft, trees: Trees, verdict: Verdict): Decision {
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
  // What it could not be made with is held, and what the vendor put there instead is nobody's edit, though it is newer.
  if (verdict.kind === 'clash' && trees.base === undefined && link.tree.isOurs && line.direction === 'both') {
    if (fitOf(link.tree, line, verdict.hub).kind === 'held')
      return { kind: 'push', value: verdict.hub, reason: `${link.tree.system} cannot hold it` };
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
