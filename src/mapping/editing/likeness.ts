import type { FieldSchema, FieldType } from '../../contract/connector.ts';
import { editDistance } from '../distance.ts';
import type { HubField, HubFieldType } from '../mapping.ts';

/** From 0 to 1: how much two fields are called the same. */
export type Likeness = number;

export function likeness(here: Pick<HubField, 'name' | 'label'>, there: Pick<FieldSchema, 'name' | 'label'>): Likeness {
  const [ours, theirs] = [[here.name, here.label].map(wordsOf), [there.name, there.label].map(wordsOf)];
  return Math.max(...ours.flatMap((a) => theirs.map((b) => Math.max(closeness(a.join(''), b.join('')), shared(a, b)))));
}

// `custom_Middle_Name__c`, `middleName`, and `Middle name` are the same words.
function wordsOf(name: string): readonly string[] {
  const apart = name.replace(/__c$/, '').replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2');
  return apart
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

function closeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 || longest > 80 ? 0 : 1 - editDistance(a, b) / longest;
}

function shared(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 0 : a.filter((word) => b.includes(word)).length / all.size;
}

const WORDS: readonly FieldType[] = ['text', 'long_text', 'choice'];
const FITTING: Readonly<Record<HubFieldType, readonly FieldType[]>> = {
  text: WORDS,
  long_text: WORDS,
  email: WORDS,
  phone: WORDS,
  url: WORDS,
  choice: WORDS,
  number: ['number', 'text'],
  boolean: ['boolean', 'choice', 'text'],
  date: ['date', 'datetime'],
  datetime: ['datetime', 'date'],
  choices: ['choices'],
  reference: ['reference'],
  references: ['references'],
};

/** Whether values of a field over there could be those of a field of the hub at all. */
export const typesFit = (here: HubFieldType, there: FieldType): boolean => FITTING[here].includes(there);
