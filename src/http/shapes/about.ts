import { z } from '@hono/zod-openapi';
import { CHECKS } from '../../hub/examination.ts';
import { Count } from './common.ts';

export const About = z
  .object({
    version: z.string(),
    licence: z.literal('Apache-2.0'),
    runtime: z.string(),
    database: z.string(),
    bytes: Count.openapi({ description: 'How large the database is.' }),
    changes: Count.openapi({ description: 'Lines of the journal.' }),
    isCounted: z.boolean().openapi({ description: 'Whether they were counted; of many, the database knows about how many there are.' }),
  })
  .openapi('About');

const Finding = z.object({
  check: z.enum(CHECKS),
  ok: z.boolean(),
  figure: z.string().openapi({
    description:
      'What tells: the version of the database, milliseconds that the clocks differ, where the queue lives, when workers last looked, how many credentials do not open, free bytes, or the connections that are not well.',
  }),
});
export const Examination = z.object({ ok: z.boolean(), findings: z.array(Finding) }).openapi('Examination');
