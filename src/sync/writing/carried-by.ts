import type { Fields } from '../../contract/records.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { PlannedLink } from '../reconciling/trees.ts';
import type { EntityStream } from '../streams.ts';
import type { Attempt } from './attempt.ts';

/** What of a plan one write can carry: a create leaves to an update what the vendor takes of none. */
export function carriedBy(
  link: LinkRow,
  { push, pushed }: Pick<PlannedLink, 'push' | 'pushed'>,
  { traits, lines }: Pick<EntityStream, 'traits' | 'lines'>,
): Pick<Attempt, 'push' | 'pushed'> {
  const { afterwards = [] } = traits.write ?? {};
  if (link.remoteId !== null || afterwards.length === 0) return { push, pushed };
  const later = lines.flatMap(({ hub, remote }) => (afterwards.includes(remote) ? [hub] : []));
  return { push: without(push, new Set(afterwards)), pushed: without(pushed, new Set(later)) };
}

const without = (fields: Fields, names: ReadonlySet<string>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
