import type { Switches } from '../portal/switches.ts';
import { Refusal } from '../wire/refusal.ts';
import { Days } from './days.ts';
import type { Caller } from './grants.ts';
import { Rolling } from './rolling.ts';

const BURST_MS = 10_000;

/** Which bucket a request draws from, besides the daily one; what is exempt draws from none. */
export type Bucket = 'general' | 'search' | 'associations' | 'exempt';

/** Ties have a day's allowance of their own, and so has an OAuth app: none. */
type Pool = 'shared' | 'associations';

const POLICIES = {
  general: { policyName: 'TEN_SECONDLY_ROLLING', word: 'ten_secondly_rolling' },
  associations: { policyName: 'TEN_SECONDLY_ROLLING', word: 'ten_secondly_rolling' },
  search: { policyName: 'SECONDLY', word: 'secondly' },
  daily: { policyName: 'DAILY', word: 'daily' },
} as const;
type Policy = keyof typeof POLICIES;

/** The limits of one account: each token has its burst; search, ties, and the day belong to all together. A refused request takes nothing. */
export class Limits {
  readonly #switches: Switches;
  readonly #now: () => Date;
  readonly #bursts = new Map<string, Rolling>();
  readonly #search: Rolling;
  readonly #associations: Rolling;
  readonly #days: Days<Pool>;

  constructor(switches: Switches, now: () => Date) {
    this.#switches = switches;
    this.#now = now;
    this.#search = new Rolling(switches.searchPerSecond, 1000);
    this.#associations = new Rolling(switches.associationsPer10s, BURST_MS);
    this.#days = new Days({ shared: switches.dailyLimit, associations: switches.associationsPerDay }, { timeZone: switches.timeZone, now });
  }

  #rolling(bucket: Exclude<Bucket, 'exempt'>, { appId, kind }: Caller): Rolling {
    if (bucket === 'search') return this.#search;
    if (bucket === 'associations') return this.#associations;
    const name = `${kind} ${appId}`;
    const { burstPer10s, oauthBurstPer10s } = this.#switches;
    const burst = this.#bursts.get(name) ?? new Rolling(kind === 'oauth' ? oauthBurstPer10s : burstPer10s, BURST_MS);
    this.#bursts.set(name, burst);
    return burst;
  }

  #pool(bucket: Bucket, { kind }: Caller): Pool | null {
    if (bucket === 'associations') return 'associations';
    return kind === 'oauth' || bucket === 'exempt' ? null : 'shared';
  }

  /** Counts a request, or refuses it with the limit that is spent. */
  take(bucket: Bucket, caller: Caller): void {
    if (bucket === 'exempt') return;
    const pool = this.#pool(bucket, caller);
    if (pool !== null && this.#days.left(pool) === 0) throw this.#spent('daily', { bucket, caller });
    if (!this.#rolling(bucket, caller).take(this.#now().getTime())) throw this.#spent(bucket, { bucket, caller });
    if (pool !== null) this.#days.take(pool);
  }

  /** What other consumers of the same account take away: their calls count like the caller's own. */
  takeElsewhere(bucket: Exclude<Bucket, 'exempt'>, caller: Caller, count: number): void {
    const pool = this.#pool(bucket, caller);
    const rolling = this.#rolling(bucket, caller);
    for (let n = 0; n < count; n += 1) rolling.take(this.#now().getTime());
    if (pool !== null) this.#days.take(pool, count);
  }

  /** The rate headers of an answer; those of search usually leave them out. */
  headers(bucket: Bucket, caller: Caller): Readonly<Record<string, string>> {
    if (bucket === 'exempt' || (bucket === 'search' && !this.#switches.searchRateHeaders)) return {};
    const [rolling, pool] = [this.#rolling(bucket, caller), this.#pool(bucket, caller)];
    const left = Math.max(0, rolling.left(this.#now().getTime()));
    const daily = pool === null ? [] : [['-Daily', this.#days.max[pool]] as const, ['-Daily-Remaining', this.#days.left(pool)] as const];
    const secondly = Math.ceil(rolling.max / 10);
    const numbers = [
      ['-Max', rolling.max],
      ['-Remaining', left],
      ['-Interval-Milliseconds', BURST_MS],
      ['-Secondly', secondly],
      ['-Secondly-Remaining', Math.min(left, secondly)],
      ...daily,
    ] as const;
    return Object.fromEntries(numbers.map(([name, value]) => [`X-HubSpot-RateLimit${name}`, String(value)]));
  }

  /** How much of the day's allowance is used, and when it begins anew. */
  usage(): { readonly usageLimit: number; readonly currentUsage: number; readonly resetsAt: string } {
    const { max } = this.#days;
    return { usageLimit: max.shared, currentUsage: this.#days.used('shared'), resetsAt: this.#days.midnight().toISOString() };
  }

  #waitSeconds(policy: Policy): number {
    if (policy === 'search') return 1;
    return policy === 'daily' ? Math.ceil((this.#days.midnight().getTime() - this.#now().getTime()) / 1000) : BURST_MS / 1000;
  }

  #spent(policy: Policy, { bucket, caller }: { bucket: Bucket; caller: Caller }): Refusal {
    const { policyName, word } = POLICIES[policy];
    const headers = this.headers(bucket, caller);
    const requestId = `daily-${this.#days.day}-${this.#days.used('shared')}`;
    return new Refusal(
      429,
      {
        message: `You have reached your ${word} limit.`,
        errorType: 'RATE_LIMIT',
        policyName,
        groupName: `publicapi:${caller.kind === 'oauth' ? 'oauth' : 'private-apps'}:${caller.appId}`,
        ...(policy === 'daily' ? { requestId } : {}),
      },
      { headers: this.#switches.retryAfter ? { ...headers, 'Retry-After': String(this.#waitSeconds(policy)) } : headers },
    );
  }
}
