import { structuredPatch } from 'diff';

/** One line of a difference between two texts; `line` is where it stands in the text that has it, the later one where both have. */
export type DiffLine = { readonly kind: 'same' | 'added' | 'removed' | 'skipped'; readonly text: string; readonly line: number };

const AROUND = 3;
const SIGNS: Readonly<Record<string, DiffLine['kind']>> = { ' ': 'same', '+': 'added', '-': 'removed' };

/** How one text differs from another, line by line, with a few of the lines around. */
export function difference(before: string, after: string): readonly DiffLine[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: AROUND });
  return hunks.flatMap(({ oldStart, newStart, lines }, i): readonly DiffLine[] => {
    let [old, now] = [oldStart, newStart];
    const shown = lines.flatMap((text): readonly DiffLine[] => {
      const kind = SIGNS[text.slice(0, 1)];
      if (kind === undefined) return [];
      const line = kind === 'removed' ? old : now;
      if (kind !== 'added') old += 1;
      if (kind !== 'removed') now += 1;
      return [{ kind, text: text.slice(1), line }];
    });
    return i === 0 && newStart === 1 ? shown : [{ kind: 'skipped', text: '', line: newStart }, ...shown];
  });
}
