import { z } from '@hono/zod-openapi';
import { ACTS } from '../contract/manifest.ts';
import { ROLES } from '../hub/access-tables.ts';
import { PLAN_OPERATIONS, PLAN_STATES, PLAN_WARNINGS } from '../hub/plans.ts';
import { CHANGE_CAUSES, HOLD_KINDS, RUN_KINDS } from '../hub/stored.ts';
import { UNDO_DEEDS, UNDO_FATES } from '../hub/undoing.ts';
import { DRIFTS } from '../mapping/drift.ts';
import { DIRECTIONS, NULL_POLICIES } from '../mapping/mapping.ts';

const Time = z.iso.datetime();
const Count = z.int().nonnegative();
const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);
const Fields = z.record(z.string(), FieldValue);
const Direction = z.enum(['both', 'in', 'out', 'off']);
const LinkState = z.enum(['in_sync', 'waiting', 'failing', 'held', 'excluded', 'gone']);
const ConnectionState = z.enum(['new', 'ready', 'signed_out', 'not_allowed', 'unreachable', 'misconfigured', 'waiting', 'broken_answer']);

/** RFC 9457, with a pointer to each value that was not accepted. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem');

/** One page of a list: `next` is the cursor of the page after it, or null on the last one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const Me = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(ROLES),
    via: z.enum(['session', 'key']),
    hasPassword: z.boolean(),
  })
  .openapi('Me');

const Choice = z.object({ value: z.string(), label: z.string() });
const WriteTraits = z.object({
  verbs: z.array(z.enum(['create', 'update', 'delete', 'merge'])).readonly(),
  batchMax: z.number(),
  guard: z.enum(['version', 'none']),
  echo: z.enum(['record', 'id']),
  recallMs: z.number(),
});
const ObjectTraits = z.object({
  nature: z.enum(['entity', 'event']),
  scopedBy: z.string().nullable(),
  read: z.object({ removals: z.enum(['reported', 'by_sweep', 'never']), pageMax: z.number(), settleMs: z.number() }),
  write: WriteTraits.optional(),
  refs: z.record(z.string(), z.string()).readonly().optional(),
  /** Syncline can make its own fields there; the unique one has this name. */
  provision: z.object({ key: z.string() }).optional(),
});
const AuthKind = z.enum(['token', 'client_credentials', 'oauth2']);
const ScopeUse = z.object({ object: z.string(), act: z.enum(ACTS) });
const AuthWay = z.object({
  kind: AuthKind,
  label: z.string(),
  help: z.string(),
  fields: z.array(z.object({ name: z.string(), label: z.string() })).readonly(),
  /** What a sign-in can ask for, with what has need of it; missing where any sign-in has. */
  scopes: z
    .array(z.object({ name: z.string(), about: z.string(), of: z.array(ScopeUse).readonly().optional() }))
    .readonly()
    .optional(),
});
const Setting = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().optional(),
  kind: z.enum(['text', 'number', 'choice', 'switch']),
  required: z.boolean(),
  initial: z.string().optional(),
  choices: z.array(Choice).readonly().optional(),
  /** The one way to sign in that it belongs to. */
  way: AuthKind.optional(),
});
const WebhookTraits = z.object({
  signedBy: z.enum(['hmac', 'shared_secret']),
  subscribe: z.enum(['api', 'by_hand']),
  secret: z.object({ label: z.string(), help: z.string() }),
});
/** What the connect form is drawn from. */
export const ConnectorCard = z
  .object({
    id: z.string(),
    label: z.string(),
    about: z.string(),
    kind: z.enum(['crm', 'survey']),
    origin: z.string().nullable(),
    auth: z.array(AuthWay).readonly(),
    settings: z.array(Setting).readonly(),
    pace: z.array(z.object({ requests: z.number(), perMs: z.number() })).readonly(),
    objects: z.record(z.string(), ObjectTraits).readonly(),
    /** Where a vendor leads people back to after they have signed in: an app over there has to know it. */
    redirectUri: z.string(),
    /** The objects that are switched on together with a connection; any other one is switched on by its own name. */
    together: z.array(z.string()),
    webhooks: WebhookTraits.optional(),
  })
  .openapi('Connector');

/** Why something goes wrong or stands still, what to do about it, and what follows: in the language that the caller asks for. */
export const SaidCause = z.object({ id: z.string(), text: z.string(), advice: z.string(), recovery: z.string() }).openapi('Cause');

const Account = z.object({ id: z.string(), name: z.string() });
const Stream = z
  .object({
    id: z.string(),
    object: z.string(),
    hubObject: z.string(),
    direction: Direction,
    enabled: z.boolean(),
    everyMs: z.int(),
    /** A shadow is read and reported on, by a plan; nothing of it is merged or written. */
    mode: z.enum(['live', 'shadow']),
    nextAt: Time,
    backfilledAt: Time.nullable(),
    observedAt: Time.nullable(),
    wroteAt: Time.nullable(),
    /** Lines of the mapping that do not fit what the system shows; the others work. */
    misfits: z.array(z.object({ hub: z.string(), remote: z.string(), reason: z.string(), advice: z.string() })),
    /** What has changed over there in the fields of this object, the latest first; `endedAt` null: it goes on. */
    drift: z.array(
      z.object({
        kind: z.enum(DRIFTS),
        field: z.string(),
        text: z.string(),
        mapped: z.boolean(),
        at: Time,
        endedAt: Time.nullable(),
      }),
    ),
    /** Why this object stands still, or is reached in part, while its connection works. */
    reason: z.string().nullable(),
    cause: SaidCause.nullable(),
  })
  .openapi('Stream');
/** Where the vendor is to send its deliveries, and what became of those of the last 24 hours. */
export const Webhook = z
  .object({
    address: z.string(),
    secretSetAt: Time.nullable(),
    lastAt: Time.nullable(),
    /** `accepted` is all that came; each ends in one of the others, or is still pending. */
    day: z.object({
      accepted: Count,
      applied: Count,
      noOp: Count,
      held: Count,
      refused: Count,
      duplicate: Count,
      pending: Count,
    }),
  })
  .openapi('Webhook');
export const WebhookSecret = z.strictObject({ secret: z.string().min(1).max(500) }).openapi('WebhookSecret');

export const Connection = z
  .object({
    id: z.string(),
    connector: z.string(),
    name: z.string(),
    origin: z.string(),
    settings: Fields,
    account: Account.nullable(),
    enabled: z.boolean(),
    state: ConnectionState,
    reason: z.string().nullable(),
    cause: SaidCause.nullable(),
    /** Tries in a row that have failed. */
    attempts: Count,
    resumeAt: Time.nullable(),
    authKind: z.string().nullable(),
    /** Calls made to the vendor, and the fewest that its API would have allowed. */
    calls: z.object({ made: Count, floor: Count }),
    /** The vendor's day: `max` calls for all together, as far as it tells; `percent` of them, `share`, are the hub's. */
    quota: z.object({
      percent: z.int(),
      max: Count.nullable(),
      share: Count.nullable(),
      ours: Count,
      others: Count,
      resetsAt: Time.nullable(),
      /** Until then nothing is done but what somebody waits for, as little is left of the share. */
      sparedUntil: Time.nullable(),
    }),
    createdAt: Time,
    updatedAt: Time,
    streams: z.array(Stream),
  })
  .openapi('Connection');
const Words = z.record(z.string().min(1).max(100), z.string().max(20_000));
export const ConnectionDraft = z
  .strictObject({
    connector: z.string().min(1).max(100),
    name: z.string().trim().min(1).max(100),
    origin: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable(),
    auth: z.strictObject({ kind: z.string().min(1).max(100), values: Words }),
    settings: Words,
  })
  .openapi('ConnectionDraft');
/** A connection that is made by signing in at the vendor. Secrets that a connection holds already may be left out. */
export const SignInDraft = ConnectionDraft.extend({
  /** The objects that it is to reach; missing: those that are switched on, or will be together with the connection. */
  objects: z.array(z.string().min(1).max(100)).max(200).optional(),
  /** Ask as well for the rights to make Syncline's own fields there. */
  provision: z.boolean().optional(),
}).openapi('SignInDraft');
export const BegunSignIn = z
  .object({
    id: z.string(),
    /** Shown once: it holds what the way back is known by. */
    link: z.string(),
    scopes: z.array(z.string()),
  })
  .openapi('BegunSignIn');
export const SignIn = z
  .object({
    id: z.string(),
    connector: z.string(),
    name: z.string(),
    state: z.enum(['waiting', 'done', 'failed']),
    connectionId: z.string().nullable(),
    account: Account.nullable(),
    /** What the sign-in was asked for, object by object, and not given. */
    lacking: z.array(z.object({ object: z.string(), act: z.enum(ACTS), scopes: z.array(z.string()).readonly() })),
    message: z.string().nullable(),
    cause: SaidCause.nullable(),
  })
  .openapi('SignIn');
/** `left`: the access that somebody allowed over there could not be given back, and why; an admin ends it there. `none`: there was none to give back. */
export const Disconnected = z
  .object({ access: z.enum(['none', 'revoked', 'left']), reason: z.string().nullable() })
  .openapi('Disconnected');
export const ConnectionPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    enabled: z.boolean().optional(),
    dailyShare: z.int().min(1).max(100).optional(),
  })
  .openapi('ConnectionPatch');
export const StreamPatch = z
  .strictObject({
    enabled: z.boolean().optional(),
    direction: Direction.optional(),
    everyMs: z.int().min(1000).max(86_400_000).optional(),
    mode: z.enum(['live', 'shadow']).optional(),
  })
  .openapi('StreamPatch');
/** What a test of credentials found: whose they are, or what to do about it. */
export const Tried = z
  .discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), account: Account }),
    z.object({ ok: z.literal(false), kind: z.string(), message: z.string(), advice: z.string() }),
  ])
  .openapi('Tried');

const Accounting = z
  .object({
    accepted: Count,
    applied: Count,
    noOp: Count,
    excluded: Count,
    superseded: Count,
    held: Count,
    refused: Count,
    echo: Count,
    duplicate: Count,
    erased: Count,
    pending: Count,
    holds: z.boolean(),
  })
  .openapi('Accounting');
export const Run = z
  .object({
    id: z.string(),
    /** Null for a run of no one stream, such as an undo. */
    connectionId: z.string().nullable(),
    streamId: z.string().nullable(),
    object: z.string().nullable(),
    kind: z.enum(RUN_KINDS),
    startedAt: Time,
    endedAt: Time.nullable(),
    counts: z.record(z.string(), z.number()),
    error: z.object({ kind: z.string(), message: z.string() }).nullable(),
    /** accepted = applied + noOp + superseded + held + refused + echo + duplicate + erased + pending; `excluded` is a part of noOp. */
    accounting: Accounting.nullable(),
    /** What a check found. */
    detail: z.unknown(),
    actor: z.string().nullable(),
  })
  .openapi('Run');

const Gap = z.object({ count: Count, ids: z.array(z.string()).readonly() });
/** What a comparison of both sides of one object came to. */
const Completeness = z
  .object({
    object: z.string(),
    there: Count,
    linked: Count,
    held: Count,
    leftOut: Count,
    sampled: Count,
    moved: Count,
    missingHere: Gap,
    missingThere: Gap.extend({ records: z.array(z.string()).readonly() }),
    differing: Gap.extend({ fields: z.record(z.string(), z.array(z.string()).readonly()) }),
    allComparedAt: Time.nullable(),
    complete: z.boolean(),
  })
  .openapi('Completeness');
export const CheckDraft = z
  .strictObject({ object: z.string().max(100).optional(), sample: z.int().min(0).max(10_000).optional() })
  .openapi('CheckDraft');
export const CheckFound = z.object({ objects: z.array(Completeness).readonly() }).openapi('CheckFound');

export const OwnFieldsWish = z.strictObject({ object: z.string().max(100).optional() }).openapi('OwnFieldsWish');
const OwnField = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  type: z.string(),
  unique: z.boolean(),
  /** `incomplete`: making adds what it lacks; `unfit`: something else has the name, or there is no room; null: it could not be seen. */
  state: z.enum(['missing', 'fits', 'incomplete', 'unfit']).nullable(),
  lacks: z.array(z.string()),
  reason: z.string().nullable(),
  advice: z.string().nullable(),
  /** What came of making it; null where nobody has asked for that. */
  outcome: z.enum(['made', 'completed', 'found', 'failed']).nullable(),
});
export const OwnFields = z
  .object({
    objects: z.array(
      z.object({
        object: z.string(),
        fields: z.array(OwnField),
        /** The rights that are missing over there; null where only a refusal tells. */
        lacking: z.array(z.string()).nullable(),
        trouble: z.object({ kind: z.string(), message: z.string(), advice: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('OwnFields');

/** The connection that something came from; null stands for the hub itself, or for one that was deleted. */
const From = z.object({ id: z.string(), name: z.string(), connector: z.string() });
const RecordLink = z
  .object({
    id: z.string(),
    connection: From,
    object: z.string(),
    remoteId: z.string().nullable(),
    state: LinkState,
    reason: z.string().nullable(),
    cause: SaidCause.nullable(),
    attempts: Count,
    /** Not tried again by itself, until somebody acts or the record wants another write. */
    givenUp: z.boolean(),
    nextTryAt: Time.nullable(),
    due: z.boolean(),
    sentAt: Time.nullable(),
  })
  .openapi('RecordLink');
export const FailedLink = RecordLink.extend({ recordId: z.string(), recordTitle: z.string() }).openapi('FailedLink');
export const FailureGroup = z
  .object({
    cause: SaidCause,
    links: Count,
    givenUp: Count,
    holds: Count,
    nextTryAt: Time.nullable(),
    example: z.object({ linkId: z.string().nullable(), holdId: z.string().nullable(), system: z.string(), reason: z.string().nullable() }),
  })
  .openapi('FailureGroup');
const ArchivedHow = z.object({
  at: Time,
  by: z.string(),
  reason: z.string(),
  /** Whether its systems were to remove theirs. */
  removes: z.boolean(),
});
export const RecordPresence = z.object({ id: z.string(), archived: ArchivedHow.nullable() }).openapi('RecordPresence');
export const ArchiveFrom = z
  .strictObject({ from: z.enum(['hub', 'policy', 'everywhere']) })
  .openapi({ description: 'hub: here alone; policy: each system does as its mapping says; everywhere: it is removed from all of them.' });
export const RecordRow = z
  .object({
    id: z.string(),
    object: z.string(),
    title: z.string(),
    fields: Fields,
    /** Fields that the asker's role may not see. */
    hidden: z.array(z.string()),
    links: z.array(RecordLink),
    openHolds: Count,
    /** How it was taken out of use; null while it is in use. */
    archived: ArchivedHow.nullable(),
    createdAt: Time,
    updatedAt: Time,
  })
  .openapi('RecordRow');

const ChangedField = z.object({
  field: z.string(),
  label: z.string(),
  old: FieldValue,
  new: FieldValue,
  rule: z.string().nullable(),
  lost: z.object({ value: FieldValue, by: z.string(), byName: z.string(), at: z.string(), restorable: z.boolean() }).nullable(),
});
export const Change = z
  .object({
    id: z.string(),
    recordId: z.string(),
    recordTitle: z.string(),
    object: z.string(),
    at: Time,
    cause: z.enum(CHANGE_CAUSES),
    connection: From.nullable(),
    remoteId: z.string().nullable(),
    runId: z.string().nullable(),
    actor: z.string().nullable(),
    conflict: z.boolean(),
    fields: z.array(ChangedField),
  })
  .openapi('Change');

const PlannedFields = z.record(
  z.string(),
  z.object({ old: FieldValue, new: FieldValue, rule: z.string().nullable(), source: z.string().nullable() }),
);
const Place = { connection: z.string().nullable(), object: z.string() };
const PlanSummary = z.object({
  counts: z.array(z.object({ ...Place, operation: z.enum([...PLAN_OPERATIONS, 'unchanged']), records: Count })).readonly(),
  blanked: z.array(z.object({ ...Place, field: z.string(), records: Count })).readonly(),
  nonUnique: z
    .array(z.object({ connection: z.string(), object: z.string(), key: Fields, remoteIds: z.array(z.string()).readonly() }))
    .readonly(),
  nonUniqueKeys: Count,
  warnings: z
    .array(
      z.object({
        kind: z.enum(PLAN_WARNINGS),
        connection: z.string().nullable(),
        object: z.string().nullable(),
        field: z.string().nullable(),
        records: Count,
        text: z.string(),
      }),
    )
    .readonly(),
  forecast: z.array(z.object({ connection: z.string(), calls: Count, seconds: Count, latencyMs: Count, measured: z.boolean() })).readonly(),
  applied: z.object({ done: Count, drifted: Count }).optional(),
});
/** What a sync would do: computed first, then applied as it is or not at all. `wantedBy`: who has asked for that, until it is done. */
export const Plan = z
  .object({
    id: z.string(),
    kind: z.enum(['plan', 'shadow']),
    streams: z.array(z.object({ connection: z.string(), object: z.string() })),
    mappings: z.string().nullable(),
    actor: z.string(),
    state: z.enum(PLAN_STATES),
    summary: PlanSummary.nullable(),
    digest: z.string().nullable(),
    error: z.string().nullable(),
    wantedBy: z.string().nullable(),
    createdAt: Time,
    endedAt: Time.nullable(),
  })
  .openapi('Plan');
/** The connections that are to go live, each as a whole or one object of it; none plans what is live already. */
export const PlanWish = z
  .strictObject({
    streams: z
      .array(z.strictObject({ connection: z.string().min(1).max(100), object: z.string().min(1).max(100).optional() }))
      .max(200)
      .optional(),
  })
  .openapi('PlanWish');
export const PlanLine = z
  .object({
    seq: z.int(),
    connection: z.string().nullable(),
    object: z.string(),
    recordId: z.string().nullable(),
    remoteId: z.string().nullable(),
    title: z.string().nullable(),
    operation: z.enum(PLAN_OPERATIONS),
    reason: z.string().nullable(),
    fields: PlannedFields,
    drift: z.enum(['added', 'gone', 'different']).nullable(),
    nowFields: PlannedFields.nullable(),
  })
  .openapi('PlanLine');

const Score = z.object({ metric: z.enum(['nps', 'csat', 'ces']), score: z.number(), question: z.string() });
export const ResponseRow = z
  .object({
    id: z.string(),
    connection: From,
    remoteId: z.string(),
    surveyId: z.string(),
    surveyName: z.string(),
    submittedAt: Time.nullable(),
    state: z.enum(['complete', 'partial', 'terminated']),
    language: z.string().nullable(),
    channel: z.string().nullable(),
    scores: z.array(Score),
    comment: z.string().nullable(),
    attachment: z.enum(['attached', 'unmatched', 'detached']),
    recordId: z.string().nullable(),
    recordTitle: z.string().nullable(),
    seenAt: Time,
  })
  .openapi('ResponseRow');
const Answer = z.object({
  question: z.object({
    id: z.string(),
    ref: z.string().nullable(),
    text: z.string(),
    kind: z.string(),
    scale: z.object({ min: z.number(), max: z.number() }).nullable(),
  }),
  value: FieldValue,
});
export const ResponseDetail = ResponseRow.extend({
  answers: z.array(Answer),
  keys: Fields,
  rejected: z.array(z.object({ question: z.string(), reason: z.string() })),
  evidence: z.unknown(),
}).openapi('ResponseDetail');

const ExplainedSide = z.object({
  connection: z.string(),
  connector: z.string(),
  remoteId: z.string().nullable(),
  remoteField: z.string(),
  shown: FieldValue.optional(),
  base: z.object({ hub: FieldValue, remote: FieldValue }).optional(),
  sent: FieldValue.optional(),
  verdict: z.string(),
  decision: z.string(),
  reason: z.string(),
});
const ExplainedLost = z.object({ value: FieldValue, by: z.string(), at: z.string(), changeId: z.string(), rule: z.string() });
/** Where a value comes from: which line of the journal, which system and record, when, by whom, in which run, by which mapping and rule. */
const Witness = z.object({
  changeId: z.string().nullable(),
  cause: z.enum([...CHANGE_CAUSES, 'unknown']),
  at: z.string(),
  connection: z.string().nullable(),
  connector: z.string().nullable(),
  remoteId: z.string().nullable(),
  remoteField: z.string().nullable(),
  changedAt: z.string().nullable(),
  actor: z.string().nullable(),
  runId: z.string().nullable(),
  mapping: z.string().nullable(),
  rule: z.string(),
});
const Contender = z.object({ value: FieldValue, by: z.string(), at: z.string() });
const Rule = z.union([
  z.object({ kind: z.enum(['newest', 'hub', 'hold']) }),
  z.object({ kind: z.literal('order'), systems: z.array(z.string()).readonly() }),
  z.object({ kind: z.literal('prefer'), system: z.string() }),
]);
const Step = z.union([
  Witness.extend({ kind: z.literal('set'), value: FieldValue }),
  Witness.extend({
    kind: z.literal('contest'),
    hub: Contender,
    remote: Contender,
    direction: z.enum(DIRECTIONS),
    policy: Rule,
    nulls: z.enum(NULL_POLICIES),
    took: z.enum(['hub', 'remote']).nullable(),
  }),
]);
const Archived = z.object({
  by: z.string(),
  removes: z.boolean(),
  remoteId: z.string().optional(),
  actor: z.string().optional(),
  reason: z.string(),
});
const ExplainedField = z.object({
  field: z.string(),
  label: z.string(),
  category: z.enum(['basic', 'interaction', 'behaviour', 'feedback']),
  value: FieldValue,
  from: z.object({ by: z.string(), at: z.string() }).nullable(),
  lost: z.array(ExplainedLost).readonly(),
  origin: Witness.nullable(),
  steps: z.array(Step).readonly(),
  sides: z.array(ExplainedSide).readonly(),
  sentence: z.string(),
});
const ExplainedLink = z.object({
  connection: z.string(),
  connector: z.string(),
  object: z.string(),
  remoteId: z.string().nullable(),
  state: LinkState,
  reason: z.string().nullable(),
  evidence: z.string(),
});
/** Each value of a record: where it came from, what gave way to it, what each system holds, and why. */
const Explanation = z
  .object({
    recordId: z.string(),
    object: z.string(),
    /** The moment that it is about; null for now. */
    at: z.string().nullable(),
    archived: Archived.nullable(),
    mergedInto: z.string().nullable(),
    fields: z.array(ExplainedField).readonly(),
    links: z.array(ExplainedLink).readonly(),
  })
  .openapi('Explanation');
export const RecordDetail = RecordRow.extend({
  /** The moment that values and explanation are of; null for now. */
  at: z.string().nullable(),
  mergedInto: z.string().nullable(),
  stamps: z.record(z.string(), z.object({ at: z.string(), by: z.string(), byName: z.string() })),
  explanation: Explanation.nullable(),
  responses: listOf(ResponseRow),
  journal: listOf(Change),
}).openapi('RecordDetail');
/** What differs between two times of a record, with every change between them. */
export const Difference = z
  .object({
    recordId: z.string(),
    object: z.string(),
    from: z.string(),
    to: z.string(),
    /** Whether there was a record at the earlier time. */
    existed: z.boolean(),
    archived: z.object({ from: Archived.nullable(), to: Archived.nullable() }),
    mergedInto: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
    fields: z.array(z.object({ field: z.string(), label: z.string(), from: FieldValue, to: FieldValue, changes: z.array(Change) })),
  })
  .openapi('Difference');
const Moment = z.iso.datetime({ offset: true });
/** What is to be taken back: a run; a time range of a stream; a record, to what it was at a time. */
const UndoTarget = z.union([
  z.strictObject({ run: z.guid() }),
  z.strictObject({ connectionId: z.guid(), object: z.string().min(1).max(100), from: Moment, to: Moment }),
  z.strictObject({ record: z.guid(), to: Moment }),
]);
export const UndoWish = z.strictObject({
  target: UndoTarget,
  preview: z.boolean(),
  /** Of a preview: the `next` of the page before, and how many records a page has. */
  after: z.guid().optional(),
  limit: z.int().min(1).max(200).optional(),
});
const UndoLine = z.object({
  recordId: z.string(),
  object: z.string(),
  title: z.string(),
  deed: z.enum(UNDO_DEEDS),
  field: z.string().nullable(),
  from: FieldValue,
  to: FieldValue,
  connection: z.string().nullable(),
  remoteId: z.string().nullable(),
  fate: z.enum(UNDO_FATES),
  reason: z.string(),
});
/** What an undo would do. */
export const UndoPreview = z
  .object({
    counts: z.record(z.string(), z.number()),
    lines: z.array(UndoLine).readonly(),
    next: z.string().nullable(),
  })
  .openapi('UndoPreview');
export const FieldsEdit = z.strictObject({ fields: Fields.refine((fields) => Object.keys(fields).length > 0, 'Name a field to change.') });

const Titled = z.object({ id: z.string(), title: z.string() });
export const Merging = z
  .object({
    id: z.string(),
    object: z.string(),
    winner: Titled,
    loser: Titled,
    at: Time,
    cause: z.enum(['steward', 'rule', 'vendor']),
    actor: z.string().nullable(),
    undoneAt: Time.nullable(),
    undoneBy: z.string().nullable(),
  })
  .openapi('Merging');
export const MergeWith = z.strictObject({ with: z.guid() }).openapi('MergeWith');
/** What a merge would do; `hindrance` says why not this very moment. */
export const MergePreview = z
  .object({
    object: z.string(),
    winner: Titled,
    loser: Titled,
    fields: z
      .array(
        z.object({
          field: z.string(),
          label: z.string(),
          winner: FieldValue,
          loser: FieldValue,
          result: FieldValue,
          rule: z.string().nullable(),
        }),
      )
      .readonly(),
    links: z
      .array(
        z.object({
          id: z.string(),
          of: z.enum(['winner', 'loser']),
          connection: z.string(),
          object: z.string(),
          remoteId: z.string().nullable(),
          becomes: z.enum(['kept', 'aside', 'proposed']),
        }),
      )
      .readonly(),
    responses: Count,
    references: Count,
    hindrance: z.string().nullable(),
  })
  .openapi('MergePreview');

export const Hold = z
  .object({
    id: z.string(),
    kind: z.enum(HOLD_KINDS),
    connection: From.nullable(),
    object: z.string().nullable(),
    remoteId: z.string().nullable(),
    recordId: z.string().nullable(),
    hubObject: z.string().nullable(),
    recordTitle: z.string().nullable(),
    linkId: z.string().nullable(),
    field: z.string().nullable(),
    label: z.string().nullable(),
    reason: z.string(),
    cause: SaidCause,
    detail: z.record(z.string(), z.unknown()),
    openedAt: Time,
    closedAt: Time.nullable(),
    closedBy: z.string().nullable(),
    decision: z.unknown(),
  })
  .openapi('Hold');
/** What a person decided: whose value stands, another value, which record it is, a new one, that two are one, or that nothing is to be done. */
export const HoldDecision = z
  .union([
    z.strictObject({ take: z.enum(['hub', 'remote']) }),
    z.strictObject({ value: FieldValue }),
    z.strictObject({ link: z.uuid() }),
    z.strictObject({ create: z.literal(true) }),
    z.strictObject({ removal: z.enum(['keep', 'archive', 'remove', 'recreate']) }),
    z.strictObject({ merge: z.literal(true) }),
    z.strictObject({ release: z.literal(true) }),
    z.strictObject({ keep: z.literal(true) }),
    z.strictObject({ dismiss: z.literal(true) }),
  ])
  .openapi('HoldDecision');

const Figure = z.object({ n: Count, score: z.number(), shown: z.number(), marginOfError: z.number(), lowBase: z.boolean() });
const Nps = Figure.extend({ promoters: Count, passives: Count, detractors: Count });
const Csat = Figure.extend({ satisfied: Count, mean: z.number().nullable() });
const Ces = z.object({ n: Count, mean: z.number().nullable(), easy: Figure, hard: Figure });
const Metrics = { nps: Nps.nullable(), csat: Csat.nullable(), ces: Ces.nullable() };
const FeedbackFigures = z.object({ responses: Count, attached: Count, unmatched: Count, detached: Count, ...Metrics });
export const FeedbackSummary = z
  .object({
    overall: FeedbackFigures,
    surveys: z.array(
      FeedbackFigures.extend({ connection: From, surveyId: z.string(), surveyName: z.string(), lastSubmittedAt: Time.nullable() }),
    ),
  })
  .openapi('FeedbackSummary');

const ConnectionOverview = Connection.extend({
  links: z.object({ inSync: Count, waiting: Count, failing: Count, held: Count, excluded: Count, gone: Count }),
  openHolds: Count,
  observedAt: Time.nullable(),
  wroteAt: Time.nullable(),
});
export const Overview = z
  .object({
    connections: z.array(ConnectionOverview),
    records: z.array(z.object({ object: z.string(), label: z.string(), count: Count })),
    openHolds: Count,
    conflicts: Count,
    responses: z.object({ attached: Count, unmatched: Count, detached: Count }),
  })
  .openapi('Overview');

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    hint: z.string(),
    createdAt: Time,
    createdBy: z.string(),
    expiresAt: Time.nullable(),
    lastUsedAt: Time.nullable(),
  })
  .openapi('ApiKey');
export const ApiKeyDraft = z
  .strictObject({ name: z.string().trim().min(1).max(100), role: z.enum(ROLES), expiresAt: Time.nullable().optional() })
  .openapi('ApiKeyDraft');
/** The key is shown once: null when the answer is given again. */
export const ApiKeyMade = ApiKey.extend({ secret: z.string().nullable() }).openapi('ApiKeyMade');

/** As long as better-auth asks for. */
export const FirstPassword = z.strictObject({ password: z.string().min(12).max(128) }).openapi('FirstPassword');

export const Operator = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(ROLES), createdAt: Time })
  .openapi('Operator');
export const OperatorDraft = z
  .strictObject({ name: z.string().trim().min(1).max(100), email: z.email().max(254), role: z.enum(ROLES) })
  .openapi('OperatorDraft');
export const OperatorPatch = z.strictObject({ role: z.enum(ROLES) }).openapi('OperatorPatch');
/** A link that signs the operator in once, within the hour; null when the answer is given again. */
export const SignInLink = z.object({ operator: Operator, link: z.string().nullable() }).openapi('SignInLink');
