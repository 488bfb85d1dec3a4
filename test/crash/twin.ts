import { sql } from 'kysely';
import type { Hub } from '../../src/hub/database.ts';
import type { Home } from './home.ts';
import type { Picture } from './household.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

/** What an undisturbed run comes to: what the vendors hold in the end, and what the hub does. */
export type Twin = { readonly picture: Picture; readonly hub: Picture };

type Apart = Pick<StageOptions, 'timelines'>;
const twins = new WeakMap<Home, Map<boolean, Promise<Twin>>>();

/** The same people and the same day in their life, with nothing struck down; played once for each home, with timelines and without. */
export function twinOf(home: Home, apart: Apart = {}): Promise<Twin> {
  const own = twins.get(home) ?? new Map<boolean, Promise<Twin>>();
  twins.set(home, own);
  const known = own.get(apart.timelines === true) ?? playTwin(home, apart);
  own.set(apart.timelines === true, known);
  return known;
}

async function playTwin(home: Home, apart: Apart): Promise<Twin> {
  await using stage = await openStage({ database: await home.database(), postgres: () => home.url(), ...apart });
  await stage.settleHere();
  stage.live();
  await stage.settleHere();
  return { picture: stage.picture(), hub: await hubPicture(stage) };
}

/** What the hub holds, by who or what it is: values, places in the vendors, and how many decisions wait. */
export async function hubPicture({ hub }: Pick<Stage, 'hub'>): Promise<Picture> {
  const picture = new Map<string, Readonly<Record<string, string>>>();
  for (const { who, values } of await readRecords(hub)) {
    let key = who;
    for (let n = 2; picture.has(key); n += 1) key = `${who} #${n}`;
    picture.set(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value == null ? '' : String(value)])));
  }
  const { rows } = await sql<{ holds: string; conflicts: string; responses: string }>`
    select (select count(*) from hold where closed_at is null) as holds, (select count(*) from change where conflict) as conflicts,
      (select count(*) from response where attachment = 'attached') as responses`.execute(hub);
  picture.set('the hub', { ...rows[0] });
  return picture;
}

async function readRecords(hub: Hub): Promise<readonly { who: string; values: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await sql<{ who: string; values: Readonly<Record<string, unknown>> }>`
    select 'hub ' || r.object || ' ' || coalesce(r.fields ->> 'email', r.fields ->> 'name', r.fields ->> 'title') as who,
      (r.fields - 'company' - 'companies' - 'contacts' - 'owner_email') || jsonb_build_object('about', (
        select string_agg(p.fields ->> 'email', ', ' order by p.fields ->> 'email') from record p where r.fields -> 'contacts' ? p.id::text), 'places', (
        select string_agg(c.name || ' ' || l.state || case when l.remote_id is null then ' nowhere' else '' end, ', ' order by c.name)
        from link l join connection c on c.id = l.connection_id where l.record_id = r.id)) as values
    from record r where r.merged_into is null order by who, r.id`.execute(hub);
  return rows;
}
