import { z } from '@hono/zod-openapi';
import { Count, SaidCause, Time } from './common.ts';
import { RecordLink } from './records.ts';

export const ListedLink = RecordLink.extend({ recordId: z.string(), recordTitle: z.string() }).openapi('ListedLink');
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
