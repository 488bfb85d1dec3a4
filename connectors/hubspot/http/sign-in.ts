import type { SignInPort } from '../../../src/contract/sign-in.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { broken, isObject, object, textOr, texts } from './shapes.ts';

/** What HubSpot's token endpoint answers, of any version. */
export const signIn: SignInPort = {
  tokens(body) {
    const reply = object(body, 'a token reply');
    const accessToken = textOr(reply.access_token, null);
    const refreshToken = textOr(reply.refresh_token, null);
    if (accessToken === null) throw broken('access_token', 'a text');
    const seconds = Number(reply.expires_in);
    return {
      accessToken: new Secret(accessToken),
      refreshToken: refreshToken === null ? null : new Secret(refreshToken),
      instanceUrl: null,
      expiresInS: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
      scopes: Array.isArray(reply.scopes) ? texts(reply.scopes) : null,
    };
  },
  refusal(body) {
    if (!isObject(body)) return null;
    // `status` is HubSpot's own code, such as BAD_REFRESH_TOKEN, where it is not just "error"; older answers have it alone.
    const own = textOr(body.status, null);
    const code = own === null || own === 'error' ? null : own;
    const error = textOr(body.error, (code === null ? undefined : ERROR_BY_CODE[code]) ?? null);
    if (error === null && code === null) return null;
    const message = textOr(body.error_description, textOr(body.message, ''));
    return { error: error ?? 'invalid_request', code: code ?? error ?? 'invalid_request', message };
  },
};

const ERROR_BY_CODE: Readonly<Record<string, string>> = {
  BAD_REFRESH_TOKEN: 'invalid_grant',
  BAD_AUTH_CODE: 'invalid_grant',
  BAD_CLIENT_ID: 'invalid_client',
  BAD_CLIENT_SECRET: 'invalid_client',
  BAD_REDIRECT_URI: 'redirect_uri_mismatch',
};
