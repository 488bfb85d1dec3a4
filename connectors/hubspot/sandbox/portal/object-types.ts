import { invalid } from '../wire/refusal.ts';

/** One kind of record: the words that the API has for it, and what it may do. */
export type ObjectType = {
  readonly name: string;
  readonly singular: string;
  readonly typeId: string;
  /** The name of the modified date: contacts have one of their own. */
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate';
  readonly created: 'createdate' | 'hs_createdate';
  /** What a read shows when it asks for nothing. */
  readonly shown: readonly string[];
  /** A create needs at least one of these, and all of those. */
  readonly needs: { readonly anyOf: readonly string[]; readonly allOf: readonly string[] };
  /** Unique although the definition says `hasUniqueValue: false`. */
  readonly key: 'email' | null;
  readonly merges: boolean;
  /** What is false can only be read. */
  readonly writable: boolean;
  /** Whose scopes reach it. */
  readonly scoped: 'contacts' | 'companies' | 'deals' | 'tickets' | 'custom' | 'activity';
  /** Another word for it: the full name of a custom object. */
  readonly alias: string | null;
};

type Ways = Partial<Omit<ObjectType, 'needs'>> & { readonly anyOf?: readonly string[]; readonly allOf?: readonly string[] };

function crm(name: string, singular: string, { typeId = '', anyOf = [], allOf = [], ...ways }: Ways): ObjectType {
  return {
    name,
    singular,
    typeId,
    modified: 'hs_lastmodifieddate',
    created: 'createdate',
    shown: ['createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    key: null,
    merges: true,
    writable: true,
    scoped: 'custom',
    alias: null,
    ...ways,
    needs: { anyOf, allOf },
  };
}

function activity(name: string, singular: string, ways: Ways): ObjectType {
  const shown = ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'];
  return crm(name, singular, { created: 'hs_createdate', shown, merges: false, scoped: 'activity', ...ways });
}

const OBJECT_TYPES: readonly ObjectType[] = [
  crm('contacts', 'contact', {
    typeId: '0-1',
    scoped: 'contacts',
    modified: 'lastmodifieddate',
    shown: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    anyOf: ['email', 'firstname', 'lastname'],
    key: 'email',
  }),
  crm('companies', 'company', {
    typeId: '0-2',
    scoped: 'companies',
    shown: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    anyOf: ['name', 'domain'],
  }),
  crm('deals', 'deal', {
    typeId: '0-3',
    scoped: 'deals',
    shown: ['amount', 'closedate', 'createdate', 'dealname', 'dealstage', 'hs_lastmodifieddate', 'hs_object_id', 'pipeline'],
    allOf: ['dealname', 'dealstage'],
  }),
  crm('tickets', 'ticket', {
    typeId: '0-5',
    scoped: 'tickets',
    shown: [
      ...['content', 'createdate', 'hs_lastmodifieddate', 'hs_object_id', 'hs_pipeline', 'hs_pipeline_stage'],
      ...['hs_ticket_category', 'hs_ticket_priority', 'subject'],
    ],
    allOf: ['subject', 'hs_pipeline', 'hs_pipeline_stage'],
  }),
  activity('communications', 'communication', { typeId: '0-18', allOf: ['hs_timestamp', 'hs_communication_channel_type'] }),
  activity('feedback_submissions', 'feedback_submission', { typeId: '0-19', writable: false }),
  activity('tasks', 'task', { typeId: '0-27', allOf: ['hs_timestamp'] }),
  activity('notes', 'note', { typeId: '0-46', allOf: ['hs_timestamp'] }),
  activity('meetings', 'meeting', { typeId: '0-47' }),
  activity('calls', 'call', { typeId: '0-48' }),
  activity('emails', 'email', { typeId: '0-49' }),
];

/** A kind of record that somebody in this portal has made up. */
export function customType(words: { name: string; fullName: string; typeId: string; required: readonly string[] }): ObjectType {
  return crm(words.name, words.name, {
    typeId: words.typeId,
    alias: words.fullName,
    created: 'hs_createdate',
    shown: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    allOf: words.required,
  });
}

/** The kinds of records of one portal: what the vendor ships, and what somebody has made up. */
export class ObjectTypes {
  #all: readonly ObjectType[] = OBJECT_TYPES;

  all(): readonly ObjectType[] {
    return this.#all;
  }

  find(word: string): ObjectType | undefined {
    const wanted = word.toLowerCase();
    return this.#all.find(({ name, singular, typeId, alias }) => [name, singular, typeId, alias].includes(wanted));
  }

  /** The type that a word of a path or a query means: plural, singular, type id, or full name. */
  named(word: string): ObjectType {
    const found = this.find(word);
    if (found === undefined) throw invalid(`Unable to infer object type from: ${word}`);
    return found;
  }

  add(type: ObjectType): void {
    this.#all = [...this.#all, type];
  }

  /** Puts a changed type where the old one was. */
  replace(type: ObjectType): void {
    this.#all = this.#all.map((one) => (one.typeId === type.typeId ? type : one));
  }

  remove(type: ObjectType): void {
    this.#all = this.#all.filter((one) => one !== type);
  }
}
