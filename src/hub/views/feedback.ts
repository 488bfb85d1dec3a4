import { sql } from 'kysely';
import type { Db } from '../database.ts';

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
