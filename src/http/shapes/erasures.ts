import { z } from '@hono/zod-openapi';
import { Time } from './common.ts';

export const Erasure = z
  .object({
    id: z.string().describe('The id that the response had.'),
    at: Time,
    by: z.string(),
    isDone: z.boolean().describe('Whether nothing of it is left anywhere.'),
    left: z
      .array(z.object({ connection: z.string(), what: z.enum(['entry', 'counted']), reason: z.string().nullable() }))
      .describe('Systems that have not let go of it yet: of its timeline entry, or of what was counted of it.'),
  })
  .openapi('Erasure');
