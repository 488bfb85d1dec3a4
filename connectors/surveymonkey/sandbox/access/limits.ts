import type { World } from '../world.ts';

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;

/** A window that begins anew with each minute of the clock, or each day of GMT. */
type Window = { readonly name: 'Minute' | 'Day'; readonly ms: number; readonly limit: number; nth: number; used: number; over: boolean };

/** The budget of the app, which all connected accounts share. */
export class Limits {
  readonly #world: World;
  readonly #windows: readonly Window[];
  #overshotAt: readonly number[] = [];

  constructor(world: World) {
    this.#world = world;
    const isPublic = world.switches.app === 'public';
    const window = (name: Window['name'], ms: number, limit: number): Window => ({ name, ms, limit, nth: 0, used: 0, over: false });
    const all = [window('Minute', 60_000, world.switches.callsPerMinute), window('Day', DAY_MS, world.switches.callsPerDay)];
    this.#windows = isPublic ? [] : all.filter(({ limit }) => limit > 0);
  }

  /** Counts one call; false when there is no room for it, not even by an overshoot. */
  take(): boolean {
    this.#turn();
    const full = this.#windows.filter(({ used, limit }) => used >= limit);
    const fresh = full.filter(({ over }) => !over);
    if (full.some(({ used, limit }) => used >= Math.floor(limit * 1.5))) return false;
    if (this.#overshotAt.length + fresh.length > this.#world.switches.overshoots) return false;
    for (const window of fresh) {
      window.over = true;
      this.#overshotAt = [...this.#overshotAt, this.#world.now().getTime()];
    }
    for (const window of this.#windows) window.used += 1;
    return true;
  }

  /** Calls of the app for other accounts. */
  useElsewhere(count: number): void {
    this.#turn();
    for (const window of this.#windows) window.used += count;
  }

  /** What every answer says of the budget; the resets are in seconds. */
  headers(): Readonly<Record<string, string>> {
    this.#turn();
    const at = this.#world.now().getTime();
    const rows = this.#windows.flatMap(({ name, ms, limit, used }): [string, number][] => [
      [`X-Ratelimit-App-Global-${name}-Limit`, limit],
      [`X-Ratelimit-App-Global-${name}-Remaining`, Math.max(0, limit - used)],
      [`X-Ratelimit-App-Global-${name}-Reset`, Math.ceil((ms - (at % ms)) / 1000)],
    ]);
    return Object.fromEntries(rows.map(([name, value]) => [name, String(value)]));
  }

  #turn(): void {
    const at = this.#world.now().getTime();
    this.#overshotAt = this.#overshotAt.filter((earlier) => earlier > at - KEPT_MS);
    for (const window of this.#windows) {
      const nth = Math.floor(at / window.ms);
      if (nth !== window.nth) Object.assign(window, { nth, used: 0, over: false });
    }
  }
}
