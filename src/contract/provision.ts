import type { FieldType } from './connector.ts';
import { HubError } from './errors.ts';

/** A field of the hub's own, as it is to be over there. `name` is in the vendor's words, and the one that the mappings use. */
export type OwnField = {
  readonly name: string;
  readonly label: string;
  /** A sentence or two for people over there: what it holds, and who writes it. */
  readonly description: string;
  readonly type: Exclude<FieldType, 'reference' | 'references'>;
  /** How many digits behind the point a number has to keep; null for every other type. */
  readonly decimals: number | null;
  /** Of `choice` and `choices`; null for every other type. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | null;
  /** No two records hold the same value, and a record can be asked for by it. */
  readonly unique: boolean;
};

/** The types over there that hold what the hub writes to a field of its own, and show it again as it was written. */
export const HELD_BY: Readonly<Record<OwnField['type'], readonly FieldType[]>> = {
  text: ['text', 'long_text'],
  long_text: ['text', 'long_text'],
  number: ['number'],
  boolean: ['boolean'],
  date: ['date'],
  datetime: ['datetime'],
  choice: ['choice', 'text', 'long_text'],
  choices: ['choices'],
};

/** The hub's own fields of one object. `group` is what they stand under, where the vendor has such a thing: a property group, a permission set. */
export type OwnFields = {
  readonly group: { readonly name: string; readonly label: string };
  readonly fields: readonly OwnField[];
};

/**
 * How one of them stands. `missing`: `apply` makes it. `fits`: it is there, whoever made it. `incomplete`: it is there, and `apply` adds what it
 * lacks without touching a value: an option, the right of this connection to see it. `unfit`: the name stands for something else, or there is no
 * room for it; `apply` leaves it alone.
 */
export type Standing =
  | { readonly state: 'missing' }
  | { readonly state: 'fits' }
  | { readonly state: 'incomplete'; readonly lacks: readonly string[] }
  | { readonly state: 'unfit'; readonly reason: string; readonly advice: string };

export type ProvisionPreview = {
  /** One for each field, in order. */
  readonly fields: readonly Standing[];
  /** The rights over there without which nothing can be made; null when the vendor tells of them only by refusing. */
  readonly lacking: readonly string[] | null;
};

/** `found`: it was there and fits, also when somebody else has made it meanwhile. */
export type ProvisionOutcome = { readonly done: 'made' | 'completed' | 'found' } | { readonly done: false; readonly error: HubError };

/** How a field stood before, how it stands now, and what was refused in between. `system` and `noun`: who refuses, and what it calls a field. */
type Course = {
  readonly was: Standing | undefined;
  readonly is: Standing | undefined;
  readonly refusal: HubError | undefined;
  readonly system: string;
  readonly noun: string;
};

/** What came of making a field, by what the vendor shows now rather than by what it has answered: others may have been at it too. */
export function outcomeOf({ name }: OwnField, { was, is, refusal, system, noun }: Course): ProvisionOutcome {
  if (is?.state === 'fits') {
    // Refused, and there: somebody else made it meanwhile.
    if (was?.state === 'fits' || refusal !== undefined) return { done: 'found' };
    return { done: was?.state === 'incomplete' ? 'completed' : 'made' };
  }
  if (is?.state === 'unfit') return { done: false, error: new HubError('misconfigured', `${name}: ${is.reason}. ${is.advice}`) };
  const silent = () => new HubError('broken_answer', `${system} neither refused the ${noun} ${name} nor shows it as it has to be`);
  return { done: false, error: refusal ?? silent() };
}

/** Makes the hub's own fields over there. Nothing is ever removed, and no value is touched. */
export type Provisioner = {
  /** How they stand now; nothing is changed. */
  preview(own: OwnFields): Promise<ProvisionPreview>;
  /**
   * Makes what is missing and completes what is incomplete, one outcome for each field, in order. It looks first, so it may be run again after
   * anything: what was cut off is finished, and what an answer that never came has made is found. A throw means that it is not known how far it came.
   */
  apply(own: OwnFields): Promise<readonly ProvisionOutcome[]>;
};
