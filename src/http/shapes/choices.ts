import { z } from '@hono/zod-openapi';
import { CLOSED } from '../../contract/choices.ts';
import { Count, From } from './common.ts';

const Missing = z.object({ value: z.string(), records: Count });
const Field = z.object({
  connection: From,
  object: z.string(),
  hubObject: z.string(),
  hubField: z.string(),
  /** Its name over there. */
  field: z.string(),
  label: z.string(),
  /** The right that it takes to add choices there, as the vendor calls it; null where Syncline can add none. */
  needs: z.string().nullable(),
  records: Count,
});

export const LackingField = Field.extend({
  values: z.array(Missing),
}).openapi('LackingField');

const TEXT_MAX = 255;
const Choice = z.object({ value: z.string(), label: z.string() });
const Value = z.string().regex(/\S/, 'It is blank.').max(TEXT_MAX);
const Label = z.string().trim().min(1).max(TEXT_MAX);
export const ChoicesWish = z
  .strictObject({
    object: z.string().min(1).max(100),
    field: z.string().min(1).max(100),
    add: z
      .array(z.strictObject({ value: Value, label: Label }))
      .min(1)
      .max(100),
  })
  .openapi('ChoicesWish');

export const FieldChoices = Field.extend({
  choices: z.array(Choice),
  /** Why nothing can be added to them; null where something can. */
  closed: z.object({ because: z.enum(CLOSED), reason: z.string() }).nullable(),
  /** `there`: the field has that choice, and records were refused all the same. */
  values: z.array(Missing.extend({ there: z.boolean() })),
  added: Count,
  retried: Count,
}).openapi('FieldChoices');
