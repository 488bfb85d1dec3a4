import { Refusal } from '../refusal.ts';
import type { Switches } from '../switches.ts';

const HOUR_MS = 3_600_000;

type Used = { app: number; others: number };

/** Counts API calls over a rolling day, hour by hour: those of this app, and those of everybody else in the org. */
export class Quota {
  readonly limit: number;
  readonly #appLimit: number;
  readonly #concurrentMax: number;
  readonly #hours = new Map<number, Used>();
  #running = 0;

  constructor({ dailyLimit, appLimit, concurrentMax }: Switches) {
    this.limit = dailyLimit;
    this.#appLimit = appLimit;
    this.#concurrentMax = concurrentMax;
  }

  used(now: number): number {
    const { app, others } = this.#day(now);
    return app + others;
  }

  #day(now: number): Used {
    const oldest = Math.floor(now / HOUR_MS) - 23;
    for (const hour of this.#hours.keys()) if (hour < oldest) this.#hours.delete(hour);
    const hours = [...this.#hours.values()];
    return { app: hours.reduce((sum, { app }) => sum + app, 0), others: hours.reduce((sum, { others }) => sum + others, 0) };
  }

  /** Counts one more call, or refuses it: the day's calls are spent, or too many long ones run. */
  spend(now: number): void {
    const { app, others } = this.#day(now);
    const isOver = app + others >= this.limit || (this.#appLimit > 0 && app >= this.#appLimit);
    if (isOver) throw new Refusal('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', { status: 403 });
    this.#add(now, { app: 1, others: 0 });
    if (this.#running < this.#concurrentMax) return;
    const message = 'ConcurrentPerOrgLongTxn Limit exceeded.';
    throw new Refusal('REQUEST_LIMIT_EXCEEDED', message, { status: 403 });
  }

  #add(now: number, { app, others }: Used): void {
    const hour = Math.floor(now / HOUR_MS);
    const before = this.#hours.get(hour) ?? { app: 0, others: 0 };
    this.#hours.set(hour, { app: before.app + app, others: before.others + others });
  }

  /** Other integrations of the org make this many calls. */
  useElsewhere(count: number, now: number): void {
    this.#add(now, { app: 0, others: count });
  }

  /** This many requests of others run for twenty seconds and more, until it is said otherwise. */
  setRunning(count: number): void {
    this.#running = count;
  }

  /** The header that every answer has. */
  told(now: number): string {
    const { app, others } = this.#day(now);
    const own = this.#appLimit > 0 ? `; per-app-api-usage=${app}/${this.#appLimit}(appName=Sandbox)` : '';
    return `api-usage=${app + others}/${this.limit}${own}`;
  }
}
