/** Some calls of one window: when the last of them may have been made, in milliseconds, and how many they are. */
export type Slice = readonly [atMs: number, calls: number];

/** What every process has made or may still make, by window and process. */
export type Ledger = Readonly<Record<string, Readonly<Record<string, readonly Slice[]>>>>;

/**
 * What a process asks of one window. `made`: what it has made itself, as `[milliseconds ago, calls]`; `others`: what the vendor has
 * counted beyond that, which is what the ledger knows of other processes, or the calls of somebody else.
 */
export type Want = {
  readonly window: string;
  readonly requests: number;
  readonly perMs: number;
  /** The most calls that it takes at once, and for how long they are good. */
  readonly atOnce: number;
  readonly goodForMs: number;
  readonly made: readonly Slice[];
  readonly others: Slice;
};

/** `calls` for each want, in order: none at all while one of the windows has none left, which lasts `waitMs`. */
export type Taken = { readonly ledger: Ledger; readonly calls: readonly number[]; readonly waitMs: number };

/**
 * Takes some calls of each window ahead, so that one question serves several. A slice counts for the whole window from the last moment that it is good
 * for, until its process says what it has made of it: so no stretch of the window's length ever holds more calls than it may, whoever makes them.
 */
export function takeSlices(ledger: Ledger, who: { readonly holder: string; readonly nowMs: number }, wants: readonly Want[]): Taken {
  const { holder, nowMs } = who;
  const windows = wants.map((want) => {
    const foreign = Object.entries(ledger[want.window] ?? {}).flatMap(([by, slices]) =>
      by === holder ? [] : [[by, slices.filter(([at]) => at + want.perMs > nowMs)] as const],
    );
    const own = want.made.map(([agoMs, calls]): Slice => [nowMs - agoMs, calls]).filter(([at]) => at + want.perMs > nowMs);
    const known = sum(foreign.flatMap(([, slices]) => slices));
    const [agoMs, counted] = want.others;
    const strangers: Slice = [nowMs - agoMs, agoMs < want.perMs ? Math.max(0, counted - known) : 0];
    const all = [...foreign.flatMap(([, slices]) => slices), ...own, strangers];
    const free = want.requests - sum(all);
    return { want, foreign, own, free, waitMs: free > 0 ? 0 : untilFree(all, want, nowMs) };
  });
  const waitMs = Math.max(0, ...windows.map((one) => one.waitMs));
  const calls = windows.map(({ want, free }) => (waitMs > 0 ? 0 : Math.min(free, want.atOnce)));
  const written = windows.map(({ want, foreign, own }, i): [string, Record<string, readonly Slice[]>] => {
    const taken: readonly Slice[] = (calls[i] ?? 0) > 0 ? [[nowMs + want.goodForMs, calls[i] ?? 0]] : [];
    return [want.window, Object.fromEntries([...foreign.filter(([, slices]) => slices.length > 0), [holder, [...own, ...taken]]])];
  });
  return { ledger: { ...ledger, ...Object.fromEntries(written) }, calls, waitMs };
}

const sum = (slices: readonly Slice[]): number => slices.reduce((total, [, calls]) => total + calls, 0);

/** How long until enough of the calls have left the window for one more. */
function untilFree(all: readonly Slice[], { requests, perMs }: Want, nowMs: number): number {
  let left = sum(all);
  for (const [at, calls] of [...all].sort(([a], [b]) => a - b)) {
    left -= calls;
    if (left < requests) return Math.max(1, at + perMs - nowMs);
  }
  return perMs;
}
