import type { Home } from './home.ts';
import { judge } from './judge.ts';
import type { Half, Running } from './processes.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import type { Stop, StopAt } from './stop.ts';
import { twinOf } from './twin.ts';
import { until } from './until.ts';

/** The steps of a record's flow, as the design numbers them. */
export const STEPS = ['moved', 'observe', 'reconcile', 'carry out', 'follow'] as const;
export type Step = (typeof STEPS)[number];

/** One cell of the matrix: who is struck down, on which step, and where exactly. It throws when a promise was broken, and may note something. */
export type Cell = {
  readonly step: Step;
  readonly blow: string;
  readonly where: string;
  /** Whether it strikes Postgres down, so that no other cell can be played on it at the same time. */
  readonly ownPostgres?: boolean;
  readonly needsRedis?: boolean;
  play(home: Home): Promise<string | null>;
};

/** A place where a process is stopped: by which gate, and on what. */
export type Spot = StopAt & { readonly gate: 'postgres' | 'hubspot' | 'salesforce' | 'typeform' };

/** What is done while a process of the hub waits at a stop; a note, or null. */
export type Blow = (scene: { stage: Stage; running: Running; stop: Stop; home: Home }) => Promise<string | null>;

/** A day in the people's life is synced by a process; on the spot the blow falls; then the end has to be the same as without it. */
export async function strike(
  home: Home,
  spot: Spot,
  blow: Blow,
  { half = 'work', environment, ...options }: { half?: Half; environment?: Readonly<Record<string, string>> } & Partial<StageOptions> = {},
): Promise<string | null> {
  const twin = await twinOf(home);
  await using stage = await openStage({ database: await home.database(), postgres: () => home.url(), ...options });
  await stage.settleHere();
  stage.live();
  const stop = setStopOn(stage, spot);
  const running = await stage.start(half, environment === undefined ? {} : { environment });
  await reached(stop, running, spot);
  const note = await blow({ stage, running, stop, home });
  await stage.untilSettled();
  await judge(stage, twin);
  await endInOrder(stage);
  return note;
}

export const setStopOn = (stage: Stage, { gate, ...at }: Spot): Stop =>
  (gate === 'postgres' ? stage.postgres : stage.gates[gate]).stopAt(at);

export async function reached(stop: Stop, running: Running, { gate, on, when }: Spot): Promise<void> {
  await until(`a process waits ${when} ${on} at the gate of ${gate}`, () => stop.isReached() || running.hasEnded(), {
    tell: async () => running.said(),
  });
  if (!stop.isReached()) throw new Error(`the process ended before it could be struck: ${running.said()}`);
}

/** Ends every process as an operator does; each has to say that all was well. */
export async function endInOrder({ running }: Pick<Stage, 'running'>): Promise<void> {
  for (const one of running.filter(({ hasEnded }) => !hasEnded())) {
    const began = performance.now();
    const code = await one.signal('SIGTERM');
    const tookS = (performance.now() - began) / 1000;
    if (code !== 0 || tookS > 30) throw new Error(`SIGTERM: ended with ${code} after ${tookS.toFixed(1)} s\n${one.said()}`);
  }
}
