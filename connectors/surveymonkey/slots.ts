import type { FieldType } from '../../src/contract/connector.ts';
import type { FieldValue } from '../../src/contract/records.ts';
import type { QuestionKind } from '../../src/contract/survey.ts';
import { kindOfScale, type Scale, type Scores, scoresOf } from './scores.ts';
import type { Choice, Column, Line, Question } from './survey.ts';
import type { Given } from './wire.ts';

/** One thing that a question asks: the question itself, one row of it, or the comment beside it. `part`: the contact part that it is. */
export type Slot = {
  readonly id: string;
  readonly text: string;
  readonly kind: QuestionKind;
  readonly scale: Scale | null;
  readonly type: FieldType;
  readonly part: string | null;
  /** Which answers are to this, among those to the whole question. */
  takes(given: Given): boolean;
  /** The value of those that it takes, in plain terms; null when there is none. */
  value(given: readonly Given[]): FieldValue;
};

type Reading = Pick<Slot, 'kind' | 'scale' | 'type' | 'value'>;

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' — ');

function texts(values: readonly (string | null)[]): readonly string[] {
  return values.filter((value) => value !== null);
}

/** What was written, a line for each. */
function written(given: readonly Given[]): string | null {
  const lines = texts(given.map(({ text }) => text));
  return lines.length === 0 ? null : lines.join('\n');
}

/** The words of a choice; its id where it was taken away before anybody here had seen it. */
function wordsOf(choices: readonly Choice[], id: string | null): string | null {
  if (id === null) return null;
  return choices.find((choice) => choice.id === id)?.text || id;
}

const open = (kind: QuestionKind, type: FieldType): Reading => ({ kind, scale: null, type, value: written });

const numeric: Reading = {
  kind: 'number',
  scale: null,
  type: 'number',
  value: (given) => {
    const said = written(given)
      ?.trim()
      .replace(/^(-?\d{1,3})((?:,\d{3})+)(?=\.|$)/, (whole) => whole.replaceAll(',', ''));
    const read = said === undefined || said === '' ? Number.NaN : Number(said);
    return Number.isFinite(read) ? read : null;
  },
};

const file: Reading = {
  kind: 'file',
  scale: null,
  type: 'text',
  value: (given) => given.find((one) => one.file !== null)?.file ?? written(given),
};

function scored(scores: Scores, kind: QuestionKind): Reading {
  return {
    kind,
    scale: scores.scale,
    type: 'number',
    value: (given) => given.map(({ choiceId }) => scores.of.get(choiceId ?? '')).find((score) => score !== undefined) ?? null,
  };
}

function single(question: Question, choices: readonly Choice[], kind: QuestionKind): Reading {
  return {
    kind,
    scale: null,
    type: 'text',
    value: (given) =>
      texts(given.map(({ choiceId, text }) => wordsOf(choices, choiceId) ?? (question.other?.isChoice === false ? null : text)))[0] ?? null,
  };
}

function multiple(question: Question, choices: readonly Choice[], kind: QuestionKind): Reading {
  return {
    kind,
    scale: null,
    type: 'choices',
    value: (given) =>
      texts(given.map(({ choiceId, text }) => wordsOf(choices, choiceId) ?? (question.other?.isChoice === false ? null : text))),
  };
}

/** The rows in the order in which they were ranked; the choices are the ranks. */
function ranked({ rows, choices }: Question): Reading {
  const rank = (choiceId: string | null) => choices.find(({ id }) => id === choiceId);
  return {
    kind: 'rank',
    scale: null,
    type: 'choices',
    value: (given) =>
      given
        .filter(({ rowId, choiceId }) => rowId !== null && rank(choiceId)?.isNa !== true)
        .toSorted((a, b) => (rank(a.choiceId)?.position ?? 0) - (rank(b.choiceId)?.position ?? 0))
        .map(({ rowId }) => rows.find(({ id }) => id === rowId)?.text || String(rowId)),
  };
}

const isComment = (question: Question) => (given: Given) => question.other !== null && given.otherId === question.other.id;

/** The slot of a whole question. */
function whole(question: Question, reading: Reading): Slot {
  return { id: question.id, text: question.text, part: null, takes: () => true, ...reading };
}

/** A slot for each row; a question with one row is that row. */
function byRow(question: Question, reading: (row: Line) => Reading): readonly Slot[] {
  const [only, ...more] = question.rows;
  if (only === undefined || more.length === 0) {
    const { id, text } = question;
    const row = only ?? { id, text: '', part: null };
    return [{ id, text: join(text, row.text), part: null, takes: ({ otherId }) => otherId === null, ...reading(row) }];
  }
  return question.rows.map((row) => ({
    id: `${question.id}:${row.id}`,
    text: join(question.text, row.text),
    part: null,
    takes: ({ rowId, otherId }) => rowId === row.id && otherId === null,
    ...reading(row),
  }));
}

/** A menu has a choice for each row and column. */
function byCell(question: Question): readonly Slot[] {
  return question.rows.flatMap((row) =>
    question.columns.map(
      (column: Column): Slot => ({
        id: `${question.id}:${row.id}:${column.id}`,
        text: join(question.text, row.text, column.text),
        part: null,
        takes: ({ rowId, colId }) => rowId === row.id && colId === column.id,
        ...single(question, column.choices, 'matrix'),
      }),
    ),
  );
}

/** Of a contact question each row is a part; of one that only names them, the words of the row are the part. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/e-?mail/, 'email'],
  [/phone|mobile/, 'phone'],
  [/first.?name|given.?name/, 'first_name'],
  [/last.?name|family.?name|surname/, 'last_name'],
];

function partOf({ part, text }: Line): string {
  const named = (part ?? text).toLowerCase();
  return PARTS.find(([pattern]) => pattern.test(named))?.[1] ?? named.replace(/[^\p{L}\p{N}]+/gu, '_');
}

function contactParts(question: Question): readonly Slot[] {
  return question.rows.map((row) => ({
    id: `${question.id}:${row.id}`,
    text: join(question.text, row.text),
    part: partOf(row),
    takes: ({ rowId }) => rowId === row.id,
    ...open('contact', 'text'),
  }));
}

function matrix(question: Question): readonly Slot[] {
  if (question.subtype === 'ranking') return [whole(question, ranked(question))];
  if (question.subtype === 'menu') return byCell(question);
  if (question.subtype === 'multi') return byRow(question, () => multiple(question, question.choices, 'matrix'));
  const scores = question.subtype === 'rating' ? scoresOf(question.choices) : null;
  if (scores === null) return byRow(question, () => single(question, question.choices, 'matrix'));
  // A rating of one thing is a question of its own: so NPS, CSAT, and CES come.
  return byRow(question, () => scored(scores, question.rows.length > 1 ? 'matrix' : kindOfScale(scores.scale)));
}

/** Some ask for contact data line by line, and say of each line what it is. */
const asksForContact = ({ rows }: Question): boolean => rows.some(({ part }) => part !== null);

function openEnded(question: Question): readonly Slot[] {
  if (question.display === 'file_upload') return [whole(question, file)];
  if (asksForContact(question)) return contactParts(question);
  if (question.isEmail) return [{ ...whole(question, open('contact', 'text')), part: 'email' }];
  const isNumeric = question.subtype === 'numerical' || question.display === 'slider';
  return byRow(question, () => (isNumeric ? numeric : open('text', 'long_text')));
}

function singleChoice(question: Question): readonly Slot[] {
  const scores = scoresOf(question.choices);
  return [whole(question, scores === null ? single(question, question.choices, 'choice') : scored(scores, kindOfScale(scores.scale)))];
}

function answered(question: Question): readonly Slot[] {
  switch (question.family) {
    case 'single_choice':
      return singleChoice(question);
    case 'multiple_choice':
      return [whole(question, multiple(question, question.choices, 'choices'))];
    case 'matrix':
      return matrix(question);
    case 'open_ended':
      return openEnded(question);
    case 'demographic':
      return contactParts(question);
    case 'datetime':
      // Written in the order of day and month that the author chose, so it stays as it was written.
      return byRow(question, () => open('date', 'text'));
    case 'presentation':
      return [];
    default:
      return [whole(question, question.display === 'file_upload' ? file : single(question, question.choices, 'other'))];
  }
}

/** The comment beside the choices, where it is no choice itself, or where a number is the answer. */
function commentTo(question: Question, answers: readonly Slot[]): readonly Slot[] {
  const { other } = question;
  if (other === null || (other.isChoice && answers.every(({ type }) => type !== 'number'))) return [];
  const { id, text } = question;
  return [{ id: `${id}:${other.id}`, text, part: null, takes: isComment(question), ...open('text', 'long_text') }];
}

/** All that a question asks, in its order. */
export function slotsOf(question: Question): readonly Slot[] {
  const answers = answered(question);
  return [...answers, ...commentTo(question, answers)];
}
