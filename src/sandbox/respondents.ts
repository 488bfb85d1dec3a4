import type { Person, Spelling, Town } from './people.ts';
import { international } from './phones.ts';
import { chance, pick } from './random.ts';

/** The ids that the town's people have in the systems that send out surveys: by person, none for who is in neither. */
export function idsOf(lists: readonly (readonly Spelling[])[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { person, id, copy } of lists.flat()) {
    if (copy !== 0) continue;
    const known = ids.get(person.key);
    if (known === undefined) ids.set(person.key, [id]);
    else known.push(id);
  }
  return ids;
}

/** The e-mail address as its owner types it into a form: now and then with a capital. */
export function typedEmail(random: () => number, email: string): string {
  return chance(random, 0.1) ? email.charAt(0).toUpperCase() + email.slice(1) : email;
}

/** A number at which the person can be reached, as typed into a form; null for who gives none. */
export function typedPhone(random: () => number, person: Person): string | null {
  const number = person.mobile ?? person.phone;
  if (number === null) return null;
  return chance(random, 0.6) ? international(number, ' ') : number;
}

/** The name as it is said where the person lives: family name first in Japan. */
export function fullName({ locale, firstName, lastName }: Person): string {
  return locale === 'ja' ? `${lastName} ${firstName}` : `${firstName} ${lastName}`;
}

/** Somebody of the town who has something to say; the same people come again now and then. */
export function somebody(random: () => number, town: Town): Person {
  return pick(random, town.people);
}

/** Moments of the last year before `now`, oldest first, to the second. */
export function momentsOfTheYear(random: () => number, now: Date, count: number): readonly number[] {
  const newest = Math.floor(now.getTime() / 1000) - 60;
  const yearSeconds = 365 * 86_400;
  return Array.from({ length: count }, () => (newest - Math.floor(random() * yearSeconds)) * 1000).sort((a, b) => a - b);
}
