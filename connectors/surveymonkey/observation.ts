import type { Fields, FieldValue, Present } from '../../src/contract/records.ts';
import type { Answer, SurveyResponse } from '../../src/contract/survey.ts';
import { canonical } from '../../src/kernel/json.ts';
import { languageTag } from '../../src/kernel/language-tag.ts';
import { indexBy } from '../../src/kernel/lists.ts';
import { type Slot, slotsOf } from './slots.ts';
import type { Question, Survey } from './survey.ts';
import type { Entry, Given, Row } from './wire.ts';

/** Responses are asked for by their survey and their own id. */
export function keyOf({ id, changedAt }: Row, surveyId: string): { readonly id: string; readonly changedAt: string } {
  return { id: `${surveyId}:${id}`, changedAt };
}

/** What was answered to a slot. */
type Said = { readonly slot: Slot; readonly value: FieldValue };

function isAnswered({ value }: { readonly value: FieldValue }): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}

function saidTo(question: Question, given: readonly Given[]): readonly Said[] {
  return slotsOf(question)
    .map((slot) => ({ slot, value: slot.value(given.filter((one) => slot.takes(one))) }))
    .filter(isAnswered);
}

/** Answers to what the survey no longer has, and nobody here has seen: they stay as they came, and count for nothing. */
function stranger(id: string, about: string, value: FieldValue): Answer {
  return { question: { id, ref: null, text: about, kind: 'other', scale: null }, value };
}

const isGiven = ({ choiceId, text, file }: Given): boolean => choiceId !== null || text !== null || file !== null;

/** What no slot took, or could make anything of: such as a choice of a scale that was taken away. */
function leftOver(question: Question, given: readonly Given[]): readonly Given[] {
  const slots = slotsOf(question);
  const naIds = new Set(question.choices.flatMap(({ id, isNa }) => (isNa ? [id] : [])));
  return given.filter(
    (one) =>
      isGiven(one) && !naIds.has(one.choiceId ?? '') && !slots.some((slot) => slot.takes(one) && isAnswered({ value: slot.value([one]) })),
  );
}

type Answered = { readonly said: readonly Said[]; readonly answers: readonly Answer[] };

function answeredIn({ questionId, given, unread }: Entry, questions: ReadonlyMap<string, Question>): Answered {
  const question = questions.get(questionId);
  if (unread !== null) return { said: [], answers: [stranger(questionId, question?.text ?? '', unread)] };
  if (question === undefined)
    return { said: [], answers: given.filter(isGiven).map((one) => stranger(questionId, '', one.text ?? one.file ?? canonical(one))) };
  if (question.family === 'presentation') return { said: [], answers: [] };
  const said = saidTo(question, given);
  const known = said.map(({ slot, value }) => ({
    question: { id: slot.id, ref: null, text: slot.text, kind: slot.kind, scale: slot.scale },
    value,
    raw: canonical(given.filter((one) => slot.takes(one))),
  }));
  const rest = leftOver(question, given).map((one) => {
    const id = [questionId, one.rowId, one.colId, one.choiceId].filter((part) => part !== null).join(':');
    return stranger(id, question.text, one.text ?? one.file ?? canonical(one));
  });
  return { said, answers: [...known, ...rest] };
}

function contactFields(said: readonly Said[]): Fields {
  const parts: Record<string, FieldValue> = {};
  for (const { slot, value } of said) {
    if (slot.part !== null && typeof value === 'string') parts[`contact:${slot.part}`] ??= value.trim();
  }
  return parts;
}

function prefixed(prefix: string, values: Readonly<Record<string, FieldValue>>): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}:${name}`, value]));
}

/** The parts of an invited contact that say who it is. */
export const INVITED: readonly (readonly [string, string])[] = [
  ['email', 'E-mail of the invited contact'],
  ['first_name', 'First name of the invited contact'],
  ['last_name', 'Last name of the invited contact'],
  ['custom_value', 'Custom value of the invited contact'],
];

function channelOf({ isEnteredByHand, recipientId }: Row): string | null {
  if (isEnteredByHand) return 'import';
  // A link, a page, and an app are not told apart without a call for the collector.
  return recipientId === null ? null : 'email';
}

/** A response as the hub sees it. The address that it was sent from stays behind. */
export function observe(row: Row, survey: Survey): Present {
  const questions = indexBy(survey.questions, ({ id }) => id);
  const answered = row.entries.map((entry) => answeredIn(entry, questions));
  const said = answered.flatMap((one) => one.said);
  const response: SurveyResponse = {
    survey: { id: survey.id, name: survey.title },
    submittedAt: row.state === 'complete' ? row.changedAt : null,
    state: row.state,
    language: languageTag(row.language) ?? languageTag(survey.language),
    channel: channelOf(row),
    answers: answered.flatMap(({ answers }) => answers),
  };
  return {
    kind: 'present',
    ...keyOf(row, survey.id),
    version: null,
    fields: {
      status: row.status,
      collector_id: row.collectorId,
      recipient_id: row.recipientId,
      custom_value: row.customValue,
      ...prefixed('custom', row.customs),
      ...Object.fromEntries(INVITED.flatMap(([name]) => (row.invited[name] === undefined ? [] : [[`invited:${name}`, row.invited[name]]]))),
      ...contactFields(said),
      ...Object.fromEntries(said.flatMap(({ slot, value }) => (slot.part === null ? [[`answer:${slot.id}`, value]] : []))),
    },
    response,
  };
}
