import { z } from '@hono/zod-openapi';
import { HOLD_KINDS } from '../../hub/stored.ts';
import { ActorName, Fields, FieldValue, From, SaidCause, Time } from './common.ts';

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
    /** Who it is about over there, where it is open whose record that is: in the hub's words, as last seen. */
    stranger: z.object({ object: z.string(), title: z.string(), fields: Fields }).nullable(),
    openedAt: Time,
    closedAt: Time.nullable(),
    closedBy: z.string().nullable(),
    closedByName: ActorName.nullable(),
    decision: z.unknown(),
  })
  .openapi('Hold');

/**
 * What a person decided: whose value stands, another value, which record it is, a new one, that two are one, that a delivery is to be read again, or that nothing is
 * to be done.
 */
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
    z.strictObject({ again: z.literal(true) }),
    z.strictObject({ dismiss: z.literal(true) }),
  ])
  .openapi('HoldDecision');

/** One decision for several holds. */
export const HoldsDecision = z.strictObject({ ids: z.array(z.guid()).min(1).max(200), decision: HoldDecision }).openapi('HoldsDecision');
export const HoldsDecided = z
  .object({ decided: z.array(z.string()), refused: z.array(z.object({ id: z.string(), reason: z.string() })) })
  .openapi('HoldsDecided');
