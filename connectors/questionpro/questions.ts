import type { QuestionKind } from '../../src/contract/survey.ts';
import type { Choice, Question } from './wire.ts';

export type Family =
  | 'choice'
  | 'choices'
  | 'matrix'
  | 'stars'
  | 'slider'
  | 'nps'
  | 'rank'
  | 'text'
  | 'contact'
  | 'date'
  | 'file'
  | 'none'
  | 'other';

const FAMILIES: Readonly<Record<string, Family>> = {
  multiplechoice_radio: 'choice',
  multiplechoice_dropdown: 'choice',
  multiplechoice_maps: 'choice',
  lookup_table: 'choice',
  image_select_radio: 'choice',
  multiplechoice_smiley: 'stars',
  star_rating: 'stars',
  smiley_rating: 'stars',
  multiplechoice_checkbox: 'choices',
  image_select_checkbox: 'choices',
  numeric_slider: 'slider',
  nps: 'nps',
  net_promoter: 'nps',
  net_promoter_score: 'nps',
  rank_order_dropdown: 'rank',
  rank_order_drag_drop: 'rank',
  text_single_row: 'text',
  text_multiple_row: 'text',
  comment_box: 'text',
  contact_information: 'contact',
  static_presentation_text: 'none',
};

// The vendor publishes no closed list of types, so a new one is read by its name, most telling word first.
const WORDS: readonly (readonly [RegExp, Family])[] = [
  [/^matrix|_matrix/, 'matrix'],
  [/promoter|(^|_)nps(_|$)/, 'nps'],
  [/^rank/, 'rank'],
  [/checkbox/, 'choices'],
  [/radio|dropdown|^multiplechoice/, 'choice'],
  [/star|smiley/, 'stars'],
  [/slider/, 'slider'],
  [/^static_|presentation/, 'none'],
  [/contact/, 'contact'],
  [/^text|comment/, 'text'],
  [/date|calendar/, 'date'],
  [/file|upload|signature/, 'file'],
];

/** What kind of answer a type of question takes; unknown types are `other`. */
function familyOf(type: string): Family {
  return FAMILIES[type] ?? WORDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
}

export type Scale = { readonly min: number; readonly max: number };

const NOT_APPLICABLE = /^(n\s?[./]?\s?a\.?|not applicable|no opinion|don.?t know)$/i;

/** The number that a label begins with and stands for: `7`, `7 - Strongly agree`; not that of `5 years` or `4.5`. */
export function leadingNumber(label: string): number | null {
  const digits = /^\s*(-?\d+)\s*(?:$|[-–—:=(]|\.(?!\d)|\)(?!\d))/.exec(label)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * The scale that a list of choices is, or null: whole numbers without a gap, in any order. Where a list has the eleven steps of NPS, its
 * two ends may be words alone.
 */
export function scaleOf(choices: readonly Choice[]): Scale | null {
  const numbers = choices.filter(({ text }) => !NOT_APPLICABLE.test(text)).map(({ text }) => leadingNumber(text));
  if (numbers.length === 11 && numbers.slice(1, -1).every((number, at) => number === at + 1)) {
    if ([0, null].includes(numbers[0] ?? null) && [10, null].includes(numbers[10] ?? null)) return { min: 0, max: 10 };
  }
  const known = numbers.filter((number) => number !== null).sort((a, b) => a - b);
  const [min, max] = [known[0], known.at(-1)];
  if (min === undefined || max === undefined || known.length < 3 || known.length !== numbers.length) return null;
  return known.every((number, at) => number === min + at) ? { min, max } : null;
}

/** What a scale suggests: only its shape tells, so a mapping has the last word. */
function kindOfScale({ min, max }: Scale): QuestionKind {
  if (min === 0 && max === 10) return 'nps';
  if (min === 1 && max === 5) return 'csat';
  return min === 1 && max === 7 ? 'ces' : 'rating';
}

// The vendor hangs this on CSAT questions too, so it says NPS only where there are eleven steps as well.
const NPS_HINT = /detractor:.*promoter:/i;

export type Shape = { readonly family: Family; readonly kind: QuestionKind; readonly scale: Scale | null };

const KINDS: Readonly<Record<Family, QuestionKind>> = {
  choice: 'choice',
  choices: 'choices',
  matrix: 'matrix',
  stars: 'rating',
  slider: 'number',
  nps: 'nps',
  rank: 'rank',
  text: 'text',
  contact: 'contact',
  date: 'date',
  file: 'file',
  none: 'other',
  other: 'other',
};

function starsOf(choices: readonly Choice[]): Scale | null {
  return scaleOf(choices) ?? (choices.length >= 3 ? { min: 1, max: choices.length } : null);
}

/** What a question is: by its type, and for choices by what can be chosen. */
export function shapeOf({ type, choices }: Question, hint: string): Shape {
  const family = familyOf(type);
  if (family === 'nps') return { family, kind: 'nps', scale: { min: 0, max: 10 } };
  if (family === 'slider') return { family, kind: 'number', scale: scaleOf(choices) };
  const isSingle = family === 'choice' || family === 'other';
  const hinted = isSingle && choices.length === 11 && NPS_HINT.test(hint) ? { min: 0, max: 10 } : null;
  const scale = family === 'stars' ? starsOf(choices) : isSingle ? (scaleOf(choices) ?? hinted) : null;
  return { family, kind: scale === null ? KINDS[family] : kindOfScale(scale), scale };
}
