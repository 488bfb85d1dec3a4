/** A field of ours that shows the records which rows of an object in between tie to a record, with the role that each row names. */
export type RoleTie = {
  /** The field: a list of `<id>`, or `<id>#<role>` where there is a role. */
  readonly field: string;
  readonly label: string;
  /** The object in between, and how a query on the record reaches its rows. */
  readonly sobject: string;
  readonly children: string;
  /** Its columns: the record, whom it is tied to, and as what. */
  readonly parent: string;
  readonly column: string;
  readonly role: string;
};

/** The contacts of an opportunity, by their roles. */
export const CONTACT_ROLES: RoleTie = {
  field: 'contacts',
  label: 'Contacts',
  sobject: 'OpportunityContactRole',
  children: 'OpportunityContactRoles',
  parent: 'OpportunityId',
  column: 'ContactId',
  role: 'Role',
};

/** What a query selects to see the rows of each record. */
export const rowsOf = ({ children, column, role }: RoleTie): string =>
  `(SELECT ${column}, ${role} FROM ${children} WHERE IsDeleted = false)`;

const entryIn = ({ column, role }: RoleTie, row: unknown): string | null => {
  const cells: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  const [id, as] = [cells[column], cells[role]];
  return typeof id !== 'string' ? null : typeof as === 'string' && as !== '' ? `${id}#${as}` : id;
};

/** What the rows of a record show; undefined where they have not all come. */
export function shownBy(tie: RoleTie, held: unknown): readonly string[] | undefined {
  if (held === null) return [];
  if (typeof held !== 'object' || held === undefined || !('records' in held) || !Array.isArray(held.records)) return undefined;
  if ('done' in held && held.done === false) return undefined;
  return [...new Set(held.records.flatMap((row) => entryIn(tie, row) ?? []))].sort();
}
