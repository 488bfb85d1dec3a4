import { sql } from 'kysely';
import { expect } from 'vitest';
import { Refusal } from '../../connectors/salesforce/sandbox/refusal.ts';
import { MOST_TRIES, RETRY_WAITS_S } from '../../src/causes/retries.ts';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { actOnFailures } from '../../src/sync/failures/dead-letters.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Standing = {
  id: string;
  state: string;
  cause: string | null;
  reason: string | null;
  due: boolean;
  attempts: number;
  waitS: number;
  givenUp: boolean;
};

const standingOf = async (hub: Hub): Promise<Standing> => {
  const { rows } = await sql<Standing>`
    select l.id, l.state, l.cause, l.reason, l.due, l.attempts, l.given_up is not null as "givenUp",
      case when isfinite(l.not_before) then extract(epoch from l.not_before - now())::float8 else 0 end as "waitS"
    from link l join connection c on c.id = l.connection_id where c.name = 'salesforce' and l.object = 'contact' order by l.id`.execute(
    hub,
  );
  return must(rows[0], 'the link');
};

/** Somebody whom both CRMs hold, and whose record over there another process may keep to itself. */
async function withSomebody(world: World) {
  let busy = false;
  let tries = 0;
  world.sf.forbid('Contact', (row) => {
    if (!busy || row.LastName !== 'Busy') return null;
    tries += 1;
    throw new Refusal('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
  });
  const id = world.hs.contacts.add({ firstname: 'Bea', lastname: 'Busy', email: 'bea@acme.test' });
  await world.settle();
  const title = () => must(world.inSalesforce('LastName', 'Busy')[0], 'Bea').Title ?? null;
  const edit = async (jobtitle: string) => {
    world.later(2);
    world.hs.contacts.edit(id, { jobtitle });
    await world.cycle();
  };
  const lock = (now: boolean) => {
    busy = now;
  };
  const giveUp = async () => {
    for (let n = 0; n < MOST_TRIES; n += 1) {
      await world.age(0);
      await world.cycle();
    }
  };
  return { title, edit, giveUp, lock, tries: () => tries };
}

test('a write that fails waits as the schedule says, then is given up, and is never lost', async ({ hub }) => {
  await using world = await openWorld(hub);
  const bea = await withSomebody(world);
  bea.lock(true);
  await bea.edit('Pilot');
  for (const [n, waitS] of RETRY_WAITS_S.entries()) {
    const standing = await standingOf(hub);
    expect(standing).toMatchObject({ state: 'failing', cause: 'record_locked', due: true, attempts: n + 1, givenUp: false });
    expect(standing.waitS).toBeGreaterThan(waitS - 1);
    expect(standing.waitS).toBeLessThanOrEqual(waitS);
    await world.age(0);
    await world.cycle();
  }
  expect(await standingOf(hub)).toMatchObject({
    state: 'failing',
    cause: 'record_locked',
    due: false,
    attempts: MOST_TRIES,
    givenUp: true,
  });
  expect((await standingOf(hub)).reason).toContain(`failed ${MOST_TRIES} times in a row`);
  const { id, ...before } = { id: (await standingOf(hub)).id, tries: bea.tries() };
  bea.lock(false);
  // Looked at again for another reason, it stays what it is.
  await sql`update record set dirty = true`.execute(hub);
  expect(await world.settle()).toBe(0);
  expect([bea.title(), bea.tries()]).toEqual([null, before.tries]);
  expect(await actOnFailures(world.engine, { linkId: id }, 'retry', 'test')).toBe(1);
  await world.settle();
  expect(bea.title()).toBe('Pilot');
  expect(await standingOf(hub)).toMatchObject({ state: 'in_sync', cause: null, reason: null, attempts: 0, givenUp: false });
  expect(await world.summary()).toMatchObject({ differing: 0, duplicates: 0, holds: 0 });
});

test('what was given up is tried again by itself once the record wants another write', async ({ hub }) => {
  await using world = await openWorld(hub);
  const bea = await withSomebody(world);
  bea.lock(true);
  await bea.edit('Pilot');
  await bea.giveUp();
  expect(await standingOf(hub)).toMatchObject({ givenUp: true });
  bea.lock(false);
  await bea.edit('Captain');
  await world.settle();
  expect(bea.title()).toBe('Captain');
  expect(await standingOf(hub)).toMatchObject({ state: 'in_sync', cause: null, givenUp: false, attempts: 0 });
});

test('what is skipped is left alone until it changes, and is no longer counted as that failure', async ({ hub }) => {
  await using world = await openWorld(hub);
  const bea = await withSomebody(world);
  bea.lock(true);
  await bea.edit('Pilot');
  expect(await actOnFailures(world.engine, { cause: 'record_locked' }, 'skip', 'Ann')).toBe(1);
  expect(await actOnFailures(world.engine, { cause: 'record_locked' }, 'skip', 'Ann')).toBe(0);
  expect(await standingOf(hub)).toMatchObject({
    state: 'failing',
    cause: 'skipped',
    reason: 'skipped by Ann until the record changes',
    due: false,
  });
  bea.lock(false);
  await sql`update record set dirty = true`.execute(hub);
  await world.age(0);
  expect(await world.settle()).toBe(0);
  expect(await standingOf(hub)).toMatchObject({ state: 'failing', cause: 'skipped' });
  await bea.edit('Captain');
  await world.settle();
  expect(bea.title()).toBe('Captain');
  expect(await standingOf(hub)).toMatchObject({ state: 'in_sync', cause: null });
});

test('what is excluded flows in no direction, until somebody includes it', async ({ hub }) => {
  await using world = await openWorld(hub);
  const bea = await withSomebody(world);
  bea.lock(true);
  await bea.edit('Pilot');
  const { id } = await standingOf(hub);
  expect(await actOnFailures(world.engine, { linkId: id }, 'exclude', 'Ann')).toBe(1);
  bea.lock(false);
  await bea.edit('Captain');
  world.sf.edit(must(world.inSalesforce('LastName', 'Busy')[0], 'Bea').Id, { Department: 'Flight' });
  await world.age(0);
  await world.settle();
  expect(await standingOf(hub)).toMatchObject({ state: 'excluded', cause: 'left_out_by_hand', reason: 'excluded by Ann' });
  expect(bea.title()).toBe(null);
  expect(await actOnFailures(world.engine, { linkId: id }, 'exclude', 'Ann')).toBe(0);
  expect(await actOnFailures(world.engine, { linkId: id }, 'include', 'Ann')).toBe(1);
  await world.settle();
  expect(bea.title()).toBe('Captain');
  expect(await world.summary()).toMatchObject({ differing: 0, holds: 0 });
});

test('a refused record is tried again with all of its cause, and goes where the rule has gone', async ({ hub }) => {
  await using world = await openWorld(hub);
  let strict = true;
  world.sf.forbid('Contact', (row) => (strict && String(row.LastName).startsWith('Strict') ? 'a phone number is needed' : null));
  for (let nth = 0; nth < 3; nth += 1) world.hs.contacts.add({ firstname: 'A', lastname: `Strict ${nth}`, email: `s${nth}@acme.test` });
  await world.settle();
  const { rows } = await sql<{
    link: string;
    hold: string;
  }>`select l.cause as link, h.cause as hold from link l join hold h on h.link_id = l.id and h.closed_at is null`.execute(hub);
  expect(rows).toEqual(Array(3).fill({ link: 'validation_rule', hold: 'validation_rule' }));
  expect(await actOnFailures(world.engine, { cause: 'validation_rule' }, 'retry', 'Ann')).toBe(3);
  await world.settle();
  expect((await world.holds()).length).toBe(3);
  strict = false;
  expect(await actOnFailures(world.engine, { cause: 'validation_rule' }, 'retry', 'Ann')).toBe(3);
  await world.settle();
  expect(await world.summary()).toMatchObject({ people: { hub: 3, hubspot: 3, salesforce: 3 }, differing: 0, holds: 0 });
});

test('a refused record that is skipped asks nobody any more, and goes when it changes', async ({ hub }) => {
  await using world = await openWorld(hub);
  world.sf.forbid('Contact', (row) => (row.LastName === 'Strict' && row.Title !== 'Chief' ? 'a title is needed' : null));
  const id = world.hs.contacts.add({ firstname: 'A', lastname: 'Strict', email: 's@acme.test' });
  await world.settle();
  expect(await actOnFailures(world.engine, { cause: 'validation_rule' }, 'skip', 'Ann')).toBe(1);
  await world.settle();
  expect(await world.summary()).toMatchObject({ holds: 0, people: { salesforce: 0 } });
  expect(await standingOf(hub)).toMatchObject({ state: 'failing', cause: 'skipped' });
  world.later(2);
  world.hs.contacts.edit(id, { jobtitle: 'Chief' });
  await world.settle();
  expect(await world.summary()).toMatchObject({ holds: 0, people: { salesforce: 1 }, differing: 0 });
});
