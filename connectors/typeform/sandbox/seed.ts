import { askOpinion } from '../../../src/sandbox/opinions.ts';
import type { Person } from '../../../src/sandbox/people.ts';
import { between, chance, pick, randomFrom, weighted } from '../../../src/sandbox/random.ts';
import { fullName, idsOf, momentsOfTheYear, somebody, typedEmail, typedPhone } from '../../../src/sandbox/respondents.ts';
import type { Life, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import { FORMS, type Form, questionsOf } from './forms.ts';
import type { Given, Store } from './store.ts';

const ANONYMOUS = 0.06;
type Crowd = { readonly options: SandboxOptions; readonly ids: ReadonlyMap<string, readonly string[]> };
type About = { readonly person: Person; readonly form: Form };

/** By whom the response says that it is: hidden fields of the link, an answer with e-mail or phone, or nobody. */
function identify(random: () => number, crowd: Crowd, { person, form }: About): Partial<Given> {
  const lang = form.hidden.includes('lang') && chance(random, 0.7) ? { lang: person.locale } : {};
  const hidden = (more: Record<string, string>): Partial<Given> => {
    const all = { ...lang, ...more };
    return Object.keys(all).length === 0 ? {} : { hidden: all };
  };
  if (chance(random, ANONYMOUS)) return hidden({});
  const ids = crowd.ids.get(person.key) ?? [];
  if (ids.length > 0 && chance(random, 0.4)) return hidden({ crm_id: pick(random, ids) });
  if (person.email !== null && form.hidden.includes('email') && chance(random, 0.4))
    return hidden({ email: typedEmail(random, person.email) });
  return { ...hidden({}), ...typedIn(random, person, new Set(questionsOf(form.fields).map(({ role }) => role))) };
}

function typedIn(random: () => number, person: Person, asked: ReadonlySet<string | undefined>): Partial<Given> {
  const name = asked.has('firstName') ? { firstName: person.firstName, lastName: person.lastName } : {};
  const phone = asked.has('phone') ? typedPhone(random, person) : null;
  if (person.email !== null && (phone === null || chance(random, 0.7))) return { ...name, email: typedEmail(random, person.email) };
  return phone === null ? name : { ...name, phone };
}

function respond(random: () => number, crowd: Crowd, about: About): Given {
  const { person, form } = about;
  const { nps, csat, ces, comment, topic } = askOpinion(random, person.locale);
  const near = (): number => Math.min(5, Math.max(1, csat + between(random, -1, 1)));
  const own = {
    nps: { nps, ...(chance(random, 0.5) ? { liked: [topic, ...(chance(random, 0.2) ? ['your newsletter'] : [])] } : {}) },
    csat: { csat, aspects: [near(), near(), near()], topic: chance(random, 0.9) ? topic : 'the driver' },
    ces: { ces, ...(chance(random, 0.6) ? { nps } : {}) },
  }[form.metric];
  return { formId: form.id, ...own, ...(comment === null ? {} : { comment }), ...identify(random, crowd, about), who: person.key };
}

/** Who went away early: with nothing answered, or in the middle. */
function unfinished(given: Given, state: 'started' | 'partial'): Given {
  const { formId, hidden, who, nps, csat, ces } = given;
  const begun = { formId, ...(hidden === undefined ? {} : { hidden }), ...(who === undefined ? {} : { who }), state };
  if (state === 'started') return begun;
  return {
    ...begun,
    ...(nps === undefined ? {} : { nps }),
    ...(csat === undefined ? {} : { csat }),
    ...(ces === undefined ? {} : { ces }),
  };
}

/** Who pressed the button and said nothing. */
function wordless(given: Given): Given {
  const { state: _state, ...kept } = unfinished(given, 'started');
  return kept;
}

/** Fills the account with the answers of the past year, and returns what its respondents go on doing. */
export function liveIn(store: Store, options: SandboxOptions): Life {
  const { town } = options;
  const crowd: Crowd = { options, ids: idsOf([town.inSystem('hubspot'), town.inSystem('salesforce')]) };
  const random = randomFrom(options.seed);
  const count = town.people.length === 0 ? 0 : Math.max(3, Math.round(town.people.length * 0.6));
  for (const moment of momentsOfTheYear(random, options.now(), count)) {
    const given = respond(random, crowd, { person: somebody(random, town), form: pick(random, FORMS) });
    const kind = weighted(random, [0.88, 0.06, 0.04, 0.02]);
    const filed = [given, unfinished(given, 'partial'), unfinished(given, 'started'), wordless(given)][kind] ?? given;
    store.answer({ ...filed, at: new Date(moment), landedAt: new Date(moment - between(random, 15, 400) * 1000) });
  }
  return { stir: (dice) => stir(store, crowd, dice) };
}

function stir(store: Store, crowd: Crowd, random: () => number): string {
  const open = chance(random, 0.1) ? store.all().filter(({ state }) => state !== 'completed') : [];
  const person = somebody(random, crowd.options.town);
  if (open.length > 0) {
    const { token, form } = pick(random, open);
    const { [form.metric]: score } = askOpinion(random, person.locale);
    store.complete(form.id, token, { [form.metric]: score });
    return `Somebody came back to finish "${form.title}" (${score}).`;
  }
  const form = pick(random, FORMS);
  const given = respond(random, crowd, { person, form });
  store.answer(given);
  return `${fullName(person)} answered "${form.title}" (${given[form.metric]}).`;
}
