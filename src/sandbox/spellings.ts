import { NICKNAMES } from './names.ts';
import type { Company, Owner, Person, Spelling } from './people.ts';
import { international, national } from './phones.ts';
import { chance, pick, randomFrom, seedOf } from './random.ts';

/** How the people who type into one system are used to writing. */
type Habit = {
  /** The slice of the town that it has: the slices of two systems overlap. */
  readonly knows: readonly [from: number, to: number];
  readonly idOf: (nth: number) => string;
  readonly phone: (random: () => number, e164: string) => string;
  readonly email: (random: () => number, email: string) => string;
  readonly industry: (industry: string) => string;
  /** The share of people who are there twice, and whether the second record may have the e-mail of the first. */
  readonly twice: number;
  readonly copyKeepsEmail: boolean;
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Makes a 15-character id safe where letter case is lost: three more characters say which letters were capitals. */
export function withCaseSuffix(id: string): string {
  const suffix = [0, 5, 10].map((start) => {
    const bits = [0, 1, 2, 3, 4].filter((at) => /[A-Z]/.test(id.charAt(start + at))).reduce((sum, at) => sum + 2 ** at, 0);
    return BASE32.charAt(bits);
  });
  return id + suffix.join('');
}
function caseSafeId(prefix: string, nth: number): string {
  let left = nth;
  let digits = '';
  for (let place = 0; place < 9; place += 1) {
    digits = BASE62.charAt(left % 62) + digits;
    left = Math.floor(left / 62);
  }
  return withCaseSuffix(`${prefix}5g0${digits}`);
}

const HABITS: Readonly<Record<string, Habit>> = {
  hubspot: {
    knows: [0, 0.75],
    idOf: (nth) => String(1001 + nth),
    phone: (random, e164) => (chance(random, 0.5) ? national(e164) : e164),
    email: (_random, email) => email,
    industry: (industry) => industry.toUpperCase(),
    twice: 0.01,
    copyKeepsEmail: false,
  },
  salesforce: {
    knows: [0.2, 0.95],
    idOf: (nth) => caseSafeId('003', 41_000 + nth * 7),
    phone: (random, e164) => international(e164, chance(random, 0.7) ? ' ' : '-'),
    email: (random, email) => (chance(random, 0.15) ? capitalised(email) : email),
    industry: (industry) => industry,
    twice: 0.03,
    copyKeepsEmail: true,
  },
};

function capitalised(email: string): string {
  return email.replace(/^[a-z]|(?<=[.@])[a-z](?=.*@)/g, (letter) => letter.toUpperCase());
}

/** The slips of the person who typed it in: one field at most, never one that somebody without an e-mail is known by. */
const SLIPS: readonly ((person: Person, random: () => number, owners: readonly Owner[]) => Partial<Person>)[] = [
  () => ({ title: null }),
  ({ email }) => (email === null ? { phone: null } : { mobile: null }),
  () => ({ postalCode: '' }),
  ({ street }) => ({ street: street.replace('Street', 'St.').replace('Avenue', 'Ave').replace('ถนน', 'ถ.') }),
  ({ city }) => ({ city: `${city} ` }),
  ({ firstName }) => ({ firstName: `${firstName} ` }),
  ({ title }) => ({ title: title === null ? null : `${title} ` }),
  (_person, random, owners) => ({ ownerEmail: pick(random, owners).email }),
  () => ({ lifecycle: 'customer' }),
];

type Scribe = { readonly habit: Habit; readonly owners: readonly Owner[]; readonly companyOf: (company: Company) => Company };

function spell(person: Person, random: () => number, scribe: Scribe): Person {
  const { habit, owners } = scribe;
  const known = person.email === null;
  const nickname = chance(random, 0.12) ? NICKNAMES.get(person.firstName) : undefined;
  const typed = {
    ...person,
    firstName: nickname ?? person.firstName,
    email: person.email === null ? null : habit.email(random, person.email),
    phone: person.phone === null ? null : habit.phone(random, person.phone),
    // Who has no e-mail is found by this number, so it is written in full, whatever the spacing.
    mobile: person.mobile === null ? null : known ? international(person.mobile, ' ') : habit.phone(random, person.mobile),
    company: scribe.companyOf(person.company),
  };
  return chance(random, 0.2) ? { ...typed, ...pick(random, SLIPS)(typed, random, owners) } : typed;
}

function companySpeller(habit: Habit, random: () => number): Scribe['companyOf'] {
  const spelled = new Map<string, Company>();
  return (company) => {
    const before = spelled.get(company.key);
    if (before !== undefined) return before;
    const made = { ...company, industry: habit.industry(company.industry), phone: habit.phone(random, company.phone) };
    spelled.set(company.key, made);
    return made;
  };
}

/** The people whom a system has, spelled its way, first copies first. A system of unknown habits is a mistake of the caller. */
export function spellAll(
  people: readonly Person[],
  options: { readonly system: string; readonly seed: number; readonly owners: readonly Owner[] },
): readonly Spelling[] {
  const habit = HABITS[options.system];
  if (habit === undefined)
    throw new Error(`nobody knows how people write in "${options.system}"; it is one of ${Object.keys(HABITS).join(', ')}`);
  // One draw a person, the same for every system, so that the slices overlap as declared.
  const lot = randomFrom(seedOf(options.seed, 'lots'));
  const random = randomFrom(seedOf(options.seed, options.system));
  const scribe: Scribe = { habit, owners: options.owners, companyOf: companySpeller(habit, random) };
  const firsts: Person[] = [];
  const seconds: Person[] = [];
  for (const person of people) {
    const drawn = lot();
    if (drawn < habit.knows[0] || drawn >= habit.knows[1]) continue;
    firsts.push(spell(person, random, scribe));
    if (!chance(random, habit.twice)) continue;
    if (habit.copyKeepsEmail ? person.email === null : person.mobile === null) continue;
    seconds.push(secondCopy(person, random, scribe));
  }
  return [...firsts.map((person) => ({ person, copy: 0 })), ...seconds.map((person) => ({ person, copy: 1 }))].map((spelling, nth) => ({
    ...spelling,
    id: habit.idOf(nth),
  }));
}

/** The same person typed in again by somebody who did not look: a slip in the first name, and less of the rest. */
function secondCopy(person: Person, random: () => number, scribe: Scribe): Person {
  const again = spell(scribe.habit.copyKeepsEmail ? person : { ...person, email: null }, random, scribe);
  const firstName = NICKNAMES.get(person.firstName) ?? `${person.firstName} `;
  return { ...again, firstName, title: null, phone: null };
}
