import { z } from '@hono/zod-openapi';
import { Change } from './changes.ts';
import { Count, Fields, From, LinkState, listOf, SaidCause, Time } from './common.ts';
import { Explanation } from './explanations.ts';
import { ResponseRow } from './responses.ts';

export const RecordLink = z
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

export const RecordDetail = RecordRow.extend({
  /** `page`: where people see it over there. */
  links: z.array(RecordLink.extend({ page: z.string().nullable() })),
  /** The moment that values and explanation are of; null for now. */
  at: z.string().nullable(),
  mergedInto: z.string().nullable(),
  stamps: z.record(z.string(), z.object({ at: z.string(), by: z.string(), byName: z.string() })),
  explanation: Explanation.nullable(),
  responses: listOf(ResponseRow),
  journal: listOf(Change),
}).openapi('RecordDetail');

export const FieldsEdit = z.strictObject({ fields: Fields.refine((fields) => Object.keys(fields).length > 0, 'Name a field to change.') });
