import { validate } from 'uuid';
import { findPlan, type Steering, steerPlan } from '../hub/plans/plans.ts';
import type { Services } from '../services.ts';
import type { Engine } from '../sync/engine.ts';
import type { Applied } from '../sync/plan/applied.ts';
import { applyPlan } from '../sync/plan/apply.ts';
import { showApplying } from './show-applying.ts';

const ACTOR = 'command line';
const ASK_AGAIN_MS = 1_000;
/** Exit codes: done, not done or not possible, and not done because something else would have been. */
const [DONE, FAILED, DRIFTED] = [0, 1, 2];

export type ApplyOptions = { readonly pause?: true; readonly resume?: true; readonly cancel?: true };
type Stoppable = { readonly signal: AbortSignal };

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** `syncline apply`: does what a plan has shown; or pauses that, goes on with it, or cancels it, whoever is at it. */
export async function applyCommand(services: Services, id: string, options: ApplyOptions & Stoppable): Promise<number> {
  const { engine } = services;
  if (!validate(id) || (await findPlan(services.hub, id)) === null) return refuse(`There is no plan ${id}. syncline plans lists them.`);
  const wanted = (['pause', 'resume', 'cancel'] as const).filter((one) => options[one] === true);
  const [steering] = wanted;
  if (wanted.length > 1) return refuse('Say one of --pause, --resume, and --cancel.');
  if (steering !== undefined && !(await steerPlan(services.hub, id, steering, ACTOR))) return refuse(await whyNot(engine, id, steering));
  if (steering === 'pause') return paused(id);
  return applyWatched(engine, id, options);
}

async function whyNot({ hub }: Engine, id: string, steering: Steering): Promise<string> {
  const state = (await findPlan(hub, id))?.state ?? 'gone';
  return `The plan is ${state}, so there is nothing to ${steering}.`;
}

/** Tells how far it has come until it is done, in this process or by whoever is at it already. */
async function applyWatched(engine: Engine, id: string, { signal }: Stoppable): Promise<number> {
  const shown = showApplying(engine, id, process.stderr);
  try {
    const applied = await applyPatiently(engine, id, { signal, complain: shown.say });
    await shown.end();
    return conclude(id, applied);
  } finally {
    await shown.end();
  }
}

type Settled = Exclude<Applied, { kind: 'waiting' | 'busy' }>;

async function applyPatiently(
  engine: Engine,
  id: string,
  { signal, complain: say }: Stoppable & { complain(text: string): void },
): Promise<Settled> {
  for (let [said, isOthers] = ['', false]; ; ) {
    const applied = await applyPlan(engine, id, { actor: ACTOR, signal });
    switch (applied.kind) {
      case 'waiting':
        if (said !== applied.reason) say(`waiting: ${applied.reason}`);
        said = applied.reason;
        break;
      case 'busy':
        isOthers = true;
        break;
      case 'refused':
        return isOthers ? ((await doneByOthers(engine, id)) ?? applied) : applied;
      default:
        return applied;
    }
    await engine.clock.sleep(ASK_AGAIN_MS, signal);
  }
}

/** What came of a plan that another process was at. */
async function doneByOthers({ hub }: Engine, id: string): Promise<Settled | null> {
  const plan = await findPlan(hub, id);
  const counts = plan?.summary?.applied;
  if (plan?.state === 'paused') return { kind: 'paused' };
  if (counts === undefined) return null;
  if (plan?.state === 'cancelled') return { kind: 'cancelled', done: counts.done, left: counts.drifted };
  return plan?.state === 'applied' ? { kind: 'applied', ...counts } : null;
}

function conclude(id: string, applied: Settled): number {
  switch (applied.kind) {
    case 'applied':
      print(
        `applied: ${applied.done} writes done${applied.drifted === 0 ? '' : `, ${applied.drifted} left out, since something had changed meanwhile`}`,
      );
      return applied.drifted === 0 ? DONE : DRIFTED;
    case 'drifted':
      complain(`Nothing was done: ${applied.drifted} lines are not what they were. Make a new plan, or see which: ${driftOf(id)}`);
      return DRIFTED;
    case 'refused':
      return refuse(applied.reason);
    case 'paused':
      return paused(id);
    case 'cancelled':
      print(
        `cancelled: ${applied.done} writes were done, ${applied.left} were not. syncline undo takes them back; syncline failures names the rest.`,
      );
      return FAILED;
  }
}

function paused(id: string): number {
  print(`paused. syncline apply ${id} --resume goes on, --cancel stops it for good.`);
  return DONE;
}

const driftOf = (id: string): string => `GET /api/v1/plans/${id}/lines?drift=different`;

function refuse(reason: string): number {
  complain(reason);
  return FAILED;
}
