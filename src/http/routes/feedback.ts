import { createRoute } from '@hono/zod-openapi';
import { type SurveyCount, scoreCounts, surveyCounts } from '../../hub/views/feedback.ts';
import { overviewOf } from '../../hub/views/overview.ts';
import { listSegments } from '../../hub/views/segments.ts';
import { systemOf, systemsById } from '../../hub/views/systems.ts';
import { segmentObject } from '../../mapping/mapping.ts';
import { figuresOf, weigh } from '../feedback-figures.ts';
import { answers, newApi } from '../operation.ts';
import { allow } from '../operator.ts';
import type { AppParts } from '../parts.ts';
import { FeedbackSummary, SegmentList } from '../shapes/feedback.ts';
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
  tags: ['responses'],
  summary: 'NPS, CSAT, and CES, by survey and over all',
  ...allow('viewer'),
  responses: answers(FeedbackSummary, 'Of all complete responses'),
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
  return newApi()
    .openapi(overview, async (c) => {
      const now = await overviewOf(parts.hub, parts.mappings().model);
      return c.json({ ...now, connections: now.connections.map(teller(c)) }, 200);
    })
    .openapi(segments, async (c) => {
      const declared = segmentObject(parts.mappings().model)?.segments;
      return c.json({ segments: declared === undefined ? [] : [...(await listSegments(parts.hub, declared))] }, 200);
    })
    .openapi(summary, async (c) => c.json(await summaryOf(parts), 200));
}

async function summaryOf(parts: AppParts) {
  const systems = await systemsById(parts.hub);
  const surveys = await surveyCounts(parts.hub);
  const scores = (await scoreCounts(parts.hub)).map((count) =>
    weigh(count, bindingsOf(parts, systemOf(systems, count.connectionId).connector)),
  );
  return {
    overall: { ...totalOf(surveys), ...figuresOf(scores) },
    surveys: surveys.map(({ connectionId, surveyId, surveyName, lastSubmittedAt, ...counts }) => ({
      connection: systemOf(systems, connectionId),
      surveyId,
      surveyName,
      lastSubmittedAt: lastSubmittedAt?.toISOString() ?? null,
      ...counts,
      ...figuresOf(scores.filter((score) => score.connectionId === connectionId && score.surveyId === surveyId)),
    })),
  };
}

function bindingsOf(parts: AppParts, connector: string) {
  const mapping = parts.mappings().byStream.get(`${connector}.response`);
  return mapping?.kind === 'response' ? mapping.metrics : [];
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
