import type { FeedbackSummary } from '../api.ts';
import { useFeedback } from './response-queries.ts';

type Survey = Pick<FeedbackSummary['surveys'][number], 'surveyId' | 'surveyName' | 'connection'>;

/** The names of surveys; one that shares its name with another is told by its connection as well. */
export function surveyNames(surveys: readonly Survey[]): (survey: Survey) => string {
  const times = Map.groupBy(surveys, ({ surveyName }) => surveyName);
  return ({ surveyName, connection }) => ((times.get(surveyName)?.length ?? 0) > 1 ? `${surveyName} · ${connection.name}` : surveyName);
}

/** The surveys that there are, each with a name that no other has. */
export function useSurveys(): readonly (Survey & { readonly name: string })[] {
  const surveys = useFeedback().data?.surveys ?? [];
  const nameOf = surveyNames(surveys);
  return surveys.map((survey) => ({ ...survey, name: nameOf(survey) }));
}
