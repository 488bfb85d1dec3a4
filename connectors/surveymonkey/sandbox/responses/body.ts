import { type Question, questionsOf, type Survey } from '../surveys/model.ts';
import { badBody } from '../wire/refusal.ts';
import { list, object, onlyKnown, optionalText, optionalTexts, type Shape, text, word } from '../wire/shapes.ts';
import { type Answer, type Answers, type ResponseGiven, STATUSES } from './responses.ts';

const ANSWER_KEYS = ['choice_id', 'row_id', 'col_id', 'other_id', 'text', 'download_url', 'content_type'] as const;
const KNOWN = [
  'custom_value',
  'custom_variables',
  'response_status',
  'ip_address',
  'recipient_id',
  'date_created',
  'date_modified',
  'pages',
];

function readAnswer(raw: unknown, question: Question): Answer {
  const body = object(raw, 'answers[]');
  onlyKnown(body, ANSWER_KEYS);
  const answer: Answer = Object.fromEntries(
    ANSWER_KEYS.flatMap((key) => {
      const value = optionalText(body[key], key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const { choices, rows, cols, other } = question;
  const known = {
    choice_id: [...choices, ...cols.flatMap((col) => col.choices ?? [])],
    row_id: rows,
    col_id: cols,
    other_id: other === null ? [] : [other],
  };
  for (const key of ['choice_id', 'row_id', 'col_id', 'other_id'] as const) {
    const id = answer[key];
    if (id !== undefined && !known[key].some((part) => part.id === id)) throw badBody(`${key} ${id} is not of question ${question.id}.`);
  }
  return answer;
}

function readPages(raw: unknown, survey: Survey): Answers {
  const pairs = list(raw, 'pages').flatMap((rawPage) => {
    const page = object(rawPage, 'pages[]');
    const known = survey.pages.find(({ id }) => id === page.id);
    if (known === undefined) throw badBody('pages[].id is of this survey.');
    return list(page.questions, 'questions').map((rawQuestion): [string, readonly Answer[]] => {
      const asked = object(rawQuestion, 'questions[]');
      const question = known.questions.find(({ id }) => id === asked.id);
      if (question === undefined) throw badBody('questions[].id is of this page.');
      return [question.id, list(asked.answers, 'answers').map((answer) => readAnswer(answer, question))];
    });
  });
  return new Map(pairs);
}

function moment(value: unknown, what: string): number | undefined {
  if (value === undefined) return undefined;
  const at = Date.parse(text(value, what));
  if (Number.isNaN(at)) throw badBody(`${what} is a date.`);
  return at;
}

/** What a body says of a response; what it leaves out is left out. */
export function readResponse(body: Shape, survey: Survey): Partial<ResponseGiven> {
  onlyKnown(body, KNOWN);
  const [createdAt, modifiedAt] = [moment(body.date_created, 'date_created'), moment(body.date_modified, 'date_modified')];
  const [customValue, ip] = [optionalText(body.custom_value, 'custom_value'), optionalText(body.ip_address, 'ip_address')];
  const recipientId = optionalText(body.recipient_id, 'recipient_id');
  const customVariables = optionalTexts(body.custom_variables, 'custom_variables');
  return {
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(customValue === undefined ? {} : { customValue }),
    ...(ip === undefined ? {} : { ip }),
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(customVariables === undefined ? {} : { customVariables }),
    ...(body.response_status === undefined ? {} : { status: word(body.response_status, STATUSES, 'response_status') }),
    ...(body.pages === undefined ? {} : { answers: readPages(body.pages, survey) }),
  };
}

/** What still has no answer and must have one. */
export function unanswered(survey: Survey, answers: Answers): readonly Question[] {
  return questionsOf(survey).filter(({ id, required }) => required && (answers.get(id) ?? []).length === 0);
}
