import { sql } from 'kysely';
import type { FieldValue } from '../../contract/records.ts';
import { canonical } from '../../kernel/json.ts';
import { nameOfActor } from '../access/actors.ts';
import type { Db } from '../database.ts';
import { newId } from '../ids.ts';

/**
 * What a line of a plan does: to a record of the hub, to one over there, or nothing because a person decides first. `freeze`, `unlink`: one over
 * there leaves the sync, and stays as it is, or becomes a stranger.
 */
export const PLAN_OPERATIONS = [
  'create_record',
  'match',
  'change_record',
  'archive_record',
  'freeze',
  'unlink',
  'merge_record',
  'create',
  'update',
  'delete',
  'merge',
  'hold',
  'exclude',
] as const;
export type PlanOperation = (typeof PLAN_OPERATIONS)[number];
export const PLAN_WARNINGS = ['blanks', 'mass_change', 'misfit', 'does_not_fit', 'not_looked_at'] as const;
export const PLAN_STATES = [
  'computing',
  'ready',
  'applying',
  'paused',
  'cancelling',
  'applied',
  'cancelled',
  'drifted',
  'abandoned',
  'failed',
] as const;
export type PlanState = (typeof PLAN_STATES)[number];
/** How a line differs from what would happen now. */
export type PlanDrift = 'added' | 'gone' | 'different';

/** One field of a line, in the hub's words as far as they are known. `source`: whose value it is. */
export type PlannedField = {
  readonly old: FieldValue;
  readonly new: FieldValue;
  readonly rule: string | null;
  readonly source: string | null;
};
export type PlannedFields = Readonly<Record<string, PlannedField>>;

/** What a plan is for. `streams`: those that go live by it; all that are live already take part as well. */
export type PlanAsked = {
  readonly kind: 'plan' | 'shadow';
  readonly streams: readonly { readonly id: string; readonly connection: string; readonly object: string }[];
  /** The versions of mappings that it would make active; without any it is made with those that are. */
  readonly changes?: readonly { readonly name: string; readonly id: string }[];
  /** What each mapping said, and the hub's own model, by `<connector>.<object>` and `hub`. */
  readonly hashes: Readonly<Record<string, string>>;
};

export type PlanSummary = {
  readonly counts: readonly {
    readonly connection: string | null;
    readonly object: string;
    readonly operation: PlanOperation | 'unchanged';
    readonly records: number;
  }[];
  /** Values that people would miss: cleared over there or here. */
  readonly blanked: readonly {
    readonly connection: string | null;
    readonly object: string;
    readonly field: string;
    readonly records: number;
  }[];
  /** How many lines touch each field, the most first; missing in plans of earlier versions. */
  readonly touched?: readonly { readonly field: string; readonly records: number }[];
  readonly nonUnique: readonly {
    readonly connection: string;
    readonly object: string;
    readonly key: Readonly<Record<string, FieldValue>>;
    readonly remoteIds: readonly string[];
  }[];
  /** How many keys are shared in all; `nonUnique` names the first of them. */
  readonly nonUniqueKeys: number;
  /** How far the match keys reach, by object of a system; missing in plans of earlier versions. */
  readonly matching?: readonly {
    readonly connection: string;
    readonly object: string;
    readonly records: number;
    /** Records that no key tells anything of. */
    readonly without: number;
    /** By key, in its order: who has it, and how many of them share it with another record of the same system. */
    readonly rules: readonly { readonly on: readonly string[]; readonly records: number; readonly shared: number }[];
  }[];
  readonly warnings: readonly PlanWarning[];
  readonly forecast: readonly {
    readonly connection: string;
    readonly calls: number;
    readonly seconds: number;
    readonly latencyMs: number;
    readonly measured: boolean;
  }[];
  /** What applying it came to, once it was tried. */
  readonly applied?: { readonly done: number; readonly drifted: number };
};
export type PlanWarning = {
  readonly kind: (typeof PLAN_WARNINGS)[number];
  readonly connection: string | null;
  readonly object: string | null;
  readonly field: string | null;
  readonly records: number;
  readonly text: string;
};

export type Plan = {
  readonly id: string;
  readonly asked: PlanAsked;
  readonly actor: string;
  readonly actorName: string;
  readonly state: PlanState;
  readonly summary: PlanSummary | null;
  readonly digest: string | null;
  readonly error: string | null;
  readonly wantedBy: string | null;
  /** Who has paused, resumed, or cancelled it last. */
  readonly steeredBy: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
};

const PLAN = [
  'id',
  'asked',
  'actor',
  'state',
  'summary',
  'digest',
  'error',
  'wanted_by as wantedBy',
  'steered_by as steeredBy',
  'created_at as createdAt',
  'ended_at as endedAt',
] as const;
const WHO = nameOfActor('plan.actor').as('actorName');

/** Notes that a plan is wanted; it is computed by whoever finds it. */
export async function askPlan(db: Db, asked: PlanAsked, actor: string): Promise<string> {
  const id = newId();
  await db
    .insertInto('plan')
    .values({
      id,
      asked: JSON.stringify(asked),
      actor,
      state: 'computing',
      summary: null,
      digest: null,
      error: null,
      wanted_by: null,
      ended_at: null,
    })
    .execute();
  return id;
}

/** Notes that the report on a shadow stream is out of date, or that there is none yet; not while one is being made. */
export async function askShadowPlan(db: Db, asked: PlanAsked, { isNews }: { readonly isNews: boolean }): Promise<void> {
  const { rows } = await sql<{ state: PlanState; hashes: PlanAsked['hashes'] }>`
    select state, asked -> 'hashes' as hashes from plan where asked ->> 'kind' = 'shadow' and asked -> 'streams' -> 0 ->> 'id' = ${asked.streams[0]?.id ?? ''}
      and state in ('computing', 'ready', 'failed')`.execute(db);
  const isWanted = isNews || rows.every(({ hashes }) => canonical(hashes) !== canonical(asked.hashes));
  if (isWanted && rows.every(({ state }) => state !== 'computing')) await askPlan(db, asked, 'syncline');
}

/** Forgets the earlier reports on a shadow stream. */
export async function dropShadowPlans(db: Db, streamId: string, keep: string): Promise<void> {
  await sql`
    delete from plan where asked ->> 'kind' = 'shadow' and asked -> 'streams' -> 0 ->> 'id' = ${streamId} and id < ${keep}
      and state in ('computing', 'ready', 'drifted', 'failed', 'abandoned') and wanted_by is null`.execute(db);
}

export async function findPlan(db: Db, id: string): Promise<Plan | null> {
  const row = await db.selectFrom('plan').select(PLAN).select(WHO).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

/** Takes the plan for the rest of a transaction, so that it is applied once. */
export async function lockPlan(tx: Db, id: string): Promise<Plan | null> {
  const row = await tx.selectFrom('plan').select(PLAN).select(WHO).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
  return row ?? null;
}

/** The plans, the newest first, from below the id `after`. */
export async function listPlans(
  db: Db,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<readonly Plan[]> {
  let query = db.selectFrom('plan').select(PLAN).select(WHO).orderBy('id', 'desc').limit(limit);
  if (after !== null) query = query.where('id', '<', after);
  return query.execute();
}

/** Plans that somebody has to work on: to compute, to apply, to go on applying, or to cancel. */
export async function openPlans(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('plan')
    .select('id')
    .where((e) =>
      e.or([e('state', 'in', ['computing', 'applying', 'cancelling']), e.and([e('state', '=', 'ready'), e('wanted_by', 'is not', null)])]),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

type Ending = {
  readonly state: PlanState;
  readonly summary?: PlanSummary;
  readonly digest?: string;
  readonly error?: string;
  readonly steeredBy?: string;
};

/** The states in which a plan still comes to something. */
const OPEN: ReadonlySet<PlanState> = new Set(['computing', 'ready', 'applying', 'paused', 'cancelling']);

/** Moves a plan on from one of the states that it may be in; false when it is in another one by now. */
export async function movePlan(db: Db, id: string, from: readonly PlanState[], to: Ending): Promise<boolean> {
  const open = OPEN.has(to.state);
  const { numUpdatedRows } = await db
    .updateTable('plan')
    .set({
      state: to.state,
      moved_at: sql`case when state = ${to.state} then moved_at else now() end`,
      ended_at: open ? null : sql`now()`,
      ...(open ? {} : { wanted_by: null }),
      ...(to.summary === undefined ? {} : { summary: JSON.stringify(to.summary) }),
      ...(to.digest === undefined ? {} : { digest: to.digest }),
      ...(to.error === undefined ? {} : { error: to.error }),
      ...(to.steeredBy === undefined ? {} : { steered_by: to.steeredBy }),
    })
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What somebody may make of a plan that is being applied, from which states, and what becomes of it. */
const STEERED = {
  pause: { from: ['applying', 'paused'], to: 'paused' },
  resume: { from: ['paused', 'applying'], to: 'applying' },
  cancel: { from: ['applying', 'paused', 'cancelling'], to: 'cancelling' },
} as const satisfies Readonly<Record<string, { readonly from: readonly PlanState[]; readonly to: PlanState }>>;
export type Steering = keyof typeof STEERED;

/** Pauses, resumes, or cancels applying a plan: from then on no process writes what it must not. False in a state where that makes no sense. */
export function steerPlan(db: Db, id: string, steering: Steering, actor: string): Promise<boolean> {
  const { from, to } = STEERED[steering];
  return movePlan(db, id, from, { state: to, steeredBy: actor });
}

/** Notes that somebody wants a plan applied; false when it cannot be, in the state that it is in. */
export async function wantApplied(db: Db, id: string, actor: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('plan')
    .set({ wanted_by: sql`coalesce(wanted_by, ${actor})` })
    .where('id', '=', id)
    .where('state', 'in', ['ready', 'applying'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Notes why a plan was not applied; it stays as it is, and nobody wants it applied any more. */
export async function keepRefusal(db: Db, id: string, reason: string): Promise<void> {
  await db.updateTable('plan').set({ error: reason, wanted_by: null }).where('id', '=', id).where('state', '=', 'ready').execute();
}
