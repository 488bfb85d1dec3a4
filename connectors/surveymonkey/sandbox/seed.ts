import { indexBy } from '../../../src/kernel/lists.ts';
import { must } from '../../../src/kernel/must.ts';
import { askOpinion } from '../../../src/sandbox/opinions.ts';
import type { Person, Town } from '../../../src/sandbox/people.ts';
import { between, chance, pick, randomFrom, weighted } from '../../../src/sandbox/random.ts';
import { fullName, idsOf, momentsOfTheYear, somebody, typedEmail, typedPhone } from '../../../src/sandbox/respondents.ts';
import type { Life, SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { Account } from './account.ts';
import type { Recipient } from './collectors/invitations.ts';
import type { Given, Hands } from './hands.ts';
import { questionFor, type Survey } from './surveys/model.ts';

type House = Omit<Account, 'arrive'>;
type Random = () => number;
type Crowd = {
  readonly house: House;
  readonly hands: Hands;
  readonly town: Town;
  /** The ids that the CRMs know people by. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  /** By person: who was taken into the account's contacts. */
  readonly contacts: ReadonlyMap<string, string>;
  /** By survey and contact: the invitations that nobody has answered yet. */
  readonly open: ReadonlyMap<string, Map<string, Recipient>>;
};

const ANONYMOUS = 0.06;
const INVITE = {
  type: 'invite',
  subject: 'How are we doing?',
  bodyHtml: '<p>[SurveyLink]</p><p>[OptOutLink] [PrivacyLink]</p>[FooterLink]',
  recipientStatus: null,
} as const;

/** Takes half of those with an address into the contacts; the sixth custom field is the CRM's id. Some have left, some cannot be reached. */
function fillContacts(random: Random, { contacts, lists }: House, { town, ids }: Pick<Crowd, 'town' | 'ids'>): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  for (const person of town.people) {
    if (person.email === null || !chance(random, 0.5)) continue;
    const [crmId] = ids.get(person.key) ?? [];
    const status = (['active', 'optout', 'bounced'] as const)[weighted(random, [0.92, 0.05, 0.03])] ?? 'active';
    const customFields = { '1': person.company.name, ...(crmId === undefined ? {} : { '6': crmId }) };
    const { email, firstName, lastName, mobile } = person;
    taken.set(person.key, contacts.put({ email, firstName, lastName, phone: mobile ?? '', customFields, status }).id);
  }
  lists.add('Everybody', taken.values());
  return taken;
}

/** Opens the doors of a survey, and invites two thirds of the contacts: those whom the invitation reached, by contact. */
function openDoors(random: Random, { collectors, invitations, contacts }: House, survey: Survey): Map<string, Recipient> {
  collectors.add(survey.id, { type: 'weblink', name: 'Web Link 1' });
  if (survey.metric === null) return new Map();
  const sender = { type: 'email', senderEmail: 'cx@syncline.example' } as const;
  const named = collectors.add(survey.id, { ...sender, name: 'Email Invitation 1' });
  if (survey.metric === 'nps') collectors.add(survey.id, { ...sender, name: 'Anonymous invitation', anonymousType: 'fully_anonymous' });
  const message = invitations.write(named, INVITE);
  for (const contact of contacts.all()) if (chance(random, 0.66)) invitations.put(message, { contact, extraFields: {} });
  invitations.send(message, null);
  return indexBy(
    invitations.recipients(named.id).filter(({ mailStatus }) => mailStatus === 'sent'),
    ({ contactId }) => contactId,
  );
}

/** Takes the invitation of a person that was not answered yet. */
function takeInvitation({ contacts, open }: Crowd, { survey, person }: About): Recipient | undefined {
  const [waiting, contactId] = [open.get(survey.id), contacts.get(person.key)];
  const invitation = contactId === undefined ? undefined : waiting?.get(contactId);
  if (invitation !== undefined) waiting?.delete(invitation.contactId);
  return invitation;
}

type About = { readonly person: Person; readonly survey: Survey };

/** By whom the response says that it is: an invitation, what the link carried, what was typed in, or nobody. */
function identify(random: Random, crowd: Crowd, { person, survey }: About): Partial<Given> {
  const lang = 'lang' in survey.customVariables && chance(random, 0.7) ? { lang: person.locale } : {};
  const carried = (more: Record<string, string>): Partial<Given> => ({ customVariables: { ...lang, ...more }, who: person.key });
  if (chance(random, ANONYMOUS)) return { ...anonymousDoor(crowd, survey), customVariables: lang };
  const invitation = chance(random, 0.5) ? takeInvitation(crowd, { survey, person }) : undefined;
  if (invitation !== undefined) return { collectorId: invitation.collectorId, recipientId: invitation.id, who: person.key };
  const ids = crowd.ids.get(person.key) ?? [];
  if (ids.length > 0 && chance(random, 0.45)) return carried({ crm_id: pick(random, ids) });
  const { email } = person;
  if (email !== null && 'email' in survey.customVariables && chance(random, 0.4)) return carried({ email: typedEmail(random, email) });
  return { ...carried({}), ...typedIn(random, survey, person) };
}

function anonymousDoor({ house }: Crowd, survey: Survey): Partial<Given> {
  const door = house.collectors.of(survey.id).find(({ anonymousType }) => anonymousType === 'fully_anonymous');
  return door === undefined ? {} : { collectorId: door.id };
}

function typedIn(random: Random, survey: Survey, person: Person): Partial<Given> {
  const email = person.email === null ? null : typedEmail(random, person.email);
  if (questionFor(survey, 'contact') === undefined) return email === null ? {} : { email };
  const phone = email === null || chance(random, 0.3) ? typedPhone(random, person) : null;
  return {
    contact: { name: fullName(person), ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) },
  };
}

function respond(random: Random, crowd: Crowd, about: About): Given {
  const { person, survey } = about;
  const { nps, csat, ces, comment, topic } = askOpinion(random, person.locale);
  const near = (): number => Math.min(5, Math.max(1, csat + between(random, -1, 1)));
  const own: Partial<Given> =
    survey.metric === 'nps'
      ? { nps, ...(chance(random, 0.5) ? { liked: [topic, ...(chance(random, 0.2) ? ['your newsletter'] : [])] } : {}) }
      : survey.metric === 'csat'
        ? {
            csat: chance(random, 0.05) ? 'n/a' : csat,
            aspects: [near(), near(), near()],
            topic: chance(random, 0.9) ? topic : 'the driver',
          }
        : { ces, ...(chance(random, 0.6) ? { nps } : {}) };
  return { surveyId: survey.id, ...own, ...(comment === null ? {} : { comment }), ...identify(random, crowd, about) };
}

/** Who went away early: after the first question, or turned away. */
function unfinished({ comment: _comment, topic: _topic, liked: _liked, contact: _contact, email: _email, ...kept }: Given): Given {
  return kept;
}

function ended(random: Random, given: Given): Given {
  const kinds: readonly Given[] = [
    given,
    { ...unfinished(given), status: 'partial' },
    { ...unfinished(given), status: 'disqualified' },
    { ...unfinished(given), status: 'overquota' },
    { ...given, mode: 'preview' },
    { ...given, mode: 'survey_preview' },
  ];
  return must(kinds[weighted(random, [0.88, 0.06, 0.015, 0.015, 0.015, 0.015])], 'a kind');
}

const asked = ({ surveys }: House): readonly Survey[] => surveys.all().filter(({ metric }) => metric !== null);

/** Fills the account with the answers of the past year, and returns what its respondents go on doing. */
export function liveIn(house: House, hands: Hands, options: SandboxOptions): Life {
  const { town } = options;
  const random = randomFrom(options.seed);
  const ids = idsOf([town.inSystem('hubspot'), town.inSystem('salesforce')]);
  const contacts = fillContacts(random, house, { town, ids });
  const open = new Map(house.surveys.all().map((survey) => [survey.id, openDoors(random, house, survey)]));
  const crowd: Crowd = { house, hands, town, ids, contacts, open };
  const count = town.people.length === 0 ? 0 : Math.max(3, Math.round(town.people.length * 0.65));
  for (const moment of momentsOfTheYear(random, options.now(), count)) {
    const about = { person: somebody(random, town), survey: pick(random, asked(house)) };
    const given = ended(random, respond(random, crowd, about));
    hands.answer({ ...given, at: new Date(moment), startedAt: new Date(moment - between(random, 15, 400) * 1000) });
  }
  const kinds = house.surveys.all().filter(({ metric }) => metric === null);
  if (count > 0) for (const { id } of kinds) hands.fillIn(id, new Date(options.now().getTime() - 86_400_000));
  return { stir: (dice) => stir(dice, crowd) };
}

function stir(random: Random, crowd: Crowd): string {
  const { house, hands, town } = crowd;
  const person = somebody(random, town);
  const opinion = askOpinion(random, person.locale);
  const kind = weighted(random, [0.85, 0.1, 0.05]);
  const open = hands.all().filter(({ status }) => status === (kind === 1 ? 'partial' : 'completed'));
  if (kind > 0 && open.length > 0) {
    const { id, surveyId } = pick(random, open);
    const { title, metric } = house.surveys.get(surveyId);
    const said = metric === null ? {} : { [metric]: opinion[metric] };
    if (kind === 1) hands.complete(id, said);
    else hands.edit(id, said);
    return `Somebody came back to ${kind === 1 ? 'finish' : 'change'} "${title}".`;
  }
  const survey = pick(random, asked(house));
  const given = respond(random, crowd, { person, survey });
  hands.answer(given);
  return `${fullName(person)} answered "${survey.title}" (${survey.metric === null ? '' : given[survey.metric]}).`;
}
