import type { StoredResponse } from './store.ts';
import type { Choice, Question } from './surveys.ts';
import type { Switches } from './switches.ts';
import { timestampIn } from './time.ts';

type Json = Readonly<Record<string, unknown>>;

const answerValue = (id: number, answerText: string, value: Json = {}): Json => ({
  answerID: id,
  answerText,
  value: { scale: '', other: '', dynamicExplodeText: '', text: '', result: '', fileLink: '', weight: 0.0, ...value },
});

type Entry = { readonly id: number; readonly code: string; readonly text: string; readonly description?: string };
const entry = ({ id, code, text, description = '' }: Entry, answerValues: readonly Json[]): Json => ({
  questionID: id,
  questionDescription: description,
  questionCode: code,
  questionText: text,
  imageUrl: null,
  answerValues,
});

/** The choice that says a score. Its text is the score; its `scale` is only where it stands, counted from 1. */
function scoreAnswer(choices: readonly Choice[], score: number): readonly Json[] {
  const at = choices.findIndex(({ text }) => Number.parseInt(text, 10) === score);
  const choice = choices[at];
  if (choice === undefined) throw new Error(`no choice of this question says ${score}`);
  return [answerValue(choice.id, choice.text, { scale: String(at + 1) })];
}

function topicAnswer(choices: readonly Choice[], topic: string): readonly Json[] {
  const at = choices.findIndex(({ text }) => text === topic);
  const choice = choices[at] ?? choices.at(-1);
  if (choice === undefined) return [];
  return [answerValue(choice.id, choice.text, { scale: String(at === -1 ? choices.length : at + 1), other: at === -1 ? topic : '' })];
}

/** What a response holds for one question: nothing when it was skipped, one entry for each row or part where it has those. */
function entriesOf(question: Question, response: StoredResponse): readonly Json[] {
  switch (question.kind) {
    case 'words':
      return [];
    case 'score':
      return response.score === null ? [] : [entry(question, scoreAnswer(question.choices, response.score))];
    case 'topic':
      return response.topic === null ? [] : [entry(question, topicAnswer(question.choices, response.topic))];
    case 'comment':
      // A text that was seen and left empty comes back with the answer id 0.
      if (response.status !== 'Completed') return [];
      return [
        entry(question, [response.comment === null ? answerValue(0, '') : answerValue(question.answerId, '', { text: response.comment })]),
      ];
    case 'matrix':
      return question.rows.flatMap(({ id, text }, row) => {
        const score = response.matrix[row];
        if (score === undefined) return [];
        return [entry({ id, code: `${question.code}_${row + 1}`, text }, scoreAnswer(question.columns, score))];
      });
    case 'contact': {
      const { contact } = response;
      if (contact === null) return [];
      const values = [contact.firstName, contact.lastName, contact.email, contact.phone];
      return question.parts.map(({ id, text }, part) =>
        entry({ ...question, code: `${question.code}_${part + 1}` }, [answerValue(id, text, { text: values[part] ?? '' })]),
      );
    }
  }
}

/** Slots 1 to 5 are always there, higher ones when they hold something; a slot with a label is known by its label only. */
function customsOf({ customs, survey }: StoredResponse): Json {
  const slots = new Set(['custom1', 'custom2', 'custom3', 'custom4', 'custom5', ...Object.keys(customs)]);
  return Object.fromEntries([...slots].map((slot) => [survey.labels[slot] ?? slot, customs[slot] ?? null]));
}

/** A response as the list of CX shows it: without the survey's name, and with no other time than the account's own clock. */
export function renderCxResponse(response: StoredResponse, switches: Switches): Json {
  const { surveyName: _name, utctimestamp: _time, ...rest } = renderResponse(response, switches);
  return switches.cxShowsSegment ? { ...rest, segmentCode: response.segmentCode } : rest;
}

/** A response as the API shows it, alone or in a list. */
export function renderResponse(response: StoredResponse, switches: Switches): Json {
  const { id, survey, startedAt, at, countryCode } = response;
  return {
    responseID: id,
    surveyID: survey.id,
    surveyName: survey.name,
    ipAddress: `203.0.113.${id % 250}`,
    timestamp: timestampIn(switches.timeZone, at),
    utctimestamp: switches.utcTimestampIn === 'seconds' ? at / 1000 : at,
    location: { country: null, region: id % 3 === 0 ? null : '13', latitude: 35.6, longitude: 139.7, radius: 0.0, countryCode },
    duplicate: false,
    timeTaken: (at - startedAt) / 1000,
    responseStatus: response.status,
    externalReference: response.externalReference,
    customVariables: customsOf(response),
    language: response.language,
    currentInset: '',
    operatingSystem: id % 2 === 0 ? 'IOS' : 'WINDOWS',
    osDeviceType: id % 2 === 0 ? 'MOBILE' : 'COMPUTER',
    browser: id % 2 === 0 ? 'SAFARI' : 'CHROME',
    dataQuality: null,
    dataQualityScore: null,
    responseSet: survey.questions.flatMap((question) => entriesOf(question, response)),
  };
}
