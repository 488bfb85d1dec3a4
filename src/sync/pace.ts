import type { Clock } from '../kernel/clock.ts';

export type Window = { readonly requests: number; readonly perMs: number; readonly of?: string };

/** Lets requests through so that no window of the vendor's limits is ever exceeded; the rest wait in line. */
export class Pace {
  readonly #windows: readonly { readonly window: Window; readonly sent: number[] }[];
  readonly #clock: Clock;
  #line: Promise<void> = Promise.resolve();

  constructor(windows: readonly Window[], clock: Clock) {
    this.#windows = windows.map((window) => ({ window, sent: [] }));
    this.#clock = clock;
  }

  /** Resolves when it is this request's turn; `of` names the narrower limit that it falls under as well. */
  turn(signal: AbortSignal, of?: string): Promise<void> {
    const mine = this.#line.then(() => this.#wait(signal, of));
    this.#line = mine.catch(() => undefined);
    return mine;
  }

  async #wait(signal: AbortSignal, of: string | undefined): Promise<void> {
    const own = this.#windows.filter(({ window }) => window.of === undefined || window.of === of);
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.now().getTime();
      const waitMs = Math.max(0, ...own.map(({ window, sent }) => untilFree(window, sent, now)));
      if (waitMs === 0) {
        for (const { window, sent } of own) {
          sent.push(now);
          if (sent.length > window.requests * 2) sent.splice(0, sent.length - window.requests);
        }
        return;
      }
      await this.#clock.sleep(waitMs, signal);
    }
  }
}

function untilFree(window: Window, sent: readonly number[], now: number): number {
  const blocking = sent[sent.length - window.requests];
  return blocking === undefined ? 0 : Math.max(0, blocking + window.perMs - now);
}
