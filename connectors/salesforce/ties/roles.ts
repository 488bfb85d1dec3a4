/** A field of ours that shows the records which rows of an object in between tie to a record, with the role that each row names. */
export type RoleTie = {
  /** The field: a list of `<id>`, or `<id>#<role>` where there is a role. */
  readonly field: string;
  readonly label: string;
  /** The object in between, and how a query on the record reaches its rows. */
  readonly sobject: string;
  readonly children: string;
  /** Its columns: the record, whom it is tied to, and as what, where the field shows that. */
  readonly parent: string;
  readonly column: string;
  readonly role: string | null;
  /** What the ids of those it is tied to begin with. */
  readonly prefix: string;
  /** The column that marks the row which a field of the record itself makes, and that field; null where there is none. */
  readonly own: { readonly mark: string; readonly field: string } | null;
  /** Not every org has it. */
  readonly isOptional: boolean;
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
  prefix: '003',
  own: null,
  isOptional: false,
};

/** The accounts of a contact, where an org lets it have several: its own one among them. */
export const ACCOUNTS_OF_CONTACT: RoleTie = {
  field: 'companies',
  label: 'Accounts',
  sobject: 'AccountContactRelation',
  children: 'AccountContactRelations',
  parent: 'ContactId',
  column: 'AccountId',
  role: null,
  prefix: '001',
  own: { mark: 'IsDirect', field: 'AccountId' },
  isOptional: true,
};

/** What a query selects to see the rows of each record. */
export const rowsOf = ({ children, column, role }: RoleTie): string =>
  `(SELECT ${[column, ...(role === null ? [] : [role])].join(', ')} FROM ${children} WHERE IsDeleted = false)`;

type Cells = Readonly<Record<string, unknown>>;

/** How a row is shown: whom it ties to, with the role where there is one. */
export function entryIn({ column, role }: RoleTie, cells: Cells): string | null {
  const [id, as] = [cells[column], role === null ? null : cells[role]];
  return typeof id !== 'string' ? null : typeof as === 'string' && as !== '' ? `${id}#${as}` : id;
}

/** What the rows of a record show; undefined where they have not all come. */
export function shownBy(tie: RoleTie, held: unknown): readonly string[] | undefined {
  if (held === null) return [];
  if (typeof held !== 'object' || held === undefined || !('records' in held) || !Array.isArray(held.records)) return undefined;
  if ('done' in held && held.done === false) return undefined;
  const entries = held.records.flatMap((row: unknown) => (typeof row === 'object' && row !== null ? (entryIn(tie, { ...row }) ?? []) : []));
  return [...new Set(entries)].sort();
}
