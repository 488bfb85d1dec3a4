import { expect } from 'vitest';
import { must } from '../../src/kernel/must.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { between, chance, pick, randomFrom, seedOf } from '../../src/sandbox/random.ts';
import { test } from '../support/database.ts';
import { hostile } from '../support/hostile.ts';
import { openWorld, type World } from './world.ts';

const ROUNDS = 14;
const WRITES = [
  'POST *batch/create',
  'POST *batch/update',
  'POST *batch/upsert',
  'PATCH *composite/sobjects*',
  'POST *composite/sobjects*',
] as const;
const READS = ['GET *query*', 'POST *search', 'POST *batch/read', 'GET *objects/contacts'] as const;

function badLuck(random: () => number): Fault {
  const on = pick(random, chance(random, 0.7) ? WRITES : READS);
  const how = pick(random, [
    { lose: 'after' },
    { lose: 'after' },
    { lose: 'before' },
    { answer: 429, headers: { 'retry-after': '1' } },
    { answer: 503 },
  ] as const);
  return { on, times: between(random, 1, 2), skip: between(random, 0, 1), ...how };
}

/** Somebody comes, or a field of somebody is edited, in one system or the other. Every value is new. */
function happen(world: World, random: () => number, nth: number): void {
  const inHubspot = chance(random, 0.5);
  const email = chance(random, 0.7) ? `p${nth}@example.com` : null;
  const mobile = `+1 212 555 ${String(1_000 + nth).slice(-4)}`;
  if (chance(random, 0.3) || world.hs.contacts.all().length === 0 || world.sf.all('Contact').length === 0) {
    if (inHubspot)
      world.hs.contacts.add({
        firstname: `First ${nth}`,
        lastname: `Last ${nth}`,
        mobilephone: mobile,
        ...(email === null ? {} : { email }),
      });
    else
      world.sf.create('Contact', {
        FirstName: `First ${nth}`,
        LastName: `Last ${nth}`,
        MobilePhone: mobile,
        ...(email === null ? {} : { Email: email }),
      });
    return;
  }
  const value = chance(random, 0.15) ? '' : `V${nth}`;
  if (inHubspot)
    world.hs.contacts.edit(pick(random, world.hs.contacts.all()).id, { [pick(random, ['jobtitle', 'city', 'address'])]: value });
  else
    world.sf.edit(pick(random, world.sf.all('Contact')).Id, {
      [pick(random, ['Title', 'MailingCity', 'MailingStreet'])]: value === '' ? null : value,
    });
}

test.for([
  { seed: 1, uniqueId: true, isHostile: false },
  { seed: 2, uniqueId: false, isHostile: false },
  { seed: 3, uniqueId: true, isHostile: false },
  { seed: 4, uniqueId: false, isHostile: false },
  { seed: 5, uniqueId: true, isHostile: true },
  { seed: 6, uniqueId: false, isHostile: true },
])(
  'bad weather, seed $seed, unique id fields $uniqueId, hostile connectors $isHostile: when it clears both sides agree, nobody is there twice, no value is missing',
  { timeout: 60_000 },
  async ({ seed, uniqueId, isHostile }, { hub }) => {
    const random = randomFrom(seed);
    let isClear = false;
    const mood = { random: randomFrom(seedOf(seed, 'temper')), fails: () => !isClear };
    await using world = await openWorld(hub, {
      switches: { hubspot: { uniqueId }, salesforce: { uniqueId } },
      ...(isHostile ? { around: (connector) => hostile(connector, mood) } : {}),
    });
    let nth = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let times = between(random, 1, 6); times > 0; times -= 1) {
        world.later(1);
        nth += 1;
        happen(world, random, nth);
      }
      world.sandbox(pick(random, ['hubspot', 'salesforce'])).fail(badLuck(random));
      await world.cycle();
      if (chance(random, 0.5)) await world.age(60);
    }
    isClear = true;
    // What is still scripted is used up.
    for (let times = 0; times < 12; times += 1) {
      await world.age(60);
      await world.cycle();
    }
    await world.age(60);
    await world.settle();
    const there = world.sf.all('Contact').filter((row) => !row.IsDeleted);
    expect(await world.summary()).toMatchObject({
      people: { hub: there.length, hubspot: there.length, salesforce: there.length },
      differing: 0,
      duplicates: 0,
      holds: 0,
    });
    for (const row of there) {
      const [twin, ...more] = world.inHubspot('lastname', String(row.LastName));
      expect(more).toEqual([]);
      const { jobtitle, city, address, email, mobilephone } = must(twin, `${String(row.LastName)} in HubSpot`).properties;
      expect([jobtitle, city, address, email, mobilephone].map((value) => value ?? null)).toEqual([
        row.Title,
        row.MailingCity,
        row.MailingStreet,
        row.Email,
        row.MobilePhone,
      ]);
    }
    expect(new Set(there.map((row) => row.LastName)).size).toBe(there.length);
    expect(await world.settle()).toBe(0);
  },
);
