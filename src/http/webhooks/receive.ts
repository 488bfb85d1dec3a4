import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HubError } from '../../contract/errors.ts';
import type { Delivery, Hint, Hints, WebhookPort } from '../../contract/webhook.ts';
import { type Addressee, readAddressee, streamsOfAccount } from '../../hub/addressees.ts';
import type { Accepted } from '../../hub/intake.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { openIntake } from './intake.ts';

/** No vendor sends a larger delivery. */
const BODY_MAX_BYTES = 1024 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where the deliveries of a connection are to be sent. */
export const webhookAddress = (publicUrl: string, connectionId: string): string => new URL(`/webhooks/${connectionId}`, publicUrl).href;

/**
 * What vendors tell by themselves. A delivery is verified over its bytes, kept, and answered: it is a reason to look at some records, and
 * never says what they hold.
 */
export function webhookRoutes(parts: AppParts) {
  const keep = openIntake(parts.hub, parts.nudge);
  const tooLarge = bodyLimit({
    maxSize: BODY_MAX_BYTES,
    onError: () => {
      throw new Problem(413, 'A delivery may have 1 MB at most.');
    },
  });
  return new Hono().on(['GET', 'POST'], '/webhooks/:id', tooLarge, async (c) => {
    const { addressee, port, gatherMs } = await addresseeOf(parts, c.req.param('id'));
    const delivery = await deliveryOf(parts, c);
    const greeting = port.greet(delivery);
    if (greeting !== null) return greeting;
    if (c.req.method !== 'POST') throw new Problem(405, 'Deliveries are sent by POST.', { headers: { allow: 'POST' } });
    const secret = await parts.vault.webhookSecret(addressee.connectionId);
    if (secret === null) throw unknownAddress();
    if (!(await port.verify(delivery, secret.reveal()))) {
      parts.log.warn({ connectionId: addressee.connectionId }, 'a delivery was not signed as it should be');
      throw new Problem(401, 'The delivery is not signed with the secret of this connection, or was signed too long ago.');
    }
    const kept = await keep(await readDelivery(parts, addressee, { delivery, port, gatherMs }));
    return c.json({ kept }, 200);
  });
}

async function addresseeOf(parts: AppParts, id: string): Promise<{ addressee: Addressee; port: WebhookPort; gatherMs: number }> {
  const addressee = UUID.test(id) ? await readAddressee(parts.hub, id) : null;
  const connector = addressee === null ? undefined : parts.connectors.get(addressee.connector);
  if (addressee === null || connector?.webhooks === undefined) throw unknownAddress();
  return { addressee, port: connector.webhooks, gatherMs: connector.manifest.webhooks?.gatherMs ?? 0 };
}

const unknownAddress = (): Problem => new Problem(404, 'There is nothing under this address.');

/** The request as it came. The address is the public one, since that is what the vendor signed. */
async function deliveryOf({ publicUrl, clock }: AppParts, c: Context): Promise<Delivery> {
  const { pathname, search } = rawAddress(c.req.url);
  return {
    method: c.req.method,
    url: `${new URL(publicUrl).origin}${pathname}${search}`,
    headers: c.req.raw.headers,
    body: new Uint8Array(await c.req.arrayBuffer()),
    receivedAt: clock.now(),
  };
}

/** Path and query as they were sent: parsed and put together again they could read otherwise. */
function rawAddress(url: string): { pathname: string; search: string } {
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  const at = path.indexOf('?');
  return at < 0 ? { pathname: path, search: '' } : { pathname: path.slice(0, at), search: path.slice(at) };
}

type Signed = { readonly delivery: Delivery; readonly port: WebhookPort; readonly gatherMs: number };

async function readDelivery(parts: AppParts, addressee: Addressee, { delivery, port, gatherMs }: Signed): Promise<Accepted> {
  const { hints, unread } = hintsOf(port, delivery);
  const others = new Set(hints.flatMap(({ account }) => (account === null || account === addressee.accountId ? [] : [account])));
  const streams = new Map([[addressee.accountId, addressee.streams]]);
  for (const account of others) streams.set(account, await streamsOfAccount(parts.hub, addressee.connector, account));
  const streamsFor = ({ account }: Hint) => streams.get(account ?? addressee.accountId) ?? addressee.streams;
  return {
    connectionId: addressee.connectionId,
    key: createHash('sha256').update(delivery.url).update('\0').update(delivery.body).digest('base64url'),
    looks: hints.flatMap((hint) => {
      const streamId = streamsFor(hint).get(hint.object);
      return streamId === undefined ? [] : [{ streamId, scope: hint.scope, remoteId: hint.id }];
    }),
    gatherMs,
    strangers: hints.filter((hint) => hint.account !== null && streamsFor(hint).size === 0).length,
    unread: unread.length === 0 ? null : { reasons: unread, body: delivery.body },
  };
}

/** What cannot be read at all is kept as it came, for a person to see. */
function hintsOf(port: WebhookPort, delivery: Delivery): Hints {
  try {
    return port.hints(delivery);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { hints: [], unread: [error.message] };
  }
}
