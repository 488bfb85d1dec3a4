/** One real person, before any system has misspelled them. */
export type Person = {
  /** Stable across systems and seeds: `p0001`. */
  readonly key: string;
  readonly locale: 'en' | 'ja' | 'th';
  readonly firstName: string;
  readonly lastName: string;
  /** Some have none. */
  readonly email: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly title: string | null;
  readonly company: Company;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
  readonly lifecycle: 'subscriber' | 'lead' | 'marketingqualifiedlead' | 'salesqualifiedlead' | 'opportunity' | 'customer' | 'evangelist';
  readonly ownerEmail: string;
};
export type Company = {
  /** `c001`. */
  readonly key: string;
  readonly name: string;
  readonly domain: string;
  readonly phone: string;
  /** One of the industries in INDUSTRIES. */
  readonly industry: string;
  readonly city: string;
  readonly country: string;
  readonly employees: number;
};
export type Owner = { readonly email: string; readonly firstName: string; readonly lastName: string };

/** How one system spells a person: which of them it has, how often, and with which slips. Keys of people are the same in every system. */
export type Spelling = {
  readonly person: Person;
  readonly copy: number;
  /** The id that the record has over there, in that vendor's form. */
  readonly id: string;
};

/** The people, companies, and owners of one town; every system knows a part of them. */
export type Town = {
  readonly people: readonly Person[];
  readonly companies: readonly Company[];
  readonly owners: readonly Owner[];
  /** The people whom `system` has, spelled its way: partly overlapping with the others, some twice (`copy` 1). */
  inSystem(system: string): readonly Spelling[];
};
