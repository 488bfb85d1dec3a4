import { createRoute, z } from '@hono/zod-openapi';
import { setStream } from '../../hub/connections/set-stream.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { listRuns, runById } from '../../hub/views/runs.ts';
import { mapSlice } from '../../hub/views/slice.ts';
import { lookNow } from '../connecting/connection-changes.ts';
import { afterOf, ById, Guid, Listing, listed } from '../listing.ts';
import { answers, body, found, newApi, starts } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { allow } from '../security/operator.ts';
import { listOf } from '../shapes/common.ts';
import { Connection, StreamPatch } from '../shapes/connections.ts';
import { Run } from '../shapes/runs.ts';
import { teller, tellRun } from '../telling.ts';

const tags = ['connections'];
const patch = createRoute({
  method: 'patch',
  path: '/connections/{id}/streams/{object}',
  tags,
  summary: 'Switch an object of a connection, or change its direction or rhythm',
  ...allow('admin'),
  request: { params: ById.extend({ object: z.string().max(100) }), body: body(StreamPatch) },
  responses: answers(Connection, 'The connection as it is now'),
});
const sync = createRoute({
  method: 'post',
  path: '/connections/{id}/sync',
  tags,
  summary: 'Look for changes now',
  ...allow('steward'),
  request: { params: ById },
  responses: starts(z.object({ streams: z.int() }), 'How many streams are now due'),
});
const runs = createRoute({
  method: 'get',
  path: '/runs',
  tags,
  summary: 'What the runs did',
  ...allow('viewer'),
  request: { query: Listing.extend({ connectionId: Guid.optional() }) },
  responses: answers(listOf(Run), 'The newest first'),
});

const run = createRoute({
  method: 'get',
  path: '/runs/{id}',
  tags,
  summary: 'One run, and how far it has come',
  ...allow('viewer'),
  request: { params: ById },
  responses: answers(Run, 'The run'),
});

/** The rhythm of connections: their streams, a look right now, and what came of earlier ones. */
export function streamRoutes(parts: AppParts) {
  const { hub } = parts;
  return newApi()
    .openapi(patch, async (c) => {
      const { id, object } = c.req.valid('param');
      const connection = found(await connectionById(hub, id), 'connection');
      const stream = found(
        connection.streams.find((each) => each.object === object),
        'stream',
      );
      const { enabled, direction, everyMs, mode } = c.req.valid('json');
      if (mode === 'shadow' && stream.hubObject === 'response')
        throw new Problem(422, 'Responses only arrive, so there is nothing that a shadow would hold back.');
      if (direction !== undefined) checkDirection(parts, connection.connector, object, direction);
      await setStream(hub, stream.id, {
        ...(enabled === undefined ? {} : { enabled }),
        ...(direction === undefined ? {} : { direction }),
        ...(everyMs === undefined ? {} : { everyMs }),
        ...(mode === undefined ? {} : { mode }),
      });
      if ((enabled === true || mode !== undefined) && connection.enabled) await lookNow(parts, id);
      return c.json(teller(c)(found(await connectionById(hub, id), 'connection')), 200);
    })
    .openapi(sync, async (c) => {
      const { id } = c.req.valid('param');
      const connection = found(await connectionById(hub, id), 'connection');
      if (!connection.enabled) throw new Problem(422, 'The connection is switched off. Switch it on first.');
      if (connection.paused !== null) throw new Problem(422, 'The connection is paused. Let it go on first.');
      if ((connection.schedule?.quietUntil ?? null) !== null)
        throw new Problem(422, 'The connection is in its quiet hours, and is looked at when they are over.');
      return c.json({ streams: await lookNow(parts, id) }, 202);
    })
    .openapi(run, async (c) => c.json(tellRun(c)(found(await runById(hub, c.req.valid('param').id), 'run')), 200))
    .openapi(runs, async (c) => {
      const query = c.req.valid('query');
      const page = await listRuns(hub, { connectionId: query.connectionId }, afterOf('runs', query));
      return c.json(listed('runs', mapSlice(page, tellRun(c))), 200);
    });
}

function checkDirection(parts: AppParts, connector: string, object: string, direction: 'both' | 'in' | 'out' | 'off'): void {
  const readOnly = parts.connectors.get(connector)?.manifest.objects[object]?.write === undefined;
  if (!readOnly || direction === 'in' || direction === 'off') return;
  throw new Problem(422, 'This object can only be read.', { errors: [{ pointer: '#/direction', detail: 'Use in or off.' }] });
}
