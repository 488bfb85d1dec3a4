import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Tx } from '../../hub/database.ts';
import { digestOf } from '../../hub/ids.ts';
import { must } from '../../kernel/must.ts';
import { type HubObject, type Segments, segmentObject } from '../../mapping/mapping.ts';
import { belongs } from '../../mapping/segments.ts';
import { keepRecords, type Wanted } from '../derived/keep-records.ts';
import type { Engine } from '../engine.ts';
import { inTransaction } from '../transaction.ts';

const AT_ONCE = 500;

/**
 * Keeps a record for each one that is in a segment, as long as the condition holds, so that systems keep their lists by it like anything else.
 * Nobody is looked at while no system takes segments; then everybody is once, and later whoever has changed, or whose time has come.
 */
export async function keepSegments(engine: Engine, signal: AbortSignal): Promise<void> {
  const object = segmentObject(engine.mappings.model);
  if (object?.segments === undefined || !(await isInUse(engine, object, object.segments))) return;
  for (;;) {
    signal.throwIfAborted();
    const looked = await inTransaction(engine.hub, (tx) => keepSome(engine, tx, object));
    if (looked === 0) return;
  }
}

/** Whether some system takes segments. With other settings than before, everybody is to be looked at. */
async function isInUse(engine: Engine, object: HubObject, { of, conditions }: Segments): Promise<boolean> {
  const { rows } = await sql<{ settings: string | null; isUsed: boolean }>`
    select settings, exists (select 1 from stream s join connection c on c.id = s.connection_id and c.enabled
      where s.hub_object = ${object.name} and s.enabled and s.mode = 'live' and s.direction in ('both', 'out')) as "isUsed" from segment_settings`.execute(
    engine.hub,
  );
  const isUsed = rows[0]?.isUsed === true;
  const settings = isUsed ? digestOf({ object: object.name, fields: [...object.fields.values()], of, conditions: [...conditions] }) : null;
  if (rows[0]?.settings === settings) return isUsed;
  await inTransaction(engine.hub, async (tx) => {
    await sql`update segment_settings set settings = ${settings}`.execute(tx);
    if (settings === null) return;
    await sql`
      insert into segment_check (person_id) select id from record where object = ${of} and merged_into is null union select person_id from segment_member
      on conflict (person_id) do update set at = now()`.execute(tx);
  });
  return isUsed;
}

type Person = {
  readonly id: string;
  readonly fields: Fields;
  readonly isLeft: boolean;
  readonly now: Date;
  readonly members: Readonly<Record<string, string>>;
};

async function keepSome(engine: Engine, tx: Tx, object: HubObject): Promise<number> {
  const people = await claimPeople(tx);
  if (people.length === 0) return 0;
  const segments = must(object.segments, 'the segments of an object');
  const looked = people.map((person) => lookAt(object, segments, person));
  const made = await keepRecords(engine, tx, { object, wanted: looked.flatMap(({ wanted }) => wanted) });
  const rows = [...made].map(([key, recordId]) => ({ ...placeOf(key), recordId }));
  await sql`
    insert into segment_member (segment, person_id, record_id)
    select * from unnest(${rows.map(({ segment }) => segment)}::text[], ${rows.map(({ personId }) => personId)}::uuid[], ${rows.map(({ recordId }) => recordId)}::uuid[])`.execute(
    tx,
  );
  const later = looked.flatMap(({ id, changesAt }) => (changesAt === null ? [] : [{ id, at: changesAt.toISOString() }]));
  await sql`
    update segment_check k set at = l.at from unnest(${later.map(({ id }) => id)}::uuid[], ${later.map(({ at }) => at)}::timestamptz[]) as l (id, at)
    where k.person_id = l.id`.execute(tx);
  const done = looked.flatMap(({ id, changesAt }) => (changesAt === null ? [id] : []));
  await sql`delete from segment_check where person_id = any(${done}::uuid[])`.execute(tx);
  return people.length;
}

/** Those who are to be looked at now, and whoever was merged into one of them. `isLeft`: not in use any more. */
async function claimPeople(tx: Tx): Promise<readonly Person[]> {
  const { rows } = await sql<{ id: string }>`
    select person_id as id from segment_check where at <= now() order by person_id limit ${AT_ONCE} for update skip locked`.execute(tx);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const { rows: people } = await sql<Person>`
    select r.id, r.fields, r.archived_at is not null or r.merged_into is not null as "isLeft", now() as now,
      coalesce((select jsonb_object_agg(m.segment, m.record_id) from segment_member m where m.person_id = r.id), '{}') as members
    from record r where r.id = any(${ids}::uuid[]) or r.merged_into = any(${ids}::uuid[]) order by r.id`.execute(tx);
  return people;
}

type Looked = { readonly id: string; readonly wanted: readonly Wanted[]; readonly changesAt: Date | null };

/** In which segments somebody is to be, and when that has to be asked again. */
function lookAt(object: HubObject, { conditions }: Segments, person: Person): Looked {
  const wanted: Wanted[] = [];
  const ends: number[] = [];
  for (const segment of new Set([...conditions.keys(), ...Object.keys(person.members)])) {
    const condition = conditions.get(segment);
    const { isIn, changesAt } =
      condition === undefined || person.isLeft ? { isIn: false, changesAt: null } : belongs(condition, person.fields, person.now);
    if (changesAt !== null) ends.push(changesAt.getTime());
    const recordId = person.members[segment] ?? null;
    if (!isIn && recordId === null) continue;
    const fields = isIn ? fieldsOf(object, segment, person.id) : null;
    wanted.push({ key: keyOf(segment, person.id), recordId, fields, why: `who it was is no longer in ${segment}`, isBulk: true });
  }
  return { id: person.id, wanted, changesAt: ends.length === 0 ? null : new Date(Math.min(...ends)) };
}

const fieldsOf = ({ fields }: HubObject, segment: string, personId: string): Fields =>
  Object.fromEntries([...fields.values()].map((field) => [field.name, field.segment === 'name' ? segment : personId]));

const keyOf = (segment: string, personId: string): string => `${segment}|${personId}`;

function placeOf(key: string): { readonly segment: string; readonly personId: string } {
  const at = key.indexOf('|');
  return { segment: key.slice(0, at), personId: key.slice(at + 1) };
}
