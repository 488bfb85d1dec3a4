import type { FieldSchema, FieldType } from '../../src/contract/connector.ts';
import type { QuestionKind } from '../../src/contract/survey.ts';
import { shapeOf } from './questions.ts';
import type { Field, Form } from './wire.ts';

const TYPES: Readonly<Partial<Record<QuestionKind, FieldType>>> = {
  nps: 'number',
  csat: 'number',
  ces: 'number',
  rating: 'number',
  number: 'number',
  text: 'long_text',
  boolean: 'boolean',
  choices: 'choices',
  rank: 'choices',
  date: 'date',
};

function field(name: string, label: string, type: FieldType = 'text'): FieldSchema {
  return { name, label, type, writable: false, required: false, maxLength: null, choices: null };
}

const ALWAYS: readonly FieldSchema[] = [
  field('contact:email', 'E-mail that was answered'),
  field('contact:phone', 'Phone that was answered'),
  field('contact:first_name', 'First name from a contact block'),
  field('contact:last_name', 'Last name from a contact block'),
];

// They hold other questions, or none, and are never answered themselves.
const HOLDERS = new Set(['group', 'inline_group', 'matrix', 'contact_info', 'statement']);

function answerField(question: Field): FieldSchema {
  const ref = question.ref ?? question.id;
  return field(`answer:${ref}`, question.title || ref, TYPES[shapeOf(question.type, question).kind] ?? 'text');
}

/** The keys that responses to a form have. */
export function schemaOf(form: Form): readonly FieldSchema[] {
  const hidden = form.hidden.map((name) => field(`hidden:${name}`, name));
  return [...hidden, ...ALWAYS, ...form.fields.filter(({ type }) => !HOLDERS.has(type)).map(answerField)];
}
