import { sql } from 'kysely';
import { Gauge, Registry } from 'prom-client';
import type { Hub } from '../hub/database.ts';
import { readAllowances } from '../hub/limits/allowances.ts';
import { type Day, daysOf } from '../hub/limits/day.ts';

/** The hub's figures for Prometheus, counted from the tables when they are asked for: every process answers the same. */
export function openMetrics(hub: Hub): () => Promise<string> {
  const registry = new Registry();
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    rows: () => Promise<readonly { labels: Record<string, string>; value: number }[]>,
  ) =>
    new Gauge({
      name: `syncline_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset();
        for (const { labels, value } of await rows()) this.set(labels, value);
      },
    });
  gauge('links', 'Links by connection, object, and state', ['connection', 'object', 'state'], async () =>
    (
      await sql<{
        name: string;
        object: string;
        state: string;
        n: string;
      }>`select c.name, l.object, l.state, count(*) as n from link l join connection c on c.id = l.connection_id group by 1, 2, 3`.execute(
        hub,
      )
    ).rows.map((row) => ({ labels: { connection: row.name, object: row.object, state: row.state }, value: Number(row.n) })),
  );
  gauge('holds_open', 'Decisions that wait for a person', ['kind'], async () =>
    (await sql<{ kind: string; n: string }>`select kind, count(*) as n from hold where closed_at is null group by 1`.execute(hub)).rows.map(
      (row) => ({ labels: { kind: row.kind }, value: Number(row.n) }),
    ),
  );
  gauge('calls_total', 'Requests made to each connection', ['connection'], async () =>
    (await hub.selectFrom('connection').select(['name', 'calls_made']).execute()).map((row) => ({
      labels: { connection: row.name },
      value: Number(row.calls_made),
    })),
  );
  gauge('connection_ready', '1 when the connection works', ['connection'], async () =>
    (await hub.selectFrom('connection').select(['name', 'state']).where('enabled', '=', true).execute()).map((row) => ({
      labels: { connection: row.name },
      value: row.state === 'ready' ? 1 : 0,
    })),
  );
  gauge('stream_age_seconds', 'Seconds since a stream was looked at completely', ['connection', 'object'], async () =>
    (
      await sql<{
        name: string;
        object: string;
        age: number;
      }>`select c.name, s.object, extract(epoch from now() - s.observed_at)::float8 as age from stream s join connection c on c.id = s.connection_id where s.enabled and s.observed_at is not null`.execute(
        hub,
      )
    ).rows.map((row) => ({ labels: { connection: row.name, object: row.object }, value: row.age })),
  );
  const quota = (name: string, help: string, of: (day: Day) => number | null) =>
    gauge(name, help, ['connection'], async () => {
      const days = await daysOf(hub, await readAllowances(hub));
      const connections = await hub.selectFrom('connection').select(['id', 'name']).execute();
      return connections.flatMap(({ id, name: connection }) => {
        const day = days.get(id);
        const value = day === undefined ? null : of(day);
        return value === null ? [] : [{ labels: { connection }, value }];
      });
    });
  quota('day_calls_ours', 'Calls of the hub within the vendor’s day', ({ ours }) => ours);
  quota('day_calls_others', 'Calls of others within the vendor’s day, as far as the vendor has told', ({ others }) => others);
  quota('day_calls_share', 'Calls that the hub may make within the vendor’s day', ({ share }) => share);
  quota('day_calls_max', 'Calls that the vendor allows within its day, for all together', ({ max }) => max);
  return () => registry.metrics();
}
