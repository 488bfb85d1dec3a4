import { sql } from 'kysely';
import { expect } from 'vitest';
import type { typeformSandbox } from '../../connectors/typeform/sandbox/index.ts';
import type { Hub } from '../../src/hub/database.ts';
import { newId } from '../../src/hub/ids.ts';
import { must } from '../../src/kernel/must.ts';
import type { SandboxApp } from '../../src/sandbox/sandbox.ts';
import { mergeRecords } from '../../src/sync/merging/merge-records.ts';
import { unmerge } from '../../src/sync/merging/unmerge.ts';
import { inTransaction } from '../../src/sync/transaction.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const merge = (world: World, winnerId: string, loserId: string) =>
  inTransaction(world.hub, (tx) => mergeRecords(world.engine, tx, { winnerId, loserId, cause: 'steward', actor: 'kim' }));
async function merged(world: World, winnerId: string, loserId: string): Promise<string> {
  const done = await merge(world, winnerId, loserId);
  if ('refused' in done) throw new Error(done.refused);
  return done.mergingId;
}

type Typeform = ReturnType<typeof typeformSandbox.open>;
const isTypeform = (app: SandboxApp): app is Typeform => 'forms' in app;
const NPS_FORM = 'u6nXL7aB';

test('responses go over with their roll-ups, and back; what came since goes to whom it names', async ({ hub }) => {
  await using world = await openWorld(hub, { connectors: ['hubspot', 'salesforce', 'typeform'] });
  const tf = world.sandbox('typeform').sandbox;
  if (!isTypeform(tf)) throw new Error('the survey tool is not where it should be');
  const [one, two] = [
    world.hs.contacts.add({ email: 'one@example.com', firstname: 'Ada', lastname: 'One' }),
    world.hs.contacts.add({ email: 'two@example.com', firstname: 'Ada', lastname: 'Two' }),
  ];
  await world.settle();
  const [winner, loser] = [must(await world.record('one@example.com'), 'one').id, must(await world.record('two@example.com'), 'two').id];
  const answer = (nps: number, email: string, minutes: number) =>
    tf.answer({ formId: NPS_FORM, nps, hidden: { email }, at: new Date(Date.now() - minutes * 60_000) });
  answer(3, 'one@example.com', 9);
  answer(9, 'two@example.com', 8);
  await world.settle();
  const scoreOf = (id: string) => world.hs.contacts.get(id)?.properties.nps_score;
  expect([scoreOf(one), scoreOf(two)]).toEqual(['3', '9']);
  const id = await merged(world, winner, loser);
  await world.settle();
  expect(scoreOf(one)).toBe('9');
  // Answers that name the loser by its address, or by the id of its record over there, are the winner's as long as they are one.
  answer(10, 'two@example.com', 2);
  tf.answer({ formId: NPS_FORM, nps: 7, hidden: { crm_id: two }, at: new Date(Date.now() - 60_000) });
  await world.settle();
  const holders = async () =>
    (
      await sql<{
        record_id: string | null;
        n: number;
      }>`select record_id, count(*)::int as n from response where record_id in (${winner}, ${loser}) group by record_id`.execute(hub)
    ).rows;
  expect(await holders()).toEqual([{ record_id: winner, n: 4 }]);
  expect(await unmerge(world.engine, id, 'kim')).toBe('unmerged');
  await world.settle();
  expect(new Map((await holders()).map((row) => [row.record_id, row.n]))).toEqual(
    new Map([
      [winner, 1],
      [loser, 3],
    ]),
  );
  expect([scoreOf(one), scoreOf(two)]).toEqual(['3', '7']);
  expect(await world.settle()).toBe(0);
});

test('references to the loser lead to the winner, with a line in the journal, and back', async ({ hub }) => {
  await using world = await openWorld(hub);
  const [acme, acmeInc] = ['acme.example', 'acme-inc.example'].map((domain) => world.hs.companies.add({ name: domain, domain })) as [
    string,
    string,
  ];
  const ada = world.hs.contacts.add({ email: 'ada@example.com', firstname: 'Ada', lastname: 'Lovelace' });
  world.hs.tie(ada, acmeInc);
  await world.settle();
  const companyOf = async (domain: string) =>
    must(
      (await sql<{ id: string }>`select id from record where object = 'company' and fields ->> 'domain' = ${domain}`.execute(hub)).rows[0],
      domain,
    ).id;
  const [winner, loser] = [await companyOf('acme.example'), await companyOf('acme-inc.example')];
  const employer = async () => (await world.record('ada@example.com'))?.fields.company;
  expect(await employer()).toBe(loser);
  const id = await merged(world, winner, loser);
  expect(await employer()).toBe(winner);
  await world.settle();
  expect(await employer()).toBe(winner);
  const repointed = (await world.changes()).filter((change) => change.fields.company !== undefined && change.cause === 'merged');
  expect(repointed.map((change) => change.fields.company)).toEqual([{ old: loser, new: winner }]);
  // Nothing is torn over there before the two are merged there: whoever is tied to one of them is tied to the record.
  expect(world.hs.companiesOf(ada)).toEqual([acmeInc]);
  expect(await world.settle()).toBe(0);
  expect(await unmerge(world.engine, id, 'kim')).toBe('unmerged');
  await world.settle();
  expect(await employer()).toBe(loser);
  expect(world.hs.companiesOf(ada)).toEqual([acmeInc]);
  expect(world.hs.companies.get(acme)?.properties.domain).toBe('acme.example');
  expect(await world.settle()).toBe(0);
});

/** A record with one link in a system, of which a write is under way or not. */
async function placed(hub: Hub, connectionId: string, link: { remoteId: string | null; sent: boolean }): Promise<string> {
  const id = newId();
  await sql`insert into record (id, object, fields, stamps) values (${id}, 'contact', '{"last_name":"Ada"}', '{}')`.execute(hub);
  await sql`
    insert into link (id, connection_id, object, remote_id, record_id, sent, sent_at)
    values (${newId()}, ${connectionId}, 'contact', ${link.remoteId}, ${id}, ${link.sent ? '{"last_name":"Ada"}' : null}::jsonb, now())`.execute(
    hub,
  );
  return id;
}

test('a record that is just being made where the other is already waits for the answer, and an empty place gives way', async ({ hub }) => {
  await using world = await openWorld(hub);
  const { id: connection } = await hub.selectFrom('connection').select('id').where('name', '=', 'hubspot').executeTakeFirstOrThrow();
  const made = await placed(hub, connection, { remoteId: '901', sent: false });
  const beingMade = await placed(hub, connection, { remoteId: null, sent: true });
  const empty = await placed(hub, connection, { remoteId: null, sent: false });
  for (const [a, b] of [
    [made, beingMade],
    [beingMade, made],
  ] as const)
    expect(await merge(world, a, b)).toEqual({ refused: expect.stringMatching(/just being made in hubspot/), later: true });
  expect((await world.changes()).length).toBe(0);
  const id = await merged(world, empty, beingMade);
  const linksOf = async (recordId: string) => (await world.links(recordId)).map((link) => link.state);
  const { rows } = await sql<{ sent: boolean }>`select sent is not null as sent from link where record_id = ${empty}`.execute(hub);
  expect(rows).toEqual([{ sent: true }]);
  expect([await linksOf(empty), await linksOf(beingMade)]).toEqual([['in_sync'], ['excluded']]);
  expect(await unmerge(world.engine, id, 'kim')).toBe('unmerged');
  const { rows: back } = await sql<{ sent: boolean }>`select sent is not null as sent from link where record_id = ${beingMade}`.execute(
    hub,
  );
  expect(back).toEqual([{ sent: true }]);
  expect([await linksOf(empty), await linksOf(beingMade)]).toEqual([['in_sync'], ['in_sync']]);
});
