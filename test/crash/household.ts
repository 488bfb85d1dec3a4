import { type HubspotSandbox, handsOf } from '../../connectors/hubspot/sandbox/index.ts';
import { type Hand, salesforceHand } from '../../connectors/salesforce/sandbox/index.ts';
import type { typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { SandboxApp } from '../../src/sandbox/sandbox.ts';

export type Vendors = {
  readonly hs: HubspotSandbox;
  readonly sf: Hand;
  readonly tf: ReturnType<(typeof typeformSandbox)['open']>;
};

export function vendorsOf(sandbox: (id: string) => SandboxApp): Vendors {
  const tf = sandbox('typeform');
  const hasAnswers = (one: SandboxApp): one is Vendors['tf'] => 'answer' in one && 'forms' in one;
  if (!hasAnswers(tf)) throw new Error('this is not the Typeform sandbox');
  return { hs: handsOf(sandbox('hubspot')), sf: salesforceHand(sandbox('salesforce')), tf };
}

const EACH = 8;
const numbers = [...Array(EACH).keys()];

/** Who lives there before the hub comes: some in one system, some in the other, some in both, each at a company. */
export function settlePeople({ hs, sf }: Vendors): void {
  const companies = [0, 1].map((n) => hs.companies.add({ name: `Harbour ${n}`, domain: `harbour${n}.example` }));
  const accounts = [0, 1].map((n) => sf.create('Account', { Name: `Mill ${n}`, Website: `mill${n}.example` }));
  for (const n of numbers) {
    const id = hs.contacts.add({ email: `hs${n}@harbour.example`, firstname: 'Hana', lastname: `Harbour ${n}`, jobtitle: 'Pilot' });
    hs.tie(id, companies[n % 2] ?? '', { primary: true });
    sf.create('Contact', {
      Email: `sf${n}@mill.example`,
      FirstName: 'Somchai',
      LastName: `Mill ${n}`,
      Title: 'Miller',
      AccountId: accounts[n % 2],
    });
    hs.contacts.add({ email: `both${n}@bridge.example`, firstname: 'Bea', lastname: `Bridge ${n}`, jobtitle: 'Keeper' });
    sf.create('Contact', { Email: `both${n}@bridge.example`, FirstName: 'Bea', LastName: `Bridge ${n}`, Title: 'Keeper' });
  }
}

/** A day in their life: edits on both sides, people who are new on either, a company, and two answers to a survey. */
export function liveOn({ hs, sf, tf }: Vendors): void {
  for (const n of [0, 1, 2]) {
    const mine = hs.contacts.all().find(({ properties }) => properties.email === `both${n}@bridge.example`);
    if (mine !== undefined) hs.contacts.edit(mine.id, { jobtitle: `Promoted ${n}` });
    const theirs = sf.all('Contact').find(({ Email, IsDeleted }) => Email === `both${n + 3}@bridge.example` && !IsDeleted);
    if (theirs !== undefined) sf.edit(theirs.Id, { MailingCity: `Moved ${n}` });
  }
  const account = sf.create('Account', { Name: 'Newcomers', Website: 'newcomers.example' });
  for (const n of [0, 1, 2]) {
    hs.contacts.add({ email: `newhs${n}@quay.example`, firstname: 'Nok', lastname: `Quay ${n}` });
    sf.create('Contact', { Email: `newsf${n}@newcomers.example`, FirstName: 'Aoi', LastName: `New ${n}`, AccountId: account });
  }
  const form = tf.forms.find(({ metric }) => metric === 'nps');
  if (form === undefined) throw new Error('no form asks for a recommendation');
  for (const n of [6, 7])
    tf.answer({ formId: form.id, nps: n, comment: 'Fine', hidden: { email: `both${n}@bridge.example` }, at: ANSWERED });
}

// Well in the past, so that the same answer is the same in every run.
const ANSWERED = new Date('2026-05-04T10:00:00Z');

/** Everything that the vendors hold of what is mapped, by system and by who or what it is; nothing that depends on ids or times. */
export type Picture = ReadonlyMap<string, Readonly<Record<string, string>>>;

const HUBSPOT = ['email', 'firstname', 'lastname', 'jobtitle', 'city', 'nps_score', 'nps_category', 'feedback_count', 'feedback_comment'];
const SALESFORCE = [
  'Email',
  'FirstName',
  'LastName',
  'Title',
  'MailingCity',
  'NPS_Score__c',
  'NPS_Category__c',
  'Feedback_Count__c',
  'Feedback_Comment__c',
];

/** Two records of one person stand there as two: `#2` and so on, in the order in which they were made. */
export function pictureOf({ hs, sf }: Vendors): Picture {
  const picture = new Map<string, Readonly<Record<string, string>>>();
  const put = (who: string, fields: Readonly<Record<string, unknown>>): void => {
    let key = who;
    for (let n = 2; picture.has(key); n += 1) key = `${who} #${n}`;
    picture.set(key, Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value == null ? '' : String(value)])));
  };
  const fieldsOf = (row: Readonly<Record<string, unknown>>, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, row[name]]));
  const companies = new Map(hs.companies.all().map(({ id, properties }) => [id, properties.name]));
  for (const { properties } of hs.companies.all()) put(`hubspot company ${properties.domain}`, fieldsOf(properties, ['name', 'domain']));
  for (const { id, properties } of hs.contacts.all())
    put(`hubspot contact ${properties.email}`, { ...fieldsOf(properties, HUBSPOT), company: companies.get(hs.primaryOf(id) ?? '') });
  const accounts = new Map(sf.all('Account').map(({ Id, Name }) => [Id, Name]));
  for (const row of sf.all('Account').filter(({ IsDeleted }) => !IsDeleted))
    put(`salesforce company ${row.Name}`, fieldsOf(row, ['Name', 'Website']));
  for (const row of sf.all('Contact').filter(({ IsDeleted }) => !IsDeleted))
    put(`salesforce contact ${row.Email}`, { ...fieldsOf(row, SALESFORCE), company: accounts.get(String(row.AccountId)) });
  return picture;
}
