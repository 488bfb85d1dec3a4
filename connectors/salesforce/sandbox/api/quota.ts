const HOUR_MS = 3_600_000;

/** Counts API calls over a rolling day, hour by hour. */
export class Quota {
  readonly limit: number;
  readonly #hours = new Map<number, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  used(now: number): number {
    const oldest = Math.floor(now / HOUR_MS) - 23;
    for (const hour of this.#hours.keys()) if (hour < oldest) this.#hours.delete(hour);
    return [...this.#hours.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts one more call; false when the day's calls are spent. */
  spend(now: number): boolean {
    if (this.used(now) >= this.limit) return false;
    const hour = Math.floor(now / HOUR_MS);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
    return true;
  }
}
