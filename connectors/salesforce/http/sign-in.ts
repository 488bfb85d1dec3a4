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
    return said === null ? null : { error: said.code, code: said.code, message: said.message };
  },
};
