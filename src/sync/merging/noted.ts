import type { BeforeMerging } from '../../hub/stored.ts';

/** A merge as it was noted, with the hub object of its records. */
export type Noted = {
  readonly id: string;
  readonly winnerId: string;
  readonly loserId: string;
  readonly object: string;
  readonly at: Date;
  readonly before: BeforeMerging;
};
