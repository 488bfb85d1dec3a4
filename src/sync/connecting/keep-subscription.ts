import type { Subscriber } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Connection } from '../../hub/connections/connections.ts';
import { dueSubscription, forgetSubscription, noteSubscription, type Subscription } from '../../hub/connections/subscriptions.ts';
import type { Engine } from '../engine.ts';
import type { OpenConnection } from './session.ts';

const HOUR_MS = 3_600_000;

/**
 * Looks after what a vendor was asked to tell by itself: registers what is new, and mends what was switched off. Polling is complete without it, so a
 * refusal is noted and spoils nothing else. How many calls it took.
 */
export async function keepSubscription(engine: Engine, connection: Connection, opened: OpenConnection): Promise<number> {
  const { webhooks } = opened.ports;
  const due = webhooks === undefined ? null : await dueSubscription(engine.hub, connection.id);
  if (webhooks === undefined || due === null) return 0;
  const before = opened.calls();
  const every = opened.connector.manifest.webhooks?.checkEveryMs ?? HOUR_MS;
  try {
    await lookAfter(engine, connection, { webhooks, due, every });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    engine.log.warn({ connectionId: connection.id, kind: error.kind, reason: error.message }, 'webhooks could not be asked for');
    await noteSubscription(engine.hub, connection.id, { reason: error.message }, HOUR_MS);
  }
  return opened.calls() - before;
}

type Care = { readonly webhooks: Subscriber; readonly due: Subscription; readonly every: number };

async function lookAfter(engine: Engine, { id }: Connection, { webhooks, due, every }: Care): Promise<void> {
  if (!due.wanted) {
    await webhooks.end(due.address);
    return forgetSubscription(engine.hub, id);
  }
  const secret = await engine.vault.webhookSecret(id);
  if (secret === null) return noteSubscription(engine.hub, id, { reason: 'it is not known what the deliveries are signed with' }, every);
  await noteSubscription(engine.hub, id, await webhooks.keep({ address: due.address, secret, anew: due.isNew }), every);
}
