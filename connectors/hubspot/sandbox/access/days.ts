const HOUR_MS = 3_600_000;

/** How many requests each pool of an account has left today; the account's day ends at midnight of its own zone. */
export class Days<Pool extends string> {
  readonly max: Readonly<Record<Pool, number>>;
  readonly #now: () => Date;
  readonly #dayOf: Intl.DateTimeFormat;
  #day = '';
  #used = new Map<Pool, number>();

  constructor(max: Readonly<Record<Pool, number>>, ways: { readonly timeZone: string; readonly now: () => Date }) {
    this.max = max;
    this.#now = ways.now;
    this.#dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: ways.timeZone, dateStyle: 'short' });
  }

  used(pool: Pool): number {
    this.#turn();
    return this.#used.get(pool) ?? 0;
  }

  left(pool: Pool): number {
    return Math.max(0, this.max[pool] - this.used(pool));
  }

  take(pool: Pool, count = 1): void {
    // Asking first turns the day, which begins a new count.
    const used = this.used(pool);
    this.#used.set(pool, used + count);
  }

  get day(): string {
    this.#turn();
    return this.#day;
  }

  /** The first full hour of the zone's next day: its offset from UTC is whole hours, and may change overnight. */
  midnight(): Date {
    const day = this.day;
    let atMs = Math.floor(this.#now().getTime() / HOUR_MS) * HOUR_MS;
    while (this.#dayOf.format(atMs) === day) atMs += HOUR_MS;
    return new Date(atMs);
  }

  #turn(): void {
    const day = this.#dayOf.format(this.#now());
    if (day === this.#day) return;
    this.#day = day;
    this.#used = new Map();
  }
}
