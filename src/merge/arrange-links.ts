/** A link as far as joining two records looks at it. `place` is the stream; `isSent`: a write is under way. */
export type Tie = {
  readonly id: string;
  readonly place: string;
  readonly remoteId: string | null;
  readonly isGone: boolean;
  readonly isSent: boolean;
};

/** What becomes of the links of two records that become one. */
export type Arrangement =
  /** `moves`: the loser's that go over. `leaves`: the winner's that make room for them. `stays`: the loser's that are put aside. */
  | {
      readonly ok: true;
      readonly moves: readonly Tie[];
      readonly leaves: readonly Tie[];
      readonly stays: readonly Tie[];
      readonly meets: readonly Meeting[];
    }
  /** Both would come to stand for a record over there of which one is only being made. */
  | { readonly ok: false; readonly underWay: Tie };
/** Two records of one system that stand for what is one in the hub. */
export type Meeting = { readonly winner: Tie; readonly loser: Tie };

/**
 * Decides for each stream whose link the joined record goes by: the winner's, unless the loser's says more. A record over there says more than
 * one that is gone, and that more than an empty place, so that nothing is made twice or comes back from the dead. Pure.
 */
export function arrangeLinks(winner: readonly Tie[], loser: readonly Tie[]): Arrangement {
  const byPlace = new Map(winner.map((tie) => [tie.place, tie]));
  const [moves, leaves, stays]: [Tie[], Tie[], Tie[]] = [[], [], []];
  const meets: Meeting[] = [];
  for (const tie of loser) {
    const own = byPlace.get(tie.place);
    if (own !== undefined && weightOf(own) >= LIVING && weightOf(tie) >= LIVING) {
      const underWay = [own, tie].find(isUnderWay);
      if (underWay !== undefined) return { ok: false, underWay };
      meets.push({ winner: own, loser: tie });
      stays.push(tie);
    } else if (own === undefined || weightOf(tie) > weightOf(own)) {
      moves.push(tie);
      if (own !== undefined) leaves.push(own);
    } else stays.push(tie);
  }
  return { ok: true, moves, leaves, stays, meets };
}

const LIVING = 2;
const isUnderWay = (tie: Tie): boolean => tie.remoteId === null && tie.isSent;

function weightOf(tie: Tie): number {
  if (isUnderWay(tie)) return LIVING;
  if (tie.remoteId === null) return 0;
  return tie.isGone ? 1 : LIVING;
}
