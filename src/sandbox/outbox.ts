import { repeat } from './outside.ts';

const LOOK_MS = 200;

type Options<T> = {
  now(): Date;
  random(): number;
  /** `webhooksByThemselves`: what is due goes out without being told. `webhooksShuffled`: in any order. They may be switched at any time. */
  readonly switches: { readonly webhooksByThemselves: boolean; readonly webhooksShuffled: boolean };
  /** Sends what is due; what is to be tried again is put in anew. */
  send(due: readonly T[]): Promise<void>;
};

/** What a sandbox has to tell its apps, each piece at its time. */
export class Outbox<T extends { readonly dueAtMs: number }> {
  readonly #options: Options<T>;
  #waiting: readonly T[] = [];
  #underWay: Promise<void> = Promise.resolve();
  #stop: (() => void) | null = null;
  #isClosed = false;

  constructor(options: Options<T>) {
    this.#options = options;
  }

  waiting(): number {
    return this.#waiting.length;
  }

  put(pieces: readonly T[]): void {
    if (this.#isClosed) return;
    this.#waiting = [...this.#waiting, ...pieces];
    if (this.#options.switches.webhooksByThemselves && this.#stop === null && this.#waiting.length > 0)
      this.#stop = repeat(LOOK_MS, () => void this.deliver());
  }

  /** Sends everything that is due, and is done when every answer has come or was waited for too long. */
  deliver(): Promise<void> {
    this.#underWay = this.#underWay.then(() => this.#deliver());
    return this.#underWay;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop?.();
    this.#waiting = [];
    await this.#underWay;
  }

  async #deliver(): Promise<void> {
    const { switches, random, now, send } = this.#options;
    const nowMs = now().getTime();
    const due = this.#waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ dueAtMs }) => dueAtMs > nowMs);
    const placed = due.map((one, at) => ({ one, place: switches.webhooksShuffled ? random() : at }));
    await send(placed.sort((a, b) => a.place - b.place).map(({ one }) => one));
  }
}
