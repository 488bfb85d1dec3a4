import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { decide, setFields } from '../../src/sync/steward/steward.ts';
import { test } from '../support/database.ts';
import { openWorld, remapLine, type World } from './world.ts';

type Automated = { readonly world: World; readonly hs: string; readonly sf: string; readonly id: string };

/** Ada in both systems, in step. */
async function withAda(world: World): Promise<Automated> {
  const hs = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace', jobtitle: 'Countess' });
  await world.settle();
  const [there] = world.inSalesforce('Email', 'ada@example.com');
  const record = await world.record('ada@example.com');
  return { world, hs, sf: String(there?.Id), id: record?.id ?? '' };
}

const titleInHubspot = ({ world, hs }: Automated) => world.hs.contacts.get(hs)?.properties.jobtitle;
const titleInSalesforce = ({ world, sf }: Automated) => world.sf.get(sf).Title;

/** Two automations, each of which spells the title its own way whenever it is spelt otherwise. */
async function fight(ada: Automated, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    ada.world.later(5);
    if (titleInSalesforce(ada) !== 'COUNTESS') ada.world.sf.edit(ada.sf, { Title: 'COUNTESS' });
    await ada.world.cycle();
    ada.world.later(5);
    if (titleInHubspot(ada) !== 'countess') ada.world.hs.contacts.edit(ada.hs, { jobtitle: 'countess' });
    await ada.world.cycle();
  }
}

type FlipHold = {
  id: string;
  field: string;
  reason: string;
  detail: { times: number; writers: readonly { system: string; value: unknown }[] };
};
const flips = async ({ hub }: World): Promise<readonly FlipHold[]> =>
  (await sql<FlipHold>`select id, field, reason, detail from hold where kind = 'flip' and closed_at is null`.execute(hub)).rows;
const lines = async ({ hub }: World): Promise<number> =>
  Number((await sql<{ n: string }>`select count(*) as n from change`.execute(hub)).rows[0]?.n);

describe('two systems that each put their own value back', () => {
  test('freeze that field of that record, which names both, and everything else flows', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    await fight(ada, 4);
    const [flip, ...others] = await flips(world);
    expect([flip?.field, others]).toEqual(['job_title', []]);
    expect(flip?.reason).toMatch(/hubspot.*salesforce|salesforce.*hubspot/);
    expect(flip?.detail.writers.map(({ value }) => value).sort()).toEqual(['COUNTESS', 'countess']);
    const [title, before] = [(await world.record('ada@example.com'))?.fields.job_title, await lines(world)];
    await fight(ada, 2);
    expect([(await world.record('ada@example.com'))?.fields.job_title, await lines(world)]).toEqual([title, before]);
    expect((await world.links(ada.id)).map(({ state }) => state)).toEqual(['held', 'held']);
    world.hs.contacts.edit(ada.hs, { city: 'London' });
    await world.settle();
    expect(world.inSalesforce('MailingCity', 'London')).toHaveLength(1);
  });

  test('flow again once released, and are counted afresh', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    await fight(ada, 4);
    const [flip] = await flips(world);
    expect(await decide(world.engine, flip?.id ?? '', { release: true }, 'operator:kim')).toBe('decided');
    await world.settle();
    expect(await flips(world)).toEqual([]);
    expect(titleInHubspot(ada)).toBe(titleInSalesforce(ada));
    expect((await world.links(ada.id)).map(({ state }) => state)).toEqual(['in_sync', 'in_sync']);
    await fight(ada, 2);
    expect(await flips(world)).toEqual([]);
    await fight(ada, 3);
    expect(await flips(world)).toHaveLength(1);
  });

  test('take the value that a person chooses', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    await fight(ada, 4);
    const [flip] = await flips(world);
    expect(await decide(world.engine, flip?.id ?? '', { value: 'Countess of Lovelace' }, 'operator:kim')).toBe('decided');
    await world.settle();
    expect([titleInHubspot(ada), titleInSalesforce(ada)]).toEqual(['Countess of Lovelace', 'Countess of Lovelace']);
    expect(await world.settle()).toBe(0);
  });

  test('take what the hub holds when that is to be kept', async ({ hub }) => {
    await using world = await openWorld(hub);
    const ada = await withAda(world);
    await fight(ada, 4);
    const title = (await world.record('ada@example.com'))?.fields.job_title;
    const [flip] = await flips(world);
    expect(await decide(world.engine, flip?.id ?? '', { keep: true }, 'operator:kim')).toBe('decided');
    await world.settle();
    expect([titleInHubspot(ada), titleInSalesforce(ada)]).toEqual([title, title]);
  });
});

test('a system that rewrites each value it is given is frozen, though the rule is the hub’s', async ({ hub }) => {
  await using world = await openWorld(hub, { remap: remapLine('job_title', { rule: { kind: 'hub' } }) });
  const ada = await withAda(world);
  for (let round = 0; round < 5; round += 1) {
    world.later(5);
    world.hs.contacts.edit(ada.hs, { jobtitle: `set by workflow, run ${round}` });
    await world.cycle();
  }
  const [flip] = await flips(world);
  expect(flip?.field).toBe('job_title');
  expect(flip?.detail.writers.map(({ system }) => system)).toEqual(['hubspot', 'Syncline']);
});

test('persons who correct each other twice are left alone', async ({ hub }) => {
  await using world = await openWorld(hub);
  const ada = await withAda(world);
  await fight(ada, 2);
  expect(await flips(world)).toEqual([]);
  for (const title of ['Clerk', 'Head', 'Clerk', 'Head', 'Clerk', 'Head', 'Clerk', 'Head']) {
    world.hs.contacts.edit(ada.hs, { jobtitle: title });
    await world.cycle();
  }
  expect(await setFields(world.engine, ada.id, { job_title: 'Clerk' }, 'kim')).toBe('changed');
  await world.settle();
  expect(await flips(world)).toEqual([]);
});
