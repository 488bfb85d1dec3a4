import { z } from '@hono/zod-openapi';

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
