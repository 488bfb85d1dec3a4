import type { FieldValue } from '../../src/contract/records.ts';
import type { Answer } from '../../src/contract/survey.ts';
import { leadingNumber, type Scale, type Shape, scaleOf, shapeOf } from './questions.ts';
import type { Entry, Question, Value } from './wire.ts';

/** The questions of a survey by id, and the rows of its matrices by theirs. */
export type Known = {
  readonly questions: ReadonlyMap<string, Question>;
  readonly rows: ReadonlyMap<string, { readonly question: Question; readonly row: Question['rows'][number] }>;
};

export function indexQuestions(questions: readonly Question[]): Known {
  const rows = questions.flatMap((question) => question.rows.map((row) => [row.id, { question, row }] as const));
  return { questions: new Map(questions.map((question) => [question.id, question])), rows: new Map(rows) };
}

/** The parts of a contact question that identify a person, by the names that the vendor gives them. */
const CONTACT_PARTS: Readonly<Record<string, string>> = {
  FIRST_NAME: 'first_name',
  FIRSTNAME: 'first_name',
  LAST_NAME: 'last_name',
  LASTNAME: 'last_name',
  EMAIL: 'email',
  EMAIL_ADDRESS: 'email',
  EMAILADDRESS: 'email',
  PHONE: 'phone',
  PHONE_NUMBER: 'phone',
  MOBILE: 'phone',
  MOBILE_NUMBER: 'phone',
};

function partName(label: string): string {
  const name = label
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  return CONTACT_PARTS[name] ?? name.toLowerCase();
}

/** The contact part that a value is, or null. */
export function contactPart(value: Value): string | null {
  const name = value.label
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  return CONTACT_PARTS[name] ?? null;
}

const written = (value: Value): string | null => value.text ?? value.other ?? value.followUp;
const labelled = (value: Value): string | null => value.other ?? (value.label === '' ? value.text : value.label);
const plain = (value: Value): string | null => labelled(value) ?? value.date ?? value.file ?? value.result;

// Id 0 stands for "nothing chosen", unless something was written all the same.
function given(entry: Entry): readonly Value[] {
  return entry.values.filter((value) => (value.answerId === '0' ? written(value) !== null : true));
}

/**
 * The score of a value. A label that is a number is the score; `position` only counts the choices from 1, so on a scale from 0 it is one
 * too many, and it stands in only for a label in words.
 */
function scoreOf(value: Value, scale: Scale | null): number | null {
  const said = leadingNumber(value.label);
  const counted = value.position === null ? null : value.position - 1 + (scale?.min ?? 1);
  const score = said ?? (value.label === '' && scale === null ? null : counted);
  return score === null || (scale !== null && (score < scale.min || score > scale.max)) ? null : score;
}

function sliderOf(value: Value): number | null {
  const said = [value.label, value.text, value.result].map((text) => (text === null || text.trim() === '' ? Number.NaN : Number(text)));
  return said.find(Number.isFinite) ?? value.position;
}

const inRank = (a: Value, b: Value): number => (a.rank ?? a.position ?? 0) - (b.rank ?? b.position ?? 0);

function texts(values: readonly (string | null)[]): readonly string[] {
  return values.filter((text) => text !== null);
}

function joined(values: readonly Value[], read: (value: Value) => string | null): string | null {
  const found = texts(values.map(read));
  return found.length === 0 ? null : found.join('\n');
}

function answerValue(values: readonly Value[], { family, scale }: Pick<Shape, 'family' | 'scale'>): FieldValue {
  const [first] = values;
  if (first === undefined) return null;
  switch (family) {
    case 'nps':
    case 'stars':
      return scoreOf(first, scale);
    case 'slider':
      return sliderOf(first);
    case 'choices':
      return texts(values.map(labelled));
    case 'rank':
      return texts(values.toSorted(inRank).map(labelled));
    case 'text':
      return joined(values, (value) => value.text ?? plain(value));
    case 'date':
      return first.date ?? plain(first);
    case 'file':
      return first.file ?? plain(first);
    default:
      return scale === null ? joined(values, plain) : scoreOf(first, scale);
  }
}

/** One choice's follow-up box is an answer in its own words. */
function followUps(entry: Entry, text: string): readonly Answer[] {
  return entry.values.flatMap((value) =>
    value.followUp === null
      ? []
      : [
          {
            question: { id: `${entry.questionId}:${value.answerId ?? value.label}`, ref: null, text, kind: 'text' as const, scale: null },
            value: value.followUp,
          },
        ],
  );
}

function contactAnswers(entry: Entry, text: string): readonly Answer[] {
  return given(entry).map((value) => ({
    question: { id: `${entry.questionId}:${partName(value.label)}`, ref: entry.code, text, kind: 'contact', scale: null },
    value: value.text ?? value.other,
  }));
}

/** What a matrix takes in each of its rows. */
export function matrixShape(type: string, scale: Scale | null): Pick<Shape, 'family' | 'scale'> {
  if (type.includes('checkbox')) return { family: 'choices', scale: null };
  if (type.includes('slider')) return { family: 'slider', scale };
  if (type.includes('text')) return { family: 'text', scale: null };
  return { family: 'choice', scale };
}

function matrixAnswer(entry: Entry, { question, row }: { question: Question; row: Question['rows'][number] }): Answer {
  const scale = scaleOf(row.columns);
  const text = [question.text, row.text].filter((part) => part !== '').join(' — ');
  return {
    question: { id: entry.questionId, ref: entry.code, text, kind: 'matrix', scale },
    value: answerValue(given(entry), matrixShape(question.type, scale)),
  };
}

/** A question that is gone from the survey keeps its answer; only what it was is no longer known. */
function strangerAnswer(entry: Entry): Answer {
  const value = entry.unread ?? joined(given(entry), plain);
  return { question: { id: entry.questionId, ref: entry.code, text: entry.text, kind: 'other', scale: null }, value };
}

function isAnswered({ value }: Answer): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

function answersTo(entry: Entry, known: Known): readonly Answer[] {
  const question = known.questions.get(entry.questionId);
  const row = known.rows.get(entry.questionId);
  if (question === undefined && row !== undefined) return [matrixAnswer(entry, row), ...followUps(entry, entry.text)];
  const isContact = entry.values.length > 0 && entry.values.every((value) => contactPart(value) !== null && value.text !== null);
  if (question === undefined) return isContact ? contactAnswers(entry, entry.text) : [strangerAnswer(entry)];
  const shape = shapeOf(question, entry.hint);
  const text = question.text || entry.text;
  if (shape.family === 'none') return [];
  if (shape.family === 'contact') return contactAnswers(entry, text);
  const about = { id: question.id, ref: question.code ?? entry.code, text, kind: shape.kind, scale: shape.scale };
  const value = entry.unread ?? answerValue(given(entry), shape);
  return [{ question: entry.unread === null ? about : { ...about, kind: 'other', scale: null }, value }, ...followUps(entry, text)];
}

/** The answers of a response in their order; what was not answered is left out. */
export function answersOf(entries: readonly Entry[], known: Known): readonly Answer[] {
  return entries.flatMap((entry) => answersTo(entry, known).map((answer) => ({ ...answer, raw: entry.raw }))).filter(isAnswered);
}
