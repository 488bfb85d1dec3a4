import type { LinkTree, Presence, RemovalDecision } from '../../merge/record-tree.ts';
import { readBase } from '../../merge/stored-base.ts';
import type { EntityStream } from '../streams.ts';
import type { LinkRow } from './link-row.ts';
import { type Refs, refsOf } from './refs.ts';
import type { HoldRow, RecordRow } from './rows.ts';

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

const NOTHING: LinkTree['severed'] = new Map();

/** References that read blank because what they refer to is gone over there: it took them with it. By hub field the records that are gone. */
export function severedOf(
  link: LinkRow,
  stream: EntityStream,
  { refs, record }: { readonly refs: Refs; readonly record: RecordRow | null },
): LinkTree['severed'] {
  if (stream.lines.every((line) => line.ref === null)) return NOTHING;
  const severed = refsOf(stream).flatMap(({ line, object }) => {
    const shown = link.expected?.[line.remote] ?? link.seen?.[line.remote];
    if (shown !== null && shown !== '') return [];
    const ties = [record?.fields[line.hub], readBase(link.base, line.hub)?.hub];
    const gone = ties.filter((tie): tie is string => typeof tie === 'string' && refs.remote(link.connectionId, object, tie)?.gone === true);
    return gone.length === 0 ? [] : [[line.hub, new Set(gone)] as const];
  });
  return new Map(severed);
}

/** Whether what a create is found by may have been made by an earlier one: that was not found then, or was removed and has been restored. */
export function mayBeOlder({ evidence }: Pick<LinkRow, 'evidence'>): boolean {
  const made = evidence as { readonly again?: boolean; readonly formerly?: string } | null;
  return made?.again === true || made?.formerly !== undefined;
}
