import type { FieldSchema, FieldType } from '../../src/contract/connector.ts';
import { INVITED } from './observation.ts';
import { slotsOf } from './slots.ts';
import type { Survey } from './survey.ts';

function field(name: string, label: string, type: FieldType = 'text'): FieldSchema {
  return { name, label, type, writable: false, required: false, maxLength: null, choices: null };
}

const ALWAYS: readonly FieldSchema[] = [
  field('status', 'How far the response has come'),
  field('collector_id', 'Id of the collector'),
  field('recipient_id', 'Id of the invited recipient'),
  field('custom_value', 'Custom value of the response'),
  ...INVITED.map(([name, label]) => field(`invited:${name}`, label)),
];

const CONTACT: readonly (readonly [string, string])[] = [
  ['email', 'E-mail that was answered'],
  ['phone', 'Phone that was answered'],
  ['first_name', 'First name that was answered'],
  ['last_name', 'Last name that was answered'],
];

/** The keys that responses to a survey have. */
export function schemaOf(survey: Survey): readonly FieldSchema[] {
  const slots = survey.questions.flatMap(slotsOf);
  const parts = new Map([...slots.flatMap(({ part, text }) => (part === null ? [] : [[part, text] as const])), ...CONTACT]);
  return [
    ...ALWAYS,
    ...[...parts].map(([part, label]) => field(`contact:${part}`, label)),
    ...survey.customs.map((name) => field(`custom:${name}`, name)),
    ...slots.flatMap(({ id, text, type, part }) => (part === null ? [field(`answer:${id}`, text || id, type)] : [])),
  ];
}
