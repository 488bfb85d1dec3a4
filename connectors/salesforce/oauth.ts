import type { OAuth2 } from '../../src/contract/manifest.ts';

export const TOKEN_PATH = '/services/oauth2/token';
export const APP_FIELDS = [
  { name: 'client_id', label: 'Consumer key' },
  { name: 'client_secret', label: 'Consumer secret' },
] as const;

/** The web server flow. What the hub may see and change is what the user who signs in may: the scopes open the API as a whole. */
export const oauth2 = {
  kind: 'oauth2',
  label: 'External client app, with a user',
  help:
    'Create an external client app with the web server flow, PKCE, the scopes "api" and "refresh_token", and the redirect address below, and let an ' +
    'administrator install it. Sign in as the integration user. The address of the connection is your My Domain host.',
  fields: APP_FIELDS,
  tokenPath: TOKEN_PATH,
  revokePath: '/services/oauth2/revoke',
  authorize: { origin: null, originSetting: 'signInAddress', path: '/services/oauth2/authorize' },
  pkce: true,
  scopes: [
    { name: 'api', about: 'Reads and writes records, as far as the user who signs in may.' },
    { name: 'refresh_token', about: 'Keeps the connection alive without anybody signing in again.' },
  ],
} as const satisfies OAuth2;
