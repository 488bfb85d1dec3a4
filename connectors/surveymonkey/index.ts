import { type Connector, defineConnector } from '../../src/contract/connector.ts';
import { whoAmI } from './account.ts';
import { openDefinitions, readSurvey } from './definitions.ts';
import { manifest } from './manifest.ts';
import { openReader } from './reader.ts';
import { schemaOf } from './schema.ts';
import { signIn } from './sign-in.ts';
import { openSubscriber } from './subscriber.ts';
import { openSurveys } from './surveys.ts';
import { webhooks } from './webhooks.ts';

/** SurveyMonkey: responses only arrive. */
export const surveymonkey: Connector = defineConnector(
  manifest,
  (session) => ({
    signIn,
    webhooks: openSubscriber(session, openSurveys(session)),
    identify: () => whoAmI(session),
    objects: {
      response: {
        fields: async (surveyId) => schemaOf(await readSurvey(session, surveyId)),
        read: openReader(session, openSurveys(session), openDefinitions(session)),
      },
    },
  }),
  webhooks,
);
