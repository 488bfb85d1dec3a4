import { z } from '@hono/zod-openapi';
import { METRICS, NATURES } from '../../mapping/mapping.ts';
import { Count, From, Time } from './common.ts';

const Metric = z.enum(METRICS);
const Nature = z
  .enum(NATURES)
  .nullable()
  .openapi({ description: 'Null where the mapping does not say; never counted together with another.' });
const Scale = z.object({ min: z.number(), max: z.number() });

/** One metric of some answers, with the counts that it is computed from. */
const MetricFigure = z
  .object({
    metric: Metric,
    key: z.string().openapi({ description: 'What the metric is called over all surveys and tools.' }),
    nature: Nature,
    n: Count,
    score: z.number().openapi({ description: 'With one decimal.' }),
    shown: z.number().openapi({ description: 'Whole; rounded from the counts, not from `score`.' }),
    calculation: z.string(),
    standardError: z.number(),
    marginOfError: z.number().openapi({ description: 'In points, at 95 %.' }),
    interval: z.object({ low: z.number(), high: z.number(), method: z.enum(['normal', 'wilson', 'adjusted_wald']) }),
    lowBase: z.boolean().openapi({ description: 'Fewer than 30 answers.' }),
    population: Count.nullable().openapi({
      description:
        'Of how many people these are the answers, where that was said: the error is smaller then. Null where there are more answers than people.',
    }),
    counts: z.record(z.string(), Count),
    mean: z.number().nullable(),
    scale: Scale.nullable(),
    higherIsBetter: z.boolean().nullable(),
    topBox: z
      .int()
      .nullable()
      .openapi({ description: 'How many of the highest scores count as satisfied; null where questions differ in it.' }),
    distribution: z.array(z.object({ score: z.number(), count: Count })).nullable(),
  })
  .openapi('MetricFigure');

/** A figure that is not shown, not even its count. */
const MetricWithheld = z
  .object({ metric: Metric, key: z.string(), nature: Nature, reason: z.string().openapi({ description: 'Such as too few employees.' }) })
  .openapi('MetricWithheld');

const About = {
  group: z.record(z.string(), z.string().nullable()),
  period: z.iso.date().nullable().openapi({ description: 'The first day of the period.' }),
};
const MetricLine = MetricFigure.extend({
  ...About,
  from: Time.nullable().openapi({ description: 'When the period begins, in the time zone of the report.' }),
  to: Time.nullable().openapi({ description: 'When the next one begins.' }),
  change: z
    .object({
      since: z.iso.date(),
      points: z.number(),
      significant: z.boolean().nullable().openapi({ description: 'Null where either side has a low base.' }),
    })
    .nullable(),
}).openapi('MetricLine');
export const MetricReport = z
  .object({
    timeZone: z.string(),
    items: z.array(MetricLine),
    withheld: z.array(MetricWithheld.extend(About).openapi('MetricLineWithheld')),
  })
  .openapi('MetricReport');

const FeedbackFigures = z.object({
  responses: Count,
  attached: Count,
  unmatched: Count,
  detached: Count,
  metrics: z.array(MetricFigure),
  withheld: z.array(MetricWithheld),
});
export const FeedbackSummary = z
  .object({
    overall: FeedbackFigures,
    surveys: z.array(
      FeedbackFigures.extend({ connection: From, surveyId: z.string(), surveyName: z.string(), lastSubmittedAt: Time.nullable() }),
    ),
  })
  .openapi('FeedbackSummary');

export const DataQuality = z
  .object({
    items: z.array(
      z.object({
        connection: From,
        surveyId: z.string(),
        surveyName: z.string(),
        question: z.string(),
        metric: Metric,
        reason: z.string(),
        count: Count,
        lastAt: Time.nullable(),
      }),
    ),
  })
  .openapi('DataQuality');

export const AskedQuestions = z
  .object({
    items: z.array(
      z.object({
        connection: From,
        surveyId: z.string(),
        questionId: z.string(),
        ref: z.string().nullable(),
        kind: z.string(),
        scale: Scale.nullable(),
        wordings: z.array(z.object({ text: z.string(), firstSeenAt: Time, lastSeenAt: Time })),
      }),
    ),
  })
  .openapi('AskedQuestions');

export const Benchmarks = z
  .object({
    items: z.array(
      z.object({
        metric: z.string(),
        industry: z.string(),
        region: z.string().nullable(),
        low: z.number().nullable(),
        mid: z.number().nullable(),
        high: z.number().nullable(),
        year: z.int(),
        source: z.string(),
        url: z.string().nullable(),
        note: z.string().nullable(),
      }),
    ),
  })
  .openapi('Benchmarks');

export const SegmentList = z
  .object({ segments: z.array(z.object({ segment: z.string(), members: z.number(), written: z.record(z.string(), z.number()) })) })
  .openapi('SegmentList');
