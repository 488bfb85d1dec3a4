import type { OAuth2 } from '../../src/contract/manifest.ts';

const responses = [{ object: 'response', act: 'read' }] as const;

/** The code flow of an app of the admin's own. SurveyMonkey gives one token, which lasts until it is revoked, and the host of the account. */
export const oauth2 = {
  kind: 'oauth2',
  label: 'Sign in with SurveyMonkey',
  help:
    'Create an app at developer.surveymonkey.com with the redirect address and the scopes below, and take its client ID and secret. Reading answers ' +
    'takes a paid plan. A draft app is switched off after 90 days; a private or public one is not.',
  fields: [
    { name: 'client_id', label: 'Client ID' },
    { name: 'client_secret', label: 'Client secret' },
  ],
  tokenPath: '/oauth/token',
  authorize: { origin: null, originSetting: 'signInAddress', path: '/oauth/authorize' },
  pkce: false,
  scopes: [
    { name: 'users_read', about: 'Says whose account it is, and what its plan allows.' },
    { name: 'surveys_read', about: 'Lists the surveys, and shows their questions.', of: responses },
    { name: 'responses_read', about: 'Shows which responses there are.', of: responses },
    { name: 'responses_read_detail', about: 'Reads the answers. SurveyMonkey grants it on paid plans only.', of: responses },
    { name: 'webhooks_read', about: 'Looks whether SurveyMonkey tells the hub of new responses by itself.', of: responses },
    { name: 'webhooks_write', about: 'Asks SurveyMonkey to tell of new responses by itself.', of: responses },
  ],
} as const satisfies OAuth2;
