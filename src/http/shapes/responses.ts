import { z } from '@hono/zod-openapi';
import { Fields, FieldValue, From, Time } from './common.ts';

const Score = z.object({ metric: z.enum(['nps', 'csat', 'ces']), score: z.number(), question: z.string() });
export const ResponseRow = z
  .object({
    id: z.string(),
    connection: From,
    remoteId: z.string(),
    surveyId: z.string(),
    surveyName: z.string(),
    submittedAt: Time.nullable(),
    state: z.enum(['complete', 'partial', 'terminated']),
    language: z.string().nullable(),
    channel: z.string().nullable(),
    scores: z.array(Score),
    comment: z.string().nullable(),
    attachment: z.enum(['attached', 'unmatched', 'detached']),
    recordId: z.string().nullable(),
    recordTitle: z.string().nullable(),
    entryId: z.string().nullable().describe('The record that stands for it in the timelines of the CRMs.'),
    seenAt: Time,
  })
  .openapi('ResponseRow');

const Answer = z.object({
  question: z.object({
    id: z.string(),
    ref: z.string().nullable(),
    text: z.string(),
    kind: z.string(),
    scale: z.object({ min: z.number(), max: z.number() }).nullable(),
  }),
  value: FieldValue,
});

export const ResponseDetail = ResponseRow.extend({
  answers: z.array(Answer),
  keys: Fields,
  rejected: z.array(z.object({ question: z.string(), reason: z.string() })),
  evidence: z.unknown(),
}).openapi('ResponseDetail');
