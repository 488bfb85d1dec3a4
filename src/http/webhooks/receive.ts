import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HubError } from '../../contract/errors.ts';
import type { Delivery, DeliveryPort, Hint, Hints, WebhookPort } from '../../contract/webhook.ts';
import { type Addressee, readAddressee, responseStreams, streamsOfAccount } from '../../hub/arrivals/addressees.ts';
import type { Accepted } from '../../hub/arrivals/intake.ts';
import { readAddressed } from '../../mapping/arriving/addressed.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { openIntake } from './intake.ts';

/** No vendor sends a larger delivery. */
const BODY_MAX_BYTES = 1024 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where the deliveries of a connection are to be sent. */
export const webhookAddress = (publicUrl: string, connectionId: string): string => new URL(`/webhooks/${connectionId}`, publicUrl).href;

/**
 * What is told without being asked for. A delivery is verified over its bytes, kept, and answered. Where there is somebody to ask, it is a reason to
 * look at some records, and never says what they hold; where there is nobody, what it shows is kept as it was seen.
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
    const { addressee, take } = await addresseeOf(parts, c.req.param('id'));
    const delivery = await deliveryOf(parts, c);
    const greeting = take.greet(delivery);
    if (greeting !== null) return greeting;
    if (c.req.method !== 'POST') throw new Problem(405, 'Deliveries are sent by POST.', { headers: { allow: 'POST' } });
    const secret = await parts.vault.webhookSecret(addressee.connectionId);
    if (secret === null) throw unknownAddress();
    if (!(await take.verify(delivery, secret.reveal()))) {
      parts.log.warn({ connectionId: addressee.connectionId }, 'a delivery was not signed as it should be');
      throw new Problem(401, 'The delivery is not signed with the secret of this connection, or was signed too long ago.');
    }
    const kept = await keep(await take.read(delivery));
    return c.json({ kept }, 200);
  });
}

/** How deliveries to one address are taken in. */
type Taking = Pick<WebhookPort, 'greet' | 'verify'> & { read(delivery: Delivery): Promise<Accepted> };

async function addresseeOf(parts: AppParts, id: string): Promise<{ addressee: Addressee; take: Taking }> {
  const addressee = UUID.test(id) ? await readAddressee(parts.hub, id) : null;
  const connector = addressee === null ? undefined : parts.connectors.get(addressee.connector);
  if (addressee === null) throw unknownAddress();
  if (connector?.deliveries !== undefined) return { addressee, take: takingRecords(parts, addressee, connector.deliveries) };
  if (connector?.webhooks === undefined) throw unknownAddress();
  const { webhooks: port, manifest } = connector;
  const read = (delivery: Delivery) => readHints(parts, addressee, { delivery, port, gatherMs: manifest.webhooks?.gatherMs ?? 0 });
  return { addressee, take: { greet: port.greet, verify: port.verify, read } };
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

/** Deliveries that bring the records themselves. */
function takingRecords(parts: AppParts, addressee: Addressee, port: DeliveryPort): Taking {
  const { connectionId, settings } = addressee;
  return {
    greet: (delivery) => port.greet(delivery, settings),
    verify: (delivery, secret) => port.verify(delivery, secret, settings),
    async read(delivery) {
      const door = { ...addressee, responseStreams: await responseStreams(parts.hub) };
      const { seen, unread } = await readAddressed(parts.mappings(), door, { port, delivery });
      const name = port.nameOf(delivery, settings);
      const { method, url, headers, receivedAt } = delivery;
      const request = { method, url, headers: headersToKeep(headers), receivedAt: receivedAt.toISOString() };
      return {
        connectionId,
        key: name === null ? bodyKey(delivery) : `named ${createHash('sha256').update(name).digest('base64url')}`,
        looks: [],
        gatherMs: 0,
        strangers: 0,
        unread: unread.length === 0 ? null : { reasons: unread, body: delivery.body, request },
        arrivals: seen.map((one) => ({ ...one, doorId: connectionId })),
      };
    },
  };
}

/** What it takes to read a body again; nothing by which somebody could sign in. */
const headersToKeep = (headers: Headers) => [...headers].filter(([name]) => name === 'content-type' || name === 'content-encoding');

const bodyKey = ({ url, body }: Delivery): string => createHash('sha256').update(url).update('\0').update(body).digest('base64url');

type Signed = { readonly delivery: Delivery; readonly port: WebhookPort; readonly gatherMs: number };

async function readHints(parts: AppParts, addressee: Addressee, { delivery, port, gatherMs }: Signed): Promise<Accepted> {
  const { hints, unread } = hintsOf(port, delivery);
  const others = new Set(hints.flatMap(({ account }) => (account === null || account === addressee.accountId ? [] : [account])));
  const streams = new Map([[addressee.accountId, addressee.streams]]);
  for (const account of others) streams.set(account, await streamsOfAccount(parts.hub, addressee.connector, account));
  const streamsFor = ({ account }: Hint) => streams.get(account ?? addressee.accountId) ?? addressee.streams;
  return {
    connectionId: addressee.connectionId,
    key: bodyKey(delivery),
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
