import type { Clock } from '../../../src/kernel/clock.ts';

/** Whoever acts: a worker process that can die or be stopped. */
export type Actor = {
  readonly name: string;
  /** Nothing that belongs to a dead actor ever goes on, not even its `finally`: that is what kill -9 means. */
  dead: boolean;
  /** Until when it is stopped, as by `kill -STOP`. */
  stoppedUntilMs: number;
};

type Parked = { readonly actor: Actor | null; go(): Promise<void> };
type Timer = { readonly atMs: number; readonly actor: Actor | null; readonly order: number; fire(): void };

export type Schedule = {
  nowMs(): number;
  /** Moves the time on without giving anybody a turn. */
  wind(ms: number): void;
  /** Runs `step` when its turn comes; one step at a time, the next one drawn by chance. */
  turn<T>(actor: Actor | null, step: () => Promise<T>): Promise<T>;
  at(atMs: number, actor: Actor | null, fire: () => void): () => void;
  clockOf(actor: Actor): Clock;
  /** Gives everybody their turns until `story` has ended. */
  drive<T>(story: Promise<T>): Promise<T>;
  /** How many turns there have been. */
  turns(): number;
  onTurn(watch: (turns: number) => void): void;
  /** Nobody watches any more. */
  unwatch(): void;
};

export const START_MS = Date.parse('2026-11-22T08:00:00.000Z');
/** More than this, and somebody goes round in circles. */
const MOST_TURNS = 20_000;
const MOST_IDLE = 5_000;
/** A step that takes longer than this may wait for a lock that somebody else holds, who needs a turn to let it go. */
const PATIENCE_MS = 8;
const DEADLOCKED = 4;

/** Waits until everything that can go on without a turn has done so. */
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const patience = (): Promise<'late'> => new Promise((done) => setTimeout(() => done('late'), PATIENCE_MS));

/** Virtual time and one step at a time: the same choices give the same history. `isBlocked` says whether a step under way waits for a lock. */
export function openSchedule(random: () => number, isBlocked: () => Promise<number>): Schedule {
  let nowMs = START_MS;
  let turns = 0;
  let order = 0;
  const watching: ((turns: number) => void)[] = [];
  const parked: Parked[] = [];
  const timers: Timer[] = [];
  const underWay = new Set<Promise<void>>();

  const mayGo = (actor: Actor | null): boolean => actor === null || actor.stoppedUntilMs <= nowMs;
  const drop = <T extends { readonly actor: Actor | null }>(list: T[]): void => {
    for (let i = list.length - 1; i >= 0; i -= 1) if (list[i]?.actor?.dead === true) list.splice(i, 1);
  };

  /** Steps that wait for a lock stay under way; those that only take their time are waited for. */
  async function letFinish(): Promise<void> {
    for (let late = 0; underWay.size > 0; ) {
      const first = await Promise.race([...underWay, patience()]);
      late = first === 'late' && (await isBlocked()) >= underWay.size ? late + 1 : 0;
      // Twice, with time in between for Postgres to break a deadlock.
      if (late >= DEADLOCKED) return;
    }
  }

  async function give(one: Parked): Promise<void> {
    turns += 1;
    for (const watch of watching) watch(turns);
    const step = one.go().finally(() => underWay.delete(step));
    underWay.add(step);
    await letFinish();
  }

  function nextTimer(): Timer | undefined {
    const wakes = (timer: Timer) => Math.max(timer.atMs, timer.actor?.stoppedUntilMs ?? 0);
    const [next] = timers.sort((a, b) => wakes(a) - wakes(b) || a.order - b.order);
    return next;
  }

  function advance(): boolean {
    const timer = nextTimer();
    const waking = parked.map(({ actor }) => actor?.stoppedUntilMs ?? 0);
    const soonest = Math.min(
      ...waking,
      timer === undefined ? Number.POSITIVE_INFINITY : Math.max(timer.atMs, timer.actor?.stoppedUntilMs ?? 0),
    );
    if (!Number.isFinite(soonest)) return false;
    nowMs = Math.max(nowMs, soonest);
    if (timer !== undefined && Math.max(timer.atMs, timer.actor?.stoppedUntilMs ?? 0) <= nowMs) {
      timers.splice(timers.indexOf(timer), 1);
      timer.fire();
    }
    return true;
  }

  return {
    nowMs: () => nowMs,
    wind: (ms) => {
      nowMs += ms;
    },
    turns: () => turns,
    onTurn: (watch) => {
      watching.push(watch);
    },
    unwatch: () => void watching.splice(0),
    turn: (actor, step) =>
      new Promise((resolve, reject) => {
        parked.push({
          actor,
          go: async () => {
            try {
              const result = await step();
              if (actor?.dead !== true) resolve(result);
            } catch (error) {
              if (actor?.dead !== true) reject(error);
            }
          },
        });
      }),
    at: (atMs, actor, fire) => {
      const timer = { atMs, actor, fire, order: order++ };
      timers.push(timer);
      return () => {
        const i = timers.indexOf(timer);
        if (i >= 0) timers.splice(i, 1);
      };
    },
    clockOf(actor) {
      return {
        now: () => new Date(nowMs),
        sleep: (ms, signal) =>
          new Promise((resolve, reject) => {
            if (signal?.aborted === true) return reject(signal.reason);
            const cancel = this.at(nowMs + Math.max(1, ms), actor, () => {
              signal?.removeEventListener('abort', stop);
              resolve();
            });
            const stop = () => {
              cancel();
              reject(signal?.reason);
            };
            signal?.addEventListener('abort', stop, { once: true });
          }),
      };
    },
    async drive(story) {
      let ended = false;
      let idle = 0;
      story.then(
        () => (ended = true),
        () => (ended = true),
      );
      for (;;) {
        await settled();
        if (turns > MOST_TURNS) throw new Error(`the simulation does not come to an end within ${MOST_TURNS} turns`);
        if (ended && underWay.size === 0) return story;
        drop(parked);
        drop(timers);
        idle += 1;
        if (idle > MOST_IDLE)
          throw new Error(
            `nobody has had a turn for ${MOST_IDLE} timers: ${[...new Set(timers.map(({ actor }) => actor?.name ?? 'the world'))].join(', ')}`,
          );
        const ready = parked.filter(({ actor }) => mayGo(actor));
        const one = ready[Math.floor(random() * ready.length)];
        if (one !== undefined) {
          idle = 0;
          parked.splice(parked.indexOf(one), 1);
          await give(one);
        } else if (advance()) await letFinish();
        else if (underWay.size > 0) await Promise.race(underWay);
        else throw new Error('the simulation is stuck: nobody can go on, and nothing is due');
      }
    },
  };
}
