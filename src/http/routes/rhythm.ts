import { createRoute } from '@hono/zod-openapi';
import { databaseNow, resumeConnection, setSchedule } from '../../hub/rhythm/pausing.ts';
import { nextLook, wrongInSchedule } from '../../hub/rhythm/schedule.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { ById } from '../listing.ts';
import { acting, answers, body, found, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actorOf, allow } from '../security/operator.ts';
import { Connection, PauseWish, ScheduleWish } from '../shapes/connections.ts';
import { teller } from '../telling.ts';

const tags = ['connections'];
const pause = createRoute({
  method: 'post',
  path: '/connections/{id}/pause',
  tags,
  summary: 'Stop a connection: nothing is read and nothing is written until it is resumed, and webhooks are kept',
  ...allow('admin'),
  request: { params: ById, body: body(PauseWish) },
  responses: answers(Connection, 'The connection, once whoever was at it has stopped'),
});
const resume = createRoute({
  method: 'post',
  path: '/connections/{id}/resume',
  tags,
  summary: 'Let a paused connection go on where it was',
  ...allow('admin'),
  request: { params: ById },
  responses: answers(Connection, 'The connection; what has become due meanwhile is done first'),
});
const schedule = createRoute({
  method: 'put',
  path: '/connections/{id}/schedule',
  tags,
  summary: 'Say when a connection is looked at, and in which hours it is left alone',
  ...allow('admin'),
  request: { params: ById, body: body(ScheduleWish) },
  responses: answers(Connection, 'The connection with its schedule'),
});

/** When a connection works and when it does not: paused, resumed, and by which schedule. */
export function rhythmRoutes(parts: AppParts) {
  const { hub } = parts;
  const view = async (id: string) => found(await connectionById(hub, id), 'connection');
  return newApi()
    .openapi(pause, async (c) => {
      const { id } = c.req.valid('param');
      const why = c.req.valid('json').why || null;
      found(await acting(parts).pause(id, { actor: actorOf(c.var.operator), why }), 'connection');
      return c.json(teller(c)(await view(id)), 200);
    })
    .openapi(resume, async (c) => {
      const { id } = c.req.valid('param');
      await view(id);
      await resumeConnection(hub, id);
      await parts.nudge({ name: 'tend', connectionId: id });
      return c.json(teller(c)(await view(id)), 200);
    })
    .openapi(schedule, async (c) => {
      const { id } = c.req.valid('param');
      await view(id);
      const { everyMs, ...wish } = c.req.valid('json');
      const now = await databaseNow(hub);
      const wrong = wrongInSchedule(wish, now);
      if (wrong !== null) throw new Problem(422, wrong.why, { errors: [{ pointer: `#/${wrong.at}`, detail: wrong.why }] });
      await setSchedule(hub, id, { schedule: wish, everyMs, nextAt: nextLook(wish, now) });
      return c.json(teller(c)(await view(id)), 200);
    });
}
