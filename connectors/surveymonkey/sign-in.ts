import { HubError } from '../../src/contract/errors.ts';
import { object, text } from '../../src/contract/raw.ts';
import type { SignInPort } from '../../src/contract/sign-in.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { parseRefusal, revokedIn } from './errors.ts';

/** What SurveyMonkey's token endpoint answers. Its token has no end and nothing to renew it with; a refusal alone tells. */
export const signIn: SignInPort = {
  tokens(body) {
    const raw = object(body, 'a token reply');
    const accessToken = text(raw.access_token);
    if (accessToken === null) throw new HubError('broken_answer', 'the token reply has no access_token');
    return {
      accessToken: new Secret(accessToken),
      refreshToken: null,
      instanceUrl: hostIn(text(raw.access_url)),
      expiresInS: null,
      // It is told with every answer of the API instead.
      scopes: null,
    };
  },
  refusal(body) {
    const said = parseRefusal(body);
    if (said.id !== null) return { error: 'invalid_grant', code: said.id, message: said.message ?? '' };
    const revoked = revokedIn(body);
    if (revoked !== null) return { error: 'invalid_grant', code: '1013', message: revoked };
    return said.error === null ? null : { error: said.error, code: said.error, message: said.message ?? '' };
  },
};

/** The region's host of the account, without a slash or a version behind it. */
function hostIn(accessUrl: string | null): string | null {
  if (accessUrl === null) return null;
  if (!URL.canParse(accessUrl)) throw new HubError('broken_answer', 'the token came with an access_url that is no address');
  return new URL(accessUrl).origin;
}
