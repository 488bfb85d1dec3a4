import { sql } from 'kysely';
import { type GuidedStart, readStart, START_STEPS, type StartStep } from '../../hub/connections/guided-start.ts';
import type { Db } from '../../hub/database.ts';
import { findPlan, type Plan } from '../../hub/plans/plans.ts';
import type { AppParts } from '../parts.ts';

/** What the guided start has to know: how far somebody came, and what there is by now. */
export type StartState = { readonly start: GuidedStart; readonly connected: ReadonlySet<string>; readonly plan: Plan | null };

export async function readStartState(db: Db): Promise<StartState> {
  const start = await readStart(db);
  const rows = await db.selectFrom('connection').select('connector').execute();
  const plan = start.planId === null ? null : await findPlan(db, start.planId);
  return { start, connected: new Set(rows.map(({ connector }) => connector)), plan };
}

const OVER: ReadonlySet<Plan['state']> = new Set(['failed', 'abandoned', 'drifted']);

/** The first step that is not done yet, and no further than somebody has come. */
export function stepOf(state: StartState): StartStep {
  const open = firstOpen(state);
  return START_STEPS[Math.min(START_STEPS.indexOf(open), START_STEPS.indexOf(state.start.step))] ?? 'systems';
}

function firstOpen({ start, connected, plan }: StartState): StartStep {
  if (start.systems.length === 0) return 'systems';
  if (start.systems.some((system) => !connected.has(system))) return 'connect';
  if (start.objects === null) return 'objects';
  if (start.planId === null) return 'enable';
  if (plan === null || OVER.has(plan.state)) return 'matching';
  return plan.state === 'computing' || start.seenPlanId !== plan.id ? 'preview' : 'enable';
}

export type StartStream = {
  readonly connectionId: string;
  readonly connection: string;
  readonly object: string;
  readonly hubObject: string;
};

/** The objects that were chosen, wherever the systems that were chosen have them. Responses only arrive: there is nothing to plan about them. */
export async function chosenStreams(db: Db, { systems, objects }: GuidedStart): Promise<readonly StartStream[]> {
  const { rows } = await sql<StartStream>`
    select c.id as "connectionId", c.name as connection, s.object, s.hub_object as "hubObject" from stream s join connection c on c.id = s.connection_id
    where c.connector = any(${[...systems]}::text[]) and s.hub_object = any(${[...(objects ?? [])]}::text[]) and s.hub_object <> 'response' and s.direction <> 'off'
    order by c.name, s.object`.execute(db);
  return rows;
}

/** The survey tools that were chosen: what they bring is no write anywhere, and they are switched on at the end. */
export async function chosenSurveys(parts: Pick<AppParts, 'hub' | 'connectors'>, { systems }: GuidedStart): Promise<readonly string[]> {
  const tools = systems.filter((system) => parts.connectors.get(system)?.manifest.kind === 'survey');
  if (tools.length === 0) return [];
  const rows = await parts.hub.selectFrom('connection').select('id').where('connector', 'in', tools).where('enabled', '=', false).execute();
  return rows.map(({ id }) => id);
}
