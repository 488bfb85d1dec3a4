import { createRoute } from '@hono/zod-openapi';
import { connectionById, listConnections } from '../../hub/views/connections.ts';
import { mapSlice } from '../../hub/views/slice.ts';
import { deleteConnection, nameIsTaken, patchConnection } from '../connecting/connection-changes.ts';
import { checkDraft } from '../connecting/draft.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { acting, answers, body, found, makes, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { refusal } from '../refusal.ts';
import { actorOf, allow } from '../security/operator.ts';
import { listOf } from '../shapes/common.ts';
import { Connection, ConnectionDraft, ConnectionPatch, Disconnected, Tried } from '../shapes/connections.ts';
import { teller, tellTried } from '../telling.ts';

const tags = ['connections'];
const list = createRoute({
  method: 'get',
  path: '/connections',
  tags,
  summary: 'The connections with their streams',
  ...allow('viewer'),
  request: { query: Listing },
  responses: answers(listOf(Connection), 'The newest first'),
});
const make = createRoute({
  method: 'post',
  path: '/connections',
  tags,
  summary: 'Connect, or give a connection new credentials',
  ...allow('admin'),
  request: { body: body(ConnectionDraft) },
  responses: makes(Connection, 'The connection, after its credentials were proven'),
});
const test = createRoute({
  method: 'post',
  path: '/connections/test',
  tags,
  summary: 'Prove credentials and keep nothing',
  ...allow('admin'),
  request: { body: body(ConnectionDraft) },
  responses: answers(Tried, 'Whose they are, or what is wrong with them'),
});
const read = createRoute({
  method: 'get',
  path: '/connections/{id}',
  tags,
  summary: 'One connection',
  ...allow('viewer'),
  request: { params: ById },
  responses: answers(Connection, 'The connection'),
});
const patch = createRoute({
  method: 'patch',
  path: '/connections/{id}',
  tags,
  summary: 'Rename a connection, or switch it on or off',
  ...allow('admin'),
  request: { params: ById, body: body(ConnectionPatch) },
  responses: answers(Connection, 'The connection as it is now'),
});
const remove = createRoute({
  method: 'delete',
  path: '/connections/{id}',
  tags,
  summary: 'Forget a connection, take back its webhooks, and give back what was allowed over there; its records stay in the hub',
  ...allow('admin', { fresh: true }),
  request: { params: ById },
  responses: answers(Disconnected, 'What became of the access and the webhooks over there'),
});

/** Connections: made, tried, renamed, switched, and forgotten. */
export function connectionRoutes(parts: AppParts) {
  const { hub, connectors } = parts;
  return newApi()
    .openapi(list, async (c) =>
      c.json(listed('connections', mapSlice(await listConnections(hub, afterOf('connections', c.req.valid('query'))), teller(c))), 200),
    )
    .openapi(test, async (c) => {
      const draft = c.req.valid('json');
      checkDraft(connectors, draft);
      return c.json(tellTried(c, draft.name, await acting(parts).tryConnection(draft)), 200);
    })
    .openapi(make, async (c) => {
      const draft = c.req.valid('json');
      checkDraft(connectors, draft);
      const taken = await hub.selectFrom('connection').select('connector').where('name', '=', draft.name).executeTakeFirst();
      if (taken !== undefined && taken.connector !== draft.connector) throw nameIsTaken();
      const connected = await acting(parts).connect(draft, actorOf(c.var.operator));
      if (!connected.ok) throw refusal(tellTried(c, draft.name, connected));
      return c.json(teller(c)(found(await connectionById(hub, connected.id), 'connection')), 201);
    })
    .openapi(read, async (c) => c.json(teller(c)(found(await connectionById(hub, c.req.valid('param').id), 'connection')), 200))
    .openapi(patch, async (c) => {
      const { id } = c.req.valid('param');
      found(await connectionById(hub, id), 'connection');
      await patchConnection(parts, id, c.req.valid('json'));
      return c.json(teller(c)(found(await connectionById(hub, id), 'connection')), 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      const connection = found(await connectionById(hub, id), 'connection');
      const { webhooks, ...unsaid } = await acting(parts).withdrawWebhooks(id);
      const revoked = await acting(parts).revokeGrant(id);
      await deleteConnection(hub, connection);
      const webhooksReason = 'reason' in unsaid ? unsaid.reason : null;
      return c.json({ access: revoked.access, reason: 'reason' in revoked ? revoked.reason : null, webhooks, webhooksReason }, 200);
    });
}
