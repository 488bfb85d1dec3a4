import { dream, judge } from './history.ts';
import type { Wonder } from './sometimes.ts';

/** Histories of as many seeds as `count`, one after the other from `seed` on. */
export type Stretch = { readonly seed: number; readonly count: number };
/** What they came to: the seeds of those that broke a promise, with what they broke, and how many reached each interesting state. */
export type Lived = {
  readonly histories: number;
  readonly cpuMs: number;
  readonly red: readonly { readonly seed: number; readonly wrongs: readonly string[] }[];
  readonly wonders: ReadonlyMap<Wonder, number>;
};

const MOST_RED = 20;

/** Lives the histories of a stretch of seeds; a few that break a promise are enough to stop. */
export function liveMany({ seed: from, count }: Stretch): Lived {
  // Of this thread alone: its neighbours count their own.
  const started = process.threadCpuUsage();
  const red: { seed: number; wrongs: readonly string[] }[] = [];
  const wonders = new Map<Wonder, number>();
  let histories = 0;
  for (let seed = from; seed < from + count && red.length < MOST_RED; seed += 1) {
    const verdict = judge(dream(seed));
    histories += 1;
    for (const wonder of verdict.wonders) wonders.set(wonder, (wonders.get(wonder) ?? 0) + 1);
    if (verdict.wrongs.length > 0) red.push({ seed, wrongs: verdict.wrongs });
  }
  const { user, system } = process.threadCpuUsage(started);
  return { histories, cpuMs: (user + system) / 1000, red, wonders };
}

/** What several stretches came to together. */
export function together(lived: readonly Lived[]): Lived {
  const wonders = new Map<Wonder, number>();
  for (const one of lived) for (const [wonder, times] of one.wonders) wonders.set(wonder, (wonders.get(wonder) ?? 0) + times);
  return {
    histories: lived.reduce((sum, one) => sum + one.histories, 0),
    cpuMs: lived.reduce((sum, one) => sum + one.cpuMs, 0),
    red: lived.flatMap(({ red }) => red).toSorted((a, b) => a.seed - b.seed),
    wonders,
  };
}
