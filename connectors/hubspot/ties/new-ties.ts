import { HubError } from '../../../src/contract/errors.ts';
import type { Refusal } from '../http/refusal.ts';
import type { Reference } from '../references.ts';
import { changeTies, typesOf } from './change-ties.ts';
import { type Shown, shownOf, type Tie } from './ties.ts';
import { fieldsOfWishes, type Wish } from './wishes.ts';

// A new record has no ties yet: all that are wished for are made with it.
function newTies({ to, primary, all }: Wish): readonly Tie[] {
  return changeTies([], { primary: primary ?? undefined, all, former: null, known: undefined }, to).after;
}

/** How a create names its ties inline. */
export function inlineTies(wishes: readonly Wish[]) {
  return wishes.flatMap((wish) => newTies(wish).map((tie) => ({ to: { id: tie.id }, types: typesOf(tie, wish.to) })));
}

/**
 * What a record shows of its ties once its create was carried out: what it named inline is there; of what it did not name HubSpot may have
 * chosen a company by itself.
 */
export function shownOfNew(reference: Reference, wishes: readonly Wish[]): Shown | undefined {
  const wish = wishes.find(({ to }) => to.many === reference.many);
  if (wish === undefined) return undefined;
  const { one, many } = shownOf(newTies(wish));
  return { ...(one === null ? {} : { one }), ...(wish.all === undefined ? {} : { many }) };
}

/** Whether a create was refused for a tie that it named. */
export function isAboutTies({ subCategory }: Refusal): boolean {
  return subCategory.startsWith('crm.associations.');
}

/** The refusal of a tie, naming the fields that asked for it. */
export function namingTies(error: HubError, wishes: readonly Wish[]): HubError {
  if (wishes.length === 0) return error;
  return new HubError('record_rejected', error.message, {
    fields: fieldsOfWishes(wishes),
    cause: error,
    ...(error.code === undefined ? {} : { code: error.code }),
  });
}
