import { afterEach, expect, test } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { ask, closeStages, cursorOf, deleteOf, minuteMs, openStage, readAll, seenIn, update } from './salesforce-stage.ts';

afterEach(closeStages);

const companies = { ...ask, fields: ['Name', 'Phone'] };

/** An org with person accounts, and one of them: its account, and the contact that stands for it. */
async function openPersons() {
  const org = await openStage({ personAccounts: true }, { kind: 'token', settings: { bulkFrom: 0 } });
  const account = org.hand.create('Account', {
    ...{ FirstName: 'Ada', LastName: 'Lovelace', PersonEmail: 'ada@example.com', PersonTitle: 'Countess', Phone: '+44 1' },
    ...{ PersonMailingCity: 'London', NPS_Score__pc: 9 },
  });
  return { ...org, account, person: String(org.hand.get(account).PersonContactId) };
}

test('a person account is a contact and no company, in a first load, a delta, and by id', async () => {
  const { contact, company, account, person, hand, wind } = await openPersons();
  const [people, firms] = [await readAll(contact, null), await readAll(company, null, companies)];
  const ofPerson = seenIn(people).filter(({ id }) => id === person);
  expect(ofPerson).toMatchObject([
    { kind: 'present', fields: { FirstName: 'Ada', Email: 'ada@example.com', MailingCity: 'London', NPS_Score__c: 9 } },
  ]);
  // Its account is the person again: nothing is said of a company.
  expect(ofPerson[0]).not.toHaveProperty('fields.AccountId');
  expect(seenIn(firms).map(({ id }) => id)).not.toContain(account);
  expect(seenIn(firms).length).toBe(hand.all('Account').length - 1);
  wind(60 * minuteMs);
  hand.edit(account, { PersonTitle: 'Programmer' });
  expect(seenIn(await readAll(contact, cursorOf(people)))).toMatchObject([{ id: person, fields: { Title: 'Programmer' } }]);
  expect(seenIn(await readAll(company, cursorOf(firms), companies))).toEqual([]);
  expect(await company.read.byIds([account], companies)).toMatchObject([{ kind: 'gone', id: account }]);
  expect(await contact.read.byIds([person], ask)).toMatchObject([{ kind: 'present', id: person }]);
});

test('what is written to its contact is written to its account, beside contacts of companies', async () => {
  const { contact, apply, person, account, hand } = await openPersons();
  const other = must(
    hand.all('Contact').find(({ Id }) => Id !== person),
    'a contact',
  ).Id;
  const fields = {
    FirstName: 'Augusta',
    Email: 'augusta@example.com',
    MobilePhone: '+44 2',
    Phone: null,
    MailingCity: 'Ockham',
    NPS_Score__c: 10,
  };
  expect(await apply(update(person, fields), update(other, { Title: 'Captain' }))).toMatchObject([
    { done: true, id: person },
    { done: true, id: other },
  ]);
  expect(await contact.read.byIds([person], ask)).toMatchObject([{ fields }]);
  expect(hand.get(account)).toMatchObject({ PersonEmail: 'augusta@example.com', Name: 'Augusta Lovelace' });
  const refused = await apply(update(person, { Email: 'no address' }), update(person, { Description: 'x' }));
  expect(refused.map((one) => (one.done ? 'done' : [one.error.kind, ...one.error.fields]))).toEqual([
    ['record_rejected', 'Email'],
    ['record_rejected', 'Description'],
  ]);
});

test('it is deleted as a whole, but not with the opportunities that hang on it', async () => {
  const { apply, person, account, hand } = await openPersons();
  const deal = hand.create('Opportunity', { Name: 'Engine', StageName: 'Prospecting', CloseDate: '2027-01-31', AccountId: account });
  expect(await apply(deleteOf(person))).toMatchObject([{ done: false, error: { kind: 'depended_on' } }]);
  hand.remove(deal);
  expect(await apply(deleteOf(person))).toMatchObject([{ done: true, id: person }]);
  expect([hand.get(account).IsDeleted, hand.get(person).IsDeleted]).toEqual([true, true]);
});

test('an org without them is asked nothing more', async () => {
  const { contact, calls, hand, apply, wind } = await openStage();
  const cursor = cursorOf(await readAll(contact, null));
  const { Id } = must(hand.all('Contact')[0], 'a contact');
  expect((await calls(apply(update(Id, { Title: 'Captain' }))))[1]).toBe(1);
  wind(minuteMs);
  expect((await calls(readAll(contact, cursor)))[1]).toBe(1);
});
