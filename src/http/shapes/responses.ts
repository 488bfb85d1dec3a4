import { z } from '@hono/zod-openapi';
import { CONFIDENCES, LIKENESSES, UNMATCHED_REASONS } from '../../feedback/whose.ts';
import { NATURES } from '../../mapping/mapping.ts';
import { Fields, FieldValue, From, Time } from './common.ts';

const Metric = z.enum(['nps', 'csat', 'ces']);
const Scale = z.object({ min: z.number(), max: z.number() });
const Score = z.object({
  metric: Metric,
  key: z.string(),
  score: z.number(),
  question: z.string(),
  scale: Scale,
  topBox: z.number(),
  higherIsBetter: z.boolean(),
  nature: z.enum(NATURES).nullable(),
  touchpoint: z.string().nullable(),
});
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
    touchpoint: z.string().nullable(),
    scores: z.array(Score),
    comment: z.string().nullable(),
    isVeiled: z.boolean().openapi({ description: 'Whether what its author wrote is there, and not shown to this role.' }),
    attachment: z.enum(['attached', 'unmatched', 'detached']),
    reason: z.enum(UNMATCHED_REASONS).nullable(),
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
    scale: Scale.nullable(),
  }),
  value: FieldValue,
  raw: z.string().optional().openapi({ description: 'What the tool itself sent, as JSON.' }),
});

export const ResponseDetail = ResponseRow.extend({
  answers: z.array(Answer),
  keys: Fields,
  rejected: z.array(z.object({ question: z.string(), metric: Metric, reason: z.string() })),
  evidence: z.unknown(),
}).openapi('ResponseDetail');

export const ResponseSuggestions = z
  .object({
    reason: z.enum(UNMATCHED_REASONS).nullable(),
    suggestions: z.array(
      z.object({
        recordId: z.string(),
        title: z.string(),
        why: z.array(
          z.object({
            likeness: z.enum(LIKENESSES),
            key: z.string().nullable().openapi({ description: 'The key that is shared, with `shared_key`.' }),
          }),
        ),
        confidence: z.enum(CONFIDENCES),
      }),
    ),
  })
  .openapi('ResponseSuggestions');
