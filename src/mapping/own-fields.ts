import type { WriteTraits } from '../contract/manifest.ts';
import type { OwnField, OwnFields } from '../contract/provision.ts';
import type { EntityMapping, HubField, HubModel, Line, Rollup } from './mapping.ts';

/** What the hub's own fields hang on: its model, and what the system lets it write. `key` names the unique field by which it knows its creates. */
export type Makes = { readonly model: HubModel; readonly write: WriteTraits | null; readonly key: string };

const GROUP = { name: 'syncline', label: 'Syncline' };
const WRITTEN_BY = 'Written by Syncline from survey responses; what is edited here is overwritten.';

const SAYS: Readonly<Record<Rollup['take'], (of: string) => string>> = {
  last: (of) => `The latest ${of} score that this person gave.`,
  category: () => 'Promoter (9 or 10), passive (7 or 8), or detractor (0 to 6), by the latest NPS score.',
  mean: (of) => `The mean of all ${of} scores that this person gave.`,
  comment: () => 'What this person wrote in the latest survey response that has a comment.',
  date: () => 'When this person last answered a survey.',
  count: () => 'How many survey responses this person has given.',
};
const CATEGORIES = ['promoter', 'passive', 'detractor'];

/**
 * The fields over there that are the hub's own: those of what it works out and writes, by the names that the mapping has for them, and the unique
 * key of the records that it creates. Null when there is none.
 */
export function ownFields(mapping: EntityMapping, { model, write, key }: Makes): OwnFields | null {
  const fields = model.get(mapping.hub)?.fields;
  const flowsOut = mapping.direction === 'both' || mapping.direction === 'out';
  if (write === null || !flowsOut) return null;
  const computed = mapping.lines.flatMap((line) => {
    const field = fields?.get(line.hub);
    return field?.rollup == null || !goesOut(line) ? [] : [computedField(line, field, field.rollup)];
  });
  const creates = write.verbs.includes('create') && mapping.gates.out.creates;
  const own = creates ? [...computed, keyField(key)] : computed;
  return own.length === 0 ? null : { group: GROUP, fields: own };
}

const goesOut = ({ direction }: Line): boolean => direction === 'both' || direction === 'out';

const keyField = (name: string): OwnField => ({
  name,
  label: 'Syncline ID',
  description: 'Written once by Syncline to the records that it creates, so that none is created twice. Do not edit it.',
  type: 'text',
  decimals: null,
  choices: null,
  unique: true,
});

function computedField(line: Line, { label, type }: HubField, rollup: Rollup): OwnField {
  const { take } = rollup;
  return {
    name: line.remote,
    label,
    description: `${SAYS[take](rollup.of?.toUpperCase() ?? 'survey')}${onlyOf(rollup)} ${WRITTEN_BY}`,
    type: typeOf(type),
    decimals: type === 'number' ? decimalsOf(line, take) : null,
    choices: take === 'category' ? CATEGORIES.map((category) => choiceOf(line, category)) : null,
    unique: false,
  };
}

function onlyOf({ key, nature }: Rollup): string {
  const only = [...(key === undefined ? [] : [key.replaceAll('_', ' ')]), ...(nature === undefined ? [] : [nature])];
  return only.length === 0 ? '' : ` Only of: ${only.join(', ')}.`;
}

/** Roll-ups are numbers, choices, texts, and times; a choice without a list of its own is kept as text. */
function typeOf(type: HubField['type']): OwnField['type'] {
  return type === 'number' || type === 'datetime' || type === 'choice' || type === 'long_text' ? type : 'text';
}

const DECIMALS_OF_SCORES = 2;

function decimalsOf({ codec: { spec } }: Line, take: Rollup['take']): number {
  if (take === 'count' || spec?.transform?.name === 'integer') return 0;
  return spec?.transform?.decimals ?? DECIMALS_OF_SCORES;
}

/** A category by the name that the line writes for it. */
function choiceOf({ codec }: Line, category: string) {
  const written = codec.encode(category);
  const value = written.ok ? String(written.value) : category;
  return { value, label: value.charAt(0).toUpperCase() + value.slice(1) };
}
