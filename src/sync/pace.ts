import type { Clock } from '../kernel/clock.ts';

export type Window = { readonly requests: number; readonly perMs: number };

/** Lets requests through so that no window of the vendor's limits is ever exceeded; the rest wait in line. */
export class Pace {
  readonly #windows: readonly Window[];
  readonly #clock: Clock;
  readonly #sent: number[] = [];
  #line: Promise<void> = Promise.resolve();

  constructor(windows: readonly Window[], clock: Clock) {
    this.#windows = windows;
    this.#clock = clock;
  }

  /** Resolves when it is this request's turn. */
  turn(signal: AbortSignal): Promise<void> {
    const mine = this.#line.then(() => this.#wait(signal));
    this.#line = mine.catch(() => undefined);
    return mine;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#clock.now().getTime();
      const waitMs = Math.max(0, ...this.#windows.map((window) => this.#untilFree(window, now)));
      if (waitMs === 0) {
        this.#sent.push(now);
        const longest = Math.max(0, ...this.#windows.map((window) => window.requests));
        if (this.#sent.length > longest * 2) this.#sent.splice(0, this.#sent.length - longest);
        return;
      }
      await this.#clock.sleep(waitMs, signal);
    }
  }

  #untilFree(window: Window, now: number): number {
    const blocking = this.#sent[this.#sent.length - window.requests];
    return blocking === undefined ? 0 : Math.max(0, blocking + window.perMs - now);
  }
}
