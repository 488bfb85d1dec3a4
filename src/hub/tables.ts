import type { ColumnType, Generated } from 'kysely';
import type { FieldSchema } from '../contract/connector.ts';
import type { Cursor, Fields, Write } from '../contract/records.ts';
import type { Misfit } from '../mapping/fit.ts';
import type { PlanAsked, PlanDrift, PlannedFields, PlanOperation, PlanState, PlanSummary } from './plans/plans.ts';
import type { Schedule } from './rhythm/schedule.ts';
import type {
  Archived,
  BeforeMerging,
  ChangeCause,
  ChangedField,
  ConnectionState,
  HoldKind,
  InputState,
  LinkState,
  RequestAsItCame,
  RunCounts,
  RunKind,
  Stamps,
  StoredBase,
  StreamDirection,
} from './stored.ts';
import type { AccessTables } from './tables/access.ts';
import type { ArrivalTables } from './tables/arrivals.ts';
import type { LimitTables } from './tables/limits.ts';
import type { MappingTables } from './tables/mappings.ts';
import type { ResponseTables } from './tables/responses.ts';
import type { SignInTables } from './tables/sign-in.ts';
import type { StartTables } from './tables/start.ts';

/** jsonb: read as its value, written as JSON text. */
export type Jsonb<T> = ColumnType<T, string, string>;
export type Time = ColumnType<Date, Date | string, Date | string>;
/** A time that Postgres fills in when it is not given. */
export type DefaultTime = ColumnType<Date, Date | string | undefined, Date | string>;

type Beside = AccessTables & ArrivalTables & LimitTables & MappingTables & ResponseTables & SignInTables & StartTables;
export type Tables = Beside & {
  connection: {
    id: string;
    connector: string;
    name: string;
    origin: string;
    settings: Jsonb<Fields>;
    account: Jsonb<{ id: string; name: string; timeZone?: string } | null> | null;
    enabled: Generated<boolean>;
    state: Generated<ConnectionState>;
    reason: string | null;
    cause: string | null;
    resume_at: Time | null;
    attempts: Generated<number>;
    fence: Generated<string>;
    lease_until: DefaultTime;
    calls_made: Generated<string>;
    calls_floor: Generated<string>;
    daily_share: Generated<number>;
    spared_until: Time | null;
    sandbox: 'ours' | 'theirs' | null;
    paused_at: Time | null;
    paused_by: string | null;
    paused_why: string | null;
    schedule: Jsonb<Schedule | null> | null;
    quiet_until: Time | null;
    created_at: DefaultTime;
    updated_at: DefaultTime;
  };
  stream: {
    id: string;
    connection_id: string;
    object: string;
    hub_object: string;
    direction: StreamDirection;
    enabled: Generated<boolean>;
    every_ms: Generated<number>;
    next_at: DefaultTime;
    backfilled_at: Time | null;
    observed_at: Time | null;
    wrote_at: Time | null;
    schema: Jsonb<readonly FieldSchema[] | null> | null;
    schema_at: Time | null;
    asked: string[] | null;
    quarantined: Generated<string[]>;
    misfits: ColumnType<readonly Misfit[], string | undefined, string>;
    placed: Generated<boolean>;
    mode: Generated<'live' | 'shadow'>;
    sweep_every_ms: Generated<string>;
    swept_at: Time | null;
    sweep_at: DefaultTime;
    mapping_hash: string | null;
    reason: string | null;
    cause: string | null;
    resume_at: Time | null;
  };
  sighting: { stream_id: string; remote_id: string };
  cursor: { stream_id: string; scope: string; at: Jsonb<Cursor>; moved_at: DefaultTime };
  observation: {
    connection_id: string;
    object: string;
    remote_id: string;
    fields: Jsonb<Fields>;
    hash: string;
    changed_at: Time;
    version: string | null;
    gone: Generated<boolean>;
    dirty: Generated<boolean>;
    seen_at: DefaultTime;
    run_id: string | null;
    changed_by: string | null;
    outcome: string | null;
  };
  record: {
    id: string;
    object: string;
    fields: Jsonb<Fields>;
    stamps: Jsonb<Stamps>;
    dirty: Generated<boolean>;
    merged_into: string | null;
    archived_at: Time | null;
    archived: Jsonb<Archived | null> | null;
    created_at: DefaultTime;
    updated_at: DefaultTime;
  };
  link: {
    id: string;
    connection_id: string;
    object: string;
    remote_id: string | null;
    record_id: string;
    base: Jsonb<StoredBase>;
    sent: Jsonb<Fields | null> | null;
    sent_at: Time | null;
    expected: Jsonb<Fields | null> | null;
    state: Generated<LinkState>;
    reason: string | null;
    due: Generated<boolean>;
    not_before: DefaultTime;
    attempts: Generated<number>;
    waits_for: Generated<string[]>;
    evidence: Jsonb<unknown> | null;
    removal: 'wanted' | 'approved' | null;
    gone_by: 'remote' | 'hub' | null;
    cause: string | null;
    given_up: string | null;
    braked: Generated<string[]>;
    lane: Generated<number>;
    created_at: DefaultTime;
  };
  /** Ids that lead to another record since a merge or a conversion; `into_object` where that is of another object. */
  alias: {
    connection_id: string;
    object: string;
    alias_id: string;
    remote_id: string;
    into_object: string | null;
    followed: Generated<boolean>;
    noted_at: DefaultTime;
  };
  merging: {
    id: string;
    winner_id: string;
    loser_id: string;
    at: DefaultTime;
    cause: 'steward' | 'rule' | 'vendor';
    actor: string | null;
    before: Jsonb<BeforeMerging>;
    undone_at: Time | null;
    undone_by: string | null;
  };
  identity: { digest: string; record_id: string };
  change: {
    id: string;
    /** The order in which the lines of a record were written, whatever the clocks of their writers said. */
    seq: Generated<string>;
    record_id: string;
    at: DefaultTime;
    cause: ChangeCause;
    connection_id: string | null;
    remote_id: string | null;
    run_id: string | null;
    actor: string | null;
    fields: Jsonb<Readonly<Record<string, ChangedField>>>;
    conflict: Generated<boolean>;
    mapping: string | null;
    /** When and by whom it was changed over there, where the vendor says so. */
    changed_at: Time | null;
    changed_by: string | null;
    detail: Jsonb<unknown> | null;
  };
  /** What was written over there, in the hub's words: what the record held before, and what it was given. */
  delivery: {
    id: string;
    run_id: string;
    link_id: string;
    record_id: string;
    connection_id: string;
    object: string;
    remote_id: string;
    verb: Write['verb'];
    before: Jsonb<Fields>;
    after: Jsonb<Fields>;
    at: DefaultTime;
  };
  mapping_version: { hash: string; connector: string; object: string; document: Jsonb<unknown>; first_used_at: DefaultTime };
  plan: {
    id: string;
    asked: Jsonb<PlanAsked>;
    actor: string;
    state: PlanState;
    summary: Jsonb<PlanSummary | null> | null;
    digest: string | null;
    error: string | null;
    wanted_by: string | null;
    steered_by: Generated<string | null>;
    moved_at: DefaultTime;
    created_at: DefaultTime;
    ended_at: Time | null;
  };
  plan_line: {
    plan_id: string;
    seq: string;
    connection_id: string | null;
    object: string;
    record_id: string | null;
    remote_id: string | null;
    title: string | null;
    operation: PlanOperation;
    reason: string | null;
    fields: Jsonb<PlannedFields>;
    key: string;
    drift: PlanDrift | null;
    now_fields: Jsonb<PlannedFields | null> | null;
  };
  tally: { stream_id: string; what: string; field: string; minute: Time; n: string };
  input: {
    id: string;
    kind: string;
    actor: string;
    key: string;
    request_hash: string;
    state: Generated<InputState>;
    answer: Jsonb<unknown> | null;
    created_at: DefaultTime;
    ended_at: Time | null;
    repeats: Generated<number>;
    found: Generated<boolean>;
  };
  webhook_secret: { connection_id: string; key_version: number; sealed: Buffer; set_at: DefaultTime };
  look: { stream_id: string; scope: string; remote_id: string; input_id: string; noted_at: DefaultTime };
  unread_delivery: { input_id: string; body: Buffer; reasons: string[]; request: Jsonb<RequestAsItCame | null> | null };
  hold: {
    id: string;
    kind: HoldKind;
    connection_id: string | null;
    object: string | null;
    remote_id: string | null;
    record_id: string | null;
    link_id: string | null;
    field: string | null;
    reason: string;
    cause: string | null;
    detail: Jsonb<Readonly<Record<string, unknown>>>;
    opened_at: DefaultTime;
    closed_at: Time | null;
    closed_by: string | null;
    decision: Jsonb<unknown> | null;
  };
  run: {
    id: string;
    stream_id: string | null;
    kind: RunKind;
    actor: string | null;
    plan_id: string | null;
    undoes: Jsonb<unknown> | null;
    lease_until: Time | null;
    started_at: DefaultTime;
    ended_at: Time | null;
    counts: Jsonb<RunCounts>;
    error: Jsonb<{ kind: string; message: string } | null> | null;
    detail: Jsonb<unknown> | null;
  };
  /** How many of the versions that a run saw ended in which state: only ever added to, and summed when shown. */
  run_outcome: { run_id: string; outcome: string; n: string };
  /** `due`: it has to be looked at whether the record still shows the response. */
  entry: { response_id: string; record_id: string | null; due: boolean };
  timeline: { connection_id: string; started_at: DefaultTime; settings: string };
  segment_member: { segment: string; person_id: string; record_id: string };
  segment_check: { person_id: string; at: DefaultTime };
  segment_settings: { one: boolean; settings: string | null };
};
