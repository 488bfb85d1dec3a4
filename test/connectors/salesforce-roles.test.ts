import { afterEach, describe, expect, test } from 'vitest';
import type { AnyPort } from '../../src/contract/connector.ts';
import { must } from '../../src/kernel/must.ts';
import { ask as asking, closeOrgs, isQuery, openOrg, all as readPages, rows } from './salesforce-org.ts';
import { closeStages, cursorOf, minuteMs, openStage, readAll, seenIn } from './salesforce-stage.ts';

afterEach(closeStages);
afterEach(closeOrgs);

const ask = asking('Name', 'contacts');

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
  test('come with their roles, in a first load, a delta, and by id, and are read-only', async () => {
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
    expect(field).toMatchObject({ type: 'references', writable: false });
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
