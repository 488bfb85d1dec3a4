/** The jobs of the queue. Each is a nudge that says where to look; what is to be done is worked out from the tables when it runs. */
export type Job =
  | { readonly name: 'tend'; readonly connectionId: string }
  | { readonly name: 'reconcile'; readonly hubObject: string }
  /** A plan that is to be computed, applied, or gone on with: what it needs is in its row. */
  | { readonly name: 'plan'; readonly planId: string }
  /** An undo that is to be done, or gone on with: how far it has come is in its run. */
  | { readonly name: 'undo'; readonly runId: string }
  | { readonly name: 'sweep' };

export const QUEUE_NAME = '{syncline}';
/** How often due work is looked for. A nudge only makes it sooner. */
export const SWEEP_EVERY_MS = 1_000;
/** How often the process looks by itself, should the queue have lost everything. */
export const SWEEP_ANYWAY_MS = 15_000;
/** How long a stopping worker may finish what it has begun. */
export const STOP_WITHIN_MS = 25_000;
