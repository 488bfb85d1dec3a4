import type { FieldValue } from '../../contract/records.ts';
import type { JournalLine } from '../../hub/records/journal.ts';
import type { UndoLine } from '../../hub/runs/undoing.ts';
import { isComputed } from '../../mapping/mapping.ts';
import { guardEncoded } from '../../merge/guard.ts';
import { type Inverse, inverseOf, standingLines } from '../../merge/inverse.ts';
import { stampOf } from '../../merge/link-draft.ts';
import { sameValue } from '../../merge/same.ts';
import { streamKey } from '../streams.ts';
import { type BackTo, type UndoCase, whoAndWhen } from './case.ts';

type FieldsUndone = {
  readonly lines: readonly UndoLine[];
  readonly back: ReadonlyMap<string, BackTo>;
  readonly deliveries: readonly string[];
};

/** Which values of a record go back, to what, and which stay as they are and why. */
export function undoFields(one: UndoCase): FieldsUndone {
  const lines: UndoLine[] = [];
  const back = new Map<string, BackTo>();
  const deliveries: string[] = [];
  for (const field of touchedFields(one)) {
    const found = wayBack(one, field);
    if (found === null) continue;
    const from = one.record.fields[field] ?? null;
    const told = { deed: 'field' as const, field, from };
    if (found.fate !== 'undone') {
      lines.push(one.tell({ ...told, to: from, fate: found.fate, reason: found.reason }));
      continue;
    }
    const barred = barrier(one, field, found.to);
    lines.push(
      one.tell({
        ...told,
        to: barred === null ? found.to : from,
        fate: barred === null ? 'undone' : 'impossible',
        reason: barred ?? found.reason,
      }),
    );
    if (barred !== null) continue;
    // Its time stays that of the change which is taken back, so that an edit since then which nobody has seen yet is the newer one.
    back.set(field, { from, to: found.to, undid: found.undid, at: stampOf(one.record.stamps, field)[0] });
    deliveries.push(...found.deliveries);
  }
  return { lines, back, deliveries };
}

function touchedFields({ journal, selected, deliveries }: UndoCase): readonly string[] {
  const moved = journal.filter(selected).flatMap((line) => Object.keys(line.fields));
  const undone = journal.filter((line) => line.cause === 'undone').flatMap((line) => Object.keys(line.fields));
  return [
    ...new Set([...moved, ...undone, ...deliveries.flatMap((delivery) => (delivery.verb === 'update' ? Object.keys(delivery.after) : []))]),
  ].sort();
}

type WayBack =
  | {
      readonly fate: 'undone';
      readonly to: FieldValue;
      readonly reason: string;
      readonly undid: readonly string[];
      readonly deliveries: readonly string[];
    }
  | { readonly fate: 'spared' | 'impossible'; readonly reason: string };

function wayBack(one: UndoCase, field: string): WayBack | null {
  const { journal, record, object } = one;
  const first = journal.at(0);
  // How a record began is no change of a value: what is undone there is the record.
  const selected = (line: JournalLine): boolean => line !== first && line.cause !== 'merged' && one.selected(line);
  const inverse = inverseOf(field, journal, { now: record.fields[field] ?? null, selected });
  const found = inverse.kind === 'nothing' ? backFromDeliveries(one, field) : fromInverse(one, inverse);
  if (found === null || found.fate !== 'undone' || !isComputed(object.fields.get(field))) return found;
  return { fate: 'impossible', reason: 'it is computed from survey responses' };
}

function fromInverse(one: UndoCase, inverse: Exclude<Inverse, { kind: 'nothing' }>): WayBack {
  if (inverse.kind === 'spared') return { fate: 'spared', reason: whoAndWhen(one, inverse.by) };
  const [latest] = inverse.undid;
  const reason = latest === undefined ? 'it is as it was left' : `nobody has changed it since ${latest.at}`;
  return { fate: 'undone', to: inverse.to, reason, undid: inverse.undid.map((line) => line.id), deliveries: [] };
}

/** A value that was written over there goes back to what the record held there before, as long as the hub still holds what was written. */
function backFromDeliveries(one: UndoCase, field: string): WayBack | null {
  const { journal, record, systems } = one;
  const now = record.fields[field] ?? null;
  const undone = new Set(journal.flatMap((line) => (Array.isArray(line.detail.deliveries) ? line.detail.deliveries.map(String) : [])));
  const top = standingLines(field, journal).at(-1);
  const written = one.deliveries.filter((delivery) => delivery.verb === 'update' && field in delivery.after);
  const last = written.at(-1);
  if (last === undefined) return null;
  if (!sameValue(last.after[field] ?? null, now)) {
    const byUndo = top?.cause === 'undone' && undone.has(last.id);
    return byUndo || top === undefined ? null : { fate: 'spared', reason: whoAndWhen(one, top) };
  }
  const to = written
    .toReversed()
    .reduce<FieldValue | undefined>(
      (value, { before, after }) => (value !== undefined && sameValue(after[field] ?? null, value) ? before[field] : value),
      now,
    );
  if (to === undefined) return { fate: 'impossible', reason: 'what it held before could not be read' };
  if (sameValue(to, now)) return null;
  const place = systems.get(last.connectionId)?.name ?? 'that system';
  if (to === null && (top === undefined || top === journal[0] || !sameValue(top.fields[field]?.old ?? null, null)))
    return { fate: 'impossible', reason: `it only filled a blank in ${place}, and clearing it would clear it everywhere` };
  return { fate: 'undone', to, reason: `${place} held it before it was written`, undid: [], deliveries: written.map(({ id }) => id) };
}

/** Why a value cannot go back everywhere; null when it can. */
function barrier({ links, streams }: UndoCase, field: string, to: FieldValue): string | null {
  for (const link of links) {
    const stream = streams.get(streamKey(link.connectionId, link.object));
    const line = stream?.lines.find((each) => each.hub === field);
    if (stream === undefined || line === undefined || link.remoteId === null || link.state === 'gone' || link.state === 'excluded')
      continue;
    const system = stream.connection.name;
    if (line.direction === 'off') continue;
    // Where records only arrive there is nobody who would say it again.
    if (stream.mapping.reading !== undefined) continue;
    if (line.direction === 'in') return `it only flows in from ${system}, so it has to be changed there`;
    if (to === null && line.nulls !== 'clear') return `a blank does not flow to ${system}`;
    if (line.ref !== null || !stream.canUpdate) continue;
    const unfit = guardEncoded(line.codec.encode(to), stream.schema.get(line.remote), system);
    if (unfit !== null) return unfit.reason;
  }
  return null;
}
