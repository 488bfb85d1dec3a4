import type { Manifest } from '../../src/contract/manifest.ts';
import { oauth2 } from './oauth.ts';
import { said } from './said.ts';

export const manifest = {
  id: 'surveymonkey',
  label: 'SurveyMonkey',
  about: 'Responses to the surveys of a SurveyMonkey account.',
  said,
  kind: 'survey',
  origin: 'https://api.surveymonkey.com',
  auth: [
    {
      kind: 'token',
      label: 'Access token',
      help:
        'The settings of your app at developer.surveymonkey.com show it; it needs users_read, surveys_read, responses_read, and responses_read_detail. ' +
        'For an account in Europe the address of the connection is https://api.eu.surveymonkey.com, for one in Canada https://api.surveymonkey.ca.',
      fields: [{ name: 'token', label: 'Access token' }],
    },
    oauth2,
  ],
  settings: [
    {
      name: 'surveyIds',
      label: 'Surveys',
      help: 'Ids of the surveys to read, separated by commas. Empty: every survey of the account.',
      kind: 'text',
      required: false,
    },
    {
      name: 'signInAddress',
      label: 'Sign-in address',
      help: 'Where people allow the access, when it is not the address of the connection.',
      kind: 'text',
      required: false,
      way: 'oauth2',
    },
  ],
  // 120 a minute and 500 a day for a draft or private app, whichever of its accounts it asks; public apps are told other limits, or none.
  pace: [{ requests: 115, perMs: 60_000 }],
  day: { ends: 'midnight' },
  objects: {
    // Responses may be filed some minutes after others that were modified later.
    response: { nature: 'event', scopedBy: 'survey', read: { removals: 'by_sweep', census: true, pageMax: 100, settleMs: 10 * 60_000 } },
  },
  webhooks: {
    signedBy: 'hmac',
    subscribe: 'api',
    // It takes three calls of the day or so.
    checkEveryMs: 12 * 3_600_000,
    // Every page that somebody fills in may be told, and each look costs a call of the day.
    gatherMs: 60_000,
    secret: {
      label: 'Client secret of the app',
      help:
        'The settings of your app show it. With it the hub registers two webhooks by itself, response_completed and response_deleted, on all surveys that it reads, and ' +
        'adds those that are made later; the app needs webhooks_read and webhooks_write. response_updated is left out: it comes with every page that somebody fills in, and ' +
        'each costs a call.',
    },
  },
} as const satisfies Manifest;
