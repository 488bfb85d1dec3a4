import type { Session, Subscriber, SubscriptionWish } from '../../src/contract/connector.ts';
import { ask, askIfThere } from './client.ts';
import { PER_PAGE, type Surveys } from './surveys.ts';
import { SECRET_HEADER, SURVEY_PARAMETER } from './webhooks.ts';
import { parseWebhooks, type Webhook } from './wire.ts';

const listPath = (surveyId: string): string => `/surveys/${encodeURIComponent(surveyId)}/webhooks`;
const addressFor = (address: string, surveyId: string): string => `${address}?${SURVEY_PARAMETER}=${encodeURIComponent(surveyId)}`;

function bodyFor({ address, secret }: SubscriptionWish, surveyId: string) {
  return {
    description: 'Syncline',
    requestURL: addressFor(address, surveyId),
    requestHeader: `${SECRET_HEADER}: ${secret.reveal()}`,
    requestJSON: '{complete_response}',
    requestMethod: 'METHOD_POST',
    location: 'LOCATION_AFTER_SURVEY',
    type: 1,
  };
}

async function ours(session: Session, surveyId: string, address: string): Promise<readonly Webhook[]> {
  const reply = await ask(session, listPath(surveyId), { query: { page: 1, perPage: PER_PAGE } });
  return parseWebhooks(reply.body).filter(({ url }) => url === addressFor(address, surveyId));
}

// The title of the vendor's page names one address and its example another.
async function remove(session: Session, surveyId: string, { id }: Webhook): Promise<void> {
  const gone = await askIfThere(session, `${listPath(surveyId)}/${id}`, { method: 'DELETE' });
  if ('missing' in gone) await askIfThere(session, `/surveys/${encodeURIComponent(surveyId)}/webhook/${id}`, { method: 'DELETE' });
}

async function keep(session: Session, surveys: Surveys, wish: SubscriptionWish): Promise<{ kept: number; mended: number }> {
  let [kept, mended] = [0, 0];
  for await (const { id } of surveys.all()) {
    kept += 1;
    const [first, ...more] = await ours(session, id, wish.address);
    // What was made twice, by an answer that never came, would tell twice.
    for (const one of more) await remove(session, id, one);
    if (first !== undefined && !wish.anew) continue;
    if (first === undefined) await ask(session, listPath(id), { method: 'POST', post: bodyFor(wish, id) });
    else await ask(session, `${listPath(id)}/${first.id}`, { method: 'PUT', post: bodyFor(wish, id) });
    if (!wish.anew) mended += 1;
  }
  return { kept, mended };
}

/** A webhook on every survey, also on those that are made later. */
export function openSubscriber(session: Session, surveys: Surveys): Subscriber {
  return {
    keep: (wish) => keep(session, surveys, wish),
    async end(address) {
      for await (const { id } of surveys.all()) for (const one of await ours(session, id, address)) await remove(session, id, one);
    },
  };
}
