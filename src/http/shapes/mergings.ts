import { z } from '@hono/zod-openapi';
import { ActorName, Count, FieldValue, Time, Titled } from './common.ts';

export const Merging = z
  .object({
    id: z.string(),
    object: z.string(),
    winner: Titled,
    loser: Titled,
    at: Time,
    cause: z.enum(['steward', 'rule', 'vendor']),
    actor: z.string().nullable(),
    actorName: ActorName.nullable(),
    undoneAt: Time.nullable(),
    undoneBy: z.string().nullable(),
    undoneByName: ActorName.nullable(),
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
