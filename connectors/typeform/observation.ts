import type { Fields, FieldValue, Present } from '../../src/contract/records.ts';
import type { Answer, SurveyResponse } from '../../src/contract/survey.ts';
import { languageTag } from '../../src/kernel/language-tag.ts';
import { shapeOf } from './questions.ts';
import type { Field, Form, Given, Item } from './wire.ts';

/** Response ids are unique within their form only. */
export function keyOf(item: Item, formId: string): { readonly id: string; readonly changedAt: string } {
  return { id: `${formId}:${item.id}`, changedAt: item.changedAt };
}

function titleOf(field: Field | undefined): string {
  if (field === undefined) return '';
  const outer = field.parent?.type === 'matrix' ? field.parent.title : '';
  return outer === '' ? field.title : `${outer} — ${field.title}`;
}

function kindOf({ type, unread }: Given, shape: ReturnType<typeof shapeOf>): Answer['question']['kind'] {
  if (unread) return 'other';
  return shape.kind === 'choice' && type === 'choices' ? 'choices' : shape.kind;
}

function answerOf(given: Given, fields: ReadonlyMap<string, Field>): Answer {
  const field = fields.get(given.field.id);
  const shape = shapeOf(given.field.type || field?.type || '', field);
  const { id } = given.field;
  const ref = given.field.ref ?? field?.ref ?? null;
  return {
    question: { id, ref, text: titleOf(field), kind: kindOf(given, shape), scale: given.unread ? null : shape.scale },
    value: given.value,
    raw: given.raw,
  };
}

const CONTACT_TYPES: Readonly<Record<string, string>> = { email: 'email', phone_number: 'phone' };

/** The contact part that an answer is: by its type, or by its place in a contact block. */
function partOf(given: Given, fields: ReadonlyMap<string, Field>): string | null {
  const byType = CONTACT_TYPES[given.type];
  if (byType !== undefined) return byType;
  const part = fields.get(given.field.id)?.part ?? null;
  return part === 'first_name' || part === 'last_name' ? part : null;
}

function contactFields(answers: readonly Given[], fields: ReadonlyMap<string, Field>): Fields {
  const parts: Record<string, FieldValue> = {};
  for (const given of answers) {
    const part = partOf(given, fields);
    if (part !== null && typeof given.value === 'string') parts[`contact:${part}`] ??= given.value.trim();
  }
  return parts;
}

/** The language of the answer, where the link said it; else that of the form. */
function languageOf({ hidden }: Item, form: Form): string | null {
  return languageTag(hidden.language) ?? languageTag(hidden.lang) ?? languageTag(hidden.locale) ?? languageTag(form.language);
}

function channelOf(platform: string | null): string | null {
  if (platform === null) return null;
  if (platform === 'mobile' || platform === 'tablet') return 'mobile';
  return platform === 'other' || platform === 'desktop' ? 'web' : platform;
}

function responseOf(item: Item, form: Form, answers: readonly Answer[]): SurveyResponse {
  return {
    survey: { id: form.id, name: form.title },
    submittedAt: item.state === 'complete' ? item.submittedAt : null,
    state: item.state,
    language: languageOf(item, form),
    channel: channelOf(item.platform),
    answers,
  };
}

/** A response as the hub sees it. Browser and network of the person stay behind. */
export function observe(item: Item, form: Form): Present {
  const fields = new Map(form.fields.map((field) => [field.id, field]));
  const answers = item.answers.map((given) => answerOf(given, fields));
  return {
    kind: 'present',
    ...keyOf(item, form.id),
    version: null,
    fields: {
      ...Object.fromEntries(Object.entries(item.hidden).map(([name, value]) => [`hidden:${name}`, value])),
      ...Object.fromEntries(answers.map(({ question, value }) => [`answer:${question.ref ?? question.id}`, value])),
      ...contactFields(item.answers, fields),
    },
    response: responseOf(item, form, answers),
  };
}
