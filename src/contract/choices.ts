/** One of the values that a field takes, with what people over there read of it. */
export type Choice = { readonly value: string; readonly label: string };

/**
 * Why nothing can be added to the choices of a field. `no_list`: it has none, any value goes or it is of another type; `fixed`: they are the vendor's
 * own; `kept_elsewhere`: they come out of something else, such as owners or pipelines; `shared`: other fields have the same list; `dependent`: another
 * field decides which of them go; `packaged`: the field belongs to somebody else's package.
 */
export const CLOSED = ['no_list', 'fixed', 'kept_elsewhere', 'shared', 'dependent', 'packaged'] as const;
export type Closed = (typeof CLOSED)[number];

/** The choices that a field has. `closed`: nothing can be added to them, and why, also in words for people. */
export type ChoiceList = {
  readonly choices: readonly Choice[];
  readonly closed: { readonly because: Closed; readonly reason: string } | null;
};

/** The code of the error that a closed list is refused with. */
export const LIST_CLOSED = 'LIST_CLOSED';

/** Adds to the choices that a field has over there, for everybody. None is ever removed, renamed, or moved. */
export type ChoiceAdder = {
  /** The choices of a field as they are now, and whether more can be added; nothing is changed. */
  look(field: string): Promise<ChoiceList>;
  /**
   * Adds those that are not there yet, and answers with all that the field has then. It looks first, so it may be run again after anything. Throws
   * `misconfigured` with the code `LIST_CLOSED` where nothing can be added.
   */
  add(field: string, choices: readonly Choice[]): Promise<readonly Choice[]>;
};
