/** An association type, as a write names it. */
export type TypeSpec = { readonly associationCategory: string; readonly associationTypeId: number };

/** An association type that HubSpot ships. */
const shipped = (associationTypeId: number): TypeSpec => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId });

/** How the virtual references to another type are kept in HubSpot: as associations with it. */
export type Reference = {
  /** The field that shows the primary one; null where none is more than the others. */
  readonly field: string | null;
  /** The field that shows all of them, with their labels. */
  readonly many: string;
  /** The other type, as paths and inline associations name it. */
  readonly to: string;
  /** One of them, for people. */
  readonly singular: string;
  /** The association type that marks the primary one, where there is one. It implies the plain one. */
  readonly primary: TypeSpec | null;
  /** The association type without a label, which every tie has; null where each portal has one of its own, and is asked. */
  readonly plain: TypeSpec | null;
  /** The read-only property that shows the id of the primary one, where there is one. */
  readonly primaryProperty: string | null;
};

const PLURALS = { company: 'companies', contact: 'contacts', deal: 'deals', ticket: 'tickets' } as const;
type Tied = keyof typeof PLURALS;

/** The ties with another type of which none is the primary one. */
export function tieTo(singular: Tied, plainTypeId: number | null): Reference {
  const to = PLURALS[singular];
  const plain = plainTypeId === null ? null : shipped(plainTypeId);
  return { field: null, many: to, to, singular, primary: null, plain, primaryProperty: null };
}

function tieToCompany(plainTypeId: number, primaryTypeId: number, primaryProperty: string | null = null): Reference {
  return { ...tieTo('company', plainTypeId), field: 'company', primary: shipped(primaryTypeId), primaryProperty };
}

export const COMPANY_OF_CONTACT = tieToCompany(279, 1, 'associatedcompanyid');
export const COMPANY_OF_DEAL = tieToCompany(341, 5);
export const COMPANY_OF_TICKET = tieToCompany(339, 26);

function ties(company: number | null, contact: number | null, deal: number | null, ticket: number | null): readonly Reference[] {
  return [tieTo('company', company), tieTo('contact', contact), tieTo('deal', deal), tieTo('ticket', ticket)];
}

/** What notes and the like are about. */
export const ACTIVITY_TIES = {
  note: ties(190, 202, 214, 228),
  task: ties(192, 204, 216, 230),
  call: ties(182, 194, 206, 220),
  meeting: ties(188, 200, 212, 226),
  email: ties(186, 198, 210, 224),
} as const;

/** What the records of a portal's own types may be tied to. */
export const CUSTOM_TIES = ties(null, null, null, null);
