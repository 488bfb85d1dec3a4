import type { Item } from '../../contract/arriving.ts';
import type { Fields, FieldValue } from '../../contract/records.ts';
import type { Answer, QuestionKind, SurveyResponse } from '../../contract/survey.ts';
import { languageTag } from '../../kernel/language-tag.ts';
import type { ResponseMapping } from '../response-mapping.ts';
import { plainNumber } from './notation.ts';
import type { Answers, Notation, Question } from './reading.ts';
import { fieldValue, holds, textAt, Unreadable } from './values.ts';

type Around = {
  readonly mapping: ResponseMapping;
  readonly answers: Answers;
  readonly notation: Notation;
  readonly submittedAt: string;
};

/** A response as the hub sees it, with the keys that it may be attached by, and everything by which a later version of it differs. */
export function readResponse(item: Item, around: Around): { readonly fields: Fields; readonly response: SurveyResponse } {
  const { answers, submittedAt } = around;
  const surveyId = textAt(item, answers.survey.id);
  if (surveyId === null) throw new Unreadable('nothing says which survey it answers');
  const state = stateOf(item, answers);
  const response: SurveyResponse = {
    survey: { id: surveyId, name: textAt(item, answers.survey.name) ?? surveyId },
    submittedAt: state === 'partial' ? null : submittedAt,
    state,
    language: languageTag(textAt(item, answers.language)),
    channel: textAt(item, answers.channel),
    answers: answersOf(item, around),
  };
  const { survey, answers: given, ...about } = response;
  return {
    response,
    fields: {
      ...keysOf(item, around),
      ...Object.fromEntries(given.map(({ question, value }) => [`answer:${question.ref ?? question.id}`, value])),
      ...Object.fromEntries(Object.entries({ ...about, survey: survey.id }).map(([name, value]) => [`response:${name}`, value])),
    },
  };
}

function stateOf(item: Item, { complete, terminated }: Answers): SurveyResponse['state'] {
  if (terminated !== null && holds(item, terminated)) return 'terminated';
  return complete === null || holds(item, complete) ? 'complete' : 'partial';
}

/** What it may be attached by: the values that the mapping keeps under names of its own, and those whose place is the name. */
function keysOf(item: Item, { mapping, answers }: Around): Fields {
  const kept = new Map(answers.keys);
  const named = mapping.attach.flatMap(({ from }) => (kept.has(from) || from.startsWith('answer:') ? [] : [[from, from] as const]));
  return Object.fromEntries(
    [...kept, ...named].flatMap(([key, name]) => {
      const value = fieldValue(item, name);
      return value === undefined ? [] : [[key, typeof value === 'number' ? String(value) : value] as const];
    }),
  );
}

function answersOf(item: Item, around: Around): readonly Answer[] {
  const { answers, notation } = around;
  const listed = listedAnswers(item, answers);
  const all = [
    ...answers.questions.flatMap((question) => {
      const value = question.at === null ? undefined : fieldValue(item, question.at);
      return value === undefined ? [] : [answerOf(question, value, notation)];
    }),
    ...listed.map(({ id, ref, text, value }) => {
      const known = answers.questions.find((question) => question.id === id || question.id === ref);
      return answerOf({ ...NO_QUESTION, ...known, id, ref, text: known?.text ?? text }, value, notation);
    }),
    ...otherNames(item, around).flatMap(({ name, id }) => {
      const value = fieldValue(item, name);
      const known = answers.questions.find((question) => question.at === null && question.id === id);
      return value === undefined ? [] : [answerOf({ ...NO_QUESTION, ...known, id }, value, notation)];
    }),
  ];
  return all.filter(({ value }) => value !== null && !(Array.isArray(value) && value.length === 0));
}

const NO_QUESTION: Omit<Question, 'id'> = { at: null, text: null, kind: null, scale: null, separator: null };

type Listed = { readonly id: string; readonly ref: string | null; readonly text: string | null; readonly value: FieldValue };

function listedAnswers(item: Item, { every }: Answers): readonly Listed[] {
  if (every === null) return [];
  return item.each(every.in).flatMap((one) => {
    const id = textAt(one, every.id);
    const value = every.value.map((name) => fieldValue(one, name)).find((found) => found !== undefined && found !== null);
    return id === null || value === undefined ? [] : [{ id, ref: textAt(one, every.ref), text: textAt(one, every.text), value }];
  });
}

/** The other columns, or the entries under a name, that are answers. */
function otherNames(item: Item, { mapping, answers }: Around): readonly { readonly name: string; readonly id: string }[] {
  const { others } = answers;
  if (others === null) return [];
  const used = usedNames(mapping, answers);
  const place = others === true ? null : others;
  return item
    .names(place)
    .map((id) => ({ id, name: place === null ? id : `${place}.${quoted(id)}` }))
    .filter(({ id, name }) => !used.has(name) && !(place === null && used.has(quoted(id))));
}

const quoted = (name: string): string => (/^[^.[\]"=$\\]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`);

function usedNames(mapping: ResponseMapping, answers: Answers): ReadonlySet<string> {
  const { reading } = mapping;
  const parts = [...(reading?.id ?? []), answers.survey.id, answers.survey.name, answers.language, answers.channel, answers.submitted];
  const tests = [answers.complete, answers.terminated, reading?.removed ?? null, ...(reading?.when ?? [])];
  const names = [
    ...parts.filter((part) => typeof part === 'string'),
    ...tests.flatMap((test) => (test === null ? [] : [test.at])),
    ...(reading?.changed == null ? [] : [reading.changed]),
    ...mapping.attach.map(({ from }) => from),
    ...answers.keys.map(([, name]) => name),
    ...answers.questions.flatMap(({ at }) => (at === null ? [] : [at])),
  ];
  return new Set(names);
}

const SCORED: readonly QuestionKind[] = ['nps', 'csat', 'ces', 'rating', 'number'];

function answerOf(question: Question & { readonly ref?: string | null }, value: FieldValue, notation: Notation): Answer {
  const { id, ref = null, text, scale, separator } = question;
  const split = separator !== null && typeof value === 'string' ? value.split(separator).map((one) => one.trim()) : value;
  const told = question.kind ?? kindOf(split);
  return { question: { id, ref, text: text ?? id, kind: told, scale }, value: answered(split, told, notation) };
}

function kindOf(value: FieldValue): QuestionKind {
  if (Array.isArray(value)) return 'choices';
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text';
}

function answered(value: FieldValue, kind: QuestionKind, notation: Notation): FieldValue {
  if (Array.isArray(value)) return value.filter((one) => one !== '');
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return null;
  const number = SCORED.includes(kind) ? Number(plainNumber(value, notation).trim()) : Number.NaN;
  return Number.isFinite(number) ? number : value;
}
