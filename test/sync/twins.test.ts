import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { unmerge } from '../../src/sync/merging/unmerge.ts';
import { decide, setFields } from '../../src/sync/steward/steward.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const merging =
  (merges: boolean) =>
  (mappings: Mappings): Mappings => ({
    ...mappings,
    byStream: new Map(
      [...mappings.byStream].map(([key, mapping]) => [
        key,
        mapping.kind === 'entity' ? { ...mapping, match: mapping.match.map((rule) => ({ ...rule, merges })) } : mapping,
      ]),
    ),
  });

/** Ada and a second record of her, which has another address. */
async function two(hub: Hub, { merges, first = 'Ada' }: { merges: boolean; first?: string }) {
  const world = await openWorld(hub, { remap: merging(merges) });
  const hsId = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  world.later(2);
  const sfId = world.sf.create('Contact', {
    FirstName: first,
    LastName: first === 'Ada' ? 'Lovelace' : 'Hopper',
    Email: 'typo@example.com',
  });
  await world.settle();
  const [older, younger] = [
    must(await world.record('ada@example.com'), 'Ada').id,
    must(await world.record('typo@example.com'), 'her twin').id,
  ];
  world.later(2);
  return { world, hsId, sfId, older, younger };
}
const mergings = (world: World) => world.hub.selectFrom('merging').select(['id', 'winner_id', 'loser_id', 'cause', 'undone_at']).execute();
const asked = (world: World) =>
  world.hub
    .selectFrom('hold')
    .select(['id', 'record_id', 'reason', 'detail'])
    .where('kind', '=', 'merge')
    .where('connection_id', 'is', null)
    .where('closed_at', 'is', null)
    .execute();
/** The second record turns out to have the address of the first. HubSpot's own copy of it goes first, or HubSpot would refuse the address. */
async function agree(world: World, younger: string): Promise<void> {
  await setFields(world.engine, younger, { email: 'ADA@example.com' }, 'kim');
}

describe('two records come to have the same e-mail address', () => {
  test('by a rule that merges they become one, under the id of the older, and it can be taken back for good', async ({ hub }) => {
    const { world, older, younger } = await two(hub, { merges: true });
    await using _ = world;
    await agree(world, younger);
    const [done, ...others] = await mergings(world);
    expect(others).toEqual([]);
    expect(done).toMatchObject({ winner_id: older, loser_id: younger, cause: 'rule' });
    await world.settle();
    expect(await unmerge(world.engine, must(done, 'the merge').id, 'kim')).toBe('unmerged');
    await world.settle();
    await setFields(world.engine, younger, { email: 'else@example.com' }, 'kim');
    await setFields(world.engine, younger, { email: 'ada@example.com' }, 'kim');
    await world.settle();
    expect(await mergings(world)).toHaveLength(1);
    expect(await asked(world)).toEqual([]);
  });

  test('by a rule that does not, a person is asked once, and a yes merges them', async ({ hub }) => {
    const { world, older, younger, sfId } = await two(hub, { merges: false });
    await using _ = world;
    world.sf.edit(sfId, { Email: 'ada@example.com' });
    await world.settle();
    expect(await mergings(world)).toEqual([]);
    const [hold, ...others] = await asked(world);
    expect(others).toEqual([]);
    expect(hold).toMatchObject({
      record_id: older,
      reason: 'two records have come to have the same E-mail',
      detail: { records: [older, younger] },
    });
    await setFields(world.engine, younger, { email: 'away@example.com' }, 'kim');
    await setFields(world.engine, younger, { email: 'ada@example.com' }, 'kim');
    expect(await asked(world)).toHaveLength(1);
    expect(await decide(world.engine, must(hold, 'the hold').id, { merge: true }, 'kim')).toBe('decided');
    expect(await mergings(world)).toMatchObject([{ winner_id: older, loser_id: younger, cause: 'steward' }]);
    expect(await asked(world)).toEqual([]);
    const closed = await hub
      .selectFrom('hold')
      .select(['closed_by', 'decision'])
      .where('id', '=', must(hold, 'the hold').id)
      .executeTakeFirst();
    expect(closed).toMatchObject({ closed_by: 'kim', decision: { merge: true } });
    await world.settle();
  });

  test('a rule that merges asks where nothing else agrees', async ({ hub }) => {
    const { world, younger } = await two(hub, { merges: true, first: 'Grace' });
    await using _ = world;
    await agree(world, younger);
    expect(await mergings(world)).toEqual([]);
    expect(await asked(world)).toMatchObject([{ reason: 'two records have the same E-mail, but nothing else agrees' }]);
  });

  test('said to be two, they are left alone for good', async ({ hub }) => {
    const { world, younger } = await two(hub, { merges: false });
    await using _ = world;
    await agree(world, younger);
    const [hold] = await asked(world);
    expect(await decide(world.engine, must(hold, 'the hold').id, { dismiss: true }, 'kim')).toBe('decided');
    await setFields(world.engine, younger, { email: 'away@example.com' }, 'kim');
    await setFields(world.engine, younger, { email: 'ada@example.com' }, 'kim');
    expect([await asked(world), await mergings(world)]).toEqual([[], []]);
  });

  test('a question about a record that is merged meanwhile is about the one that it lives on in', async ({ hub }) => {
    const { world, older, younger } = await two(hub, { merges: false });
    await using _ = world;
    await agree(world, younger);
    world.sf.create('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: 'third@example.com' });
    await world.settle();
    const third = must(await world.record('third@example.com'), 'the third').id;
    await setFields(world.engine, third, { email: 'ada@example.com' }, 'kim');
    expect(await asked(world)).toHaveLength(3);
    const pair = must(
      (await asked(world)).find((hold) => String(hold.detail.records) === [older, younger].join(',')),
      'the first question',
    );
    expect(await decide(world.engine, pair.id, { merge: true }, 'kim')).toBe('decided');
    expect((await asked(world)).map((hold) => [...(hold.detail.records as string[])].sort())).toEqual([[older, third].sort()]);
  });
});

test('whoever a stranger was taken for is made there, once the two agree no more, whichever of them was filed first', async ({ hub }) => {
  await using world = await openWorld(hub);
  for (const [name, first, other] of [
    ['ada', 'Ada', 'Grace'],
    ['bea', 'Bea', 'Cleo'],
  ] as const) {
    world.hs.contacts.add({ email: `${name}@example.com`, firstname: first, lastname: 'Lovelace' });
    world.sf.create('Contact', { FirstName: other, LastName: 'Hopper', Email: `${name}@example.com` });
  }
  await world.settle();
  expect(await world.holds()).toHaveLength(2);
  const [grace] = world.inSalesforce('Email', 'ada@example.com');
  expect(grace?.FirstName).toBe('Grace');
  world.sf.edit(String(grace?.Id), { Email: 'bea@example.com' });
  await world.settle();
  expect(world.inSalesforce('Email', 'ada@example.com').map((row) => row.FirstName)).toEqual(['Ada']);
  const ada = must(await world.record('ada@example.com'), 'the record of Ada').id;
  const { rows } = await sql`select 1 from hold where closed_at is null and detail -> 'candidates' ? ${ada}`.execute(hub);
  expect(rows).toEqual([]);
  expect(await world.settle()).toBe(0);
});
