import { describe, expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** Ada, in Salesforce, and by way of the hub in HubSpot. */
async function withAda(world: World): Promise<{ sfId: string; hsId: string }> {
  const sfId = world.sf.create('Contact', {
    FirstName: 'Ada',
    LastName: 'Lovelace',
    Email: 'ada@example.com',
    Phone: '+1 212 555 0100',
    Title: 'Analyst',
  });
  await world.settle();
  const [there] = world.inHubspot('email', 'ada@example.com');
  return { sfId, hsId: must(there, 'Ada in HubSpot').id };
}

const titleIn = (world: World, ada: { sfId: string; hsId: string }) => ({
  hubspot: world.hs.contacts.get(ada.hsId)?.properties.jobtitle,
  salesforce: world.sf.get(ada.sfId).Title,
});

describe('an edit', () => {
  test('of somebody new in either CRM is made in the other, once', async ({ hub }) => {
    await using world = await openWorld(hub);
    await withAda(world);
    world.hs.contacts.add({ email: 'bea@example.com', firstname: 'Bea', lastname: 'Byron', phone: '+1 212 555 0101' });
    await world.settle();
    expect(world.inSalesforce('Email', 'bea@example.com')).toEqual([
      expect.objectContaining({ FirstName: 'Bea', LastName: 'Byron', Phone: '+1 212 555 0101' }),
    ]);
    expect(world.inHubspot('email', 'ada@example.com')).toHaveLength(1);
    expect(await world.summary()).toMatchObject({ people: { hub: 2, hubspot: 2, salesforce: 2 }, differing: 0, duplicates: 0, holds: 0 });
  });

  test('in one CRM arrives in the other, also a cleared field', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hsId, { jobtitle: 'Mathematician' });
    await world.settle();
    expect(world.sf.get(ada.sfId).Title).toBe('Mathematician');
    world.sf.edit(ada.sfId, { Title: 'Countess' });
    await world.settle();
    expect(world.hs.contacts.get(ada.hsId)?.properties.jobtitle).toBe('Countess');
    world.sf.edit(ada.sfId, { Title: null });
    await world.settle();
    expect(titleIn(world, ada)).toEqual({ hubspot: undefined, salesforce: null });
  });

  test('and its opposite before the next look are seen: what was put back stays put back', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hsId, { jobtitle: 'Mathematician' });
    await world.cycle();
    expect(world.sf.get(ada.sfId).Title).toBe('Mathematician');
    world.later(2);
    world.sf.edit(ada.sfId, { Title: 'Analyst' });
    await world.settle();
    expect(titleIn(world, ada)).toEqual({ hubspot: 'Analyst', salesforce: 'Analyst' });
  });

  test('of both at once: the newest wins, and the other stands in a conflict', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.sf.edit(ada.sfId, { Title: 'Older' });
    world.later(2);
    world.hs.contacts.edit(ada.hsId, { jobtitle: 'Newer' });
    await world.settle();
    expect(titleIn(world, ada)).toEqual({ hubspot: 'Newer', salesforce: 'Newer' });
    const conflicts = (await world.changes()).filter((change) => change.conflict);
    expect(conflicts).toEqual([
      expect.objectContaining({
        fields: expect.objectContaining({
          job_title: expect.objectContaining({ new: 'Newer', lost: expect.objectContaining({ value: 'Older' }) }),
        }),
      }),
    ]);
  });

  test('of different fields at once: both stand, and nobody lost', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.sf.edit(ada.sfId, { Title: 'Countess' });
    world.hs.contacts.edit(ada.hsId, { city: 'London' });
    await world.settle();
    expect(world.sf.get(ada.sfId)).toMatchObject({ Title: 'Countess', MailingCity: 'London' });
    expect(world.hs.contacts.get(ada.hsId)?.properties).toMatchObject({ jobtitle: 'Countess', city: 'London' });
    expect((await world.changes()).filter((change) => change.conflict)).toEqual([]);
  });
});

describe('what one side refuses', () => {
  test('is held with the vendor’s reason, and the others are written', async ({ hub }) => {
    await using world = await openWorld(hub);
    world.sf.forbid('Contact', (row) => (row.Title === 'Forbidden' ? 'Nobody is called that here' : null));
    for (const [name, title] of [
      ['a', 'Fine'],
      ['b', 'Forbidden'],
      ['c', 'Fine too'],
    ])
      world.hs.contacts.add({ email: `${name}@example.com`, lastname: `Last ${name}`, jobtitle: title ?? '' });
    await world.settle();
    expect(
      world.sf
        .all('Contact')
        .map((row) => row.Email)
        .sort(),
    ).toEqual(['a@example.com', 'c@example.com']);
    expect(await world.holds()).toEqual([
      expect.objectContaining({ connection: 'salesforce', reason: expect.stringContaining('Nobody is called that here') }),
    ]);
    const [refused] = world.inHubspot('email', 'b@example.com');
    world.hs.contacts.edit(must(refused, 'b').id, { jobtitle: 'Allowed' });
    await world.settle();
    expect(world.inSalesforce('Email', 'b@example.com')).toHaveLength(1);
    expect(await world.holds()).toEqual([]);
  });

  test('too long a value, or an option that is not there, holds that field alone', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.hs.contacts.edit(ada.hsId, { firstname: 'A'.repeat(41), jobtitle: 'Countess' });
    world.sf.edit(ada.sfId, { Lifecycle_Stage__c: 'Customer' });
    await world.settle();
    expect(world.sf.get(ada.sfId)).toMatchObject({ FirstName: 'Ada', Title: 'Countess' });
    expect(world.hs.contacts.get(ada.hsId)?.properties.lifecyclestage).toBe('customer');
    expect(await world.holds()).toEqual([
      expect.objectContaining({
        kind: 'refused_field',
        connection: 'salesforce',
        field: 'first_name',
        reason: expect.stringMatching(/at most 40 characters/),
      }),
    ]);
  });

  test('somebody without a name that the other side requires waits with the reason, and goes when it is there', async ({ hub }) => {
    await using world = await openWorld(hub);
    const id = world.hs.contacts.add({ email: 'nameless@example.com' });
    await world.settle();
    expect(world.inSalesforce('Email', 'nameless@example.com')).toEqual([]);
    expect(await world.holds()).toEqual([
      expect.objectContaining({ kind: 'refused_record', reason: expect.stringContaining('requires Last Name') }),
    ]);
    world.hs.contacts.edit(id, { lastname: 'Named' });
    await world.settle();
    expect(world.inSalesforce('Email', 'nameless@example.com')).toHaveLength(1);
    expect(await world.holds()).toEqual([]);
  });
});

describe('a delete', () => {
  test('in Salesforce ends the link and is never undone by us, whatever is edited later', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.sf.remove(ada.sfId);
    await world.settle();
    world.hs.contacts.edit(ada.hsId, { jobtitle: 'Still here' });
    await world.settle();
    expect(world.sf.all('Contact').filter((row) => !row.IsDeleted)).toEqual([]);
    const record = must(await world.record('ada@example.com'), 'the record');
    expect(await world.links(record.id)).toEqual([
      expect.objectContaining({ connection: 'hubspot', state: 'in_sync' }),
      expect.objectContaining({ connection: 'salesforce', state: 'gone' }),
    ]);
    expect(world.hs.contacts.get(ada.hsId)?.archived).toBe(false);
  });

  test('that is taken back takes part again, with what happened meanwhile', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.sf.remove(ada.sfId);
    await world.settle();
    world.hs.contacts.edit(ada.hsId, { jobtitle: 'Meanwhile' });
    await world.settle();
    world.sf.undelete(ada.sfId);
    await world.settle();
    expect(titleIn(world, ada).hubspot).toBe(titleIn(world, ada).salesforce);
    expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0 });
  });

  test('between the look and the write is found, and nothing is made anew', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    world.hs.contacts.remove(ada.hsId);
    world.sf.edit(ada.sfId, { Title: 'Countess' });
    await world.settle();
    expect(world.hs.contacts.all()).toEqual([]);
    expect(world.sf.get(ada.sfId)).toMatchObject({ Title: 'Countess', IsDeleted: false });
  });
});

describe('somebody who is there twice', () => {
  test('waits for a person, and nothing is doubled', async ({ hub }) => {
    await using world = await openWorld(hub);
    for (const first of ['Ada', 'Ada A.']) world.sf.create('Contact', { FirstName: first, LastName: 'Lovelace', Email: 'ada@example.com' });
    await world.settle();
    expect(world.hs.contacts.all()).toHaveLength(1);
    expect(await world.holds()).toEqual([
      expect.objectContaining({ kind: 'ambiguous', reason: expect.stringContaining('two records with the same') }),
    ]);
    expect(await world.summary()).toMatchObject({ duplicates: 0 });
    expect(await world.settle()).toBe(0);
  });

  test('spelled differently in two systems is one', async ({ hub }) => {
    await using world = await openWorld(hub);
    world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'Ada@Example.com', Phone: '+1 212 555 0100' });
    world.hs.contacts.add({ email: 'ada@example.com', firstname: 'ada', lastname: 'Lovelace', phone: '(212) 555-0100' });
    await world.settle();
    expect(await world.summary()).toMatchObject({ people: { hub: 1, hubspot: 1, salesforce: 1 }, differing: 0 });
  });

  test('only the e-mail address is the same: a person decides', async ({ hub }) => {
    await using world = await openWorld(hub);
    world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'office@example.com' });
    world.hs.contacts.add({ email: 'office@example.com', firstname: 'Charles', lastname: 'Babbage' });
    await world.settle();
    expect(await world.holds()).toEqual([expect.objectContaining({ kind: 'ambiguous' })]);
    expect([world.hs.contacts.all().length, world.sf.all('Contact').length]).toEqual([1, 1]);
  });
});
