import { createHash } from 'node:crypto';
import type { Session, Subscriber, SubscriptionWish } from '../../src/contract/connector.ts';
import { ask, change } from './client.ts';
import { formPath, listForms } from './forms.ts';
import { parseWebhooks } from './wire.ts';

/** One tag for each address: several hubs may listen to one form, and none touches what is another's. */
const tagOf = (address: string): string => `syncline-${createHash('sha256').update(address).digest('hex').slice(0, 12)}`;
const webhookPath = (formId: string, address: string): string => `${formPath(formId)}/webhooks/${tagOf(address)}`;

async function stands(session: Session, formId: string, address: string): Promise<boolean> {
  const found = parseWebhooks((await ask(session, `${formPath(formId)}/webhooks`)).body).find(({ tag }) => tag === tagOf(address));
  // Typeform switches off a webhook whose address answered 404, or failed for long.
  return found?.isEnabled === true && found.url === address;
}

async function keep(session: Session, { address, secret, anew }: SubscriptionWish): Promise<{ kept: number; mended: number }> {
  let [kept, mended] = [0, 0];
  for await (const { id } of listForms(session)) {
    kept += 1;
    if (!anew && (await stands(session, id, address))) continue;
    if (!anew) mended += 1;
    // `enabled` has to be said: left out, it is false.
    const body = {
      url: address,
      enabled: true,
      secret: secret.reveal(),
      verify_ssl: address.startsWith('https:'),
      event_types: { form_response: true },
    };
    await change(session, 'PUT', webhookPath(id, address), body);
  }
  return { kept, mended };
}

/** A webhook on every form, also on those that are made later. */
export function openSubscriber(session: Session): Subscriber {
  return {
    keep: (wish) => keep(session, wish),
    async end(address) {
      for await (const { id } of listForms(session)) await change(session, 'DELETE', webhookPath(id, address));
    },
  };
}
