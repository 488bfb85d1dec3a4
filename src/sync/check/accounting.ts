import type { Outcome as Ending, Settled } from '../../hub/records/accounting.ts';
import { indexBy } from '../../kernel/lists.ts';
import type { Identified } from '../../merge/recognise.ts';
import { sameValue } from '../../merge/same.ts';
import type { Batch, Outcome } from '../reconciling/batch.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { PlannedLink } from '../reconciling/trees.ts';
import { streamKey } from '../streams.ts';

type Place = { readonly connectionId: string; readonly object: string; readonly remoteId: string };
type Told = { readonly outcome: Outcome; readonly link: LinkRow };

const keyOf = (place: Place): string => `${streamKey(place.connectionId, place.object)}|${place.remoteId}`;

/** In what each version ends that a batch has merged: exactly one outcome for each. */
export function endingsOf(batch: Batch): readonly Settled[] {
  const identified = indexBy(batch.identified, (one) => keyOf(one.stranger));
  const links = new Map<string, Told>();
  for (const outcome of batch.outcomes) {
    for (const link of outcome.links) if (link.remoteId !== null) links.set(keyOf({ ...link, remoteId: link.remoteId }), { outcome, link });
  }
  return batch.seen.map(({ connectionId, object, remoteId }) => {
    const key = keyOf({ connectionId, object, remoteId });
    return { connectionId, object, remoteId, outcome: endingOf(identified.get(key), links.get(key)) };
  });
}

function endingOf(identified: Identified | undefined, told: Told | undefined): Ending {
  if (identified?.kind === 'ambiguous' || identified?.kind === 'aside') return 'held';
  if (identified?.kind === 'excluded') return 'excluded';
  if (identified !== undefined) return 'applied';
  // Somebody whom nothing here stands for, and who is gone.
  if (told === undefined) return 'no_op';
  const { link, outcome } = told;
  const plan = outcome.planned.links.get(link.id);
  if (plan === undefined || plan.standing.kind === 'apart') return 'excluded';
  return standingEnding(link, plan) ?? mergeEnding(link, outcome, plan);
}

/** What a removal, a restore, or a filter made of it; null where the record simply takes part. */
function standingEnding(link: LinkRow, { standing }: PlannedLink): Ending | null {
  switch (standing.kind) {
    case 'part':
    case 'apart':
      return null;
    case 'gone':
      return link.state === 'gone' ? 'no_op' : 'applied';
    case 'asked':
    case 'braked':
      return 'held';
    case 'remove':
    case 'unlink':
    case 'rebirth':
      return 'applied';
  }
}

/** What gave way to a newer or a preferred value stands in the journal, and ends as superseded. */
function mergeEnding(link: LinkRow, { planned }: Outcome, { holds, waits, braked }: PlannedLink): Ending {
  if (planned.plan.archived?.linkId === link.id || planned.plan.revived?.linkId === link.id) return 'applied';
  const changed = planned.plan.changes.filter((change) => change.linkId === link.id).flatMap(({ fields }) => Object.values(fields));
  if (changed.some((field) => !sameValue(field.old, field.new))) return 'applied';
  if (changed.some((field) => field.lost !== undefined)) return 'superseded';
  if (braked.length > 0 || holds.some((hold) => hold.kind === 'conflict')) return 'held';
  if (holds.some((hold) => hold.detail.because === 'unreadable')) return 'refused';
  return waits.some((key) => key.startsWith('remote:')) ? 'held' : 'no_op';
}
