import { sql } from 'kysely';
import type { Metric } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';

/** How often one score was given to one question, on which scale. */
export type ScoreCount = {
  readonly connectionId: string;
  readonly surveyId: string;
  readonly question: string;
  readonly metric: Metric;
  readonly scale: { readonly min: number; readonly max: number } | null;
  readonly score: number;
  readonly count: number;
};

/** The scores of complete responses, counted by survey and question: a few rows, however many responses there are. */
export async function scoreCounts(db: Db): Promise<readonly ScoreCount[]> {
  const { rows } = await sql<ScoreCount>`
    select r.connection_id as "connectionId", r.survey_id as "surveyId", s->>'question' as question, s->>'metric' as metric,
      nullif(a.scale, 'null') as scale, (s->>'score')::float8 as score, count(*)::int as count
    from response r cross join lateral jsonb_array_elements(r.scores) s
    left join lateral (
      select answer->'question'->'scale' as scale from jsonb_array_elements(r.answers) answer
      where coalesce(answer->'question'->>'ref', answer->'question'->>'id') = s->>'question' limit 1) a on true
    where r.state = 'complete'
    group by 1, 2, 3, 4, 5, 6`.execute(db);
  return rows;
}

export type SurveyCount = {
  readonly connectionId: string;
  readonly surveyId: string;
  readonly surveyName: string;
  readonly responses: number;
  readonly attached: number;
  readonly unmatched: number;
  readonly detached: number;
  readonly lastSubmittedAt: Date | null;
};

/** How many responses each survey has, and how many of them found their person; under the name that it had last. */
export async function surveyCounts(db: Db): Promise<readonly SurveyCount[]> {
  const { rows } = await sql<SurveyCount>`
    select connection_id as "connectionId", survey_id as "surveyId", (array_agg(survey_name order by id desc))[1] as "surveyName",
      count(*)::int as responses, count(*) filter (where attachment = 'attached')::int as attached,
      count(*) filter (where attachment = 'unmatched')::int as unmatched, count(*) filter (where attachment = 'detached')::int as detached,
      max(submitted_at) as "lastSubmittedAt"
    from response group by 1, 2 order by max(submitted_at) desc nulls last, 1, 2`.execute(db);
  return rows;
}
