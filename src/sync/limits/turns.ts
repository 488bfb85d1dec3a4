import { sql } from 'kysely';
import type { Connection } from '../../hub/connections/connections.ts';
import { readAllowance } from '../../hub/limits/allowances.ts';
import { dayOf } from '../../hub/limits/day.ts';
import { isOfPlanUnderWay } from '../../hub/plans/progress.ts';
import type { OpenConnection } from '../connecting/session.ts';
import type { Engine } from '../engine.ts';
import { type Lane, laneNumber, partOfDay } from './lanes.ts';

/** Whose turn it is on a connection. Between pages and batches, a lower lane asks whether it may go on. */
export type Turns = {
  /** From now on, calls are made for this lane. */
  enter(lane: Lane): void;
  /** Whether something of a higher lane is due, or the lane has used up its part of the day. What was begun is gone on with later. */
  givesWay(lane: Lane): Promise<boolean>;
  /** Whether the lane has used up its part of the day. */
  rests(lane: Lane): Promise<boolean>;
};

/** `looks`: whether streams that are due by their schedule are going to be looked at, so that they are worth giving way to. */
export function turnsOn(engine: Engine, connection: Connection, opened: OpenConnection, { looks }: { readonly looks: boolean }): Turns {
  const rests = (lane: Lane) =>
    lane === 'live' || lane === 'removal' ? Promise.resolve(false) : isUsedUp(engine, connection, opened, lane);
  return {
    enter: (lane) => opened.enter(lane),
    rests,
    givesWay: async (lane) => (await isSomethingDue(engine, connection.id, lane, looks)) || (await rests(lane)),
  };
}

async function isSomethingDue(engine: Engine, connectionId: string, lane: Lane, looks: boolean): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (
        select 1 from link l join stream s on s.connection_id = l.connection_id and s.object = l.object and s.enabled and s.mode = 'live' and s.direction in ('both', 'out')
        where l.connection_id = ${connectionId} and l.due and l.lane < 2 and l.lane < ${laneNumber(lane)} and l.not_before <= now() and l.sent is null and not ${isOfPlanUnderWay}
          and (l.remote_id is not null or s.backfilled_at is not null))
      or ${looks} and exists (
        select 1 from stream s where s.connection_id = ${connectionId} and s.enabled and s.direction <> 'off' and s.backfilled_at is not null and s.next_at <= now())
      or exists (select 1 from stream s join look k on k.stream_id = s.id where s.connection_id = ${connectionId} and s.enabled and s.backfilled_at is not null and k.noted_at <= now())
      as due`.execute(engine.hub);
  return rows[0]?.due === true;
}

/** Whether the lane's part of the day is used up; then it rests until there is more, and the connection does not count as due for it. */
async function isUsedUp(engine: Engine, connection: Connection, opened: OpenConnection, lane: Lane): Promise<boolean> {
  const kind = opened.connector.manifest.day;
  const row = kind === undefined ? undefined : await readAllowance(engine.hub, connection.id);
  if (kind === undefined || row === undefined) return false;
  const day = await dayOf(engine.hub, connection.id, row);
  if (day.share === null || day.ours < partOfDay(day.share, lane)) return false;
  const until = sql<Date>`now() + ${day.resetsInMs} * interval '1 ms'`;
  if (lane === 'audit')
    await engine.hub
      .updateTable('stream')
      .set({ sweep_at: until })
      .where('connection_id', '=', connection.id)
      .where('sweep_at', '<', until)
      .where('sweep_at', '<>', sql<Date>`'infinity'`)
      .execute();
  else await engine.hub.updateTable('connection').set({ spared_until: until }).where('id', '=', connection.id).execute();
  engine.log.warn({ connectionId: connection.id, lane, resetsAt: day.resetsAt }, 'a lane rests until the day is over');
  return true;
}
