import { kindOfStatus, retryAfterMs } from '../../contract/answers.ts';
import type { Session } from '../../contract/connector.ts';
import { type ErrorKind, HubError } from '../../contract/errors.ts';
import { readJson } from '../../contract/raw.ts';
import type { Fields } from '../../contract/records.ts';
import type { GrantWay, SignInPort, TokenReply } from '../../contract/sign-in.ts';
import { must } from '../../kernel/must.ts';
import type { Secret } from '../../kernel/secret.ts';

/** An answer that has been read to its end, within the time that one call may take. */
export type WholeAnswer = { readonly ok: boolean; readonly status: number; readonly headers: Headers; readonly text: string };
export type TokenSession = Pick<Session, 'origin' | 'settings' | 'credential'> & {
  exchange(request: Request): Promise<WholeAnswer>;
  now(): Date;
};
/** Who asks a token endpoint: over which session, and whose words are spoken there. */
export type Asker = { readonly session: TokenSession; readonly port: SignInPort };

/** What is shown for a token: the code of a sign-in, the refresh token, or nothing but the app's own id and secret. */
export type Shown =
  | { readonly grant_type: 'authorization_code'; readonly code: string; readonly redirect_uri: string; readonly code_verifier?: string }
  | { readonly grant_type: 'refresh_token'; readonly refresh_token: string }
  | { readonly grant_type: 'client_credentials' }
  | { readonly grant_type: typeof JWT_BEARER; readonly assertion: string };

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Asks a token endpoint, once, as RFC 6749 has it: everything in the body. */
export async function askToken(asker: Asker, way: GrantWay, shown: Shown): Promise<TokenReply> {
  return asker.port.tokens(await post(asker, way, way.tokenPath, shown));
}

/** Gives back what was allowed, as RFC 7009 has it: the refresh token, and with it all that it has led to. */
export async function giveBack(asker: Asker, way: GrantWay, path: string, refreshToken: Secret): Promise<void> {
  await post(asker, way, path, { token: refreshToken.reveal(), token_type_hint: 'refresh_token' });
}

/** What an endpoint answers to a form with the app's own id and secret in it; a refusal is thrown. */
async function post({ session, port }: Asker, way: GrantWay, endpoint: string, form: Readonly<Record<string, string>>): Promise<unknown> {
  const app = appOf(way, session);
  const path = pathOf(endpoint, session.settings);
  const request = new Request(session.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ ...form, ...app }).toString(),
    redirect: 'manual',
  });
  const answer = await (port.send === undefined ? session.exchange(request) : port.send(request).then(wholeAnswer));
  const body = parseJson(answer.text);
  if (!answer.ok) throw refused(port, path, answer, body);
  return body;
}

// An assertion says who the app is, and its key never leaves the hub.
function appOf(way: GrantWay, { credential }: TokenSession): Readonly<Record<string, string>> {
  if (way.kind === 'jwt_bearer') return {};
  return Object.fromEntries(way.fields.map(({ name }) => [name, must(credential.values[name], name).reveal()]));
}

export async function wholeAnswer(response: Response): Promise<WholeAnswer> {
  const { ok, status, headers } = response;
  return { ok, status, headers, text: await response.text() };
}

/** A path with the settings that it names filled in. */
function pathOf(path: string, settings: Fields): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(settings[name] ?? '')));
}

function parseJson(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    // A gateway's page of HTML, or nothing: the status says what to make of it, and a port refuses null by name.
    return null;
  }
}

// RFC 6749, 5.2. What stands here a person has to put right; what does not is told by the status.
const KIND_BY_ERROR: Readonly<Record<string, ErrorKind>> = {
  invalid_grant: 'signed_out',
  invalid_client: 'signed_out',
  invalid_client_id: 'signed_out',
  unauthorized_client: 'signed_out',
  access_denied: 'signed_out',
  inactive_user: 'signed_out',
  inactive_org: 'signed_out',
  invalid_request: 'misconfigured',
  invalid_scope: 'misconfigured',
  unsupported_grant_type: 'misconfigured',
  redirect_uri_mismatch: 'misconfigured',
  rate_limit_exceeded: 'rate_limited',
};

function refused(port: SignInPort, path: string, { status, headers }: WholeAnswer, body: unknown): HubError {
  const said = status >= 500 || status === 429 ? null : port.refusal(body);
  const date = Date.parse(headers.get('date') ?? '');
  const waitMs = retryAfterMs(headers.get('retry-after'), new Date(Number.isNaN(date) ? 0 : date));
  // Another address is not where the operator pointed us: it is not followed.
  const isSentOn = status >= 300 && status < 400;
  const kind = isSentOn ? 'misconfigured' : said === null ? kindOfStatus(status) : (KIND_BY_ERROR[said.error] ?? 'signed_out');
  const reason = said === null ? '' : ` (${said.code}${said.message === '' ? '' : `: ${said.message}`})`;
  return new HubError(kind, `POST ${path} answered ${status}${reason}`, {
    ...(said === null ? {} : { code: said.code }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}
