import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { mergeRecords } from '../../src/sync/merging/merge-records.ts';
import { unmerge } from '../../src/sync/merging/unmerge.ts';
import { decide, setFields } from '../../src/sync/steward/steward.ts';
import { inTransaction } from '../../src/sync/transaction.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** Ada twice in both systems, and one in the hub since a merge. */
async function merged(hub: Hub) {
  const world = await openWorld(hub);
  const one = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'King' });
  world.later(2);
  // Hers is the newer address, which HubSpot does not give to the other one as long as she has it.
  const two = world.hs.contacts.add({ email: 'ada@work.example', firstname: 'Ada', lastname: 'Lovelace' });
  await world.settle();
  const [winnerId, loserId] = [
    must(await world.record('ada@example.com'), 'one').id,
    must(await world.record('ada@work.example'), 'two').id,
  ];
  const done = await inTransaction(hub, (tx) => mergeRecords(world.engine, tx, { winnerId, loserId, cause: 'steward', actor: 'kim' }));
  if ('refused' in done) throw new Error(done.refused);
  await world.settle();
  return { world, one, two, winnerId, loserId, mergingId: done.mergingId };
}
const holdIn = async (world: World, system: string) =>
  must(
    (await world.holds()).find((hold) => hold.kind === 'merge' && hold.connection === system),
    `the hold of ${system}`,
  ).id;
const proposals = async (world: World) => (await world.holds()).filter((hold) => hold.kind === 'merge').map((hold) => hold.connection);

test('a released merge is done once over there, and the hub goes by the new id', async ({ hub }) => {
  const { world, one, two, winnerId } = await merged(hub);
  await using _ = world;
  expect(await decide(world.engine, await holdIn(world, 'hubspot'), { merge: true }, 'kim')).toBe('decided');
  expect(world.hs.contacts.all()).toHaveLength(2);
  await world.settle();
  const [left, ...others] = world.hs.contacts.all();
  expect(others).toEqual([]);
  const id = must(left, 'who is left').id;
  expect([one, two]).not.toContain(id);
  expect((await world.links(winnerId)).find((link) => link.connection === 'hubspot')).toMatchObject({ remoteId: id, state: 'in_sync' });
  const { rows: aliases } = await sql<{
    alias_id: string;
    remote_id: string;
  }>`select alias_id, remote_id from alias order by alias_id`.execute(hub);
  expect(aliases).toEqual([one, two].sort().map((alias_id) => ({ alias_id, remote_id: id })));
  const { rows } = await sql`select verb, remote_id from delivery where verb = 'merge'`.execute(hub);
  expect(rows).toEqual([{ verb: 'merge', remote_id: two }]);
  expect(await proposals(world)).toEqual(['salesforce']);
  const closed = await hub
    .selectFrom('hold')
    .select(['closed_by', 'decision'])
    .where('kind', '=', 'merge')
    .where('closed_at', 'is not', null)
    .execute();
  expect(closed).toEqual([{ closed_by: 'kim', decision: { merge: true, into: id } }]);
  expect(await world.settle()).toBe(0);
});

test('an answer that never came is asked for again, and does no harm', async ({ hub }) => {
  const { world, two } = await merged(hub);
  await using _ = world;
  await decide(world.engine, await holdIn(world, 'hubspot'), { merge: true }, 'kim');
  world.sandbox('hubspot').fail({ on: 'POST /crm/*/contacts/merge', lose: 'after', times: 1 });
  for (let round = 0; round < 4 && world.hs.contacts.all().length > 1; round += 1) {
    await world.cycle();
    await world.age(600);
  }
  await world.settle();
  expect(world.hs.contacts.all()).toHaveLength(1);
  expect(await proposals(world)).toEqual(['salesforce']);
  const { rows } = await sql`select remote_id from delivery where verb = 'merge'`.execute(hub);
  expect(rows).toEqual([{ remote_id: two }]);
  expect(await world.settle()).toBe(0);
});

test('where the vendor lets nobody merge, a sentence says to do it there, and the hub follows', async ({ hub }) => {
  const { world, loserId } = await merged(hub);
  await using _ = world;
  const hold = await holdIn(world, 'salesforce');
  expect(await decide(world.engine, hold, { merge: true }, 'kim')).toEqual({
    refused: expect.stringMatching(/salesforce does not let others merge/),
  });
  expect(await proposals(world)).toEqual(['hubspot', 'salesforce']);
  const { rows } = await sql<{ remote_id: string }>`select remote_id from hold where id = ${hold}`.execute(hub);
  const kept = must(
    world.sf.all('Contact').find((row) => row.Id !== rows[0]?.remote_id),
    'the one that stays',
  );
  world.later(2);
  world.sf.merge(String(kept.Id), [must(rows[0], 'the hold').remote_id]);
  await world.settle();
  expect(await proposals(world)).toEqual(['hubspot']);
  expect((await world.links(loserId)).find((link) => link.connection === 'salesforce')).toMatchObject({ state: 'gone' });
  expect(await world.settle()).toBe(0);
});

test('turned down, they stay two over there, and it is not proposed again', async ({ hub }) => {
  const { world } = await merged(hub);
  await using _ = world;
  expect(await decide(world.engine, await holdIn(world, 'hubspot'), { dismiss: true }, 'kim')).toBe('decided');
  await world.settle();
  expect(await proposals(world)).toEqual(['salesforce']);
  expect(world.hs.contacts.all()).toHaveLength(2);
  expect(await world.settle()).toBe(0);
});

test('parted after it was merged over there as well, the loser is to be made there anew, or a person hears why it cannot be', async ({
  hub,
}) => {
  const { world, mergingId, loserId, winnerId } = await merged(hub);
  await using _ = world;
  await decide(world.engine, await holdIn(world, 'hubspot'), { merge: true }, 'kim');
  await world.settle();
  expect(await unmerge(world.engine, mergingId, 'kim')).toBe('unmerged');
  await world.settle();
  const linkOf = async (id: string) =>
    must(
      (await world.links(id)).find((one) => one.connection === 'hubspot'),
      'the link',
    );
  const one = must((await linkOf(winnerId)).remoteId, 'the merged record');
  // HubSpot keeps both addresses on the merged contact, so it makes no second one with either.
  expect(await linkOf(loserId)).toMatchObject({ state: 'held', remoteId: null, reason: expect.stringContaining(`has this as ${one}`) });
  world.later(2);
  expect(await setFields(world.engine, loserId, { email: 'ada@new.example' }, 'kim')).toBe('changed');
  await world.settle();
  const made = await linkOf(loserId);
  expect(made).toMatchObject({ state: 'in_sync' });
  expect(world.hs.contacts.get(String(made.remoteId))?.properties).toMatchObject({ lastname: 'Lovelace', email: 'ada@new.example' });
  expect(world.hs.contacts.get(one)?.properties).toMatchObject({ lastname: 'King' });
  expect(await world.settle()).toBe(0);
});

const shownIn = async (world: World, id: string) => {
  const { detail, reason } = await world.hub.selectFrom('hold').select(['detail', 'reason']).where('id', '=', id).executeTakeFirstOrThrow();
  return { isReleased: 'releasedBy' in detail, reason, fields: (detail.fields as readonly { field: string }[]).map(({ field }) => field) };
};

test('what would be lost and was not shown is shown before it can be released', async ({ hub }) => {
  const { world, two } = await merged(hub);
  await using _ = world;
  const id = await holdIn(world, 'hubspot');
  world.hs.contacts.edit(two, { jobtitle: 'Countess' });
  await world.settle();
  expect((await shownIn(world, id)).fields).not.toContain('job_title');
  const refused = { refused: 'Job title changed since this was shown. Look at it as it is now, and decide again.' };
  expect(await decide(world.engine, id, { merge: true }, 'kim')).toEqual(refused);
  expect(await shownIn(world, id)).toMatchObject({ isReleased: false, fields: expect.arrayContaining(['job_title']) });
  expect(await decide(world.engine, id, { merge: true }, 'kim')).toBe('decided');
  await world.settle();
  expect(world.hs.contacts.all()).toHaveLength(1);
});

test('what somebody types there after the release is asked about once more', async ({ hub }) => {
  const { world, two } = await merged(hub);
  await using _ = world;
  const id = await holdIn(world, 'hubspot');
  expect(await decide(world.engine, id, { merge: true }, 'kim')).toBe('decided');
  world.hs.contacts.edit(two, { jobtitle: 'Countess' });
  await world.settle();
  expect(world.hs.contacts.all()).toHaveLength(2);
  expect(await shownIn(world, id)).toMatchObject({
    isReleased: false,
    reason: expect.stringContaining('Job title changed'),
    fields: expect.arrayContaining(['job_title']),
  });
});
