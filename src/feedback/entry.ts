import type { FieldValue } from '../contract/records.ts';
import type { Answer, SurveyResponse } from '../contract/survey.ts';
import type { ResponsePart } from '../mapping/mapping.ts';
import type { Scored } from './classify.ts';
import { meaningOf } from './meaning.ts';

/** An attached response, with all that its entry shows. */
export type Told = Pick<SurveyResponse, 'survey' | 'state' | 'language' | 'channel' | 'answers'> & {
  /** When it was submitted, or first seen where it was not: it stands at the same place whatever happens to it. */
  readonly at: string;
  readonly scores: readonly Scored[];
  readonly comment: string | null;
  /** The connection, and the response's own id there: what two alike responses differ in. */
  readonly connection: string;
  readonly remoteId: string;
};

/** What one part of an entry shows of a response: the same for the same response, whenever it is asked. Pure. */
export function partOf(told: Told, part: Exclude<ResponsePart, 'about'>): FieldValue {
  const [first] = told.scores;
  switch (part) {
    case 'title':
      return titleOf(told);
    case 'text':
      return textOf(told);
    case 'time':
      return told.at;
    case 'state':
    case 'language':
    case 'channel':
    case 'comment':
      return told[part];
    case 'survey':
      return told.survey.name;
    case 'metric':
      return first?.metric ?? null;
    case 'score':
      return first?.score ?? null;
    case 'meaning':
      return first === undefined ? null : meaningOf(first);
    case 'reference':
      return referenceOf(told);
    default:
      return part satisfies never;
  }
}

const STATES: Readonly<Record<Told['state'], string>> = { complete: '', partial: ' (not finished)', terminated: ' (screened out)' };

function scoresOf(told: Told): readonly string[] {
  return told.scores.map((scored) => `${scored.metric.toUpperCase()} ${scored.score} of ${scored.scale.max} (${meaningOf(scored)})`);
}

/** One line that says the most: scores with their meaning, the survey, and whether it was finished. */
function titleOf(told: Told): string {
  const scores = scoresOf(told);
  return `${scores.length === 0 ? 'Survey response' : scores.join(', ')}: ${told.survey.name}${STATES[told.state]}`;
}

/** The whole response for people: scores, then every answer below its question, as they were written. */
function textOf(told: Told): string {
  const when = `${told.at.slice(0, 10)} ${told.at.slice(11, 16)} UTC`;
  const how = [
    told.language === null ? [] : [`language ${told.language}`],
    told.channel === null ? [] : [`channel ${told.channel}`],
    told.state === 'complete' ? [] : [STATES[told.state].trim().slice(1, -1)],
  ].flat();
  const head = [told.survey.name, [when, ...how].join(', '), ...scoresOf(told)].join('\n');
  const answers = told.answers.flatMap((answer) => {
    const value = writtenOf(answer);
    return value === '' ? [] : [`${answer.question.text.trim() || answer.question.id}\n${value}`];
  });
  return [head, ...answers, `Response ${referenceOf(told)}`].join('\n\n').replace(/\r\n?/g, '\n');
}

function writtenOf({ value }: Answer): string {
  if (Array.isArray(value)) return value.join(', ').trim();
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? '' : String(value).trim();
}

const referenceOf = ({ connection, remoteId }: Told): string => `${connection}/${remoteId}`;
