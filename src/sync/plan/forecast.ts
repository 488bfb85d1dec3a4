import type { Manifest } from '../../contract/manifest.ts';
import type { PlanSummary } from '../../hub/plans/plans.ts';
import { must } from '../../kernel/must.ts';
import type { EntityStream } from '../streams.ts';
import type { Stage } from './stage.ts';

/** What one call took while the plan was made, by connection, in milliseconds. */
export type Latencies = ReadonlyMap<string, number>;

/** What one call is taken to last where none was measured. */
const ASSUMED_MS = 400;

/** How many calls carrying a plan out takes on each system, and how long at the least, by its limits and by what a call takes. */
export function forecast({ engine, streams }: Stage, counts: PlanSummary['counts'], latencies: Latencies): PlanSummary['forecast'] {
  const connections = new Map(streams.map(({ connection }) => [connection.id, connection]));
  return [...connections.values()].map((connection) => {
    const manifest = must(engine.connectors.get(connection.connector), 'the connector of a stream').manifest;
    const own = streams.filter((stream) => stream.connection.id === connection.id);
    const calls = own.reduce((sum, stream) => sum + callsOf(stream, counts), 0);
    const measured = latencies.get(connection.id);
    const latencyMs = Math.round(measured ?? ASSUMED_MS);
    const seconds = Math.ceil(Math.max(calls * latencyMs, pacedMs(manifest, calls)) / 1000);
    return { connection: connection.name, calls, seconds, latencyMs, measured: measured !== undefined };
  });
}

/** Full batches of each verb; and a look before updates and removals, where no version guards them. */
function callsOf({ connection, stream, traits }: EntityStream, counts: PlanSummary['counts']): number {
  const write = traits.write;
  if (write === undefined) return 0;
  const own = counts.filter((one) => one.connection === connection.name && one.object === stream.object);
  const of = (operation: string): number => own.find((one) => one.operation === operation)?.records ?? 0;
  const changes = of('update') + of('delete');
  const batches = ['create', 'update', 'delete', 'merge'].reduce((sum, verb) => sum + Math.ceil(of(verb) / write.batchMax), 0);
  if (write.guard === 'version' || changes === 0) return batches;
  return batches + (traits.read.settleMs === 0 && traits.read.only === undefined ? 1 : Math.ceil(changes / traits.read.pageMax));
}

/** How long the vendor's limits make so many calls last. */
function pacedMs({ pace }: Manifest, calls: number): number {
  const windows = pace.filter(({ of }) => of === undefined);
  return Math.max(0, ...windows.map(({ requests, perMs }) => Math.floor(Math.max(0, calls - 1) / requests) * perMs));
}
