import type { Switches } from '../portal/switches.ts';
import { Refusal } from '../wire/refusal.ts';

const BURST_MS = 10_000;
const LOCK_MS = 2000;
const ASSOCIATIONS_A_DAY = 500_000;
/** The account's day ends at midnight of this zone, not of the caller's. */
export const TIME_ZONE = 'Europe/Berlin';

/** The requests of a rolling window. */
class Rolling {
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

/** Which bucket a request draws from, besides the daily one. */
export type Bucket = 'general' | 'search' | 'associations';

/** Ties have a day's allowance of their own. */
type Pool = 'shared' | 'associations';

function poolOf(bucket: Bucket): Pool {
  return bucket === 'associations' ? 'associations' : 'shared';
}

const POLICIES = {
  general: { policyName: 'TEN_SECONDLY_ROLLING', word: 'ten_secondly_rolling' },
  associations: { policyName: 'TEN_SECONDLY_ROLLING', word: 'ten_secondly_rolling' },
  search: { policyName: 'SECONDLY', word: 'secondly' },
  daily: { policyName: 'DAILY', word: 'daily' },
} as const;

/** The limits of one account with one token. A refused request takes nothing. */
export class Limits {
  readonly #now: () => Date;
  readonly #buckets: Readonly<Record<Bucket, Rolling>>;
  readonly #dailyMax: Readonly<Record<Pool, number>>;
  readonly #dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE, dateStyle: 'short' });
  #day = '';
  #used: Record<Pool, number> = { shared: 0, associations: 0 };
  readonly #lockMax: number;
  readonly #writes = new Map<string, Rolling>();
  readonly #lockedUntilMs = new Map<string, number>();

  constructor(switches: Switches, now: () => Date) {
    this.#now = now;
    this.#buckets = {
      general: new Rolling(switches.burstPer10s, BURST_MS),
      search: new Rolling(switches.searchPerSecond, 1000),
      associations: new Rolling(switches.associationsPer10s, BURST_MS),
    };
    this.#dailyMax = { shared: switches.dailyLimit, associations: ASSOCIATIONS_A_DAY };
    this.#lockMax = switches.lockWritesPerSecond;
  }

  /** Counts a request, or refuses it with the limit that is spent. */
  take(bucket: Bucket): void {
    this.#turnDay();
    const pool = poolOf(bucket);
    if (this.#used[pool] >= this.#dailyMax[pool]) throw this.#spent('daily', bucket);
    if (!this.#buckets[bucket].take(this.#now().getTime())) throw this.#spent(bucket, bucket);
    this.#used[pool] += 1;
  }

  /** Refuses a write while its type is locked by too many of them. */
  takeWrite(type: string): void {
    if (this.#lockMax === 0) return;
    const nowMs = this.#now().getTime();
    const writes = this.#writes.get(type) ?? new Rolling(this.#lockMax, 1000);
    this.#writes.set(type, writes);
    if ((this.#lockedUntilMs.get(type) ?? 0) <= nowMs && writes.take(nowMs)) return;
    if ((this.#lockedUntilMs.get(type) ?? 0) <= nowMs) this.#lockedUntilMs.set(type, nowMs + LOCK_MS);
    throw new Refusal(423, { message: `Too many writes to ${type} at the same time; they are locked for a moment.`, category: 'LOCKED' });
  }

  /** The rate headers of an answer; those of search leave them out. */
  headers(bucket: Bucket): Readonly<Record<string, string>> {
    if (bucket === 'search') return {};
    const [rolling, pool] = [this.#buckets[bucket], poolOf(bucket)];
    const left = Math.max(0, rolling.left(this.#now().getTime()));
    return {
      'X-HubSpot-RateLimit-Max': String(rolling.max),
      'X-HubSpot-RateLimit-Remaining': String(left),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(BURST_MS),
      'X-HubSpot-RateLimit-Daily': String(this.#dailyMax[pool]),
      'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, this.#dailyMax[pool] - this.#used[pool])),
      'X-HubSpot-RateLimit-Secondly': String(Math.ceil(rolling.max / 10)),
      'X-HubSpot-RateLimit-Secondly-Remaining': String(Math.min(left, Math.ceil(rolling.max / 10))),
    };
  }

  /** How much of the day's allowance is used, and when it begins anew. */
  usage(): { readonly usageLimit: number; readonly currentUsage: number; readonly resetsAt: string } {
    this.#turnDay();
    return { usageLimit: this.#dailyMax.shared, currentUsage: this.#used.shared, resetsAt: this.#midnight().toISOString() };
  }

  #turnDay(): void {
    const day = this.#dayOf.format(this.#now());
    if (day === this.#day) return;
    this.#day = day;
    this.#used = { shared: 0, associations: 0 };
  }

  // The first full hour of the zone's next day: its offset from UTC is whole hours, and may change overnight.
  #midnight(): Date {
    const hourMs = 3_600_000;
    let atMs = Math.floor(this.#now().getTime() / hourMs) * hourMs;
    while (this.#dayOf.format(atMs) === this.#day) atMs += hourMs;
    return new Date(atMs);
  }

  #spent(limit: Bucket | 'daily', bucket: Bucket): Refusal {
    const { policyName, word } = POLICIES[limit];
    return new Refusal(
      429,
      {
        message: `You have reached your ${word} limit.`,
        errorType: 'RATE_LIMIT',
        policyName,
        groupName: 'publicapi:private-apps:sandbox',
        ...(limit === 'daily' ? { requestId: `daily-${this.#day}-${this.#used[poolOf(bucket)]}` } : {}),
      },
      { headers: this.headers(bucket) },
    );
  }
}
