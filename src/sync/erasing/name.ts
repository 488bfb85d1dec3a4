import type { Connection } from '../../hub/connections/connections.ts';
import type { Engine } from '../engine.ts';

/**
 * What a response goes by for ever: its id in that kind of tool, whoever signs in there later. Where records only arrive, ids are whatever people write,
 * so that they count for the connection of that name alone.
 */
export function nameOfResponse(
  { connectors }: Pick<Engine, 'connectors'>,
  { connector, name }: Pick<Connection, 'connector' | 'name'>,
  remoteId: string,
): readonly (string | null)[] {
  const isDoor = connectors.get(connector)?.manifest.arrives !== undefined;
  return ['response', connector, isDoor ? name : null, remoteId];
}
