import { createRoute } from '@hono/zod-openapi';
import { noteStart } from '../../hub/connections/guided-start.ts';
import { wantApplied } from '../../hub/plans/plans.ts';
import { connectionById } from '../../hub/views/connections.ts';
import { patchConnection } from '../connecting/connection-changes.ts';
import { acting, answers, body, found, makes, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { refusal } from '../refusal.ts';
import { actorOf, allow } from '../security/operator.ts';
import { Connection } from '../shapes/connections.ts';
import { SandboxWish, Start, StartMapping, StartPatch, StartPlan } from '../shapes/start.ts';
import { startMapping } from '../start/mapping.ts';
import { chosenStreams, chosenSurveys, readStartState, stepOf } from '../start/state.ts';
import { teller, tellTried } from '../telling.ts';

const tags = ['start'];
const admin = { tags, ...allow('admin') };
const told = answers(Start, 'How far the start has come');
const read = createRoute({ method: 'get', path: '/start', ...admin, summary: 'How far the guided start has come', responses: told });
const patch = createRoute({
  method: 'patch',
  path: '/start',
  ...admin,
  summary: 'Choose systems or objects, go to a step, or put the start out of the way',
  request: { body: body(StartPatch) },
  responses: told,
});
const mapping = createRoute({
  method: 'get',
  path: '/start/mapping',
  ...admin,
  summary: 'What the mappings say of the objects that were chosen',
  responses: answers(StartMapping, 'By object: keys, and fields with their sides and rules'),
});
const plan = createRoute({
  method: 'post',
  path: '/start/plan',
  ...admin,
  summary: 'Read what was chosen, and plan what switching it on would do; nothing is written',
  responses: answers(Start, 'The start with its plan, which is being computed; none where nothing that was chosen is written anywhere'),
});
const seen = createRoute({
  method: 'post',
  path: '/start/seen',
  ...admin,
  summary: 'Note that the plan of the start was looked at',
  request: { body: body(StartPlan) },
  responses: told,
});
const enable = createRoute({
  method: 'post',
  path: '/start/enable',
  ...admin,
  summary: 'Switch on by a plan that was looked at',
  request: { body: body(StartPlan) },
  responses: told,
});
const finish = createRoute({
  method: 'post',
  path: '/start/finish',
  ...admin,
  summary: 'End the start once its plan is applied: the survey tools are switched on, and it is out of the way',
  responses: told,
});
const sandbox = createRoute({
  method: 'post',
  path: '/sandboxes',
  tags: ['connections'],
  ...allow('admin'),
  summary: 'Open a stand-in of a system in this process, full of people who are made up, and connect it',
  request: { body: body(SandboxWish) },
  responses: makes(Connection, 'The connection to it'),
});

/** The guided start, and the sandboxes that it can be tried with. */
export function startRoutes(parts: AppParts) {
  const { hub } = parts;
  const shown = async () => {
    const state = await readStartState(hub);
    const { systems, objects, planId, seenPlanId, doneAt } = state.start;
    const known = (ids: readonly string[] = []) => ids.filter((id) => parts.connectors.has(id));
    const [offered, trial] = [known(parts.sandboxes?.offered), known(parts.sandboxes?.trial)];
    const open = [...((await parts.sandboxes?.list()) ?? [])];
    const isSeen = planId !== null && planId === seenPlanId;
    return {
      step: stepOf(state),
      done: doneAt !== null,
      systems: [...systems],
      objects: objects === null ? null : [...objects],
      planId,
      seen: isSeen,
      sandboxes: { offered, trial, open },
    };
  };
  return newApi()
    .openapi(read, async (c) => c.json(await shown(), 200))
    .openapi(patch, async (c) => {
      const { systems, objects, step, done } = c.req.valid('json');
      const unknown = systems?.find((id) => !parts.connectors.has(id));
      if (unknown !== undefined) throw new Problem(422, `There is no system "${unknown}".`);
      await noteStart(hub, {
        ...(systems === undefined ? {} : { systems: [...new Set(systems)] }),
        ...(objects === undefined ? {} : { objects: [...new Set(objects)] }),
        ...(step === undefined ? {} : { step }),
        ...(done === undefined ? {} : { done }),
      });
      return c.json(await shown(), 200);
    })
    .openapi(mapping, async (c) => c.json(await startMapping(parts), 200))
    .openapi(plan, async (c) => {
      const { start } = await readStartState(hub);
      const streams = await chosenStreams(hub, start);
      if (streams.length === 0) {
        await noteStart(hub, { planId: null });
        return c.json(await shown(), 200);
      }
      const wish = { streams: streams.map(({ connection, object }) => ({ connection, object })) };
      const begun = await acting(parts).beginPlan(wish, actorOf(c.var.operator));
      if (!begun.ok) throw new Problem(422, begun.reason);
      await noteStart(hub, { planId: begun.id });
      await parts.nudge({ name: 'reconcile' });
      return c.json(await shown(), 200);
    })
    .openapi(seen, async (c) => {
      const { plan: id } = c.req.valid('json');
      const { start, plan: current } = await readStartState(hub);
      if (id === null || id !== start.planId || current === null)
        throw new Problem(409, 'The start has another plan by now. Look at that one.');
      if (current.state === 'computing') throw new Problem(409, 'The plan is still being computed.');
      await noteStart(hub, { seenPlanId: id });
      return c.json(await shown(), 200);
    })
    .openapi(enable, async (c) => {
      const { plan: id } = c.req.valid('json');
      const { start } = await readStartState(hub);
      if (id !== start.planId) throw new Problem(409, 'The start has another plan by now. Look at that one.');
      if (id === null && (await chosenStreams(hub, start)).length > 0) throw new Problem(409, 'There is no plan yet. Make one first.');
      if (id !== null && start.seenPlanId !== id) throw new Problem(409, 'Nobody has looked at this plan yet. Look at it first.');
      if (id !== null && !(await wantApplied(hub, id, actorOf(c.var.operator))))
        throw new Problem(409, 'This plan cannot be applied any more. Make a new one.');
      await noteStart(hub, { step: 'enable' });
      await parts.nudge({ name: 'reconcile' });
      return c.json(await shown(), 200);
    })
    .openapi(finish, async (c) => {
      const { start, plan: current } = await readStartState(hub);
      if (start.planId !== null && current?.state !== 'applied') throw new Problem(409, 'The plan is not applied yet.');
      if (start.planId === null && (await chosenStreams(hub, start)).length > 0)
        throw new Problem(409, 'There is no plan yet. Make one first.');
      for (const id of await chosenSurveys(parts, start)) await patchConnection(parts, id, { enabled: true });
      await noteStart(hub, { done: true });
      return c.json(await shown(), 200);
    })
    .openapi(sandbox, async (c) => {
      const { connector } = c.req.valid('json');
      if (parts.sandboxes === null)
        throw new Problem(422, 'This hub opens no sandboxes. `npm start` does; `npm run demo` shows all of them.');
      const connected = found(await parts.sandboxes.connect(connector), 'sandbox');
      if (!connected.ok) throw refusal(tellTried(c, connector, connected));
      return c.json(teller(c)(found(await connectionById(hub, connected.id), 'connection')), 201);
    });
}
