import type { Create, WriteOutcome } from './records.ts';

/**
 * Makes many records by jobs over there. A job is filled here, handed over, and done in the vendor's own time, during which nobody waits for it. It
 * only makes: a record that is there already could be edited by somebody while its job is under way, and would be written over unseen.
 */
export type BulkMaker = {
  /** A job to fill, where `due` creates are waiting; null where `apply` is as good: too few of them, or an account that cannot do it. */
  begin(due: number): Promise<BulkJob | null>;
  /** How a job stands. One that was handed over only in part is given up by this look. */
  look(job: string): Promise<BulkLook>;
};

/** A job that is being filled. Nothing of it is known over there before `start`. */
export type BulkJob = {
  /** Takes what it can, and says by index which those are; the others are for `apply`. */
  add(creates: readonly Create[]): Promise<readonly boolean[]>;
  isFull(): boolean;
  /**
   * Hands it over. `named` is told its name, and awaited, before the vendor may do any of it. A refusal says that nothing is done; after any
   * other error a look tells, or nobody was told a name, and nothing is done either.
   */
  start(named: (job: string) => Promise<void>): Promise<void>;
};

/** What became of creates, by key; a key that no bunch names has to be recalled. */
export type BulkOutcomes = () => AsyncIterable<ReadonlyMap<string, WriteOutcome>>;

/**
 * `undone`: nothing of it was done, nor will be. `over`: it has ended, `well` or with rows that it did not come to. `lost`: nobody knows it any
 * more.
 */
export type BulkLook =
  | { readonly kind: 'undone' | 'running' | 'lost' }
  | { readonly kind: 'over'; readonly well: boolean; readonly outcomes: BulkOutcomes };
