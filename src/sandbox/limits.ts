/** Says whether one more call may pass; a call that may not is not counted. `waitMs` is when the next one may. */
export type Limit = { take(): boolean; waitMs(): number };
type LimitOptions = { readonly calls: number; readonly perMs: number; readonly now: () => Date };

const open: Limit = { take: () => true, waitMs: () => 0 };

/** At most `calls` in any `perMs`; 0 calls means no limit. */
export function openWindow({ calls, perMs, now }: LimitOptions): Limit {
  if (calls === 0) return open;
  let passed: number[] = [];
  return {
    take() {
      const at = now().getTime();
      passed = passed.filter((earlier) => earlier > at - perMs);
      if (passed.length >= calls) return false;
      passed.push(at);
      return true;
    },
    waitMs: () => (passed.length < calls ? 0 : Math.max(0, (passed[0] ?? 0) + perMs - now().getTime())),
  };
}

/** A bucket that holds `calls` and drains evenly, all of it in `perMs`; 0 calls means no limit. */
export function openBucket({ calls, perMs, now }: LimitOptions): Limit {
  if (calls === 0) return open;
  let level = 0;
  let seenAt = now().getTime();
  const drain = (): void => {
    const at = now().getTime();
    level = Math.max(0, level - ((at - seenAt) * calls) / perMs);
    seenAt = at;
  };
  return {
    take() {
      drain();
      if (level + 1 > calls) return false;
      level += 1;
      return true;
    },
    waitMs() {
      drain();
      return Math.max(0, Math.ceil(((level + 1 - calls) * perMs) / calls));
    },
  };
}
