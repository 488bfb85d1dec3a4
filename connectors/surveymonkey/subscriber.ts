import type { Session, Subscriber, SubscriptionWish } from '../../src/contract/connector.ts';
import { ask, askIfThere, send } from './client.ts';
import type { Surveys } from './surveys.ts';
import { parseWebhook, parseWebhooks, type Webhook } from './wire.ts';

const EVENTS = ['response_completed', 'response_deleted'] as const;
const PER_PAGE = 1000;

/** No two webhooks of an account may have one address, and each has one event. */
const addressFor = (address: string, event: string): string => `${address}?event=${event}`;
const nameFor = (event: string): string => `Syncline ${event}`;

/** Those that lead to this address. The list shows names alone, so only what is called like ours is looked at. */
async function ours(session: Session, address: string): Promise<readonly Webhook[]> {
  const found: Webhook[] = [];
  const { body } = await ask(session, '/webhooks', { page: 1, per_page: PER_PAGE });
  for (const { id, name } of parseWebhooks(body)) {
    if (!EVENTS.some((event) => nameFor(event) === name)) continue;
    const reply = await askIfThere(session, `/webhooks/${id}`);
    const webhook = 'missing' in reply ? null : parseWebhook(reply.body);
    if (webhook?.url?.startsWith(`${address}?`)) found.push(webhook);
  }
  return found;
}

async function keep(session: Session, surveys: Surveys, { address, anew }: SubscriptionWish): Promise<{ kept: number; mended: number }> {
  const surveyIds: string[] = [];
  for await (const { id } of surveys.all()) surveyIds.push(id);
  if (surveyIds.length === 0) return { kept: 0, mended: 0 };
  const standing = await ours(session, address);
  let mended = 0;
  for (const event of EVENTS) {
    const there = standing.find(({ url }) => url === addressFor(address, event));
    if (there !== undefined && surveyIds.every((id) => there.surveyIds.includes(id))) continue;
    const of = { object_type: 'survey', object_ids: surveyIds };
    if (there === undefined)
      await send(session, '/webhooks', {
        method: 'POST',
        body: { name: nameFor(event), event_type: event, ...of, subscription_url: addressFor(address, event) },
      });
    else await send(session, `/webhooks/${there.id}`, { method: 'PATCH', body: of });
    if (!anew) mended += 1;
  }
  return { kept: EVENTS.length, mended };
}

/** Two webhooks on all surveys that are read. They are signed with the secret of the app, which nobody has to tell SurveyMonkey. */
export function openSubscriber(session: Session, surveys: Surveys): Subscriber {
  return {
    keep: (wish) => keep(session, surveys, wish),
    async end(address) {
      for (const { id } of await ours(session, address)) await send(session, `/webhooks/${id}`, { method: 'DELETE' });
    },
  };
}
