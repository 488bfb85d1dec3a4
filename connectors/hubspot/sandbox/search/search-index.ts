import { between, chance } from '../../../../src/sandbox/random.ts';
import type { Stored } from '../records/records.ts';

type Waiting = { readonly atMs: number; readonly turn: number; readonly id: string; readonly record: Stored | null };

type Ways = { readonly lagMs: number; readonly stragglers: number; readonly latestMs: number; readonly random: () => number };

const STRAGGLE_MIN_MS = 10_000;
const OUTDATED_MAX = 1000;

/** What search sees: every write some seconds late, and now and then one that straggles for minutes. */
export class SearchIndex {
  readonly #rows = new Map<string, Stored>();
  readonly #applied = new Map<string, number>();
  /** The rows by their modified date, for as long as somebody asks for them so; it may hold rows that are outdated. */
  #timeline: Stored[] | null = null;
  #queue: Waiting[] = [];
  #late: Waiting[] = [];
  #turn = 0;
  /** Moves whenever a search could answer otherwise than before. */
  revision = 0;
  readonly #ways: Ways;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  /** Shows a record at once: for what was there before the portal opened. */
  seed(record: Stored): void {
    this.#rows.set(record.id, record);
    this.revision += 1;
  }

  /** Takes note of a write, or of a record that is not there any more (null). */
  note(id: string, record: Stored | null, nowMs: number): void {
    this.#turn += 1;
    const late = this.#ways.stragglers > 0 && chance(this.#ways.random, this.#ways.stragglers);
    const delayMs = late ? between(this.#ways.random, STRAGGLE_MIN_MS, Math.max(STRAGGLE_MIN_MS, this.#ways.latestMs)) : this.#ways.lagMs;
    (late ? this.#late : this.#queue).push({ atMs: nowMs + delayMs, turn: this.#turn, id, record });
  }

  /** The rows as search sees them at this moment. */
  rows(nowMs: number): IterableIterator<Stored> {
    const due = this.#queue.findIndex((one) => one.atMs > nowMs);
    const ready = due === -1 ? this.#queue : this.#queue.slice(0, due);
    this.#queue = due === -1 ? [] : this.#queue.slice(due);
    for (const one of ready) this.#show(one);
    if (this.#late.length > 0) {
      for (const one of this.#late) if (one.atMs <= nowMs) this.#show(one);
      this.#late = this.#late.filter((one) => one.atMs > nowMs);
    }
    return this.#rows.values();
  }

  /** Those of the rows that were modified at this time or later: a small question stays cheap in a large portal. */
  rowsSince(since: string, nowMs: number): readonly Stored[] {
    const rows = this.rows(nowMs);
    this.#timeline ??= [...rows].sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    return this.#timeline.slice(placeOf(this.#timeline, since)).filter((row) => this.#rows.get(row.id) === row);
  }

  #enter(record: Stored): void {
    if (this.#timeline === null) return;
    this.#timeline.splice(placeOf(this.#timeline, record.updatedAt), 0, record);
    if (this.#timeline.length > 2 * this.#rows.size + OUTDATED_MAX) this.#timeline = null;
  }

  #show({ id, turn, record }: Waiting): void {
    // A straggler must not cover a later write that came through in time.
    if ((this.#applied.get(id) ?? 0) > turn) return;
    this.#applied.set(id, turn);
    this.revision += 1;
    if (record === null) {
      this.#rows.delete(id);
      return;
    }
    this.#rows.set(id, record);
    this.#enter(record);
  }
}

/** Where the first row stands that was modified at this time or later. */
function placeOf(timeline: readonly Stored[], since: string): number {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timeline[middle]?.updatedAt ?? '') < since) low = middle + 1;
    else high = middle;
  }
  return low;
}
