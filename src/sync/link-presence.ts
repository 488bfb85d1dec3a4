import type { Presence, RemovalDecision } from '../merge/record-tree.ts';
import { type Refs, refsOf } from './refs.ts';
import type { EntityStream } from './streams.ts';
import type { HoldRow, LinkRow, RecordRow } from './trees.ts';

/** Whether there is a record behind a link, by what was last seen of it. */
export function presenceOf(link: LinkRow): Presence {
  if (link.state === 'gone') return !link.gone && link.seen !== null && link.remoteId !== null ? 'back' : 'gone';
  if (link.remoteId === null) return 'unborn';
  return link.gone ? 'lost' : 'there';
}

const REMOVAL_DECISIONS: ReadonlySet<unknown> = new Set<RemovalDecision>(['keep', 'archive', 'remove', 'recreate']);

/** What a person has decided about a removal, while it is still to be carried out. */
export function decidedRemoval(holds: readonly HoldRow[]): RemovalDecision | null {
  const take = holds.find((hold) => hold.kind === 'removal')?.detail.take;
  return REMOVAL_DECISIONS.has(take) ? (take as RemovalDecision) : null;
}

const NOTHING: ReadonlySet<string> = new Set();

/** References that read blank because what they refer to is gone over there: it took them with it. */
export function severedOf(
  link: LinkRow,
  stream: EntityStream,
  { refs, record }: { readonly refs: Refs; readonly record: RecordRow | null },
): ReadonlySet<string> {
  if (stream.lines.every((line) => line.ref === null)) return NOTHING;
  const severed = refsOf(stream).filter(({ line, object }) => {
    const [shown, held] = [link.expected?.[line.remote] ?? link.seen?.[line.remote], record?.fields[line.hub]];
    return (shown === null || shown === '') && typeof held === 'string' && refs.remote(link.connectionId, object, held)?.gone === true;
  });
  return new Set(severed.map(({ line }) => line.hub));
}
