import { sql } from 'kysely';
import type { Db, Hub } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import type { HubObject } from '../../mapping/mapping.ts';
import type { Mappings } from '../../mapping/mappings.ts';
import type { ResponseMapping, Timeline } from '../../mapping/response-mapping.ts';
import { type Engine, responseMapping } from '../engine.ts';

const adopted = new WeakMap<Hub, WeakSet<Mappings>>();

/** Lets the entries of connections whose settings have changed be looked at anew, once for each version of the mappings. */
export async function adoptSettings(engine: Engine, object: HubObject): Promise<void> {
  const { hub, mappings } = engine;
  const done = adopted.get(hub) ?? new WeakSet();
  if (done.has(mappings)) return;
  const settings = await settingsByConnection(hub, engine, object);
  await sql`
    with changed as (
      update timeline t set settings = s.settings from unnest(${[...settings.keys()]}::uuid[], ${[...settings.values()]}::uuid[]) as s (connection_id, settings)
      where t.connection_id = s.connection_id and t.settings <> s.settings returning t.connection_id)
    update entry e set due = true from response r join changed on changed.connection_id = r.connection_id where e.response_id = r.id`.execute(
    hub,
  );
  adopted.set(hub, done.add(mappings));
}

/** When the responses of some connections began to be counted as new: at the first of them that became an entry. */
export async function startsOf(
  db: Db,
  engine: Engine,
  { object, connectionIds }: { readonly object: HubObject; readonly connectionIds: readonly string[] },
): Promise<ReadonlyMap<string, Date>> {
  const settings = await settingsByConnection(db, engine, object);
  await sql`
    insert into timeline (connection_id, settings)
    select s.connection_id, s.settings from unnest(${[...settings.keys()]}::uuid[], ${[...settings.values()]}::uuid[]) as s (connection_id, settings)
    where s.connection_id = any(${connectionIds}::uuid[]) on conflict (connection_id) do nothing`.execute(db);
  const { rows } = await sql<{ id: string; startedAt: Date }>`
    select connection_id as id, started_at as "startedAt" from timeline where connection_id = any(${connectionIds}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, startedAt }) => [id, startedAt]));
}

/** All that decides which entries there are and what they show, as one value for each connection that has responses. */
async function settingsByConnection(db: Db, engine: Engine, object: HubObject): Promise<ReadonlyMap<string, string>> {
  const fields = [...object.fields.values()].map(({ name, to, response }) => [name, to, response]);
  const connections = await db.selectFrom('connection').select(['id', 'connector', 'name']).execute();
  return new Map(
    connections.flatMap((connection) => {
      const mapping = responseMapping(engine, connection, 'response');
      if (mapping === undefined) return [];
      const { hub, metrics, timeline } = mapping;
      return [[connection.id, digestOf({ object: object.name, fields, hub, metrics, timeline })] as const];
    }),
  );
}

export type Candidate = { readonly at: Date; readonly state: Timeline['states'][number]; readonly surveyId: string };

const DAY_MS = 86_400_000;

/** Whether a response gets an entry. One that is as old as this at the start stays out for good, and one that is in stays in as it grows old. */
export function getsEntry({ timeline }: Pick<ResponseMapping, 'timeline'>, { at, state, surveyId }: Candidate, startedAt: Date): boolean {
  if (timeline === null || !timeline.states.includes(state)) return false;
  const { surveys, sinceDays } = timeline;
  if ('only' in surveys ? !surveys.only.includes(surveyId) : surveys.except.includes(surveyId)) return false;
  return sinceDays === null || at.getTime() >= startedAt.getTime() - sinceDays * DAY_MS;
}
