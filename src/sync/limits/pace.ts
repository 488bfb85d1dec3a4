import { HubError } from '../../contract/errors.ts';
import type { Heard } from '../../contract/limits.ts';
import type { Slice, Want } from '../../hub/limits/ledger.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Allowance, ownAllowance } from './allowance.ts';
import { type Lane, requestsOf } from './lanes.ts';

export type Window = { readonly requests: number; readonly perMs: number; readonly of?: string; readonly apart?: true };

/** A request that was let through. Once it is being sent it counts until it is answered, since nobody knows when it arrives over there. */
export type Turn = { sending(): () => void };

type Made = { readonly of: string | undefined; atMs: number; open: boolean };
type Slices = { calls: number; untilMs: number };

/** What part of the limit that a vendor tells is used, where the manifest would have more. */
const OF_HEARD = 0.97;
/** A slice is this part of its window: so much of a window is lost at most when another process takes over. */
const SLICES = 40;
/**
 * And no slice is over sooner than this, as far as its window is that long: where the database answers later than a slice is good for, none of its calls would
 * ever be made.
 */
const GOOD_MIN_MS = 250;
/** No window is waited for longer than this: whoever has to wait for more gives its lease back. */
const PATIENCE_MS = 65_000;
/** How long calls go out one by one after the vendor said that they get in each other's way. */
const EASE_MS = 60_000;
/** How much a look counts among those before it. */
const NEWEST = 0.25;
const NOTHING_HEARD: Slice = [Number.POSITIVE_INFINITY, 0];

/** Lets requests through so that no window of the vendor's limits is ever exceeded, whoever else makes calls; the rest wait in line. */
export class Pace {
  readonly #windows: readonly Window[];
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  readonly #slices = new Map<Window, Slices>();
  #made: Made[] = [];
  #day: Heard['day'];
  #heard: { readonly atMs: number; readonly max: number; readonly others: number } | null = null;
  #easyUntilMs = 0;
  #costOfLook = 1;
  #answered = Promise.withResolvers<void>();
  #line: Promise<unknown> = Promise.resolve();

  constructor(windows: readonly Window[], clock: Clock, allowance: Allowance = ownAllowance(clock)) {
    // What is not limited for all calls together is counted all the same.
    const isCounted = !allowance.ahead || windows.some(({ of }) => of === undefined);
    this.#windows = isCounted ? windows : [...windows, { requests: 1_000_000, perMs: 1000 }];
    this.#clock = clock;
    this.#allowance = allowance;
  }

  /** Resolves when it is this request's turn; `of` names the narrower limit that it falls under as well. */
  turn(signal: AbortSignal, of?: string, lane: Lane = 'live'): Promise<Turn> {
    const mine = this.#line.then(() => this.#wait(signal, of, lane));
    this.#line = mine.catch(() => undefined);
    return mine;
  }

  /** What an answer told of the limits. */
  heard({ window, day, crowded }: Heard): void {
    if (crowded === true) this.#easyUntilMs = this.#now() + EASE_MS;
    if (day !== undefined) this.#day = day;
    const wide = this.#windows.find(({ of }) => of === undefined);
    if (window === undefined || wide === undefined) return;
    const nowMs = this.#now();
    const ours = this.#made.filter(({ of, atMs, open }) => !this.#isApart(of) && (open || atMs + wide.perMs > nowMs)).length;
    this.#heard = { atMs: nowMs, max: window.max, others: Math.max(0, window.max - window.left - ours) };
  }

  /** How many calls a look takes, on an average in which the newest ones count most; `calls` are those of the last. */
  costOfLook(calls: number): number {
    this.#costOfLook += (calls - this.#costOfLook) * NEWEST;
    return this.#costOfLook;
  }

  /** Gives back what was taken and not used, and passes on what was heard. */
  async settle(): Promise<void> {
    if (!this.#allowance.ahead || this.#windows.length === 0) return;
    const mine = this.#line.then(() => this.#take([], 'live'));
    this.#line = mine.catch(() => undefined);
    await mine;
  }

  async #wait(signal: AbortSignal, of: string | undefined, lane: Lane): Promise<Turn> {
    const isApart = this.#isApart(of);
    const own = this.#windows.filter((window) => (window.of === undefined ? !isApart : window.of === of));
    for (;;) {
      signal.throwIfAborted();
      if (this.#easyUntilMs > this.#now() && this.#made.some(({ open }) => open)) {
        await this.#answered.promise;
        continue;
      }
      const lacking = own.filter((window) => !this.#has(window));
      if (lacking.length === 0) return this.#go(of, own);
      const waitMs = await this.#take(lacking, lane, this.#inHand(own, lacking));
      if (waitMs > PATIENCE_MS)
        throw new HubError('rate_limited', 'The pace of this connection lets no call through for now', { retryAfterMs: waitMs });
      if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
    }
  }

  /** Whether calls of this name count among themselves alone. */
  #isApart(of: string | undefined): boolean {
    return of !== undefined && this.#windows.some((window) => window.of === of && window.apart === true);
  }

  #has(window: Window): boolean {
    const slices = this.#slices.get(window);
    return slices !== undefined && slices.calls > 0 && slices.untilMs >= this.#now();
  }

  /** Calls of the window of all calls that are at hand while a narrower one has none. */
  #inHand(own: readonly Window[], lacking: readonly Window[]): number {
    const wide = own.find(({ of }) => of === undefined);
    return wide === undefined || lacking.includes(wide) ? 0 : (this.#slices.get(wide)?.calls ?? 0);
  }

  #go(of: string | undefined, own: readonly Window[]): Turn {
    for (const window of own) {
      const slices = this.#slices.get(window);
      if (slices !== undefined) slices.calls -= 1;
    }
    const made: Made = { of, atMs: this.#now(), open: false };
    if (own.length > 0) this.#made.push(made);
    return {
      sending: () => {
        made.open = true;
        return () => {
          made.open = false;
          made.atMs = this.#now();
          this.#answered.resolve();
          this.#answered = Promise.withResolvers();
        };
      },
    };
  }

  /** Takes more calls of some windows, and says how long there are none. */
  async #take(windows: readonly Window[], lane: Lane, inHand = 0): Promise<number> {
    const unused = this.#letGo(windows);
    const askedMs = this.#now();
    const { calls, waitMs } = await this.#allowance.take(
      windows.map((window) => this.#want(window, lane)),
      { unused, inHand, day: this.#day },
      lane,
    );
    this.#day = undefined;
    windows.forEach((window, i) => {
      // From before it was asked for, so that it ends no later here than it does in the account.
      this.#slices.set(window, { calls: calls[i] ?? 0, untilMs: askedMs + goodForMs(window) });
    });
    return waitMs;
  }

  /** Forgets what is left of slices that are over, and of all when nothing more is asked for; how many calls that is. */
  #letGo(windows: readonly Window[]): number {
    const over = windows.length === 0 ? this.#windows : windows;
    const left = over.find(({ of }) => of === undefined);
    const unused = left === undefined ? 0 : (this.#slices.get(left)?.calls ?? 0);
    for (const window of over) this.#slices.delete(window);
    return unused;
  }

  #want(window: Window, lane: Lane): Want {
    const nowMs = this.#now();
    const longestMs = Math.max(...this.#windows.map(({ perMs }) => perMs));
    this.#made = this.#made.filter(({ atMs, open }) => open || atMs + longestMs > nowMs);
    const heard = window.of === undefined ? this.#heard : null;
    const allowed = heard === null ? window.requests : Math.min(window.requests, Math.max(1, Math.floor(heard.max * OF_HEARD)));
    return {
      window: `${window.of ?? ''}/${window.perMs}`,
      requests: requestsOf(allowed, lane),
      perMs: window.perMs,
      atOnce: this.#allowance.ahead ? Math.max(1, Math.floor(allowed / SLICES)) : 1,
      goodForMs: goodForMs(window),
      made: this.#madeOf(window, nowMs),
      others: heard === null ? NOTHING_HEARD : [nowMs - heard.atMs, heard.others],
    };
  }

  /** What was made of a window, as `[milliseconds ago, calls]`, those of one slice's length together. */
  #madeOf({ of, perMs }: Window, nowMs: number): readonly Slice[] {
    const bunches: [atMs: number, calls: number][] = [];
    let began = Number.NEGATIVE_INFINITY;
    for (const made of this.#made) {
      if (of === undefined ? this.#isApart(made.of) : made.of !== of) continue;
      const atMs = made.open ? nowMs : made.atMs;
      const last = bunches.at(-1);
      if (last !== undefined && this.#allowance.ahead && atMs - began < perMs / SLICES) {
        last[0] = Math.max(last[0], atMs);
        last[1] += 1;
      } else {
        began = atMs;
        bunches.push([atMs, 1]);
      }
    }
    return bunches.map(([atMs, calls]) => [nowMs - atMs, calls]);
  }

  readonly #now = (): number => this.#clock.now().getTime();
}

/** How long calls that are taken at once are good. */
const goodForMs = ({ perMs }: Window): number => Math.max(perMs / SLICES, Math.min(perMs, GOOD_MIN_MS));
