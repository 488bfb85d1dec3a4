import { HubError } from '../../contract/errors.ts';
import { findConnection } from '../../hub/connections/connections.ts';
import { endSubscription, registeredAddress } from '../../hub/connections/subscriptions.ts';
import type { Engine } from '../engine.ts';
import { openBeside } from './session.ts';

/** What became of what the vendor was asked to tell by itself. `none`: it was asked for nothing. */
export type Withdrawn = { readonly webhooks: 'none' | 'withdrawn' } | { readonly webhooks: 'left'; readonly reason: string };

/**
 * Takes back what the hub has registered at the vendor of a connection, before it is forgotten and nobody knows of it any more. That it cannot be stands
 * in nobody's way, and is told. `limit`: somebody waits, whom a vendor that is slow, or whose calls of the day are used up, must not keep.
 */
export async function withdrawWebhooks(engine: Engine, connectionId: string, limit: AbortSignal): Promise<Withdrawn> {
  const connection = await findConnection(engine.hub, connectionId);
  const address = connection === undefined ? null : await registeredAddress(engine.hub, connection.id);
  if (connection === undefined || address === null) return { webhooks: 'none' };
  // Whoever looks at the connection meanwhile registers nothing anew.
  await endSubscription(engine.hub, connection.id);
  try {
    const { ports } = await openBeside(engine, connection, limit);
    await ports.webhooks?.end(address);
    engine.log.info({ connectionId }, 'webhooks were taken back');
    return { webhooks: 'withdrawn' };
  } catch (error) {
    if (!(error instanceof HubError || limit.aborted)) throw error;
    const reason = error instanceof HubError ? error.message : 'The system has not answered in time.';
    engine.log.warn({ connectionId, reason }, 'webhooks could not be taken back');
    return { webhooks: 'left', reason };
  }
}
