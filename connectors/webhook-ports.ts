import type { DeliveryPort, WebhookPort } from '../src/contract/webhook.ts';
import { webhooks as hubspot } from './hubspot/webhooks/webhooks.ts';
import { webhooks as questionpro } from './questionpro/webhooks.ts';
import { webhooks as surveymonkey } from './surveymonkey/webhooks.ts';
import { webhooks as typeform } from './typeform/webhooks.ts';
import { deliveries as webhook } from './webhook/deliveries.ts';

// What is needed where nothing is opened, such as the edge: without the SDKs that come with the other ports.

/** The webhook ports, by connector. */
export const WEBHOOK_PORTS: ReadonlyMap<string, WebhookPort> = new Map([
  ['hubspot', hubspot],
  ['questionpro', questionpro],
  ['surveymonkey', surveymonkey],
  ['typeform', typeform],
]);

/** The ports of deliveries that bring records, by connector. */
export const DELIVERY_PORTS: ReadonlyMap<string, DeliveryPort> = new Map([['webhook', webhook]]);
