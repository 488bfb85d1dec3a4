import type { Portal } from '../portal/portal.ts';
import { invalid, notFound, Refusal } from '../wire/refusal.ts';
import { type Api, demandRight, pagingTo, queryLimit, readBody } from '../wire/requests.ts';
import { inputsOf, object, optionalText, type Shape, text } from '../wire/shapes.ts';

const BATCH_MAX = 500;
const PROPERTIES_MAX = 50;
const VALUE_MAX = 1024;

type Occurrence = {
  readonly id: string;
  readonly eventType: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly occurredAt: string;
  readonly properties: Shape;
};

/** Whom an event is about: by id, or by e-mail address. */
function subjectOf(portal: Portal, raw: Shape): string {
  const { records } = portal.table(portal.types.named('contacts'));
  const email = optionalText(raw.email, 'email')?.trim().toLowerCase();
  const id = optionalText(raw.objectId, 'objectId') ?? (email === undefined ? undefined : records.holder('email', email));
  if (id === undefined) throw invalid('Some required fields were not set: [objectId]');
  return id;
}

function occurrence(portal: Portal, raw: Shape, id: string): Occurrence {
  const eventType = text(raw.eventName, 'eventName');
  if (!eventType.startsWith(`pe${portal.id}_`)) throw invalid(`The event ${eventType} does not belong to this account`);
  const properties = object(raw.properties ?? {}, 'properties');
  if (Object.keys(properties).length > PROPERTIES_MAX) throw invalid(`An event may have at most ${PROPERTIES_MAX} properties`);
  if (Object.values(properties).some((value) => String(value).length > VALUE_MAX)) throw invalid('A property of the event is too long');
  const occurredAt = optionalText(raw.occurredAt, 'occurredAt') ?? portal.now().toISOString();
  return { id, eventType, objectType: 'CONTACT', objectId: subjectOf(portal, raw), occurredAt, properties };
}

/** Custom events: sent without an answer, and read back. */
function customEventRoutes(api: Api, portal: Portal): void {
  const seen: Occurrence[] = [];
  const add = (raws: readonly Shape[]): void =>
    void seen.push(...raws.map((raw, at) => occurrence(portal, raw, String(seen.length + at + 1))));
  api.post('/events/v3/send', async (c) => {
    add([await readBody(c)]);
    return c.body(null, 204);
  });
  api.post('/events/v3/send/batch', async (c) => {
    add(inputsOf(await readBody(c), BATCH_MAX));
    return c.body(null, 204);
  });
  api.get('/events/v3/events', (c) => {
    const { objectId, eventType, occurredAfter, after } = c.req.query();
    const limit = queryLimit(c, { initial: 20, max: 1000 });
    const found = seen.filter(
      (one) =>
        (objectId === undefined || one.objectId === objectId) &&
        (eventType === undefined || one.eventType === eventType) &&
        (occurredAfter === undefined || one.occurredAt > occurredAfter),
    );
    const start = Number(after ?? 0);
    return c.json({
      results: found.slice(start, start + limit),
      ...pagingTo(c, start + limit < found.length ? String(start + limit) : null),
    });
  });
}

function timelineEvent(portal: Portal, raw: Shape, kind: 'eventTemplateId' | 'eventTypeName'): Shape {
  text(raw[kind], kind);
  const id = optionalText(raw.id, 'id') ?? `event-${Math.floor(portal.random() * 1e9)}`;
  return { ...raw, id, objectId: subjectOf(portal, raw), objectType: 'CONTACT', createdAt: portal.now().toISOString() };
}

/** Timeline events, in the old shape and in the dated one, where an id that exists already is refused. */
function timelineRoutes(api: Api, portal: Portal): void {
  const byId = new Map<string, Shape>();
  const keep = (event: Shape): Shape => {
    byId.set(String(event.id), event);
    return event;
  };
  api.use('/integrators/timeline/*', async (c, next) => {
    const isOld = c.req.path.startsWith('/integrators/timeline/v3/');
    if (isOld && c.get('caller').kind !== 'oauth') {
      throw new Refusal(403, { message: 'Tokens of private apps and Service Keys cannot use the timeline', category: 'MISSING_SCOPES' });
    }
    demandRight(c, ['timeline']);
    await next();
  });
  api.post('/integrators/timeline/v3/events', async (c) => c.json(keep(timelineEvent(portal, await readBody(c), 'eventTemplateId')), 201));
  api.post('/integrators/timeline/v3/events/batch/create', async (c) => {
    const results = inputsOf(await readBody(c), BATCH_MAX).map((raw) => keep(timelineEvent(portal, raw, 'eventTemplateId')));
    const at = portal.now().toISOString();
    return c.json({ status: 'COMPLETE', results, startedAt: at, completedAt: at }, 201);
  });
  api.get('/integrators/timeline/v3/events/:template/:id', (c) => {
    const event = byId.get(c.req.param('id'));
    if (event === undefined) throw notFound();
    return c.json(event);
  });
  api.post('/integrators/timeline/dated/events', async (c) => {
    const event = timelineEvent(portal, await readBody(c), 'eventTypeName');
    if (byId.has(String(event.id))) throw new Refusal(409, { message: `Event ${String(event.id)} exists already`, category: 'CONFLICT' });
    return c.json(keep(event), 201);
  });
}

export function eventRoutes(api: Api, portal: Portal): void {
  customEventRoutes(api, portal);
  timelineRoutes(api, portal);
}
