import { z } from '@hono/zod-openapi';
import { Change } from './changes.ts';
import { Fields, Time } from './common.ts';
import { ResponseRow } from './responses.ts';

const Activity = z.object({ id: z.string(), object: z.string(), title: z.string().nullable(), fields: Fields });

/** One thing that happened around a record: it changed, somebody answered, or a record such as a call or a deal refers to it. */
export const TimelineEntry = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('change'), id: z.string(), at: Time, change: Change }),
    z.object({ kind: z.literal('response'), id: z.string(), at: Time, response: ResponseRow }),
    z.object({ kind: z.literal('activity'), id: z.string(), at: Time, activity: Activity }),
  ])
  .openapi('TimelineEntry');
