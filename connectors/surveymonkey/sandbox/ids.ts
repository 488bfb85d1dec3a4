/** Where the ids of each kind begin: text of digits, most of them past 32 bits. */
const FIRST = {
  survey: 512_000_001,
  page: 26_000_001,
  question: 88_000_001,
  answer: 5_500_000_001,
  collector: 455_001_001,
  response: 118_900_000_001,
  recipient: 9_009_001_001,
  message: 31_400_001,
  contact: 7_700_000_001,
  list: 2_600_001,
  webhook: 1_200_001,
  event: 10_027_000_001,
} as const;
type Kind = keyof typeof FIRST;

/** Gives out ids that no other thing of this kind has: the steps are uneven, as where many accounts share one counter. */
export class Ids {
  readonly #prefix: string;
  readonly #given = new Map<Kind, number>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  next(kind: Kind): string {
    const nth = this.#given.get(kind) ?? 0;
    this.#given.set(kind, nth + 1);
    return `${this.#prefix}${FIRST[kind] + nth * (kind === 'response' ? 13 : 1) + (kind === 'response' ? nth % 7 : 0)}`;
  }
}
