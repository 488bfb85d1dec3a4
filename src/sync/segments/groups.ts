import { sql } from 'kysely';
import type { CauseId } from '../../causes/causes.ts';
import { HubError } from '../../contract/errors.ts';
import { type Connection, findConnection, listStreams } from '../../hub/connections/connections.ts';
import { must } from '../../kernel/must.ts';
import { segmentObject } from '../../mapping/mapping.ts';
import { openConnection } from '../connecting/session.ts';
import { type Engine, entityMapping } from '../engine.ts';
import { actOnFailures } from '../failures/dead-letters.ts';
import { type Held, withLease } from '../lease.ts';

/** What a segment is called in a system, and whether that is there. */
export type GroupView = { readonly name: string; readonly standing: 'there' | 'missing' | 'made' };
export type GroupsWish = { readonly make: boolean; readonly signal: AbortSignal };

/**
 * Looks for the lists or the like that a connection keeps segments in, and with `make` makes those that are missing. Null when another worker is at
 * the connection. Throws why it cannot be done.
 */
export async function segmentGroups(engine: Engine, nameOrId: string, wish: GroupsWish): Promise<readonly GroupView[] | null> {
  const connection = await findConnection(engine.hub, nameOrId);
  if (connection === undefined) throw new HubError('misconfigured', `There is no connection "${nameOrId}"`);
  const views = await withLease(engine, connection.id, wish.signal, (held) => underLease(engine, connection, held, wish.make));
  // What was held because its list was missing goes on.
  if (views?.some(({ standing }) => standing === 'made') === true) await retryHeld(engine, connection);
  return views;
}

async function retryHeld(engine: Engine, { id }: Connection): Promise<void> {
  const { rows } = await sql<{ cause: CauseId }>`
    select distinct l.cause from link l join stream s on s.connection_id = l.connection_id and s.object = l.object
    where l.connection_id = ${id} and s.hub_object = ${segmentObject(engine.mappings.model)?.name ?? ''} and l.state = 'held' and l.cause is not null`.execute(
    engine.hub,
  );
  for (const { cause } of rows) await actOnFailures(engine, { cause, connectionId: id }, 'retry', 'syncline');
}

async function underLease(engine: Engine, connection: Connection, held: Held, make: boolean): Promise<readonly GroupView[]> {
  const opened = await openConnection(engine, connection, held);
  try {
    const views: GroupView[] = [];
    for (const { object, names } of await namedBy(engine, connection)) {
      const { groups } = must(opened.ports.objects[object], `the port ${object}`);
      if (groups === undefined) continue;
      const standing = await groups.standing(names);
      const missing = names.filter((_, i) => standing[i] === false);
      if (make) await groups.make(missing);
      const standingOf = (name: string): GroupView['standing'] => (!missing.includes(name) ? 'there' : make ? 'made' : 'missing');
      views.push(...names.map((name) => ({ name, standing: standingOf(name) })));
    }
    return views;
  } finally {
    await opened.settle();
  }
}

/** The names that a connection's mappings have for segments, by object. */
async function namedBy(engine: Engine, connection: Connection): Promise<readonly { object: string; names: readonly string[] }[]> {
  const objects = engine.connectors.get(connection.connector)?.manifest.objects ?? {};
  const segments = segmentObject(engine.mappings.model)?.name;
  return (await listStreams(engine.hub, { connectionId: connection.id })).flatMap(({ object }) => {
    const mapping = entityMapping(engine, connection, object);
    const field = objects[object]?.groups?.field;
    if (mapping === undefined || mapping.hub !== segments || field === undefined) return [];
    const values = mapping.lines.find(({ remote }) => remote === field)?.codec.spec?.values ?? [];
    return [{ object, names: values.flatMap(({ remotes }) => remotes.slice(0, 1).map(String)) }];
  });
}
