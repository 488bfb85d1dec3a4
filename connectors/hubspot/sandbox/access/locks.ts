import { Refusal } from '../wire/refusal.ts';
import { Rolling } from './rolling.ts';

const LOCK_MS = 2000;

/** Locks a type for two seconds when more is written to it in one second than it takes. */
export class Locks {
  readonly #max: number;
  readonly #now: () => Date;
  readonly #writes = new Map<string, Rolling>();
  readonly #untilMs = new Map<string, number>();

  constructor(writesPerSecond: number, now: () => Date) {
    this.#max = writesPerSecond;
    this.#now = now;
  }

  /** Refuses a write while its type is locked by too many of them; 0 writes a second never lock. */
  take(type: string): void {
    if (this.#max === 0) return;
    const nowMs = this.#now().getTime();
    const writes = this.#writes.get(type) ?? new Rolling(this.#max, 1000);
    this.#writes.set(type, writes);
    const isLocked = (this.#untilMs.get(type) ?? 0) > nowMs;
    if (!isLocked && writes.take(nowMs)) return;
    if (!isLocked) this.#untilMs.set(type, nowMs + LOCK_MS);
    throw new Refusal(423, { message: `Too many writes to ${type} at the same time; they are locked for a moment.`, category: 'LOCKED' });
  }
}
