import type { FieldValue } from '../../contract/records.ts';
import type { UndoLine } from '../../hub/runs/undoing.ts';
import { groupBy } from '../../kernel/lists.ts';
import { type PutBack, putBackOf } from '../../merge/put-back.ts';
import { sameValue } from '../../merge/same.ts';
import { readBase } from '../../merge/stored-base.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import { streamKey } from '../streams.ts';
import { type UndoCase, type UndoDeeds, whoAndWhen } from './case.ts';
import type { SelectedDelivery } from './target.ts';

/**
 * Gives every record over there the values back that were written over, system by system: they held different ones before, so the hub's
 * record cannot hold them all.
 */
export function putBack(one: UndoCase): { readonly lines: readonly UndoLine[]; readonly putBacks: UndoDeeds['putBacks'] } {
  const updates = groupBy(
    one.deliveries.filter(({ verb }) => verb === 'update'),
    ({ linkId }) => linkId,
  );
  const lines: UndoLine[] = [];
  const putBacks = new Map<string, Omit<PutBack, 'run'>>();
  for (const link of one.links) {
    const written = (updates.get(link.id) ?? []).filter(({ remoteId }) => remoteId === link.remoteId);
    const last = written.at(-1);
    if (last === undefined || link.state === 'gone' || link.state === 'excluded' || putBackOf(link) !== null) continue;
    const fates = fieldsOf(written)
      .map((field) => ({ field, ...fateOf(one, link, { field, written }) }))
      .filter(({ from, to, fate }) => fate !== 'undone' || !sameValue(from, to));
    lines.push(...fates.map((fate) => tellOf(one, link, fate)));
    const back = fates.flatMap((fate) => (fate.fate === 'undone' ? [[fate.field, fate.to] as const] : []));
    if (back.length > 0) putBacks.set(link.id, { at: last.at, fields: Object.fromEntries(back) });
  }
  return { lines, putBacks };
}

type Fate = { readonly from: FieldValue; readonly to: FieldValue; readonly fate: UndoLine['fate']; readonly reason: string };
type Written = { readonly field: string; readonly written: readonly SelectedDelivery[] };

const fieldsOf = (written: readonly SelectedDelivery[]): readonly string[] =>
  [...new Set(written.flatMap(({ after }) => Object.keys(after)))].sort();

function fateOf(one: UndoCase, link: LinkRow, { field, written }: Written): Fate {
  const own = written.filter(({ after }) => field in after);
  const from = own.at(-1)?.after[field] ?? null;
  const since = own.at(-1)?.at ?? '';
  const stays = { from, to: from };
  const edit = one.journal.findLast(
    (line) => line.connectionId === link.connectionId && line.remoteId === link.remoteId && line.at > since && field in line.fields,
  );
  if (edit !== undefined) return { ...stays, fate: 'spared', reason: whoAndWhen(one, edit) };
  if (!sameValue(readBase(link.base, field)?.hub ?? null, from)) return { ...stays, fate: 'spared', reason: 'it has changed since' };
  const to = own[0]?.before[field];
  if (to === undefined) return { ...stays, fate: 'impossible', reason: 'what it held before could not be read' };
  const system = one.systems.get(link.connectionId)?.name ?? 'that system';
  if (one.streams.get(streamKey(link.connectionId, link.object))?.canUpdate !== true)
    return { ...stays, fate: 'impossible', reason: `the hub cannot write to ${system}` };
  return { from, to, fate: 'undone', reason: `${system} held it before it was written` };
}

function tellOf(one: UndoCase, link: LinkRow, { field, from, to, fate, reason }: Fate & { readonly field: string }): UndoLine {
  const connection = one.systems.get(link.connectionId)?.name ?? 'a deleted connection';
  return one.tell({ deed: 'field', field, from, to, fate, reason, connection, remoteId: link.remoteId });
}
