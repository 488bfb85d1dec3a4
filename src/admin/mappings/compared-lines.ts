import { type LineOf, linesOf } from './document.ts';

/** What of a line can differ between two versions. */
export const COMPARED = ['remote', 'direction', 'rule', 'nulls', 'transform', 'unmapped', 'values', 'ref'] as const;
export type Compared = (typeof COMPARED)[number];
/** A line that only one of two versions has, or that says something else in the later one. */
export type LineChange = {
  readonly hub: string;
  readonly before: LineOf | null;
  readonly after: LineOf | null;
  readonly what: readonly Compared[];
};

/** How the fields of two versions of a mapping differ; null where neither is a mapping of fields. A line is known by its field of the hub. */
export function comparedLines(before: unknown, after: unknown): readonly LineChange[] | null {
  const [earlier, later] = [linesOf(before), linesOf(after)];
  if (earlier === null && later === null) return null;
  const [old, now] = [byHub(earlier ?? []), byHub(later ?? [])];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((key): readonly LineChange[] => {
    const [was, is] = [old.get(key) ?? null, now.get(key) ?? null];
    const what = was === null || is === null ? [] : COMPARED.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
    const isChanged = was === null || is === null || what.length > 0;
    return isChanged ? [{ hub: (is ?? was)?.hub ?? key, before: was, after: is, what }] : [];
  });
}

/** A field may have several lines: each is known by how many of its field stand before it. */
function byHub(lines: readonly LineOf[]): ReadonlyMap<string, LineOf> {
  const seen = new Map<string, number>();
  return new Map(
    lines.map((line) => {
      const count = seen.get(line.hub) ?? 0;
      seen.set(line.hub, count + 1);
      return [`${line.hub} ${count}`, line];
    }),
  );
}
