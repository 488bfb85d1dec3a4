import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Whom a delivery is for: a connection with its account over there, and its streams that are switched on, by object. */
export type Addressee = {
  readonly connectionId: string;
  readonly connector: string;
  readonly accountId: string | null;
  readonly streams: ReadonlyMap<string, string>;
};

/** The connection of that id; null when there is none. */
export async function readAddressee(db: Db, connectionId: string): Promise<Addressee | null> {
  const { rows } = await sql<{ connector: string; accountId: string | null; streams: Record<string, string> }>`
    select c.connector, c.account ->> 'id' as "accountId", coalesce((${STREAMS}), '{}') as streams from connection c where c.id = ${connectionId}`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, connectionId, streams: new Map(Object.entries(row.streams)) };
}

/** The streams of whichever connection stands for an account: the application that sends deliveries may serve several. */
export async function streamsOfAccount(db: Db, connector: string, accountId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ streams: Record<string, string> }>`
    select coalesce((${STREAMS}), '{}') as streams from connection c
    where c.connector = ${connector} and c.account ->> 'id' = ${accountId} order by c.id limit 1`.execute(db);
  return new Map(Object.entries(rows[0]?.streams ?? {}));
}

const STREAMS = sql`select jsonb_object_agg(s.object, s.id) from stream s where s.connection_id = c.id and s.enabled and s.direction not in ('off', 'out')`;
