import type { WebhookPort } from '../src/contract/webhook.ts';
import { webhooks as hubspot } from './hubspot/webhooks/webhooks.ts';
import { webhooks as questionpro } from './questionpro/webhooks.ts';
import { webhooks as surveymonkey } from './surveymonkey/webhooks.ts';
import { webhooks as typeform } from './typeform/webhooks.ts';

/** The webhook ports, by connector, without the SDKs that come with the others: for where nothing is opened, such as the edge. */
export const WEBHOOK_PORTS: ReadonlyMap<string, WebhookPort> = new Map([
  ['hubspot', hubspot],
  ['questionpro', questionpro],
  ['surveymonkey', surveymonkey],
  ['typeform', typeform],
]);
