import { askOpinion } from '../../../src/sandbox/opinions.ts';
import type { Person } from '../../../src/sandbox/people.ts';
import { between, chance, pick, randomFrom, seedOf, weighted } from '../../../src/sandbox/random.ts';
import { fullName, idsOf, momentsOfTheYear, somebody, typedEmail, typedPhone } from '../../../src/sandbox/respondents.ts';
import type { Life, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { Given, Store } from './store.ts';
import { CX_SURVEYS, SEGMENTS, SURVEYS, type Survey } from './surveys.ts';

const LANGUAGES = { en: 'English', ja: 'Japanese', th: 'Thai' } as const;
const COUNTRY_CODES: Readonly<Record<string, string>> = { 'United States': 'US', 'United Kingdom': 'GB', Japan: 'JP', Thailand: 'TH' };
const ANONYMOUS = 0.06;

type Identity = Pick<Given, 'externalReference' | 'customs' | 'contact'>;
type Crowd = { readonly options: SandboxOptions; readonly ids: ReadonlyMap<string, readonly string[]> };

/** By whom the response says that it is: a CRM id on the link, a custom variable, the contact question, or nobody. */
function identify(random: () => number, crowd: Crowd, about: { person: Person; survey: Survey }): Identity {
  const { person, survey } = about;
  if (chance(random, ANONYMOUS)) return {};
  const ids = crowd.ids.get(person.key) ?? [];
  const plan = pick(random, ['gold', 'silver', 'basic']);
  const planned = survey.asksContact ? { custom2: plan } : { custom3: plan };
  if (ids.length > 0 && chance(random, 0.4)) return { externalReference: pick(random, ids), customs: planned };
  if (person.email !== null && (!survey.asksContact || chance(random, 0.45))) {
    return { customs: { ...planned, custom1: typedEmail(random, person.email) } };
  }
  if (survey.asksContact) return { contact: contactOf(random, person) };
  return { customs: { ...planned, custom2: typedPhone(random, person) ?? '' } };
}

function contactOf(random: () => number, person: Person): NonNullable<Given['contact']> {
  const email = person.email === null ? '' : typedEmail(random, person.email);
  const phone = email === '' || chance(random, 0.3) ? (typedPhone(random, person) ?? '') : '';
  return { firstName: person.firstName, lastName: person.lastName, email, phone };
}

function respond(random: () => number, crowd: Crowd, about: { person: Person; survey: Survey }): Given {
  const { person, survey } = about;
  const opinion = askOpinion(random, person.locale);
  const near = (): number => Math.min(5, Math.max(1, opinion.csat + between(random, -1, 1)));
  return {
    surveyId: survey.id,
    score: opinion[survey.metric],
    comment: opinion.comment,
    matrix: survey.metric === 'csat' ? [near(), near(), near()] : [],
    topic: survey.metric === 'csat' ? opinion.topic : null,
    ...identify(random, crowd, about),
    language: LANGUAGES[person.locale],
    countryCode: COUNTRY_CODES[person.country] ?? 'US',
    who: person.key,
  };
}

/** Who left early: started without a score, or turned away because a quota was full. */
function unfinished(given: Given, status: 'Started' | 'Terminated'): Given {
  return { ...given, status, score: null, comment: null, matrix: [], topic: null, contact: null };
}

function crowdOf(options: SandboxOptions): Crowd {
  return { options, ids: idsOf([options.town.inSystem('hubspot'), options.town.inSystem('salesforce')]) };
}

/** Fills the account with the answers of the past year, and returns what its respondents go on doing. */
export function liveIn(store: Store, options: SandboxOptions): Life {
  const crowd = crowdOf(options);
  const random = randomFrom(options.seed);
  const count = options.town.people.length === 0 ? 0 : Math.max(3, Math.round(options.town.people.length * 0.7));
  for (const moment of momentsOfTheYear(random, options.now(), count)) {
    const given = respond(random, crowd, { person: somebody(random, options.town), survey: pick(random, SURVEYS) });
    const status = (['Completed', 'Started', 'Terminated'] as const)[weighted(random, [0.88, 0.08, 0.04])] ?? 'Completed';
    const startedAt = new Date(moment - between(random, 20, 400) * 1000);
    store.answer({ ...(status === 'Completed' ? given : unfinished(given, status)), startedAt, at: new Date(moment) });
  }
  seedVisits(store, crowd, Math.round(count / 4));
  return { stir: (dice) => stir(store, crowd, dice) };
}

/** Answers to the survey after a visit: days after the visit, and some of them months. */
function seedVisits(store: Store, crowd: Crowd, count: number): void {
  const { options } = crowd;
  const random = randomFrom(seedOf(options.seed, 'visits'));
  for (const moment of momentsOfTheYear(random, options.now(), count)) visit(store, crowd, { random, at: new Date(moment) });
}

function visit(store: Store, crowd: Crowd, { random, at }: { random: () => number; at: Date }): void {
  const given = respond(random, crowd, { person: somebody(random, crowd.options.town), survey: pick(random, CX_SURVEYS) });
  const happenedAt = new Date(at.getTime() - between(random, 0, chance(random, 0.1) ? 90 : 5) * 86_400_000);
  store.answer({ ...given, at, happenedAt, segmentCode: pick(random, SEGMENTS) });
}

/** Somebody answers the survey after a visit now. */
export function answerVisit(store: Store, options: SandboxOptions, random: () => number): void {
  visit(store, crowdOf(options), { random, at: options.now() });
}

function stir(store: Store, crowd: Crowd, random: () => number): string {
  const open = chance(random, 0.1) ? store.all().filter(({ status }) => status === 'Started') : [];
  const person = somebody(random, crowd.options.town);
  if (open.length > 0) {
    const { id, survey } = pick(random, open);
    const { [survey.metric]: score, comment } = askOpinion(random, person.locale);
    store.complete(id, { score, comment });
    return `Somebody came back to finish "${survey.name}" (${score}).`;
  }
  const survey = pick(random, SURVEYS);
  const given = respond(random, crowd, { person, survey });
  store.answer(given);
  return `${fullName(person)} answered "${survey.name}" (${given.score}).`;
}
