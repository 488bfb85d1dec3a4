/** A field of ours that shows one kind of record out of a column that takes several kinds, of which it holds one at a time. */
export type Slot = {
  /** The field: a list of at most one id. */
  readonly field: string;
  readonly label: string;
  readonly column: 'WhoId' | 'WhatId' | 'ContactId';
  /** What the ids of this kind begin with. */
  readonly prefix: string;
};

const slot = (field: string, column: Slot['column'], prefix: string): Slot => ({
  field,
  label: `${field[0]?.toUpperCase()}${field.slice(1)}`,
  column,
  prefix,
});

/** Whom and what tasks and events are about. Of what stands in one column, the first is the most telling. */
export const ACTIVITY_TIES: readonly Slot[] = [
  slot('contacts', 'WhoId', '003'),
  slot('leads', 'WhoId', '00Q'),
  slot('deals', 'WhatId', '006'),
  slot('tickets', 'WhatId', '500'),
  slot('companies', 'WhatId', '001'),
];

/** A case is about one contact, where others have several. */
export const CONTACT_OF_CASE: readonly Slot[] = [slot('contacts', 'ContactId', '003')];

/**
 * What a column shows of a slot: undefined while a record of another kind is in it, because it has no room for both, and what is not there may
 * still hold elsewhere.
 */
export function shownIn({ prefix }: Slot, held: unknown): readonly string[] | undefined {
  if (held === null) return [];
  if (typeof held !== 'string') return undefined;
  return held.startsWith(prefix) ? [held] : undefined;
}
