import { describe, expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Side = 'hubspot' | 'salesforce';
const CREATES: Readonly<Record<Side, readonly string[]>> = {
  hubspot: ['POST /crm/*/contacts/batch/create', 'POST /crm/*/contacts/batch/upsert'],
  salesforce: ['PATCH *composite/sobjects/Contact/Syncline_Id__c', 'POST *composite/sobjects'],
};
const UPDATES: Readonly<Record<Side, readonly string[]>> = {
  hubspot: ['POST /crm/*/contacts/batch/update'],
  salesforce: ['PATCH *composite/sobjects'],
};

type How = { readonly lose: 'before' | 'after' } | { readonly answer: number; readonly headers?: Readonly<Record<string, string>> };
const fail = (world: World, side: Side, on: readonly string[], how: How) =>
  world.sandbox(side).fail(...on.map((pattern): Fault => ({ on: pattern, times: 1, ...how })));

/** How many requests have met one of these patterns: a fault that never fired proves nothing. */
const met = (world: World, side: Side, on: readonly string[]): number =>
  [...world.sandbox(side).requests]
    .filter(([name]) => on.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)))
    .reduce((sum, [, count]) => sum + count, 0);

/** Somebody new in the CRM that is not `side`. */
function somebody(world: World, side: Side, nth: number, email: boolean): () => void {
  const address = `p${nth}@example.com`;
  const phone = `+1 212 555 01${String(nth).padStart(2, '0')}`;
  if (side === 'hubspot') {
    const id = world.sf.create('Contact', {
      FirstName: `First ${nth}`,
      LastName: `Last ${nth}`,
      MobilePhone: phone,
      ...(email ? { Email: address } : {}),
    });
    return () => world.sf.edit(id, { Title: `Edited ${nth}` });
  }
  const id = world.hs.contacts.add({
    firstname: `First ${nth}`,
    lastname: `Last ${nth}`,
    mobilephone: phone,
    ...(email ? { email: address } : {}),
  });
  return () => void world.hs.contacts.edit(id, { jobtitle: `Edited ${nth}` });
}

const titlesIn = (world: World, side: Side): readonly unknown[] =>
  side === 'hubspot'
    ? world.hs.contacts
        .all()
        .map(({ properties }) => properties.jobtitle ?? null)
        .toSorted()
    : world.sf
        .all('Contact')
        .filter((row) => !row.IsDeleted)
        .map((row) => row.Title)
        .toSorted();

const CASES = (['hubspot', 'salesforce'] as const).flatMap((side) =>
  [true, false].flatMap((uniqueId) => [true, false].map((email) => ({ side, uniqueId, email }))),
);

// What Salesforce has made and people have deleted is found in its bin, so only HubSpot makes it again.
test.for(CASES.filter(({ side }) => side === 'hubspot'))(
  'creates in $side that were deleted before anybody found them, and are restored later, take nothing back: $uniqueId, $email',
  async ({ side, uniqueId, email }, { hub }) => {
    await using world = await openWorld(hub, { switches: { [side]: { uniqueId } } });
    const edit = somebody(world, side, 1, email);
    fail(world, side, CREATES[side], { lose: 'after' });
    await world.cycle();
    const [made] = world.hs.contacts.all();
    const id = must(made, 'what was made').id;
    world.hs.contacts.remove(id);
    await world.age(60);
    edit();
    fail(world, side, CREATES[side], { lose: 'before' });
    await world.cycle();
    expect(met(world, side, CREATES[side])).toBe(2);
    world.hs.contacts.restore(id);
    await world.age(60);
    await world.settle();
    expect(titlesIn(world, side)).toEqual(['Edited 1']);
    expect(titlesIn(world, 'salesforce')).toEqual(['Edited 1']);
    expect(await world.settle()).toBe(0);
  },
);

describe.for(CASES)('creates in $side, its unique id field there: $uniqueId, e-mail addresses: $email', ({ side, uniqueId, email }) => {
  test.for(['after', 'before'] as const)('whose answer is lost %s the work are made once', async (lose, { hub }) => {
    await using world = await openWorld(hub, { switches: { [side]: { uniqueId } } });
    const edits = [1, 2, 3].map((nth) => somebody(world, side, nth, email));
    fail(world, side, CREATES[side], { lose });
    await world.cycle();
    expect(met(world, side, CREATES[side])).toBe(1);
    // Life goes on before anybody knows what became of the creates.
    edits[0]?.();
    await world.cycle();
    await world.age(60);
    await world.settle();
    expect(titlesIn(world, side)).toEqual(['Edited 1', null, null]);
    expect(await world.summary()).toMatchObject({ people: { hub: 3, hubspot: 3, salesforce: 3 }, differing: 0, duplicates: 0, holds: 0 });
    expect(await world.settle()).toBe(0);
  });
});

describe.for(['hubspot', 'salesforce'] as const)('updates in %s', (side) => {
  const withSomebody = async (world: World) => {
    const edit = somebody(world, side, 1, true);
    await world.settle();
    world.later(2);
    return edit;
  };
  const editThere = (world: World, title: string) => {
    if (side === 'hubspot') world.hs.contacts.edit(must(world.hs.contacts.all()[0], 'somebody').id, { jobtitle: title });
    else world.sf.edit(must(world.sf.all('Contact')[0], 'somebody').Id, { Title: title });
  };

  test.for<How>([
    { lose: 'after' },
    { lose: 'before' },
    { answer: 429, headers: { 'retry-after': '1' } },
    { answer: 503 },
    { answer: 500 },
    { answer: 401 },
  ])('that meet %o arrive, once the vendor answers again', async (how, { hub }) => {
    await using world = await openWorld(hub);
    const edit = await withSomebody(world);
    edit();
    fail(world, side, UPDATES[side], how);
    const before = met(world, side, UPDATES[side]);
    await world.cycle();
    expect(met(world, side, UPDATES[side])).toBeGreaterThan(before);
    await world.age(60);
    await world.settle();
    expect(titlesIn(world, side)).toEqual(['Edited 1']);
    expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0, holds: 0 });
    expect((await world.changes()).filter((change) => change.conflict)).toEqual([]);
    expect(await world.settle()).toBe(0);
  });

  test('whose answer is lost do not run over what somebody typed there since', async ({ hub }) => {
    await using world = await openWorld(hub);
    const edit = await withSomebody(world);
    edit();
    fail(world, side, UPDATES[side], { lose: 'after' });
    await world.cycle();
    world.later(2);
    editThere(world, 'Typed since');
    await world.age(60);
    await world.settle();
    expect([titlesIn(world, 'hubspot'), titlesIn(world, 'salesforce')]).toEqual([['Typed since'], ['Typed since']]);
  });
});

describe.for(['hubspot', 'salesforce'] as const)('a refusal in the middle of creates in %s', (side) => {
  test.for<How>([{ answer: 429, headers: { 'retry-after': '1' } }, { answer: 503 }, { answer: 401 }])(
    '%o: everybody is made once',
    async (how, { hub }) => {
      await using world = await openWorld(hub);
      for (const nth of [1, 2, 3]) somebody(world, side, nth, nth !== 2);
      fail(world, side, CREATES[side], how);
      await world.cycle();
      expect(met(world, side, CREATES[side])).toBeGreaterThan(0);
      await world.age(60);
      await world.settle();
      expect(await world.summary()).toMatchObject({ people: { hub: 3, hubspot: 3, salesforce: 3 }, differing: 0, duplicates: 0, holds: 0 });
    },
  );
});

test('a token that expires on the way is renewed, and nothing is missed', async ({ hub }) => {
  await using world = await openWorld(hub);
  somebody(world, 'hubspot', 1, true);
  await world.settle();
  world.sf.expireTokens();
  somebody(world, 'hubspot', 2, true);
  somebody(world, 'salesforce', 3, true);
  await world.settle();
  expect(await world.summary()).toMatchObject({ people: { hub: 3, hubspot: 3, salesforce: 3 }, differing: 0, duplicates: 0, holds: 0 });
});

test('a reading that breaks off in the middle is taken up again', async ({ hub }) => {
  await using world = await openWorld(hub, { switches: { salesforce: { pageSize: 200 } } });
  for (let nth = 0; nth < 90; nth += 1) somebody(world, 'hubspot', nth, true);
  world.sandbox('salesforce').fail({ on: 'GET *query*', skip: 1, times: 2, lose: 'before' });
  world.sandbox('hubspot').fail({ on: 'GET /crm/*/objects/contacts', times: 1, answer: 502 });
  await world.cycle();
  await world.age(60);
  await world.cycle();
  await world.age(60);
  await world.settle();
  expect(await world.summary()).toMatchObject({ people: { hub: 90, hubspot: 90, salesforce: 90 }, differing: 0, duplicates: 0, holds: 0 });
});
