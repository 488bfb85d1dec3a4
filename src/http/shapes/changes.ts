import { z } from '@hono/zod-openapi';
import { CHANGE_CAUSES } from '../../hub/stored.ts';
import { ActorName, FieldValue, From, Time } from './common.ts';

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
    actorName: ActorName.nullable(),
    conflict: z.boolean(),
    fields: z.array(ChangedField),
  })
  .openapi('Change');
