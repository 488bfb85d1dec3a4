import { createRoute } from '@hono/zod-openapi';
import { type Line, reportOf, type Withheld } from '../../feedback/trend.ts';
import { type SurveyCount, surveyCounts } from '../../hub/views/feedback.ts';
import { askedQuestions, metricCounts, periodBounds, rejectedCounts } from '../../hub/views/metrics.ts';
import { overviewOf } from '../../hub/views/overview.ts';
import { listSegments } from '../../hub/views/segments.ts';
import { systemOf, systemsById } from '../../hub/views/systems.ts';
import { groupBy } from '../../kernel/lists.ts';
import { segmentObject } from '../../mapping/mapping.ts';
import { MetricsWanted, queryOf, shownFigure } from '../metric-query.ts';
import { answers, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { allow } from '../security/operator.ts';
import { veilFor } from '../security/veil.ts';
import { AskedQuestions, Benchmarks, DataQuality, FeedbackSummary, MetricReport, SegmentList } from '../shapes/feedback.ts';
import { Overview } from '../shapes/overview.ts';
import { teller } from '../telling.ts';

const overview = createRoute({
  method: 'get',
  path: '/overview',
  tags: ['overview'],
  summary: 'How the hub is doing',
  ...allow('viewer'),
  responses: answers(Overview, 'Now'),
});
const summary = createRoute({
  method: 'get',
  path: '/feedback/summary',
  tags: ['feedback'],
  summary: 'Every metric, by survey and over all',
  ...allow('viewer'),
  responses: answers(FeedbackSummary, 'Of all complete responses'),
});
const metrics = createRoute({
  method: 'get',
  path: '/feedback/metrics',
  tags: ['feedback'],
  summary: 'Metrics by period, survey, question, touchpoint, language, channel, owner, or any field of the contact',
  ...allow('viewer'),
  request: { query: MetricsWanted },
  responses: answers(MetricReport, 'One line for each metric, group, and period'),
});
const quality = createRoute({
  method: 'get',
  path: '/feedback/data-quality',
  tags: ['feedback'],
  summary: 'Answers that should have counted and could not, by the reason',
  ...allow('viewer'),
  responses: answers(DataQuality, 'The most frequent first; the responses themselves: /responses?rejected=true'),
});
const questions = createRoute({
  method: 'get',
  path: '/feedback/questions',
  tags: ['feedback'],
  summary: 'The questions that were answered, with every wording that each has had',
  ...allow('viewer'),
  responses: answers(AskedQuestions, 'A question is known by its id or its author’s name for it, never by its words'),
});
const benchmarks = createRoute({
  method: 'get',
  path: '/feedback/benchmarks',
  tags: ['feedback'],
  summary: 'Figures of others, as benchmarks.yaml has them',
  ...allow('viewer'),
  responses: answers(Benchmarks, 'Each with its source and year'),
});

const segments = createRoute({
  method: 'get',
  path: '/segments',
  tags: ['responses'],
  summary: 'Segments, how many are in each, and how many each system has on its list',
  ...allow('viewer'),
  responses: answers(SegmentList, 'As of the last look'),
});

/** The figures: of the hub itself, and of what customers say. */
export function feedbackRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(overview, async (c) => {
      const now = await overviewOf(hub, parts.mappings().model);
      return c.json({ ...now, connections: now.connections.map(teller(c)) }, 200);
    })
    .openapi(segments, async (c) => {
      const declared = segmentObject(parts.mappings().model)?.segments;
      return c.json({ segments: declared === undefined ? [] : [...(await listSegments(parts.hub, declared))] }, 200);
    })
    .openapi(summary, async (c) => c.json(await summaryOf(parts), 200))
    .openapi(metrics, async (c) => {
      const { model } = parts.mappings();
      const wanted = c.req.valid('query');
      const query = await queryOf(hub, wanted, { model, veil: veilFor(c.var.operator.role, model) });
      const report = reportOf(await metricCounts(hub, query), wanted.population ?? null);
      const bounds = await periodBounds(
        hub,
        report.lines.flatMap((line) => line.period ?? []),
        query,
      );
      const named = (group: Line['group']) => Object.fromEntries(query.by.map((name, i) => [name, group[i] ?? null]));
      const items = report.lines.map(({ group, period, change, ...line }) => ({
        ...shownFigure(line),
        group: named(group),
        period,
        from: bounds.get(period ?? '')?.from ?? null,
        to: bounds.get(period ?? '')?.to ?? null,
        change,
      }));
      const withheld = report.withheld.map(({ group, ...line }) => ({ ...line, group: named(group) }));
      return c.json({ timeZone: query.timeZone, items, withheld }, 200);
    })
    .openapi(quality, async (c) => {
      const systems = await systemsById(hub);
      const items = (await rejectedCounts(hub)).map(({ connectionId, lastAt, ...row }) => {
        return { connection: systemOf(systems, connectionId), ...row, lastAt: lastAt?.toISOString() ?? null };
      });
      return c.json({ items }, 200);
    })
    .openapi(questions, async (c) => {
      const systems = await systemsById(hub);
      const items = (await askedQuestions(hub)).map(({ connectionId, wordings, ...row }) => {
        return { connection: systemOf(systems, connectionId), ...row, wordings: [...wordings] };
      });
      return c.json({ items }, 200);
    })
    .openapi(benchmarks, async (c) => c.json({ items: [...parts.mappings().benchmarks] }, 200));
}

const EVERYTHING = { period: null, timeZone: 'UTC' } as const;

async function summaryOf({ hub }: AppParts) {
  const systems = await systemsById(hub);
  const surveys = await surveyCounts(hub);
  const overall = reportOf(await metricCounts(hub, { by: [], ...EVERYTHING }));
  const bySurvey = reportOf(await metricCounts(hub, { by: ['connection', 'survey'], ...EVERYTHING }));
  const surveyOf = ({ group }: Pick<Line, 'group'>) => group.join(' ');
  const [shown, withheld] = [groupBy(bySurvey.lines, surveyOf), groupBy(bySurvey.withheld, surveyOf)];
  return {
    overall: { ...totalOf(surveys), ...shownReport(overall.lines, overall.withheld) },
    surveys: surveys.map(({ connectionId, surveyId, surveyName, lastSubmittedAt, ...counts }) => ({
      connection: systemOf(systems, connectionId),
      surveyId,
      surveyName,
      lastSubmittedAt: lastSubmittedAt?.toISOString() ?? null,
      ...counts,
      ...shownReport(shown.get(`${connectionId} ${surveyId}`) ?? [], withheld.get(`${connectionId} ${surveyId}`) ?? []),
    })),
  };
}

function shownReport(lines: readonly Line[], withheld: readonly Withheld[]) {
  return {
    metrics: lines.map(shownFigure),
    withheld: withheld.map(({ metric, key, nature, reason }) => ({ metric, key, nature, reason })),
  };
}

function totalOf(surveys: readonly SurveyCount[]) {
  const sum = (of: (survey: SurveyCount) => number) => surveys.reduce((total, survey) => total + of(survey), 0);
  return {
    responses: sum((s) => s.responses),
    attached: sum((s) => s.attached),
    unmatched: sum((s) => s.unmatched),
    detached: sum((s) => s.detached),
  };
}
