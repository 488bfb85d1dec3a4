import { HubError } from '../../contract/errors.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import { readAllowance } from '../../hub/limits/allowances.ts';
import { dayOf } from '../../hub/limits/day.ts';
import type { Engine } from '../engine.ts';

/** How often a quota is asked for again that ends nobody knows when: others' calls leave the last 24 hours one by one. */
const LOOK_AGAIN_MS = 900_000;

/** The error of a day that is used up, with when there is more: at midnight over there where that is known. */
export async function awaitQuota(engine: Engine, connection: Connection, error: HubError): Promise<HubError> {
  if (error.kind !== 'quota_spent' || error.retryAfterMs !== undefined) return error;
  const kind = engine.connectors.get(connection.connector)?.manifest.day;
  const row = kind?.ends === 'midnight' ? await readAllowance(engine.hub, connection.id) : undefined;
  const retryAfterMs =
    kind === undefined || row === undefined || connection.account?.timeZone === undefined
      ? LOOK_AGAIN_MS
      : (await dayOf(engine.hub, connection.id, { ...row, ends: kind.ends })).resetsInMs;
  return new HubError(error.kind, error.message, { retryAfterMs, cause: error, ...(error.code === undefined ? {} : { code: error.code }) });
}
