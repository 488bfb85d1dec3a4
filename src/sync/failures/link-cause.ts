import { causeOf } from '../../causes/cause-of.ts';
import type { LinkState } from '../../hub/stored.ts';
import { brakeOf } from '../../merge/brakes.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { HoldRow } from '../reconciling/rows.ts';
import type { PlannedLink } from '../reconciling/trees.ts';

/** The cause that a link has in the state that was planned for it; null where it is in sync. `open`: its holds that are open already. */
export function causeOfLink(
  state: LinkState,
  { link, plan }: { link: LinkRow; plan: PlannedLink },
  open: readonly HoldRow[],
): string | null {
  switch (state) {
    case 'in_sync':
      return null;
    case 'waiting':
      return causeOf({ link: 'waiting', because: plan.standing.kind === 'remove' ? 'removal' : undefined });
    case 'failing':
      return link.cause ?? causeOf({ link: 'failing' });
    case 'held':
      return causeOfHeld(plan, open);
    case 'excluded':
      return link.cause ?? causeOf({ link: 'excluded' });
    case 'gone':
      return (link.state === 'gone' ? link.cause : null) ?? causeOf({ link: 'gone', because: link.goneBy ?? undefined });
  }
}

/** What the vendor said when it refused stands in the hold that was opened then; what is found anew is told by the plan. */
function causeOfHeld({ holds, braked, standing }: PlannedLink, open: readonly HoldRow[]): string {
  if (standing.kind === 'asked') return causeOf({ kind: 'removal', detail: { event: standing.event } });
  const [first] = holds;
  const [kept] = braked;
  if (first === undefined && kept !== undefined) return causeOf({ kind: brakeOf(kept.by) === null ? 'flip' : 'brake', detail: {} });
  const stored = open.find((hold) => hold.kind === first?.kind && hold.field === first.field);
  return stored?.cause ?? causeOf({ kind: first?.kind ?? 'refused_record', detail: first?.detail ?? {} });
}
