import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { ask } from './client.ts';
import { manifest } from './manifest.ts';
import { openReader } from './reader.ts';
import { readSchema } from './schema.ts';
import { openSubscriber } from './subscriber.ts';
import { openSurveys, userPath } from './surveys.ts';
import { TICKET_SCHEMA } from './tickets/observation.ts';
import { openTickets } from './tickets/reader.ts';
import { webhooks } from './webhooks.ts';
import { parseSurveys } from './wire.ts';

/** QuestionPro Surveys and CX: responses only arrive, and tickets of the closed loop are only read. */
export const questionpro: Connector = defineConnector(
  manifest,
  (session) => ({
    webhooks: openSubscriber(session, openSurveys(session)),
    async identify() {
      const { body } = await ask(session, userPath(session), { query: { page: 1, perPage: 1 } });
      const { totalItems } = parseSurveys(body);
      const id = String(session.settings.userId).trim();
      return { id, name: `QuestionPro user ${id}${totalItems === null ? '' : ` (surveys: ${totalItems})`}` };
    },
    objects: {
      ticket: { fields: async () => TICKET_SCHEMA, read: openTickets(session) },
      response: { fields: (surveyId) => readSchema(session, surveyId), read: openReader(session, openSurveys(session)) },
    },
  }),
  webhooks,
);
