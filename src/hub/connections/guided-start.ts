import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** The steps of the guided start, in their order. */
export const START_STEPS = ['systems', 'connect', 'objects', 'matching', 'fields', 'preview', 'enable'] as const;
export type StartStep = (typeof START_STEPS)[number];

/** How far the admins of a hub have come. `objects` null: nobody has chosen yet. `seenPlanId`: the plan that somebody has looked at. */
export type GuidedStart = {
  readonly systems: readonly string[];
  readonly objects: readonly string[] | null;
  readonly step: StartStep;
  readonly planId: string | null;
  readonly seenPlanId: string | null;
  readonly doneAt: Date | null;
};

const COLUMNS = ['systems', 'objects', 'step', 'plan_id as planId', 'seen_plan_id as seenPlanId', 'done_at as doneAt'] as const;

export async function readStart(db: Db): Promise<GuidedStart> {
  const row = await db.selectFrom('guided_start').select(COLUMNS).executeTakeFirstOrThrow();
  return { ...row, step: START_STEPS.find((step) => step === row.step) ?? 'systems' };
}

type Change = Partial<Pick<GuidedStart, 'systems' | 'objects' | 'step' | 'planId' | 'seenPlanId'>> & { readonly done?: boolean };

/** Notes how far somebody has come. A plan that was made for other systems or objects is no longer the one. */
export async function noteStart(db: Db, { systems, objects, step, planId, seenPlanId, done }: Change): Promise<void> {
  const isOther = (systems !== undefined || objects !== undefined) && planId === undefined;
  await db
    .updateTable('guided_start')
    .set({
      changed_at: sql`now()`,
      ...(systems === undefined ? {} : { systems: [...systems] }),
      ...(objects === undefined ? {} : { objects: objects === null ? null : [...objects] }),
      ...(step === undefined ? {} : { step }),
      ...(isOther ? { plan_id: null, seen_plan_id: null } : {}),
      ...(planId === undefined ? {} : { plan_id: planId, seen_plan_id: null }),
      ...(seenPlanId === undefined ? {} : { seen_plan_id: seenPlanId }),
      ...(done === undefined ? {} : { done_at: done ? sql<Date>`coalesce(done_at, now())` : null }),
    })
    .execute();
}
