import { z } from '@hono/zod-openapi';
import { UNDO_DEEDS, UNDO_FATES } from '../../hub/runs/undoing.ts';
import { FieldValue, Moment } from './common.ts';

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
