import type { StoredResponse } from './store.ts';
import type { Choice, Question, Survey } from './surveys.ts';
import type { Switches } from './switches.ts';
import { timestampIn } from './time.ts';

type Json = Readonly<Record<string, unknown>>;

const QUESTION_TYPES = {
  score: 'multiplechoice_radio',
  topic: 'multiplechoice_checkbox',
  comment: 'text_multiple_row',
  matrix: 'matrix_radio',
  contact: 'contact_information',
  words: 'static_presentation_text',
} as const;

const answersOf = (choices: readonly Choice[]): readonly Json[] =>
  choices.map(({ id, text }, at) => ({ answerID: id, text, orderNumber: at + 1 }));

function partsOf(question: Question): Json {
  switch (question.kind) {
    case 'score':
    case 'topic':
      return { answers: answersOf(question.choices) };
    case 'comment':
      return { answers: [{ answerID: question.answerId, text: '', orderNumber: 1 }] };
    case 'matrix': {
      const columns = question.columns.map(({ id, text }) => ({ columnID: id, text }));
      return { rows: question.rows.map(({ id, text }) => ({ rowID: id, text, columns })), columns };
    }
    case 'contact':
      return Object.fromEntries(
        (['firstName', 'lastName', 'email', 'phone'] as const).map((name, at) => [
          name,
          { answerID: question.parts[at]?.id, required: false },
        ]),
      );
    case 'words':
      return {};
  }
}

/** A question with the keys that apply to its type, and no others. */
export function renderQuestion(question: Question, at: number): Json {
  const { id, code, text, required } = question;
  return { questionID: id, code, type: QUESTION_TYPES[question.kind], text, orderNumber: at + 1, required, ...partsOf(question) };
}

/** A survey with its counters; it was made long before the account was opened and not touched since. `startedResponses` counts everybody who began. */
export function renderSurvey(
  survey: Survey,
  responses: readonly StoredResponse[],
  { openedAt, switches }: { openedAt: number; switches: Switches },
): Json {
  const count = (status: StoredResponse['status']): number => responses.filter((response) => response.status === status).length;
  const latest = responses.reduce((max, { at }) => Math.max(max, at), 0);
  const stamp = (at: number): string => timestampIn(switches.timeZone, at);
  return {
    surveyID: survey.id,
    ownerID: 1,
    folderID: 300,
    name: survey.name,
    url: `https://www.questionpro.com/t/AB${survey.id.toString(36).toUpperCase()}`,
    status: 'Active',
    creationDate: stamp(openedAt - 400 * 86_400_000),
    modifiedDate: stamp(openedAt - 390 * 86_400_000),
    expiryDate: null,
    lastResponseReceived: latest === 0 ? null : stamp(latest),
    completedResponses: count('Completed'),
    startedResponses: responses.length,
    viewedResponses: Math.ceil(responses.length * 1.3),
    terminatedResponses: count('Terminated'),
    responseQuota: 0,
    hasScoringLogic: false,
    surveyLanguages: [
      { languageID: 250, name: 'English' },
      { languageID: 258, name: 'Japanese' },
      { languageID: 287, name: 'Thai' },
    ],
    logoUrl: null,
    thankYouMessage: 'Thank you!',
  };
}
