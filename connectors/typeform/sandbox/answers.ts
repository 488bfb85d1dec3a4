import { unreachable } from '../../../src/kernel/must.ts';
import { type Choice, type Field, questionsOf } from './forms.ts';
import type { StoredResponse } from './store.ts';

type Json = Readonly<Record<string, unknown>>;
type FieldShown = { readonly id: string; readonly type: string; readonly ref?: string };
export type Answer = { readonly field: FieldShown; readonly type: string } & Json;

const choicesOf = (field: Field): readonly Choice[] => field.properties?.choices ?? [];
const offered = (field: Field, label: string): Choice | undefined =>
  choicesOf(field).find((choice) => choice.label.toLowerCase() === label.toLowerCase());

function chosen(field: Field, label: string): Json {
  const choice = offered(field, label);
  return { type: 'choice', choice: choice === undefined ? { other: label } : { id: choice.id, ref: choice.ref, label: choice.label } };
}
function severalChosen(field: Field, labels: readonly string[]): Json {
  const found = labels.flatMap((label) => offered(field, label) ?? []);
  const other = labels.find((label) => offered(field, label) === undefined);
  const lists = { ids: found.map(({ id }) => id), refs: found.map(({ ref }) => ref), labels: found.map(({ label }) => label) };
  return { type: 'choices', choices: other === undefined ? lists : { ...lists, other } };
}

/** What was said to one question, under the key of its type; null when it was skipped. */
function said(field: Field, { given, form }: StoredResponse): Json | null {
  const value = <T>(of: T | undefined, show: (known: T) => Json): Json | null => (of === undefined ? null : show(of));
  const typed = (type: string, text: string | undefined): Json | null =>
    text === undefined || text === '' ? null : { type, [type]: text };
  const { role } = field;
  switch (role) {
    case undefined:
      return null;
    case 'nps':
    case 'csat':
    case 'ces':
      return value(given[role], (number) => ({ type: 'number', number }));
    case 'comment':
      return typed('text', given.comment);
    case 'firstName':
    case 'lastName':
      return typed('text', given[role]);
    case 'email':
      return typed('email', given.email);
    case 'phone':
      return typed('phone_number', given.phone);
    case 'topic':
      return value(given.topic, (label) => chosen(field, label));
    case 'liked':
      return value(given.liked, (labels) => severalChosen(field, labels));
    case 'aspect': {
      const row = questionsOf(form.fields)
        .filter(({ role }) => role === 'aspect')
        .indexOf(field);
      return value(given.aspects?.[row], (number) => chosen(field, String(number)));
    }
    default:
      return unreachable(role);
  }
}

/** The answers of a response, skipped questions left out. */
export function answersOf(response: StoredResponse): readonly Answer[] {
  return questionsOf(response.form.fields).flatMap((field) => {
    const content = said(field, response);
    if (content === null) return [];
    const { id, type, ref } = field;
    return [{ field: ref === undefined ? { id, type } : { id, type, ref }, type: String(content.type), ...content }];
  });
}
