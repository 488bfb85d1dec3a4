import { sql } from 'kysely';
import { indexBy } from '../../kernel/lists.ts';
import type { HubModel } from '../../mapping/mapping.ts';
import type { Db } from '../database.ts';
import type { LinkState } from '../stored.ts';
import { type ConnectionView, listConnections } from './connections.ts';

const MOST_CONNECTIONS = 1000;
const count = sql<number>`count(*)::int`;

/** How the hub is doing, at a glance: each connection with what is linked, waiting, failing, and held, and how fresh it is. */
export async function overviewOf(db: Db, model: HubModel) {
  const { items } = await listConnections(db, { after: null, limit: MOST_CONNECTIONS });
  const links = await db
    .selectFrom('link')
    .select(['connection_id', 'state', count.as('count')])
    .groupBy(['connection_id', 'state'])
    .execute();
  const holds = await db
    .selectFrom('hold')
    .select(['connection_id', count.as('count')])
    .where('closed_at', 'is', null)
    .groupBy('connection_id')
    .execute();
  const holdsBy = indexBy(holds, (row) => row.connection_id);
  const linked = (id: string, state: LinkState) => links.find((row) => row.connection_id === id && row.state === state)?.count ?? 0;
  return {
    connections: items.map((connection) => ({
      ...connection,
      links: {
        inSync: linked(connection.id, 'in_sync'),
        waiting: linked(connection.id, 'waiting'),
        failing: linked(connection.id, 'failing'),
        held: linked(connection.id, 'held'),
        excluded: linked(connection.id, 'excluded'),
        gone: linked(connection.id, 'gone'),
      },
      openHolds: holdsBy.get(connection.id)?.count ?? 0,
      observedAt: oldest(connection, 'observedAt'),
      wroteAt: oldest(connection, 'wroteAt'),
    })),
    records: await recordCounts(db, model),
    openHolds: holds.reduce((sum, row) => sum + row.count, 0),
    conflicts: await conflictCount(db),
    responses: await attachmentCounts(db),
  };
}

// A connection is as fresh as the stalest of its enabled streams.
function oldest(connection: ConnectionView, which: 'observedAt' | 'wroteAt'): string | null {
  const times = connection.streams.filter((stream) => stream.enabled).flatMap((stream) => stream[which] ?? []);
  return times.toSorted().at(0) ?? null;
}

async function recordCounts(db: Db, model: HubModel) {
  const rows = await db
    .selectFrom('record')
    .select(['object', count.as('count')])
    .where('merged_into', 'is', null)
    .groupBy('object')
    .orderBy('object')
    .execute();
  return rows.map((row) => ({ object: row.object, label: model.get(row.object)?.label ?? row.object, count: row.count }));
}

async function conflictCount(db: Db): Promise<number> {
  return (await db.selectFrom('change').select(count.as('count')).where('conflict', '=', true).executeTakeFirstOrThrow()).count;
}

async function attachmentCounts(db: Db) {
  const rows = await db
    .selectFrom('response')
    .select(['attachment', count.as('count')])
    .groupBy('attachment')
    .execute();
  const of = (attachment: string) => rows.find((row) => row.attachment === attachment)?.count ?? 0;
  return { attached: of('attached'), unmatched: of('unmatched'), detached: of('detached') };
}
