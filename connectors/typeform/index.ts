import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { ask } from './client.ts';
import { readForm } from './forms.ts';
import { manifest } from './manifest.ts';
import { openReader } from './reader.ts';
import { schemaOf } from './schema.ts';
import { openSubscriber } from './subscriber.ts';
import { webhooks } from './webhooks.ts';
import { parseMe } from './wire.ts';

/** Typeform: responses only arrive. */
export const typeform: Connector = defineConnector(
  manifest,
  (session) => ({
    webhooks: openSubscriber(session),
    identify: async () => parseMe((await ask(session, '/me')).body),
    objects: {
      response: { fields: async (formId) => schemaOf(await readForm(session, formId)), read: openReader(session) },
    },
  }),
  webhooks,
);
