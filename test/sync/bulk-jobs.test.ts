import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import type { Hub } from '../../src/hub/database.ts';
import { must } from '../../src/kernel/must.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

const INGEST = '/services/data/v68.0/jobs/ingest';
const FROM = 12;

/** Two CRMs of which Salesforce has nobody yet, and makes many by jobs. */
async function openMany(hub: Hub, switches: Readonly<Record<string, number | string | boolean>> = {}) {
  const world = await openWorld(hub, { people: 0, switches: { salesforce: switches } });
  await sql`update connection set settings = settings || ${JSON.stringify({ bulkWritesFrom: FROM })}::jsonb where connector = 'salesforce'`.execute(
    hub,
  );
  for (let n = 0; n < 16; n += 1) {
    const title: Readonly<Record<string, string>> = n % 2 === 0 ? { jobtitle: 'Pilot, "first"\nof two' } : {};
    world.hs.contacts.add({ email: `p${n}@acme.example`, firstname: 'Pat', lastname: `Person ${n}`, ...title });
  }
  return world;
}

/** How many requests about jobs Salesforce has met, by their name after the id. */
function asked({ sandbox }: World, name: string): number {
  const wanted = new RegExp(`^${name.replace(' ', ` ${INGEST}`).replace(':id', '\\w{18}')}$`);
  return [...sandbox('salesforce').requests].reduce((sum, [request, n]) => (wanted.test(request) ? sum + n : sum), 0);
}

const there = ({ sf }: World) =>
  sf
    .all('Contact')
    .filter(({ IsDeleted }) => !IsDeleted)
    .map(({ Email, Title, LastName }) => `${Email} ${LastName} ${Title}`)
    .sort();
const everybody = ({ hs }: World) =>
  hs.contacts
    .all()
    .map(({ properties: { email, jobtitle, lastname } }) => `${email} ${lastname} ${jobtitle ?? null}`)
    .sort();

/** Looks at everything, jobs included, as if their time had come. */
async function look(hub: Hub, world: World): Promise<void> {
  await sql`update bulk_job set look_at = now()`.execute(hub);
  await world.age(60);
  await world.cycle();
}

async function settle(hub: Hub, world: World): Promise<void> {
  for (let round = 0; round < 4; round += 1) await look(hub, world);
}

describe('what a first load has to make', () => {
  test('is made by a job where it is much, each record once, for five calls, and is silent afterwards', {
    timeout: 60_000,
  }, async ({ hub }) => {
    await using world = await openMany(hub);
    await settle(hub, world);
    expect(there(world)).toEqual(everybody(world));
    const calls = ['POST ', 'PUT /:id/batches', 'PATCH /:id', 'GET /:id', 'GET /:id/successfulResults', 'GET /:id/failedResults'];
    expect(calls.map((name) => asked(world, name))).toEqual([1, 1, 1, 1, 1, 0]);
    expect(await world.settle()).toBe(0);
    expect(await world.holds()).toEqual([]);
  });

  test('holds up nobody: what people edit, and who is new, goes both ways while the job runs', { timeout: 60_000 }, async ({ hub }) => {
    await using world = await openMany(hub, { bulkDelayMs: 3_600_000 });
    const known = world.sf.create('Contact', { LastName: 'Known', FirstName: 'Kim', Email: 'known@acme.example' });
    await settle(hub, world);
    expect([asked(world, 'POST '), world.sf.all('Contact').length]).toEqual([1, 1]);
    world.sf.edit(known, { Title: 'Captain' });
    world.sf.create('Contact', { LastName: 'New', FirstName: 'Nora', Email: 'new@acme.example' });
    const waiting = must(world.inHubspot('email', 'p3@acme.example')[0], 'somebody in the job');
    world.hs.contacts.edit(waiting.id, { jobtitle: 'Promoted meanwhile' });
    world.hs.contacts.add({ email: 'late@acme.example', firstname: 'Lee', lastname: 'Late' });
    await settle(hub, world);
    expect(world.inHubspot('email', 'known@acme.example')[0]?.properties.jobtitle).toBe('Captain');
    expect(world.inHubspot('email', 'new@acme.example')).toHaveLength(1);
    expect(world.inSalesforce('Email', 'late@acme.example')).toHaveLength(1);
    expect(world.inSalesforce('Email', 'p3@acme.example')).toHaveLength(0);
    world.later(3_700);
    await settle(hub, world);
    expect(there(world)).toEqual(everybody(world));
    expect(asked(world, 'POST ')).toBe(1);
    expect(await world.settle()).toBe(0);
  });

  test.for(['before', 'after'] as const)(
    'comes to the same whichever request of a job is cut off (%s it was done)',
    {
      timeout: 120_000,
    },
    async (lose, { hub }) => {
      await using world = await openMany(hub);
      await bringAsFirstLoad(hub);
      for (let skip = 0; ; skip += 1) {
        const seen = new Map(world.sandbox('salesforce').requests);
        world.sandbox('salesforce').fail({ on: `*${INGEST}*`, lose, skip });
        for (let n = 0; n < 16; n += 1) world.hs.contacts.add({ email: `p${skip}-${n}@acme.example`, lastname: `Person ${skip} ${n}` });
        await settle(hub, world);
        expect(there(world)).toEqual(everybody(world));
        const { rows } = await sql`select 1 from link where sent is not null or bulk_job_id is not null`.execute(hub);
        expect(rows).toEqual([]);
        const met = [...world.sandbox('salesforce').requests].filter(([name, n]) => name.includes(INGEST) && n !== seen.get(name));
        if (skip >= met.length) break;
      }
      expect(await world.settle()).toBe(0);
      expect(await world.holds()).toEqual([]);
    },
  );

  test('is made by calls where a job fails as a whole, or is ended by an admin in the middle', { timeout: 60_000 }, async ({ hub }) => {
    await using world = await openMany(hub, { bulkDelayMs: 3_600_000 });
    await look(hub, world);
    const [job] = (await sql<{ name: string }>`select name from bulk_job`.execute(hub)).rows;
    await fetch(`${world.sandbox('salesforce').origin}${INGEST}/${must(job, 'a job').name}`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer 00Dsandbox!token', 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'Aborted' }),
    });
    await settle(hub, world);
    expect(there(world)).toEqual(everybody(world));
    expect(asked(world, 'POST ')).toBe(1);
  });

  test('is held row by row where the org refuses it, and goes by calls where an upload cannot say it', { timeout: 60_000 }, async ({
    hub,
  }) => {
    await using world = await openMany(hub);
    world.hs.contacts.add({ email: 'long@acme.example', lastname: 'Long', jobtitle: 'x'.repeat(129) });
    world.hs.contacts.add({ email: 'null@acme.example', lastname: '#N/A' });
    world.sf.forbid('Contact', ({ LastName }) => (LastName === 'Person 5' ? 'no fives' : null));
    await settle(hub, world);
    expect((await world.holds()).map(({ kind, field, reason }) => [kind, field, /no fives/.exec(reason)?.[0]]).sort()).toEqual([
      ['refused_field', 'job_title', undefined],
      ['refused_record', null, 'no fives'],
    ]);
    expect(world.inSalesforce('Email', 'null@acme.example')).toMatchObject([{ LastName: '#N/A' }]);
    expect(world.inSalesforce('Email', 'long@acme.example')).toHaveLength(1);
    expect(there(world)).toHaveLength(17);
  });
});

/** From now on everything comes as if by a first load. */
async function bringAsFirstLoad(hub: Hub): Promise<void> {
  await sql
    .raw(
      `create function bring() returns trigger language plpgsql as $$ begin new.lane := 2; return new; end $$;
       create trigger bring before insert or update on link for each row execute function bring()`,
    )
    .execute(hub);
}
