import { invalid } from '../wire/refusal.ts';

/** One kind of record: the words that the API has for it. Another kind is one more row here, with its properties. */
export type ObjectType = {
  readonly name: 'contacts' | 'companies';
  readonly singular: 'contact' | 'company';
  readonly typeId: string;
  /** The name of the modified date: contacts have one of their own. */
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** What a read shows when it asks for nothing. */
  readonly shown: readonly string[];
  /** A create needs at least one of these. */
  readonly needs: readonly string[];
  /** Unique although the definition says `hasUniqueValue: false`. */
  readonly key: 'email' | null;
};

export const OBJECT_TYPES: readonly ObjectType[] = [
  {
    name: 'contacts',
    singular: 'contact',
    typeId: '0-1',
    modified: 'lastmodifieddate',
    shown: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    needs: ['email', 'firstname', 'lastname'],
    key: 'email',
  },
  {
    name: 'companies',
    singular: 'company',
    typeId: '0-2',
    modified: 'hs_lastmodifieddate',
    shown: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    needs: ['name', 'domain'],
    key: null,
  },
];

/** The type that a word of a path or a query means: plural, singular, or type id. */
export function objectTypeOf(word: string): ObjectType {
  const found = OBJECT_TYPES.find((type) => [type.name, type.singular, type.typeId].includes(word.toLowerCase()));
  if (found === undefined) throw invalid(`Unable to infer object type from: ${word}`);
  return found;
}
