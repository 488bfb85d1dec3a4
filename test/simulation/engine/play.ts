import { setEnabled } from '../../../src/sync/connecting/connect.ts';
import type { SimDatabase } from './database.ts';
import type { History, Step } from './history.ts';
import { judge } from './judge.ts';
import { act } from './people.ts';
import { roundsFor } from './shape.ts';
import { cycle, openWorld, type World, workAll } from './world.ts';
import { pause } from './writing.ts';

/** What a history came to: the promises that it broke, and the interesting states that it reached. */
export type Played = { readonly broken: readonly string[]; readonly reached: ReadonlySet<string>; readonly turns: number };

/** Plays a history on an empty database, lets everything come to rest without faults, and judges what is left. */
export async function play(history: History, database: SimDatabase): Promise<Played> {
  const world = await openWorld(history, database);
  const story = async () => {
    for (const step of history.steps) await take(world, step);
    await comeToRest(world, history.seed);
    if (world.chronicle.broken.length === 0) await judge(world);
  };
  try {
    await world.schedule.drive(story());
  } catch (error) {
    world.chronicle.broken.push(
      `the history could not be played: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  return { broken: world.chronicle.broken, reached: world.chronicle.reached, turns: world.schedule.turns() };
}

async function take(world: World, step: Step): Promise<void> {
  const { schedule } = world;
  // No two things happen in one instant, unless they are one bulk edit.
  schedule.wind(1_000);
  switch (step.do) {
    case 'work':
      if (step.afterMs > 0) await world.sleep(step.afterMs);
      return workAll(world);
    case 'soon':
      return later(world, step);
    case 'fault':
      world.apis[step.system]?.faults.push({ on: step.on, kind: step.kind, skip: step.skip });
      return;
    case 'expire': {
      const api = world.apis[step.system];
      if (api === undefined) return;
      api.token += 1;
      api.signedOutUntilMs = schedule.nowMs() + step.forMs;
      return;
    }
    case 'crash':
    case 'lose_database':
    case 'stop':
      world.workers[step.worker]?.traps.push({ what: step.do, at: step.at, ms: step.ms, left: step.moments });
      return;
    case 'pause':
      return switchOff(world, step.system, step.ms);
    default:
      return act(world, step);
  }
}

/** Something that happens while the workers are at it. */
async function later(world: World, { at, turns, deed }: Extract<Step, { do: 'soon' }>): Promise<void> {
  const doIt = () => void act(world, deed).catch((error: unknown) => world.chronicle.broken.push(`a deed failed: ${String(error)}`));
  if (at !== null) return void world.appointments.push({ at, left: turns, keep: doIt });
  const then = world.schedule.turns() + turns;
  world.schedule.onTurn((now) => {
    if (now === then) doIt();
  });
}

async function switchOff(world: World, system: number, ms: number): Promise<void> {
  const [vendor, id] = [world.vendors[system], world.connectionIds[system]];
  if (vendor === undefined || id === undefined) return;
  await setEnabled(world.steward.engine, id, false);
  pause(vendor, true);
  await workAll(world);
  world.schedule.wind(ms);
  // A job that something late has called for.
  await world.queue.asJobQueue.nudge({ name: 'tend', connectionId: id });
  await workAll(world);
  pause(vendor, false);
  await setEnabled(world.steward.engine, id, true);
}

const ROUND_MS = 400_000;
const DAY_MS = 86_400_000;

async function comeToRest(world: World, seed: number): Promise<void> {
  const { chronicle, schedule } = world;
  schedule.unwatch();
  world.appointments.splice(0);
  for (const api of world.apis) {
    api.faults.splice(0);
    api.signedOutUntilMs = 0;
  }
  for (const worker of world.workers) {
    worker.traps.splice(0);
    worker.actor.stoppedUntilMs = 0;
  }
  world.queue.isHonest = true;
  const round = async () => {
    await world.sleep(ROUND_MS);
    await (seed % 2 === 0 ? workAll(world) : cycle(world));
  };
  const most = roundsFor(world.shape);
  await round();
  let wrote = 0;
  for (let before = -1; before !== chronicle.written.length; wrote += 1) {
    if (wrote > most) {
      chronicle.broken.push(`converges: still writing after ${wrote} rounds`);
      return;
    }
    before = chronicle.written.length;
    await round();
  }
  const quiet = await still(world);
  schedule.wind(DAY_MS);
  await world.deliveries.arriveLate();
  await world.query('delete from cursor');
  await round();
  const after = await still(world);
  for (const [what, n] of Object.entries(after)) {
    if (n !== quiet[what]) chronicle.broken.push(`is silent: a replay of everything moved ${what} from ${quiet[what]} to ${n}`);
  }
}

/** What must not move any more once all is quiet. */
async function still(world: World): Promise<Readonly<Record<string, string>>> {
  const [row] = await world.query<Record<string, string>>(`
    select (select count(*) from change)::text as changes, (select count(*) from hold)::text as holds,
      (select coalesce(md5(string_agg(id::text || fields::text, ',' order by id)), '') from record) as records,
      (select coalesce(md5(string_agg(id::text || base::text || coalesce(remote_id, '') || state, ',' order by id)), '') from link) as links`);
  return { ...row, writes: String(world.chronicle.written.length) };
}
