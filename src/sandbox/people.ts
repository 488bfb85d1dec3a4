import { makeCompanies } from './companies.ts';
import { NAMES } from './names.ts';
import { addressIn, landlineOf, mobileOf, PLACES } from './places.ts';
import { chance, pick, randomFrom, seedOf, weighted } from './random.ts';
import { spellAll } from './spellings.ts';

export { INDUSTRIES } from './companies.ts';

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

const OWNERS: readonly Owner[] = [
  ['Ava', 'Brooks'],
  ['Kenji', 'Mori'],
  ['Nicha', 'Suwan'],
  ['Peter', 'Lang'],
  ['Rosa', 'Delgado'],
  ['Tim', 'Osei'],
].map(([firstName = '', lastName = '']) => ({ email: `${firstName}.${lastName}@syncline.example`.toLowerCase(), firstName, lastName }));

const LOCALES = ['en', 'ja', 'th'] as const;
const LOCALE_SHARES = [0.6, 0.25, 0.15];
const LIFECYCLES = ['subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer', 'evangelist'] as const;
const LIFECYCLE_SHARES = [0.15, 0.25, 0.12, 0.1, 0.1, 0.25, 0.03];

function companiesOf(random: () => number, options: { seed: number; people: number }): Map<Person['locale'], readonly Company[]> {
  const total = Math.max(1, Math.round(options.people / 6));
  let from = 1;
  return new Map(
    LOCALES.map((locale, at) => {
      const count = Math.max(1, Math.round(total * (LOCALE_SHARES[at] ?? 0)));
      const made = makeCompanies(random, locale, { from, count, seed: options.seed });
      from += count;
      return [locale, made];
    }),
  );
}

/** Gives every address once: the second Sato Taro of a company gets a number. */
function addressBook(): (local: string, domain: string) => string {
  const taken = new Map<string, number>();
  return (local, domain) => {
    const wanted = `${local}@${domain}`;
    const before = taken.get(wanted) ?? 0;
    taken.set(wanted, before + 1);
    return before === 0 ? wanted : `${local}${before + 1}@${domain}`;
  };
}

type Desk = { readonly random: () => number; readonly seed: number; readonly emailOf: ReturnType<typeof addressBook> };

function makePerson(desk: Desk, nth: number, companies: ReadonlyMap<Person['locale'], readonly Company[]>): Person {
  const { random } = desk;
  const locale = LOCALES[weighted(random, LOCALE_SHARES)] ?? 'en';
  const [first, last] = [pick(random, NAMES[locale].first), pick(random, NAMES[locale].last)];
  const company = pick(random, companies.get(locale) ?? []);
  const there = pick(random, PLACES[locale]);
  const hasEmail = chance(random, 0.85);
  const hasMobile = chance(random, 0.7);
  const hasPhone = chance(random, 0.6);
  return {
    key: `p${String(nth + 1).padStart(4, '0')}`,
    locale,
    firstName: first.native,
    lastName: last.native,
    email: hasEmail ? desk.emailOf(`${first.roman}.${last.roman}`, company.domain) : null,
    phone: hasPhone ? landlineOf(there, nth, desk.seed + 1) : null,
    mobile: hasMobile || !hasEmail ? mobileOf(there.country, nth, desk.seed) : null,
    title: chance(random, 0.9) ? pick(random, NAMES[locale].titles) : null,
    company,
    ...addressIn(random, locale, there),
    lifecycle: LIFECYCLES[weighted(random, LIFECYCLE_SHARES)] ?? 'lead',
    ownerEmail: pick(random, OWNERS).email,
  };
}

/** A town that is the same for the same seed: English, Japanese, and Thai people, the firms they work for, and who looks after them. */
export function makeTown(options: { readonly seed: number; readonly people: number }): Town {
  const companies = companiesOf(randomFrom(seedOf(options.seed, 'companies')), options);
  const desk: Desk = { random: randomFrom(seedOf(options.seed, 'people')), seed: seedOf(options.seed, 'numbers'), emailOf: addressBook() };
  const people = Array.from({ length: options.people }, (_, nth) => makePerson(desk, nth, companies));
  const known = new Map<string, readonly Spelling[]>();
  return {
    people,
    companies: [...companies.values()].flat(),
    owners: OWNERS,
    inSystem(system) {
      const spelled = known.get(system) ?? spellAll(people, { system, seed: options.seed, owners: OWNERS });
      known.set(system, spelled);
      return spelled;
    },
  };
}
