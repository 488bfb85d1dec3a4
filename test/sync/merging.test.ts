import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Fields } from '../../src/contract/records.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { must } from '../../src/kernel/must.ts';
import type { Mappings } from '../../src/mapping/mappings.ts';
import { mergeRecords } from '../../src/sync/merging/merge-records.ts';
import { previewMerge } from '../../src/sync/merging/preview-merge.ts';
import { unmerge } from '../../src/sync/merging/unmerge.ts';
import { setFields } from '../../src/sync/steward/steward.ts';
import { inTransaction } from '../../src/sync/transaction.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

/** Nobody is made where they are not: so each record stays with the systems that it came from. */
const linksOnly = (mappings: Mappings): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      mapping.kind === 'entity' ? { ...mapping, gates: { ...mapping.gates, out: { ...mapping.gates.out, creates: false } } } : mapping,
    ]),
  ),
});

/** What is removed over there says nothing about the hub's own. */
const ignoring = (mappings: Mappings): Mappings => ({
  ...mappings,
  byStream: new Map(
    [...mappings.byStream].map(([key, mapping]) => [
      key,
      mapping.kind === 'entity' ? { ...mapping, removed: { in: 'ignore', out: 'ignore' } } : mapping,
    ]),
  ),
});

const merge = (world: World, winnerId: string, loserId: string) =>
  inTransaction(world.hub, (tx) => mergeRecords(world.engine, tx, { winnerId, loserId, cause: 'steward', actor: 'kim' }));
async function merged(world: World, winnerId: string, loserId: string): Promise<string> {
  const done = await merge(world, winnerId, loserId);
  if ('refused' in done) throw new Error(done.refused);
  return done.mergingId;
}
const idOf = async (world: World, email: string): Promise<string> => must(await world.record(email), email).id;
const fieldsOf = async (hub: Hub, id: string): Promise<Fields> =>
  (await hub.selectFrom('record').select('fields').where('id', '=', id).executeTakeFirstOrThrow()).fields;

/** Ada, who is one person in HubSpot and, under another address, another one in Salesforce. */
async function apart(hub: Hub) {
  const world = await openWorld(hub, { remap: linksOnly });
  const hsId = world.hs.contacts.add({
    email: 'ada@example.com',
    firstname: 'Ada',
    lastname: 'King',
    jobtitle: 'Countess',
    city: 'London',
  });
  world.later(2);
  const sfId = world.sf.create('Contact', {
    FirstName: 'Ada',
    LastName: 'Lovelace',
    Email: 'ada@work.example',
    Title: 'Analyst',
    Phone: '+44 20 7946 0000',
  });
  await world.settle();
  const [hsAda, sfAda] = [await idOf(world, 'ada@example.com'), await idOf(world, 'ada@work.example')];
  return { world, hsId, sfId, hsAda, sfAda };
}

describe('two records become one', () => {
  test('values survive by rule, and reach every system of both; nothing is lost, and then it is quiet', async ({ hub }) => {
    const { world, hsId, sfId, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    await merged(world, hsAda, sfAda);
    await world.settle();
    const fields = await fieldsOf(hub, hsAda);
    expect(fields).toMatchObject({
      email: 'ada@work.example',
      last_name: 'Lovelace',
      job_title: 'Analyst',
      city: 'London',
      phone: '+44 20 7946 0000',
    });
    expect(world.hs.contacts.get(hsId)?.properties).toMatchObject({
      email: 'ada@work.example',
      lastname: 'Lovelace',
      phone: '+44 20 7946 0000',
    });
    expect(world.sf.get(sfId)).toMatchObject({ MailingCity: 'London', Title: 'Analyst', Email: 'ada@work.example' });
    expect((await world.links(hsAda)).map((link) => [link.connection, link.remoteId, link.state])).toEqual([
      ['hubspot', hsId, 'in_sync'],
      ['salesforce', sfId, 'in_sync'],
    ]);
    const line = must(
      (await world.changes()).find((change) => change.cause === 'merged'),
      'the journal of the merge',
    );
    expect(line.conflict).toBe(true);
    expect(line.fields.job_title).toMatchObject({ old: 'Countess', new: 'Analyst', lost: { value: 'Countess' } });
    expect(await world.settle()).toBe(0);
    expect((await world.summary()).differing).toBe(0);
    expect(world.inHubspot('lastname', 'Lovelace')).toHaveLength(1);
    expect(world.sf.all('Contact')).toHaveLength(1);
  });

  test('which of them is asked for first changes the id that stays, and nothing else', async ({ hub }) => {
    const { world, sfId, hsId, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    await merged(world, sfAda, hsAda);
    await world.settle();
    expect(await fieldsOf(hub, sfAda)).toMatchObject({ email: 'ada@work.example', job_title: 'Analyst', city: 'London' });
    expect(world.hs.contacts.get(hsId)?.properties.jobtitle).toBe('Analyst');
    expect(world.sf.get(sfId).MailingCity).toBe('London');
  });

  test('a preview says what comes of it, and changes nothing', async ({ hub }) => {
    const { world, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    const preview = await previewMerge(world.engine, hsAda, sfAda);
    if ('refused' in preview) throw new Error(preview.refused);
    expect([preview.winner, preview.loser, preview.hindrance]).toEqual([
      { id: hsAda, title: 'Ada King' },
      { id: sfAda, title: 'Ada Lovelace' },
      null,
    ]);
    expect(preview.links.map((link) => [link.of, link.connection, link.becomes])).toEqual(
      expect.arrayContaining([
        ['winner', 'hubspot', 'kept'],
        ['loser', 'salesforce', 'kept'],
      ]),
    );
    expect(await hub.selectFrom('merging').select('id').execute()).toEqual([]);
    await merged(world, hsAda, sfAda);
    const now = await fieldsOf(hub, hsAda);
    expect(Object.fromEntries(preview.fields.map((field) => [field.field, field.result]))).toEqual(now);
    expect(await previewMerge(world.engine, hsAda, sfAda)).toEqual({ refused: 'Both are one record already.' });
  });

  test('what the loser was known by leads to the winner', async ({ hub }) => {
    const { world, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    await merged(world, sfAda, hsAda);
    const known = await sql<{ record_id: string }>`select distinct record_id from identity`.execute(hub);
    expect(known.rows).toEqual([{ record_id: sfAda }]);
    expect(await setFields(world.engine, hsAda, { city: 'Paris' }, 'kim')).toBe('not_found');
  });

  test('what cannot be is refused in a sentence, and nothing is changed', async ({ hub }) => {
    const { world, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    const company = newId();
    await hub
      .insertInto('record')
      .values({ id: company, object: 'company', fields: '{}', stamps: '{}', merged_into: null, archived: null, archived_at: null })
      .execute();
    const refusedIn = async (a: string, b: string) => ((await merge(world, a, b)) as { refused?: string }).refused;
    expect(await refusedIn(hsAda, hsAda)).toBe('Both are one record already.');
    expect(await refusedIn(hsAda, newId())).toBe('There is no such record.');
    expect(await refusedIn(hsAda, 'nonsense')).toBe('There is no such record.');
    expect(await refusedIn(hsAda, company)).toBe('A contact and a company cannot become one record.');
    await sql`update record set archived_at = now(), archived = '{"by":"hub","removes":false,"reason":"a test"}' where id = ${sfAda}`.execute(
      hub,
    );
    expect(await refusedIn(hsAda, sfAda)).toMatch(/is archived/);
    expect((await hub.selectFrom('merging').select('id').execute()).length).toBe(0);
  });

  test('a chain leads to its end, and only the latest merge can be taken back first', async ({ hub }) => {
    const { world, hsAda, sfAda } = await apart(hub);
    await using _ = world;
    world.sf.create('Contact', { FirstName: 'Augusta', LastName: 'Byron', Email: 'augusta@example.com' });
    await world.settle();
    const augusta = await idOf(world, 'augusta@example.com');
    const first = await merged(world, sfAda, augusta);
    const second = await merged(world, hsAda, augusta);
    const leads = await hub.selectFrom('record').select(['id', 'merged_into']).where('merged_into', 'is not', null).execute();
    expect(new Map(leads.map((row) => [row.id, row.merged_into]))).toEqual(
      new Map([
        [sfAda, hsAda],
        [augusta, hsAda],
      ]),
    );
    expect(await unmerge(world.engine, first, 'kim')).toEqual({
      refused: `The record was merged again since. Take back the merge ${second} first.`,
    });
    expect(await unmerge(world.engine, second, 'kim')).toBe('unmerged');
    const after = await hub.selectFrom('record').select(['id', 'merged_into']).where('merged_into', 'is not', null).execute();
    expect(after).toEqual([{ id: augusta, merged_into: sfAda }]);
    expect(await unmerge(world.engine, first, 'kim')).toBe('unmerged');
    await world.settle();
    expect(await fieldsOf(hub, augusta)).toMatchObject({ first_name: 'Augusta', last_name: 'Byron', email: 'augusta@example.com' });
    expect(await world.settle()).toBe(0);
  });
});

describe('both have a record in one system', () => {
  const doubled = async (hub: Hub) => {
    const world = await openWorld(hub);
    const two = world.hs.contacts.add({ email: 'ada@work.example', firstname: 'Ada', lastname: 'Lovelace', city: '' });
    // The newer values win when the two become one, and with them the address by which the tests find her.
    world.later(2);
    const one = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'King', city: 'London' });
    await world.settle();
    return { world, one, two, winner: await idOf(world, 'ada@example.com'), loser: await idOf(world, 'ada@work.example') };
  };

  test('the loser’s is put aside, and merging the two over there is proposed once for each system', async ({ hub }) => {
    const { world, one, two, winner, loser } = await doubled(hub);
    await using _ = world;
    await merged(world, winner, loser);
    await world.settle();
    const holds = await world.holds();
    expect(holds.map((hold) => [hold.kind, hold.connection, hold.remoteId])).toContainEqual(['merge', 'hubspot', two]);
    expect(holds.filter((hold) => hold.kind === 'merge')).toHaveLength(2);
    expect((await world.links(loser)).map((link) => link.state)).toEqual(['excluded', 'excluded']);
    const { detail } = await hub
      .selectFrom('hold')
      .select('detail')
      .where('remote_id', '=', two)
      .where('kind', '=', 'merge')
      .executeTakeFirstOrThrow();
    expect(detail).toMatchObject({ into: { remoteId: one, title: 'Ada King' }, from: { remoteId: two, title: 'Ada Lovelace' } });
    world.later(2);
    world.hs.contacts.edit(two, { city: 'Paris' });
    await world.settle();
    expect(world.hs.contacts.get(one)?.properties.city).toBe('London');
    expect(world.hs.contacts.all()).toHaveLength(2);
    expect(world.sf.all('Contact')).toHaveLength(2);
    expect(await world.settle()).toBe(0);
  });

  test('merged over there the other way round, the joined record goes by the one that is left', async ({ hub }) => {
    const { world, winner, loser } = await doubled(hub);
    await using _ = world;
    await merged(world, winner, loser);
    await world.settle();
    const [kept, aside] = ['ada@example.com', 'ada@work.example'].map((email) => String(world.inSalesforce('Email', email)[0]?.Id));
    world.later(2);
    world.sf.merge(must(aside, 'the one put aside'), [must(kept, 'the one kept')]);
    await world.settle();
    const linked = (await world.links(winner)).find(({ connection }) => connection === 'salesforce');
    expect(linked).toMatchObject({ remoteId: aside, state: 'in_sync' });
    world.later(2);
    world.sf.edit(must(aside, 'the one put aside'), { Title: 'Countess' });
    await world.settle();
    expect(world.inHubspot('email', 'ada@example.com')[0]?.properties.jobtitle).toBe('Countess');
    expect(await world.settle()).toBe(0);
  });

  test('one that was put aside goes nowhere by itself when both get a new id there', async ({ hub }) => {
    const { world, one, two, winner, loser } = await doubled(hub);
    await using _ = world;
    await merged(world, loser, winner);
    await world.settle();
    const survivor = world.hs.contacts.merge(two, one);
    await world.settle();
    const linked = (await world.links(loser)).find(({ connection }) => connection === 'hubspot');
    expect(linked?.remoteId).toBe(survivor);
    world.later(2);
    world.hs.contacts.edit(survivor, { jobtitle: 'Countess' });
    await world.settle();
    expect((await fieldsOf(hub, loser)).job_title).toBe('Countess');
  });

  test('the one that was put aside as gone and is back takes the place of the other, once that is gone', async ({ hub }) => {
    await using world = await openWorld(hub, { remap: ignoring });
    const ids = ['ada@example.com', 'ada@work.example'].map((email) =>
      world.hs.contacts.add({ email, firstname: 'Ada', lastname: 'King' }),
    );
    await world.settle();
    const [winner, loser] = [await idOf(world, 'ada@example.com'), await idOf(world, 'ada@work.example')];
    const [kept, aside] = ['ada@example.com', 'ada@work.example'].map((email) => String(world.inSalesforce('Email', email)[0]?.Id));
    world.sf.remove(must(aside, 'the second'));
    await world.settle();
    await merged(world, winner, loser);
    world.sf.remove(must(kept, 'the first'));
    await world.settle();
    world.later(2);
    world.sf.undelete(must(aside, 'the second'));
    world.sf.edit(must(aside, 'the second'), { Title: 'Countess' });
    await world.settle();
    const linked = (await world.links(winner)).find(({ connection }) => connection === 'salesforce');
    expect(linked).toMatchObject({ remoteId: aside, state: 'in_sync' });
    expect(world.hs.contacts.get(must(ids[0], 'the first'))?.properties.jobtitle).toBe('Countess');
    expect(await world.settle()).toBe(0);
  });

  test('taken back, each has its own again: edits meanwhile are not lost, and nothing is proposed any more', async ({ hub }) => {
    const { world, one, two, winner, loser } = await doubled(hub);
    await using _ = world;
    const id = await merged(world, winner, loser);
    await world.settle();
    world.later(2);
    world.hs.contacts.edit(two, { city: 'Paris' });
    world.hs.contacts.edit(one, { jobtitle: 'Countess' });
    await world.settle();
    expect(await unmerge(world.engine, id, 'kim')).toBe('unmerged');
    await world.settle();
    expect(world.hs.contacts.get(one)?.properties).toMatchObject({
      lastname: 'King',
      jobtitle: 'Countess',
      city: 'London',
      email: 'ada@example.com',
    });
    expect(world.hs.contacts.get(two)?.properties).toMatchObject({ lastname: 'Lovelace', city: 'Paris', email: 'ada@work.example' });
    expect(world.hs.contacts.get(two)?.properties.jobtitle ?? null).toBeNull();
    expect(world.inSalesforce('LastName', 'King')).toHaveLength(1);
    expect(world.inSalesforce('MailingCity', 'Paris').map((row) => row.LastName)).toEqual(['Lovelace']);
    expect((await world.holds()).filter((hold) => hold.kind === 'merge')).toEqual([]);
    expect(await world.settle()).toBe(0);
    expect((await world.summary()).differing).toBe(0);
    expect(await unmerge(world.engine, id, 'kim')).toEqual({ refused: 'This merge has been taken back already.' });
  });
});
