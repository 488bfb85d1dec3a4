import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { findConnection } from '../../src/hub/connections/connections.ts';
import type { Hub } from '../../src/hub/database.ts';
import { closeAllInterrupted } from '../../src/hub/runs/interrupted-runs.ts';
import type { Job } from '../../src/jobs/catalogue.ts';
import { handle } from '../../src/jobs/handlers.ts';
import { must } from '../../src/kernel/must.ts';
import { tend } from '../../src/sync/tend.ts';
import { beginUndo } from '../../src/sync/undo/undo.ts';
import { test } from '../support/database.ts';
import { openWorld, type World } from './world.ts';

type Row = {
  readonly kind: string;
  readonly connector: string | null;
  readonly counts: object;
  readonly error: string | null;
  readonly open: boolean;
};
const runs = async (hub: Hub): Promise<readonly Row[]> =>
  (
    await sql<Row>`
      select r.kind, c.connector, r.counts, r.error ->> 'kind' as error, r.ended_at is null as open
      from run r left join stream s on s.id = r.stream_id left join connection c on c.id = s.connection_id
      where coalesce(s.object, 'contact') = 'contact' order by r.id`.execute(hub)
  ).rows;

/** Tends a connection in a process that dies before it could end its run of this kind about contacts. */
async function dyingIn(world: World, connector: string, kind: string): Promise<void> {
  const { hub, engine } = world;
  await sql`
    create function die() returns trigger language plpgsql as $$ begin
      if new.ended_at is not null and new.kind = ${sql.lit(kind)} and exists (select 1 from stream s where s.id = new.stream_id and s.object = 'contact')
      then raise exception 'killed'; end if; return new; end $$`.execute(hub);
  await sql`create trigger die before update on run for each row execute function die()`.execute(hub);
  const { id } = must(await findConnection(hub, connector), connector);
  await expect(tend(engine, id, { signal: AbortSignal.timeout(20_000), look: () => true })).rejects.toThrow('killed');
  await sql`drop trigger die on run`.execute(hub);
}

/** Three people of HubSpot, who have just been read, or written, when the process dies. */
async function withThree(hub: Hub): Promise<World> {
  const world = await openWorld(hub);
  for (const name of ['ada', 'bob', 'cleo']) world.hs.contacts.add({ email: `${name}@example.com`, lastname: 'Doe' });
  return world;
}

describe('a run whose process was killed', () => {
  test('is closed by the sweep once its lease has run out, with what it had seen', async ({ hub }) => {
    await using world = await withThree(hub);
    await dyingIn(world, 'hubspot', 'first_load');
    await sql`update connection set lease_until = now() + interval '20 s'`.execute(hub);
    expect(await closeAllInterrupted(hub)).toBe(0);
    await sql`update connection set lease_until = '-infinity'`.execute(hub);
    const nudged: Job[] = [];
    const queue = { nudge: async (job: Job) => void nudged.push(job) };
    await handle(world.engine, queue, { name: 'sweep' }, AbortSignal.timeout(20_000));
    const closed = (await runs(hub)).filter(({ connector }) => connector === 'hubspot');
    expect(closed).toEqual([
      expect.objectContaining({
        kind: 'first_load',
        error: 'interrupted',
        open: false,
        counts: expect.objectContaining({ seen: 3, changed: 3 }),
      }),
    ]);
  });

  test('is closed by whoever takes the work over, with what it had written, and the work goes on', async ({ hub }) => {
    await using world = await withThree(hub);
    const hubspot = must(await findConnection(hub, 'hubspot'), 'hubspot');
    await tend(world.engine, hubspot.id, { signal: AbortSignal.timeout(20_000), look: () => true });
    await dyingIn(world, 'salesforce', 'writes');
    expect((await runs(hub)).filter(({ open }) => open)).toEqual([expect.objectContaining({ kind: 'writes', counts: {} })]);
    await world.settle();
    const [written] = (await runs(hub)).filter(({ kind, connector }) => kind === 'writes' && connector === 'salesforce');
    expect(written).toMatchObject({ error: 'interrupted', open: false, counts: { created: 3 } });
    expect((await runs(hub)).filter(({ open }) => open)).toEqual([]);
    expect(world.sf.all('Contact')).toHaveLength(3);
  });
});

test('an undo that was asked for is done by a worker, and by one alone', async ({ hub }) => {
  await using world = await withThree(hub);
  await world.settle();
  const { id } = must(
    (
      await sql<{
        id: string;
      }>`select r.id from run r join stream s on s.id = r.stream_id join connection c on c.id = s.connection_id
         where r.kind = 'first_load' and s.object = 'contact' and c.connector = 'hubspot'`.execute(hub)
    ).rows[0],
    'the first load of HubSpot',
  );
  const begun = await beginUndo(world.engine, { run: id }, 'admin');
  expect(await beginUndo(world.engine, { run: id }, 'somebody else')).toEqual(begun);
  const nudged: Job[] = [];
  const queue = { nudge: async (job: Job) => void nudged.push(job) };
  await handle(world.engine, queue, { name: 'sweep' }, AbortSignal.timeout(20_000));
  const jobs = nudged.filter(({ name }) => name === 'undo');
  expect(jobs).toEqual([{ name: 'undo', runId: (begun as { run: string }).run }]);
  await Promise.all([...jobs, ...jobs].map((job) => handle(world.engine, queue, job, AbortSignal.timeout(20_000))));
  expect((await runs(hub)).filter(({ kind }) => kind === 'undo')).toEqual([
    expect.objectContaining({ open: false, error: null, counts: expect.objectContaining({ records: 3, archive: 3, remove: 3 }) }),
  ]);
  await world.settle();
  expect(world.sf.all('Contact').filter(({ IsDeleted }) => !IsDeleted)).toEqual([]);
});
