import type { Evidence } from '../mapping/response-mapping.ts';

/** How sure it is whose a response is: a signed id leaves no doubt, an id or address little, a telephone may be shared. */
export const CONFIDENCES = ['certain', 'high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Why nobody was found. `anonymous`: nothing says who it was; `unusable`: what should say it is no id, address, or number; `unknown`: nobody is known by
 * it; `ambiguous`: several contacts are; `forged`: the id looks signed, and is not by this hub.
 */
export const UNMATCHED_REASONS = ['anonymous', 'unusable', 'unknown', 'ambiguous', 'forged'] as const;
export type UnmatchedReason = (typeof UNMATCHED_REASONS)[number];

/** What speaks for somebody whom no key names for certain: a key that others share, an address, a number, or a name that is nearly or wholly the same. */
export const LIKENESSES = ['shared_key', 'near_email', 'phone_end', 'same_name'] as const;
/** `key`: the one that is shared. */
export type Likeness = { readonly likeness: (typeof LIKENESSES)[number]; readonly key: string | null };

/** One key of a response, and whom it leads to. */
export type Clue = {
  readonly by: Evidence['by'];
  readonly from: string;
  readonly recordIds: ReadonlySet<string>;
  /** It looks signed by the hub, and is not. */
  readonly isForged: boolean;
};

/** Why a response belongs to its contact. `also`: other keys that lead there; `against`: keys that lead to somebody else. */
export type Grounds = {
  readonly by: Evidence['by'];
  readonly from: string;
  readonly confidence: Confidence;
  readonly also: readonly string[];
  readonly against: readonly { readonly from: string; readonly recordIds: readonly string[] }[];
};

export type Verdict =
  | { readonly kind: 'attached'; readonly recordId: string; readonly grounds: Grounds }
  | { readonly kind: 'unmatched'; readonly reason: UnmatchedReason; readonly candidates: readonly string[] };

const CONFIDENCE: Readonly<Record<Evidence['by'], Confidence>> = {
  link: 'certain',
  id: 'high',
  field: 'high',
  email: 'high',
  phone: 'medium',
};

const rankOf = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence);
const atRank = (rank: number): Confidence => CONFIDENCES[Math.min(rank, CONFIDENCES.length - 1)] ?? 'low';

/**
 * Whose a response is, by its keys in their order. The first that leads to anybody decides. When it leads to several, later ones may say which of them,
 * and never somebody else: that would be a guess. `isFilled`: whether anything was written where keys are looked for.
 */
export function whose(clues: readonly Clue[], isFilled: boolean): Verdict {
  const found = clues.filter(({ recordIds }) => recordIds.size > 0);
  const [first, ...others] = found;
  if (first === undefined) return { kind: 'unmatched', reason: reasonOf(clues, isFilled), candidates: [] };
  let among = first.recordIds;
  const deciding = [first];
  const also: string[] = [];
  const against: { from: string; recordIds: readonly string[] }[] = [];
  for (const clue of others) {
    const common = among.intersection(clue.recordIds);
    if (common.size === 0) against.push({ from: clue.from, recordIds: [...clue.recordIds].sort() });
    else if (common.size < among.size) deciding.push(clue);
    else also.push(clue.from);
    if (common.size > 0) among = common;
  }
  const [recordId] = among;
  if (recordId === undefined || among.size > 1) return { kind: 'unmatched', reason: 'ambiguous', candidates: [...among].sort() };
  const weakest = Math.max(...deciding.map(({ by }) => rankOf(CONFIDENCE[by])));
  const doubts = against.length > 0 || clues.some(({ isForged }) => isForged) ? 1 : 0;
  const decided = deciding.at(-1) ?? first;
  return {
    kind: 'attached',
    recordId,
    grounds: {
      by: decided.by,
      from: decided.from,
      confidence: atRank(weakest + doubts),
      also: [...deciding.slice(0, -1).map(({ from }) => from), ...also],
      against,
    },
  };
}

function reasonOf(clues: readonly Clue[], isFilled: boolean): UnmatchedReason {
  if (clues.length === 0) return isFilled ? 'unusable' : 'anonymous';
  return clues.every(({ isForged }) => isForged) ? 'forged' : 'unknown';
}
