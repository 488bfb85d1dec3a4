import type { Context, Hono } from 'hono';
import type { Account } from '../account.ts';
import { Refusal } from '../wire/refusal.ts';
import { included, pageOf, pathPart, readBody } from '../wire/requests.ts';
import { onlyKnown, optionalText, type Shape, text, word } from '../wire/shapes.ts';
import { ANONYMOUS_TYPES, COLLECTOR_TYPES, type Collector, type CollectorGiven, renderCollector } from './collectors.ts';
import { invitationRoutes } from './invitation-routes.ts';

const INCLUDES = ['type', 'status', 'response_count', 'date_created', 'date_modified', 'url'];
const KNOWN = ['type', 'name', 'status', 'anonymous_type', 'sender_email'];

function readCollector(body: Shape, account: Account): Partial<CollectorGiven> {
  onlyKnown(body, KNOWN);
  const [name, sender] = [optionalText(body.name, 'name'), optionalText(body.sender_email, 'sender_email')];
  const verified = account.world.switches.verifiedSenders.split(/\s+/);
  if (sender !== undefined && !verified.includes(sender)) throw new Refusal(1016, 'The sender address has not been verified.');
  return {
    ...(body.type === undefined ? {} : { type: word(body.type, COLLECTOR_TYPES, 'type') }),
    ...(name === undefined ? {} : { name }),
    ...(sender === undefined ? {} : { senderEmail: sender }),
    ...(body.status === undefined ? {} : { status: word(body.status, ['open', 'closed'] as const, 'status') }),
    ...(body.anonymous_type === undefined ? {} : { anonymousType: word(body.anonymous_type, ANONYMOUS_TYPES, 'anonymous_type') }),
  };
}

/** Collectors, and what goes out through them. */
export function collectorRoutes(api: Hono, account: Account): void {
  const { world, surveys, collectors, responses, rights } = account;
  const [mayRead, mayWrite] = [rights('collectors_read'), rights('collectors_write')];
  const count = ({ id, surveyId }: Collector): number => responses.of(surveyId).filter(({ collectorId }) => collectorId === id).length;
  const whole = (collector: Collector): Shape => renderCollector(world, collector, count(collector));
  const collectorIn = (c: Context): Collector => collectors.get(pathPart(c, 'collector'));
  api.get('/surveys/:survey/collectors', mayRead, (c) => {
    const asked = included(c, INCLUDES);
    const row = (collector: Collector): Shape => {
      const { id, name, href, ...more } = whole(collector);
      return { id, name, href, ...Object.fromEntries(Object.entries(more).filter(([key]) => asked.has(key))) };
    };
    return pageOf(c, world, { items: collectors.of(surveys.get(pathPart(c, 'survey')).id), render: row });
  });
  api.post('/surveys/:survey/collectors', mayWrite, async (c) => {
    const survey = surveys.get(pathPart(c, 'survey'));
    const body = await readBody(c);
    text(body.type, 'type');
    const made = collectors.add(survey.id, { type: 'weblink', ...readCollector(body, account) });
    return c.json(whole(made), 201);
  });
  api.get('/collectors/:collector', mayRead, (c) => c.json(whole(collectorIn(c))));
  api.on(['PATCH', 'PUT'], '/collectors/:collector', mayWrite, async (c) => {
    const { type: _type, ...changes } = readCollector(await readBody(c), account);
    return c.json(whole(collectors.edit(collectorIn(c).id, changes)));
  });
  api.delete('/collectors/:collector', mayWrite, (c) => {
    collectors.remove(collectorIn(c).id);
    return c.body(null, 204);
  });
  invitationRoutes(api, account);
}
