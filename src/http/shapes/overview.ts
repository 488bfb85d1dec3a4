import { z } from '@hono/zod-openapi';
import { Count, Time } from './common.ts';
import { Connection } from './connections.ts';

const ConnectionOverview = Connection.extend({
  links: z.object({ inSync: Count, waiting: Count, failing: Count, held: Count, excluded: Count, gone: Count }),
  openHolds: Count,
  observedAt: Time.nullable(),
  wroteAt: Time.nullable(),
});

export const Overview = z
  .object({
    connections: z.array(ConnectionOverview),
    records: z.array(z.object({ object: z.string(), label: z.string(), count: Count })),
    openHolds: Count,
    conflicts: Count,
    responses: z.object({ attached: Count, unmatched: Count, detached: Count }),
  })
  .openapi('Overview');
