import type { SignInPort } from '../../../src/contract/sign-in.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { parseTokenError, parseTokenReply } from './wire.ts';

/** What Salesforce's token endpoint answers. */
export const signIn: SignInPort = {
  tokens(body) {
    const { accessToken, refreshToken, instanceUrl, scopes } = parseTokenReply(body);
    return {
      accessToken: new Secret(accessToken),
      // It comes with the first grant, and with each one where the app rotates it.
      refreshToken: refreshToken === null ? null : new Secret(refreshToken),
      instanceUrl: instanceUrl?.replace(/\/+$/, '') ?? null,
      // Opaque tokens carry no expiry: only a refusal tells.
      expiresInS: null,
      scopes,
    };
  },
  refusal(body) {
    const said = parseTokenError(body);
    return said === null ? null : { error: said.code, code: codeOf(said), message: said.message };
  },
};

// One error for four troubles, and only the text tells which: what repairs them is not the same.
const CODES: readonly (readonly [said: RegExp, code: string])[] = [
  [/approved this consumer|not admin approved|app.*not installed/i, 'APP_NOT_INSTALLED'],
  [/ip (restricted|address)|invalid ip/i, 'IP_RESTRICTED'],
  [/login hours/i, 'LOGIN_HOURS_RESTRICTED'],
  [/inactive user|user is (not active|inactive)/i, 'inactive_user'],
];

function codeOf({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code !== 'invalid_grant') return code;
  return CODES.find(([said]) => said.test(message))?.[1] ?? code;
}
