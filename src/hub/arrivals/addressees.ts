import { sql } from 'kysely';
import type { Fields } from '../../contract/records.ts';
import type { Db } from '../database.ts';

/** Whom a delivery is for: a connection with its account over there, and its streams that are switched on, by object. */
export type Addressee = {
  readonly connectionId: string;
  readonly connector: string;
  readonly name: string;
  readonly settings: Fields;
  readonly accountId: string | null;
  readonly streams: ReadonlyMap<string, string>;
};

/** The connection of that id; null when there is none. */
export async function readAddressee(db: Db, connectionId: string): Promise<Addressee | null> {
  const { rows } = await sql<Omit<Addressee, 'connectionId' | 'streams'> & { streams: Record<string, string> }>`
    select c.connector, c.name, c.settings, c.account ->> 'id' as "accountId", coalesce((${STREAMS}), '{}') as streams from connection c where c.id = ${connectionId}`.execute(
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

/** The streams of responses that are switched on, by the name of their connection. */
export async function responseStreams(db: Db): Promise<ReadonlyMap<string, { readonly streamId: string; readonly connectionId: string }>> {
  const { rows } = await sql<{ name: string; streamId: string; connectionId: string }>`
    select c.name, s.id as "streamId", c.id as "connectionId" from stream s join connection c on c.id = s.connection_id
    where s.object = 'response' and s.enabled and s.direction <> 'off'`.execute(db);
  return new Map(rows.map(({ name, ...stream }) => [name, stream]));
}

const STREAMS = sql`select jsonb_object_agg(s.object, s.id) from stream s where s.connection_id = c.id and s.enabled and s.direction not in ('off', 'out')`;
