import { sql } from 'kysely';
import type { Tx } from '../../hub/database.ts';
import { nameCauses } from '../../hub/records/link-causes.ts';
import { releaseTally } from '../../hub/records/tally.ts';
import { must } from '../../kernel/must.ts';
import { type BrakeKind, brakeKey } from '../../merge/brakes.ts';
import type { Engine } from '../engine.ts';
import { followApart } from '../merging/follow-merges.ts';
import { type EntityStream, entityStreams, streamKey } from '../streams.ts';
import { countHeld } from './lift.ts';
import type { BrakeTold } from './words.ts';

export type HeldBrake = {
  readonly connection_id: string | null;
  readonly object: string;
  readonly detail: Readonly<Record<string, unknown>>;
};
type Brake = {
  readonly connectionId: string;
  readonly object: string;
  readonly told: BrakeTold;
  readonly key: string;
  readonly stream: StreamRow;
};
type StreamRow = { readonly id: string; readonly hub_object: string };

/** Lets what a brake holds happen, all of it, and counts afresh from here. */
export async function releaseBrake(tx: Tx, hold: HeldBrake): Promise<void> {
  const brake = await brakeIn(tx, hold);
  const { what, field, count, suspects } = brake.told;
  const held = await countHeld(tx, { connection_id: brake.connectionId, object: brake.object, detail: brake.told });
  const n = Math.max(held, count) + suspects;
  await releaseTally(tx, { streamId: brake.stream.id, what, field: field ?? '', n });
  await releaseWhatFollows(tx, brake, n);
  if (suspects > 0) await sql`update stream set sweep_at = now() where id = ${brake.stream.id}`.execute(tx);
  await planAnew(tx, brake);
}

/** What is released goes on to the other systems, and is not asked about again in each of them. */
const FOLLOWS: Readonly<Partial<Record<BrakeKind, BrakeKind>>> = {
  removals_in: 'removals_out',
  archives_in: 'removals_out',
  blanks_in: 'blanks_out',
};

async function releaseWhatFollows(tx: Tx, { stream, told }: Brake, n: number): Promise<void> {
  const what = FOLLOWS[told.what];
  if (what === undefined) return;
  const { rows } = await sql<{ id: string }>`
    select id from stream where hub_object = ${stream.hub_object} and id <> ${stream.id} and enabled and direction in ('both', 'out') order by id`.execute(
    tx,
  );
  for (const { id } of rows) await releaseTally(tx, { streamId: id, what, field: told.field ?? '', n }, { keepsReleased: true });
}

/** Throws away what a brake holds, so that both sides come to agree without it. Why that cannot be, or null. */
export async function keepInstead(engine: Engine, tx: Tx, hold: HeldBrake): Promise<string | null> {
  const brake = await brakeIn(tx, hold);
  const stream = (await entityStreams(engine, tx, brake.stream.hub_object)).get(streamKey(brake.connectionId, brake.object));
  if (stream === undefined) return 'The stream is switched off. Switch it on first.';
  await planAnew(tx, brake);
  await KEEP[brake.told.what](tx, brake, { engine, stream });
  await releaseTally(tx, { streamId: brake.stream.id, what: brake.told.what, field: brake.told.field ?? '', n: 0 });
  return null;
}

async function brakeIn(tx: Tx, hold: HeldBrake): Promise<Brake> {
  const told = hold.detail as BrakeTold;
  const connectionId = must(hold.connection_id, 'the connection of a brake');
  const { rows } = await sql<StreamRow>`
    select id, hub_object from stream where connection_id = ${connectionId} and object = ${hold.object}`.execute(tx);
  return { connectionId, object: hold.object, told, key: brakeKey(told.what, told.field), stream: must(rows[0], 'the stream of a brake') };
}

const heldLinks = ({ connectionId, object, key }: Brake) =>
  sql`l.connection_id = ${connectionId} and l.object = ${object} and l.braked <> '{}' and ${key} = any(l.braked)`;

/** Has everything looked at once more that a brake holds. */
async function planAnew(tx: Tx, brake: Brake): Promise<void> {
  await sql`update record r set dirty = true from link l where l.record_id = r.id and ${heldLinks(brake)}`.execute(tx);
  if (brake.told.what !== 'merges_in') return;
  await sql`
    update observation o set dirty = true from alias a
    where a.connection_id = ${brake.connectionId} and a.object = ${brake.object} and not a.followed and o.connection_id = a.connection_id
      and ((o.object = a.object and o.remote_id = a.alias_id) or (o.object = coalesce(a.into_object, a.object) and o.remote_id = a.remote_id))`.execute(
    tx,
  );
}

type Around = { readonly engine: Engine; readonly stream: EntityStream };
type Keep = (tx: Tx, brake: Brake, around: Around) => Promise<void>;

const KEEP: Readonly<Record<BrakeTold['what'], Keep>> = {
  removals_in: keepHere,
  blanks_in: writeBack,
  merges_in: (tx, _brake, { engine, stream }) => followApart(engine, tx, stream),
  archives_in: keepApart,
  removals_out: keepApart,
  blanks_out: takeBack,
};

/** Records that are gone over there stay here and everywhere else, and are not made again there unless they are restored. */
async function keepHere(tx: Tx, brake: Brake): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update link l set state = 'gone', gone_by = 'remote', reason = 'it was deleted over there', cause = null, removal = null, due = false, braked = '{}'
    where ${heldLinks(brake)} returning l.id`.execute(tx);
  await nameCauses(
    tx,
    rows.map(({ id }) => id),
  );
}

/** As if the blanks had been agreed on before the hub got its values: so these are given out. */
async function writeBack(tx: Tx, brake: Brake): Promise<void> {
  await sql`update link l set base = l.base || jsonb_build_object(${brake.told.field}::text, null) where ${heldLinks(brake)}`.execute(tx);
}

/** Records over there stay as they are, apart from the hub's, until a person takes them back into the sync. */
async function keepApart(tx: Tx, brake: Brake): Promise<void> {
  const isLeaving = brake.told.what === 'removals_out' ? sql`or (l.removal = 'wanted' and l.due)` : sql``;
  await sql`
    update link l set state = 'excluded', cause = 'kept', reason = 'a person decided to keep it there', removal = null, due = false, braked = '{}'
    where l.connection_id = ${brake.connectionId} and l.object = ${brake.object} and ((l.braked <> '{}' and ${brake.key} = any(l.braked)) ${isLeaving})`.execute(
    tx,
  );
}

/**
 * What the remotes hold is taken in again, as if they had it since both sides agreed on a blank. Where nothing comes in by the field, both sides
 * agree to differ.
 */
async function takeBack(tx: Tx, brake: Brake, { stream }: Around): Promise<void> {
  const { field } = brake.told;
  const comesIn = stream.lines.find((line) => line.hub === field)?.direction === 'both';
  const held = sql`case jsonb_typeof(l.base -> ${field}) when 'object' then l.base -> ${field} -> 'remote' else l.base -> ${field} end`;
  const base = comesIn ? sql`'null'::jsonb` : sql`jsonb_build_object('hub', null, 'remote', ${held})`;
  const { rows } = await sql<{ record_id: string }>`
    update link l set base = l.base || jsonb_build_object(${field}::text, ${base}), due = false from record r
    where l.connection_id = ${brake.connectionId} and l.object = ${brake.object} and r.id = l.record_id and (l.due or l.braked <> '{}')
      and not r.fields ? ${field} and l.base ? ${field} and ${held} not in ('null', '""', '[]') returning l.record_id`.execute(tx);
  await sql`update record set dirty = true where id = any(${rows.map((row) => row.record_id)}::uuid[])`.execute(tx);
}
