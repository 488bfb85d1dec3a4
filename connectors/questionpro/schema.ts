import type { FieldSchema, FieldType, Session } from '../../src/contract/connector.ts';
import { matrixShape } from './answers.ts';
import { ask } from './client.ts';
import { CX, cxPage } from './cx.ts';
import { readQuestions } from './definitions.ts';
import { type Family, type Shape, scaleOf, shapeOf } from './questions.ts';
import { parseResponses, type Question, type Row } from './wire.ts';

function field(name: string, label: string, type: FieldType = 'text'): FieldSchema {
  return { name, label, type, writable: false, required: false, maxLength: null, choices: null };
}

const ALWAYS: readonly FieldSchema[] = [
  field('external_reference', 'External reference'),
  field('contact:email', 'E-mail from a contact question'),
  field('contact:phone', 'Phone from a contact question'),
  field('contact:first_name', 'First name from a contact question'),
  field('contact:last_name', 'Last name from a contact question'),
];

// What is there while nobody has answered; an admin may have renamed them.
const USUAL_CUSTOMS = ['custom1', 'custom2', 'custom3', 'custom4', 'custom5'];

const TYPES: Readonly<Partial<Record<Family, FieldType>>> = {
  nps: 'number',
  stars: 'number',
  slider: 'number',
  choices: 'choices',
  rank: 'choices',
  text: 'long_text',
};

function typeOf({ family, scale }: Pick<Shape, 'family' | 'scale'>): FieldType {
  return scale === null ? (TYPES[family] ?? 'text') : 'number';
}

function answerFields(question: Question): readonly FieldSchema[] {
  const shape = shapeOf(question, '');
  if (shape.family === 'none' || shape.family === 'contact') return [];
  const ref = question.code ?? question.id;
  if (question.rows.length > 0) {
    return question.rows.map(({ text, columns }, at) => {
      const type = typeOf(matrixShape(question.type, scaleOf(columns)));
      return field(`answer:${ref}_${at + 1}`, `${question.text} — ${text}`, type);
    });
  }
  return [field(`answer:${ref}`, question.text || ref, typeOf(shape))];
}

/** The keys that responses of CX have, over all of its surveys. */
async function readCxSchema(session: Session): Promise<readonly FieldSchema[]> {
  const { items } = await cxPage(session, { from: null, page: 1, perPage: 100 });
  const surveys = new Set(items.flatMap(({ surveyId }) => surveyId ?? []));
  const questions: Question[] = [];
  for (const survey of surveys) questions.push(...(await readQuestions(session, survey)));
  return unique([...ALWAYS, field('segment_code', 'Business unit'), ...customFields(items), ...questions.flatMap(answerFields)]);
}

/** Questions of two surveys may have one code. */
function unique(fields: readonly FieldSchema[]): readonly FieldSchema[] {
  return [...new Map(fields.map((one) => [one.name, one])).values()];
}

function customFields(rows: readonly Row[]): readonly FieldSchema[] {
  const shown = new Set(rows.flatMap(({ customs }) => Object.keys(customs)));
  const customs = shown.size === 0 ? USUAL_CUSTOMS : [...shown];
  return customs.map((name) => field(`custom:${name}`, name));
}

/** The keys that responses of a survey have: its questions, and the custom variables by the labels that its answers show. */
export async function readSchema(session: Session, surveyId: string): Promise<readonly FieldSchema[]> {
  if (surveyId === CX) return readCxSchema(session);
  const questions = await readQuestions(session, surveyId);
  const path = `/surveys/${encodeURIComponent(surveyId)}/responses`;
  const { items } = parseResponses((await ask(session, path, { query: { page: 1, perPage: 100 } })).body);
  return [...ALWAYS, ...customFields(items), ...questions.flatMap(answerFields)];
}
