/**
 * Where a process is made to wait, so that it can be killed on this very step: `before` what it asks for has arrived, or `after` it took
 * effect and before the answer. Of a transaction that holds a matching statement, its commit can be meant as well.
 */
export type Moment = 'before' | 'after' | 'before commit' | 'after commit';
export type StopAt = { readonly on: RegExp; readonly when: Moment; readonly skip?: number };

/** A stop that has been set. It is reached once; from then on its process waits for `release`. */
export type Stop = StopAt & {
  /** Resolves when a process waits there. */
  readonly reached: Promise<void>;
  readonly isReached: () => boolean;
  /** Lets it go on, or makes what it asked for be lost on the way. */
  release(how: 'goes on' | 'is lost'): void;
  /** For the gatekeeper: whether this one is to wait. */
  meets(text: string): boolean;
  /** For the gatekeeper: waits here. */
  wait(): Promise<'goes on' | 'is lost'>;
};

/** Sets a stop, which fires once, after `skip` others that it would match. */
export function setStop(at: StopAt): Stop {
  let [left, reached, fired] = [at.skip ?? 0, false, false];
  const arrival = Promise.withResolvers<void>();
  const departure = Promise.withResolvers<'goes on' | 'is lost'>();
  return {
    ...at,
    reached: arrival.promise,
    isReached: () => reached,
    release: departure.resolve,
    meets: (text) => {
      if (fired || !at.on.test(text)) return false;
      left -= 1;
      fired = left < 0;
      return fired;
    },
    wait: () => {
      reached = true;
      arrival.resolve();
      return departure.promise;
    },
  };
}
