import { type BrakeKind, brakeOf } from '../../merge/brakes.ts';
import type { LinkRow } from '../reconciling/link-row.ts';
import type { PlannedLink } from '../reconciling/trees.ts';
import { type EntityStream, streamKey } from '../streams.ts';

/** A link with what is planned for it. */
export type Moved = { readonly link: LinkRow; readonly plan: Pick<PlannedLink, 'mass' | 'braked'> };
export type Example = { readonly recordId: string; readonly remoteId: string | null };

/** One operation of one stream, with how many of it are about to be done. */
export type Counted = {
  readonly key: string;
  readonly stream: EntityStream;
  readonly kind: BrakeKind;
  readonly field: string | null;
  readonly n: number;
  readonly examples: readonly Example[];
};
export type Counts = ReadonlyMap<string, Counted>;

const MOST_EXAMPLES = 5;

/** What comes in, and what goes out: the one is judged when it is merged, the other when it is sent. */
export const COMES_IN: ReadonlySet<BrakeKind> = new Set(['removals_in', 'blanks_in', 'archives_in']);
export const GOES_OUT: ReadonlySet<BrakeKind> = new Set(['removals_out', 'blanks_out']);

/** How much of these kinds is about to be done by links, without what is kept back already. */
export function countMass(moved: Iterable<Moved>, streams: ReadonlyMap<string, EntityStream>, kinds: ReadonlySet<BrakeKind>): Counts {
  let counts: Counts = new Map();
  for (const { link, plan } of moved) {
    const stream = plan.mass.length === 0 ? undefined : streams.get(streamKey(link.connectionId, link.object));
    if (stream === undefined) continue;
    for (const by of plan.mass) {
      const brake = brakeOf(by);
      if (brake === null || !kinds.has(brake.kind) || plan.braked.some((kept) => kept.by === by)) continue;
      const key = `${stream.key}|${by}`;
      counts = addCounts(counts, new Map([[key, { key, stream, ...brake, n: 1, examples: [exampleOf(link)] }]]));
    }
  }
  return counts;
}

const exampleOf = ({ recordId, remoteId }: LinkRow): Example => ({ recordId, remoteId });

/** Two counts as one. */
export function addCounts(a: Counts, b: Counts): Counts {
  if (a.size === 0) return b;
  const sum = new Map(a);
  for (const [key, one] of b) {
    const before = sum.get(key);
    if (before === undefined) sum.set(key, one);
    else sum.set(key, { ...before, n: before.n + one.n, examples: [...before.examples, ...one.examples].slice(0, MOST_EXAMPLES) });
  }
  return sum;
}
