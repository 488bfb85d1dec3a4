import type { QuestionKind } from '../../src/contract/survey.ts';
import type { Field } from './wire.ts';

export type Scale = { readonly min: number; readonly max: number };
export type Shape = { readonly kind: QuestionKind; readonly scale: Scale | null };

const KINDS: Readonly<Record<string, QuestionKind>> = {
  short_text: 'text',
  long_text: 'text',
  number: 'number',
  dropdown: 'choice',
  multiple_choice: 'choice',
  picture_choice: 'choice',
  ranking: 'rank',
  yes_no: 'boolean',
  legal: 'boolean',
  checkbox: 'boolean',
  date: 'date',
  email: 'contact',
  phone_number: 'contact',
  contact_info: 'contact',
  address: 'contact',
  matrix: 'matrix',
  file_upload: 'file',
  signature: 'file',
  video: 'file',
  audio: 'file',
};

/** What a scale suggests: only its shape tells, so a mapping has the last word. */
function kindOfScale({ min, max }: Scale): QuestionKind {
  if (min === 0 && max === 10) return 'nps';
  if (min === 1 && max === 5) return 'csat';
  return min === 1 && max === 7 ? 'ces' : 'rating';
}

function scaled(steps: number | null, min: number): Shape {
  if (steps === null || steps < 2) return { kind: 'rating', scale: null };
  const scale = { min, max: min + steps - 1 };
  return { kind: kindOfScale(scale), scale };
}

/** What a question is. Answers are bare numbers, so without the form's definition a scale stays unknown. */
export function shapeOf(type: string, field: Field | undefined): Shape {
  const parent = field?.parent?.type;
  if (parent === 'contact_info' || parent === 'address') return { kind: 'contact', scale: null };
  if (type === 'nps') return { kind: 'nps', scale: { min: 0, max: 10 } };
  // A rating has no zero; an opinion scale starts where its author says.
  if (type === 'rating') {
    const { kind, scale } = scaled(field?.steps ?? null, 1);
    return { kind: kind === 'csat' ? 'csat' : 'rating', scale };
  }
  if (type === 'opinion_scale') return scaled(field?.steps ?? null, field?.startsAtOne === true ? 1 : 0);
  if (parent === 'matrix') return { kind: 'matrix', scale: null };
  const kind = KINDS[type] ?? 'other';
  return { kind: kind === 'choice' && field?.isMultiple === true ? 'choices' : kind, scale: null };
}
