import { kindOfStatus, retryAfterMs } from '../../src/contract/answers.ts';
import type { Grant, Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { readText } from './body.ts';
import { parseTokenError, parseTokenReply } from './wire.ts';

/** How this connection comes by its access token. */
export type SignIn = {
  grant(): Promise<Grant>;
  /** Another grant in place of a refused one, or `signed_out` when there is no way to get one. */
  again(refused: Grant): Promise<Grant>;
};

function secret(session: Session, name: string): Secret {
  const value = session.credential.values[name];
  if (value === undefined) throw new HubError('misconfigured', `the credentials have no ${name}`);
  return value;
}

async function readJson(response: Response, { signal }: Session): Promise<unknown> {
  const body = await readText(response, signal);
  try {
    return JSON.parse(body);
  } catch {
    // A page of HTML is no reply; the callers' parsers refuse null by name.
    return null;
  }
}

async function tokenError(response: Response, session: Session): Promise<HubError> {
  const said = parseTokenError(await readJson(response, session));
  const now = new Date(response.headers.get('date') ?? 0);
  const waitMs = retryAfterMs(response.headers.get('retry-after'), now);
  const refused = said !== null && response.status < 500 && response.status !== 429;
  const byCode =
    said?.code === 'rate_limit_exceeded' ? 'rate_limited' : said?.code === 'unsupported_grant_type' ? 'misconfigured' : 'signed_out';
  // Another address is not where the operator pointed us: it is not followed.
  const sentOn = response.status >= 300 && response.status < 400;
  const kind = sentOn ? 'misconfigured' : refused ? byCode : kindOfStatus(response.status);
  const reason = said === null ? '' : ` (${said.code}: ${said.message})`;
  return new HubError(kind, `POST /services/oauth2/token answered ${response.status}${reason}`, {
    ...(said === null ? {} : { code: said.code }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

async function obtain(session: Session): Promise<Grant> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: secret(session, 'client_id').reveal(),
    client_secret: secret(session, 'client_secret').reveal(),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const request = new Request(`${session.origin}/services/oauth2/token`, {
    method: 'POST',
    headers,
    body: form.toString(),
    redirect: 'manual',
  });
  const response = await session.fetch(request);
  if (!response.ok) throw await tokenError(response, session);
  const { accessToken, instanceUrl } = parseTokenReply(await readJson(response, session));
  // Opaque tokens carry no expiry: only a refusal tells.
  return { accessToken: new Secret(accessToken), instanceUrl: (instanceUrl ?? session.origin).replace(/\/+$/, ''), expiresAt: null };
}

/** Signs in the way the connection's credentials say. */
export function openSignIn(session: Session): SignIn {
  if (session.credential.kind === 'token') {
    const fixed: Grant = { accessToken: secret(session, 'token'), instanceUrl: session.origin, expiresAt: null };
    return {
      grant: async () => fixed,
      again: async () => {
        throw new HubError('signed_out', 'Salesforce refused the access token, and a given token cannot be renewed');
      },
    };
  }
  return {
    grant: () => session.grant(() => obtain(session)),
    async again(refused) {
      await session.refused(refused);
      return session.grant(() => obtain(session));
    },
  };
}
