import { z } from '@hono/zod-openapi';
import { DRIFTS } from '../../mapping/drift.ts';
import { Account, Count, Direction, Fields, SaidCause, Time } from './common.ts';

const ConnectionState = z.enum(['new', 'ready', 'signed_out', 'not_allowed', 'unreachable', 'misconfigured', 'waiting', 'broken_answer']);
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
    /** What the hub has asked the vendor for by itself: how many registrations stand, and how many it had to mend. */
    subscription: z.object({ kept: Count, mended: Count, checkedAt: Time.nullable(), reason: z.string().nullable() }).nullable(),
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

export const WebhookSecret = z
  .strictObject({
    secret: z.string().min(1).max(500).optional().openapi({ description: 'Left out where the hub makes it up itself.' }),
    subscribe: z.boolean().optional().openapi({ description: 'Ask the vendor by itself to send them, and keep it so.' }),
  })
  .openapi('WebhookSecret');
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
    /** A stand-in that this hub has opened itself, or an account that the vendor calls a test. */
    sandbox: z.enum(['ours', 'theirs']).nullable(),
    /** Who has stopped it, and why: nothing is read and nothing is written until it is resumed. */
    paused: z.object({ at: Time, by: z.string(), why: z.string().nullable() }).nullable(),
    /** Null: each object at an interval of its own, at any hour. */
    schedule: z
      .object({
        cron: z.string().nullable(),
        timeZone: z.string(),
        quiet: z.array(z.object({ from: z.string(), to: z.string(), days: z.array(z.int()) })),
        nextAt: Time.nullable(),
        quietUntil: Time.nullable(),
      })
      .nullable(),
    createdAt: Time,
    updatedAt: Time,
    streams: z.array(Stream),
  })
  .openapi('Connection');

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const QuietHours = z.strictObject({ from: Clock, to: Clock, days: z.array(z.int().min(1).max(7)).max(7) });

/**
 * When a connection is looked at, and when it is left alone: by a cron expression of five fields, else at the interval of each object. `quiet`: hours in
 * which nothing is read and nothing is written, on the days on which they begin (1 is Monday; none means every day). Webhooks are kept meanwhile.
 */
export const ScheduleWish = z
  .strictObject({
    everyMs: z
      .int()
      .min(1000)
      .max(86_400_000)
      .optional()
      .openapi({ description: 'The interval of all its objects; left out, each keeps its own.' }),
    cron: z.string().trim().min(1).max(200).nullable(),
    timeZone: z.string().min(1).max(100),
    quiet: z.array(QuietHours).max(20),
  })
  .openapi('ScheduleWish');
export const PauseWish = z.strictObject({ why: z.string().trim().max(500).optional() }).openapi('PauseWish');

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

/**
 * `left`: the access that somebody allowed over there could not be given back, or what the hub has registered there could not be taken back, and why; an
 * admin ends it there. `none`: there was none.
 */
export const Disconnected = z
  .object({
    access: z.enum(['none', 'revoked', 'left']),
    reason: z.string().nullable(),
    webhooks: z.enum(['none', 'withdrawn', 'left']),
    webhooksReason: z.string().nullable(),
  })
  .openapi('Disconnected');

export const ConnectionPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    enabled: z.boolean().optional(),
    dailyShare: z.int().min(1).max(100).optional(),
    sandbox: z.literal('theirs').nullable().optional().openapi({ description: 'Whether it is an account to try things out in.' }),
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
