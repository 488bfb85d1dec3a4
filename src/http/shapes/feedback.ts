import { z } from '@hono/zod-openapi';
import { Count, From, Time } from './common.ts';

const Figure = z.object({ n: Count, score: z.number(), shown: z.number(), marginOfError: z.number(), lowBase: z.boolean() });
const Nps = Figure.extend({ promoters: Count, passives: Count, detractors: Count });
const Csat = Figure.extend({ satisfied: Count, mean: z.number().nullable() });
const Ces = z.object({ n: Count, mean: z.number().nullable(), easy: Figure, hard: Figure });
const Metrics = { nps: Nps.nullable(), csat: Csat.nullable(), ces: Ces.nullable() };
const FeedbackFigures = z.object({ responses: Count, attached: Count, unmatched: Count, detached: Count, ...Metrics });
export const FeedbackSummary = z
  .object({
    overall: FeedbackFigures,
    surveys: z.array(
      FeedbackFigures.extend({ connection: From, surveyId: z.string(), surveyName: z.string(), lastSubmittedAt: Time.nullable() }),
    ),
  })
  .openapi('FeedbackSummary');

export const SegmentList = z
  .object({ segments: z.array(z.object({ segment: z.string(), members: z.number(), written: z.record(z.string(), z.number()) })) })
  .openapi('SegmentList');
