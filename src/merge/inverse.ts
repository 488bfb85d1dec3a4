import type { FieldValue } from '../contract/records.ts';
import type { JournalLine } from '../hub/records/journal.ts';
import { moves } from './history.ts';
import { sameValue } from './same.ts';

/**
 * What taking some lines of the journal back means for one field. `nothing`: none of them counts any more. `back`: the field goes back to
 * `to`. `spared`: somebody has changed it since, in the line `by`.
 */
export type Inverse =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'back'; readonly to: FieldValue; readonly undid: readonly JournalLine[] }
  | { readonly kind: 'spared'; readonly by: JournalLine };

/** Which lines an undo took back, field by field, by their ids. */
export type Undid = Readonly<Record<string, readonly string[]>>;

const undidBy = (line: JournalLine, field: string): readonly string[] => (line.detail.undid as Undid | undefined)?.[field] ?? [];

/**
 * Takes lines of the journal back on one field: the newest first, as long as nothing else came after them. A line that an undo took back is
 * out of the way, and an undo that was itself undone brings back what it had taken. Pure.
 */
export function inverseOf(
  field: string,
  journal: readonly JournalLine[],
  { now, selected }: { readonly now: FieldValue; readonly selected: (line: JournalLine) => boolean },
): Inverse {
  const byId = new Map(journal.map((line) => [line.id, line]));
  const undid = (line: JournalLine): readonly JournalLine[] => undidBy(line, field).flatMap((id) => byId.get(id) ?? []);
  const counts = (line: JournalLine): boolean => selected(line) || isRedo(line, undid, counts);
  const standing = standingLines(field, journal);
  const last = standing.at(-1);
  const others = standing.findLastIndex((line) => !counts(line));
  const taken = standing.slice(others + 1).toReversed();
  const first = taken.at(-1);
  if (last === undefined || first === undefined)
    return last !== undefined && standing.some(counts) ? { kind: 'spared', by: last } : { kind: 'nothing' };
  const to = first.fields[field]?.old ?? null;
  // Something that the journal does not tell has changed it since.
  if (!sameValue(last.fields[field]?.new ?? null, now)) return { kind: 'spared', by: last };
  return sameValue(to, now) ? { kind: 'nothing' } : { kind: 'back', to, undid: taken };
}

/** The lines that have made a field what it is, oldest first: those that an undo took back are not among them, the undo is. */
export function standingLines(field: string, journal: readonly JournalLine[]): readonly JournalLine[] {
  const standing: JournalLine[] = [];
  for (const line of journal) {
    if (!moves(line, field)) continue;
    const taken = new Set(undidBy(line, field));
    while (taken.has(standing.at(-1)?.id ?? '')) standing.pop();
    standing.push(line);
  }
  return standing;
}

/** Whether a line took back the undo of lines that count: then it stands for them. */
function isRedo(line: JournalLine, undid: (line: JournalLine) => readonly JournalLine[], counts: (line: JournalLine) => boolean): boolean {
  const undone = undid(line);
  return undone.length > 0 && undone.every((one) => undid(one).length > 0 && undid(one).every(counts));
}
