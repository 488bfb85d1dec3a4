import { findConnection, listConnections, listStreams } from '../hub/connections/connections.ts';
import { latestDrifts } from '../hub/connections/drifts.ts';
import { sayDrift, stands } from '../mapping/drift.ts';
import type { Services } from '../services.ts';

const SHOWN = 50;

/** Lists what has changed over there in the fields that records have, and what of it goes on. */
export async function schemaCommand({ hub }: Services, name: string | undefined): Promise<number> {
  const one = name === undefined ? undefined : await findConnection(hub, name);
  if (name !== undefined && one === undefined) {
    process.stderr.write(`There is no connection "${name}".\n`);
    return 1;
  }
  const connections = one === undefined ? await listConnections(hub) : [one];
  const streams = await listStreams(hub);
  const drifts = await latestDrifts(
    hub,
    streams.map(({ id }) => id),
    SHOWN,
  );
  for (const connection of connections) {
    for (const stream of streams.filter(({ connectionId }) => connectionId === connection.id)) {
      for (const drift of drifts.get(stream.id) ?? []) {
        const over = stands(drift) && drift.endedAt !== null ? `, until ${drift.endedAt.toISOString()}` : '';
        process.stdout.write(`${drift.at.toISOString()}  ${connection.name} ${stream.object}: ${sayDrift(drift)}${over}\n`);
      }
    }
  }
  return 0;
}
