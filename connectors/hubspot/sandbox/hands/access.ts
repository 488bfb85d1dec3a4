import { must } from '../../../../src/kernel/must.ts';
import type { Grants } from '../access/grants.ts';
import type { Bucket, Limits } from '../access/limits.ts';
import { OAUTH_APP, type OAuth } from '../oauth/oauth.ts';
import type { Portal } from '../portal/portal.ts';
import { DEVELOPER_KEY } from '../routes/webhooks.ts';

type Consent = {
  readonly scope: string;
  readonly redirectUri: string;
  readonly challenge?: { readonly value: string; readonly method: 'S256' | 'plain' };
};

/** What the admin of the portal, and the developer of the app, do about who gets in. */
export type AccessHand = {
  readonly client: { readonly id: string; readonly secret: string; readonly appId: number; readonly developerKey: string };
  /** The code that a click on Allow gives. */
  allow(consent: Consent): string;
  /** Lets in a private app or a Service Key with these scopes, and hands out its token. */
  issueToken(scopes: readonly string[], appId?: number): string;
  loseScope(scope: string): void;
  /** Ends the time of every OAuth access token. */
  expireTokens(): void;
  uninstall(): void;
  /** Calls of other consumers of the account, which count like those of `token`. */
  useElsewhere(bucket: Exclude<Bucket, 'exempt'>, count: number, token?: string): void;
};

export function accessHand(
  portal: Portal,
  parts: { readonly grants: Grants; readonly oauth: OAuth; readonly limits: Limits; readonly token: string },
): AccessHand {
  const { grants, oauth, limits } = parts;
  let issued = 0;
  return {
    client: { id: OAUTH_APP.clientId, secret: OAUTH_APP.clientSecret, appId: portal.appId, developerKey: DEVELOPER_KEY },
    allow: ({ scope, redirectUri, challenge }) =>
      oauth.allow({ clientId: OAUTH_APP.clientId, redirectUri, scope, optionalScope: '', challenge: challenge ?? null }),
    issueToken: (scopes, appId) => {
      issued += 1;
      return grants.addStatic(`pat-eu1-issued-${issued}`, { scopes, ...(appId === undefined ? {} : { appId }) }).token;
    },
    loseScope: (scope) => oauth.loseScope(scope),
    expireTokens: () => grants.expireAll(),
    uninstall: () => oauth.uninstall(),
    useElsewhere: (bucket, count, token = parts.token) => limits.takeElsewhere(bucket, must(grants.find(token), 'the token'), count),
  };
}
