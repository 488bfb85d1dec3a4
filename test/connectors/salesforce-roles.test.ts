import { afterEach, describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import type { FieldValue, Update } from '../../src/contract/records.ts';
import { must } from '../../src/kernel/must.ts';
import { ask as asking, closeOrgs, isQuery, openOrg, all as readPages, rows } from './salesforce-org.ts';
import { closeStages, cursorOf, minuteMs, openStage, readAll, seenIn } from './salesforce-stage.ts';

afterEach(closeStages);
afterEach(closeOrgs);

const ask = asking('Name', 'contacts');

const moved = (id: string, contacts: FieldValue, seen: FieldValue = []): Update => ({
  ...{ verb: 'update', id, ifVersion: null },
  fields: { contacts },
  seen: { contacts: seen },
});

/** A deal of nobody yet, and two contacts. */
async function openDeal() {
  const org = await openStage({}, { kind: 'token', settings: { bulkFrom: 0 } });
  const { hand, ports } = org;
  const deal: AnyPort = must(ports.objects.deal, 'deals');
  const id = hand.create('Opportunity', { Name: 'Renewal', StageName: 'Prospecting', CloseDate: '2027-01-31' });
  const [ada = '', grace = ''] = hand.all('Contact').map((one) => one.Id);
  const tie = (ContactId: string, Role: string | null = null) =>
    hand.create('OpportunityContactRole', { OpportunityId: id, ContactId, Role });
  const contactsIn = (pages: Awaited<ReturnType<typeof readAll>>) =>
    seenIn(pages).flatMap((one) => (one.id === id && one.kind === 'present' ? [one.fields.contacts] : []));
  return { ...org, deal, id, ada, grace, tie, contactsIn };
}

describe('the contacts of an opportunity', () => {
  test('come with their roles, in a first load, a delta, and by id', async () => {
    const { deal, id, ada, grace, tie, contactsIn, wind } = await openDeal();
    tie(ada, 'Decision Maker');
    const first = await readAll(deal, null, ask);
    expect(contactsIn(first)).toEqual([[`${ada}#Decision Maker`]]);
    tie(grace);
    wind(minuteMs);
    const shown = [grace, `${ada}#Decision Maker`].sort();
    expect(contactsIn(await readAll(deal, cursorOf(first), ask)).at(-1)).toEqual(shown);
    expect(await deal.read.byIds([id], ask)).toMatchObject([{ fields: { contacts: shown } }]);
    const field = (await deal.fields('all')).find(({ name }) => name === 'contacts');
    expect(field).toMatchObject({ type: 'references', writable: true });
  });

  test('that change leave no stamp on it, and are in the next delta all the same: others, other roles, none, and a merged one', async () => {
    const { deal, ada, grace, tie, contactsIn, hand, wind, id } = await openDeal();
    let cursor = cursorOf(await readAll(deal, null, ask));
    const next = async () => {
      wind(60 * minuteMs);
      const pages = await readAll(deal, cursor, ask);
      cursor = cursorOf(pages);
      return contactsIn(pages);
    };
    await next();
    const stamp = hand.get(id).SystemModstamp;
    const row = tie(ada, 'Evaluator');
    expect(hand.get(id).SystemModstamp).toBe(stamp);
    expect(await next()).toEqual([[`${ada}#Evaluator`]]);
    expect(await next()).toEqual([]);
    hand.edit(row, { Role: 'Influencer' });
    expect(await next()).toEqual([[`${ada}#Influencer`]]);
    hand.merge(grace, [ada]);
    expect(await next()).toEqual([[`${grace}#Influencer`]]);
    hand.remove(row);
    expect(await next()).toEqual([[]]);
  });

  test('cost a call a poll where they are asked for, and nothing where they are not', async () => {
    const { deal, calls, wind } = await openDeal();
    const cursor = cursorOf(await readAll(deal, null, ask));
    wind(60 * minuteMs);
    expect((await calls(readAll(deal, cursor, ask)))[1]).toBe(2);
    expect((await calls(readAll(deal, cursor, asking('Name'))))[1]).toBe(1);
  });

  test('are tied, get other roles, and are let go; a row keeps what the hub knows nothing of, and what others made stays', async () => {
    const { deal, id, ada, grace, hand } = await openDeal();
    const write = must(deal.write, 'a writer');
    const rows = () => hand.all('OpportunityContactRole').filter(({ IsDeleted }) => !IsDeleted);
    const shown = () =>
      rows()
        .map(({ ContactId, Role }) => (Role === null ? ContactId : `${ContactId}#${Role}`))
        .sort();
    const both = [`${ada}#Decision Maker`, grace].sort();
    expect(await write.apply([moved(id, both)], ask)).toMatchObject([{ done: true, id }]);
    expect(shown()).toEqual(both);
    const [row] = rows().filter(({ ContactId }) => ContactId === ada);
    hand.edit(must(row, 'a row').Id, { IsPrimary: true });
    await write.apply([moved(id, [`${ada}#Evaluator`, grace].sort(), both)], ask);
    expect(rows().filter(({ ContactId }) => ContactId === ada)).toMatchObject([{ Id: row?.Id, Role: 'Evaluator', IsPrimary: true }]);
    const [, , linus = ''] = hand.all('Contact').map((one) => one.Id);
    hand.create('OpportunityContactRole', { OpportunityId: id, ContactId: linus });
    await write.apply([moved(id, [grace], [`${ada}#Evaluator`, grace].sort())], ask);
    expect(shown()).toEqual([grace, linus].sort());
    // A repeat, as after an answer that was lost, comes to the same.
    await write.apply([moved(id, [grace], [`${ada}#Evaluator`, grace].sort())], ask);
    expect(shown()).toEqual([grace, linus].sort());
  });

  test('are refused by the name of their field where the org has no such role, or no such contact, and spoil no other deal', async () => {
    const { deal, id, ada, hand } = await openDeal();
    const other = hand.create('Opportunity', { Name: 'Other', StageName: 'Prospecting', CloseDate: '2027-01-31' });
    const third = hand.create('Opportunity', { Name: 'Third', StageName: 'Prospecting', CloseDate: '2027-01-31' });
    const outcomes = await must(deal.write, 'a writer').apply(
      [moved(id, [`${ada}#Pirate`]), moved(other, ['003Sb0000000000IAA']), moved(third, [ada])],
      ask,
    );
    expect(outcomes.map((one) => (one.done ? 'done' : [one.error.kind, ...one.error.fields]))).toEqual([
      ['record_rejected', 'contacts'],
      ['record_rejected', 'contacts'],
      'done',
    ]);
  });

  test('are not told of where not all of them have come', async () => {
    const Id = '006000000000001AAA';
    const record = { Id, SystemModstamp: '2026-11-22T09:30:00.000+0000', Name: 'Big' };
    const OpportunityContactRoles = { totalSize: 3000, done: false, nextRecordsUrl: '/x', records: [{ ContactId: '003000000000001AAA' }] };
    const { port } = await openOrg((seen) => (isQuery(seen) ? rows({ ...record, OpportunityContactRoles }) : undefined), {
      sobject: 'Opportunity',
    });
    const [page] = await readPages(port('deal').read.changes(null, ask));
    expect(page?.seen).toMatchObject([{ id: Id, fields: { Name: 'Big' } }]);
    expect(page?.seen[0]).not.toHaveProperty('fields.contacts');
  });
});

describe('the accounts of a contact', () => {
  const asked = asking('LastName', 'AccountId', 'companies');
  const update = (id: string, fields: Update['fields'], seen: Update['fields']): Update => ({
    verb: 'update',
    id,
    ifVersion: null,
    fields,
    seen,
  });

  test('are a field only where the org has them', async () => {
    const named = async (multipleAccounts: boolean) =>
      (await (await openStage({ multipleAccounts })).contact.fields('all')).map(({ name }) => name);
    expect([(await named(false)).includes('companies'), (await named(true)).includes('companies')]).toEqual([false, true]);
  });

  test('come with its own one, are related and let go, and follow its own account by themselves', async () => {
    const { contact, hand, write, wind } = await openStage({ multipleAccounts: true });
    const { Id: id, AccountId } = must(hand.all('Contact')[0], 'a contact');
    const own = String(AccountId);
    const [first = '', second = ''] = hand
      .all('Account')
      .map((one) => one.Id)
      .filter((one) => one !== own);
    const seen = async () => {
      const [one] = await contact.read.byIds([id], asked);
      return one?.kind === 'present' ? one.fields.companies : null;
    };
    const cursor = cursorOf(await readAll(contact, null, asked));
    wind(60 * minuteMs);
    expect(await seen()).toEqual([own]);
    expect(await write.apply([update(id, { companies: [own, first].sort() }, { companies: [own] })], asked)).toMatchObject([
      { done: true },
    ]);
    expect(await seen()).toEqual([own, first].sort());
    const changed = seenIn(await readAll(contact, cursor, asked)).filter((one) => one.id === id);
    expect(changed.at(-1)).toMatchObject({ fields: { companies: [own, first].sort() } });
    // Its own one goes with its own field: alone it is refused, with the field it follows.
    const alone = await write.apply([update(id, { companies: [first] }, { companies: [own, first].sort() })], asked);
    expect(alone).toMatchObject([{ done: false, error: { kind: 'record_rejected', fields: ['companies'] } }]);
    const moved = update(id, { AccountId: second, companies: [first, second].sort() }, { companies: [own, first].sort() });
    expect(await write.apply([moved], asked)).toMatchObject([{ done: true }]);
    expect(await seen()).toEqual([first, second].sort());
    await write.apply([update(id, { companies: [second] }, { companies: [first, second].sort() })], asked);
    expect(await seen()).toEqual([second]);
  });
});
