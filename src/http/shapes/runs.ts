import { z } from '@hono/zod-openapi';
import { RUN_KINDS } from '../../hub/stored.ts';
import { ActorName, Count, Time } from './common.ts';

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
    /** `message`: null for who may not read what vendors say, which may quote a value. */
    error: z.object({ kind: z.string(), message: z.string().nullable() }).nullable(),
    /** accepted = applied + noOp + superseded + held + refused + echo + duplicate + erased + pending; `excluded` is a part of noOp. */
    accounting: Accounting.nullable(),
    /** What a check found. */
    detail: z.unknown(),
    actor: z.string().nullable(),
    actorName: ActorName.nullable(),
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
