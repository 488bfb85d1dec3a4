import { HubError } from '../../src/contract/errors.ts';
import { changeTies, typesOf } from './change-ties.ts';
import type { Encoded } from './encode-write.ts';
import type { Reference } from './object-types.ts';
import type { Refusal } from './refusal.ts';
import { type Shown, shownOf, type Tie } from './ties.ts';

type Wished = Pick<Encoded, 'reference' | 'references'>;

// A new record has no ties yet: all that are wished for are made with it.
function newTies(to: Reference, { reference, references }: Wished): readonly Tie[] {
  return changeTies([], { primary: reference ?? undefined, all: references, former: null, known: undefined }, to).after;
}

/** How a create names its ties inline. */
export function inlineTies(to: Reference | null, wished: Wished) {
  return to === null ? [] : newTies(to, wished).map((tie) => ({ to: { id: tie.id }, types: typesOf(tie, to) }));
}

/**
 * What a record shows of its ties once its create was carried out: what it named inline is there; of what it did not name HubSpot may have
 * chosen a company by itself.
 */
export function shownOfNew(to: Reference | null, wished: Wished | undefined): Shown | undefined {
  if (to === null || wished === undefined) return undefined;
  const { one, many } = shownOf(newTies(to, wished));
  return { ...(one === null ? {} : { one }), ...(wished.references === undefined ? {} : { many }) };
}

/** Whether a create was refused for a tie that it named. */
export function isAboutTies({ subCategory }: Refusal): boolean {
  return subCategory.startsWith('crm.associations.');
}

/** The refusal of a tie, naming the fields that asked for it. */
export function namingTies(error: HubError, to: Reference | null, { reference, references }: Wished): HubError {
  if (to === null) return error;
  const fields = [...(reference ? [to.field] : []), ...(references === undefined ? [] : [to.many])];
  return new HubError('record_rejected', error.message, {
    fields,
    cause: error,
    ...(error.code === undefined ? {} : { code: error.code }),
  });
}
