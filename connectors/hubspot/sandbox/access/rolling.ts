/** The requests of a rolling window. */
export class Rolling {
  readonly max: number;
  readonly #windowMs: number;
  #taken: number[] = [];

  constructor(max: number, windowMs: number) {
    this.max = max;
    this.#windowMs = windowMs;
  }

  left(nowMs: number): number {
    this.#taken = this.#taken.filter((at) => at > nowMs - this.#windowMs);
    return this.max - this.#taken.length;
  }

  take(nowMs: number): boolean {
    if (this.left(nowMs) <= 0) return false;
    this.#taken.push(nowMs);
    return true;
  }
}
