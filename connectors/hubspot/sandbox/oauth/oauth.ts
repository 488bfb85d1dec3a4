import type { Grants } from '../access/grants.ts';
import { SCOPES } from '../access/scopes.ts';
import type { Portal } from '../portal/portal.ts';
import { Refusal } from '../wire/refusal.ts';
import { type Code, isVerified } from './codes.ts';

/** The app that asks for access: its id and secret are what a developer would copy from its settings. */
export const OAUTH_APP = { clientId: 'sandbox-client-id', clientSecret: 'sandbox-client-secret', name: 'Syncline' } as const;

const JOURNAL_SCOPES = 'developer.webhooks_journal.';

type Refresh = { readonly token: string; readonly scopes: readonly string[] };
export type Form = Readonly<Record<string, string | undefined>>;
export type Asked = {
  readonly clientId: string | undefined;
  readonly redirectUri: string | undefined;
  readonly scope: string;
  readonly optionalScope: string;
  readonly challenge: Code['challenge'];
};

/** A body as the token endpoint answers it when it will not give a token. */
function oauthError(error: string, description: string, status?: string): Refusal {
  const plain = { error, error_description: description, message: description, ...(status === undefined ? {} : { status }) };
  return new Refusal(400, { message: description, plain });
}

function words(text: string): readonly string[] {
  return text.split(/[\s+]+/).filter((word) => word !== '');
}

/** The authorization server of one portal: it gives codes for consent, tokens for codes, and tokens for refresh tokens. */
export class OAuth {
  readonly #portal: Portal;
  readonly #grants: Grants;
  readonly #codes = new Map<string, Code>();
  readonly #refreshes = new Map<string, Refresh>();
  readonly #lost = new Set<string>();
  #issued = 0;

  constructor(portal: Portal, grants: Grants) {
    this.#portal = portal;
    this.#grants = grants;
  }

  /** Which of the scopes can be granted, or the reason to show no authorize page. */
  consider({ clientId, redirectUri, scope, optionalScope }: Asked): { readonly scopes: readonly string[]; readonly redirectUri: string } {
    if (clientId !== OAUTH_APP.clientId) throw oauthError('invalid_client', `No app has the client id ${clientId ?? ''}`);
    if (redirectUri === undefined || !URL.canParse(redirectUri)) throw oauthError('invalid_request', 'redirect_uri must be an address');
    const unknown = words(scope).find((one) => !SCOPES.includes(one));
    if (unknown !== undefined) throw oauthError('invalid_scope', `The scope ${unknown} does not exist`);
    const known = words(optionalScope).filter((one) => SCOPES.includes(one));
    return { scopes: [...new Set([...words(scope), ...known])], redirectUri };
  }

  /** What the user's click on Allow gives: a code, for one use and not for long. */
  allow(asked: Asked): string {
    const { scopes, redirectUri } = this.consider(asked);
    const code = this.#name('code');
    const expiresAtMs = this.#portal.now().getTime() + this.#portal.switches.codeTtlSeconds * 1000;
    this.#codes.set(code, { redirectUri, scopes, challenge: asked.challenge, expiresAtMs });
    return code;
  }

  /** The answer of the token endpoint. */
  token(form: Form): Readonly<Record<string, unknown>> {
    this.demandClient(form);
    switch (form.grant_type) {
      case 'authorization_code':
        return this.#exchange(form);
      case 'refresh_token':
        return this.#refresh(form);
      case 'client_credentials':
        return this.#journalToken(form);
      default:
        throw oauthError('unsupported_grant_type', `grant_type ${form.grant_type ?? ''} is not supported`);
    }
  }

  demandClient({ client_id, client_secret }: Form): void {
    if (client_id === OAUTH_APP.clientId && client_secret === OAUTH_APP.clientSecret) return;
    throw oauthError('invalid_client', 'missing or invalid client id or client secret');
  }

  #exchange({ code = '', redirect_uri, code_verifier }: Form): Readonly<Record<string, unknown>> {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.expiresAtMs <= this.#portal.now().getTime()) {
      throw oauthError('invalid_grant', 'missing or unknown auth code');
    }
    if (found.redirectUri !== redirect_uri) throw oauthError('invalid_grant', 'redirect_uri is another than the one of the auth code');
    if (!isVerified(found, code_verifier)) throw oauthError('invalid_grant', 'code_verifier does not fit the code challenge');
    return this.#give({ token: this.#name('refresh'), scopes: found.scopes });
  }

  #refresh({ refresh_token = '' }: Form): Readonly<Record<string, unknown>> {
    const found = this.#refreshes.get(refresh_token);
    if (found === undefined) throw oauthError('invalid_grant', 'missing or invalid refresh token', 'BAD_REFRESH_TOKEN');
    if (!this.#portal.switches.rotateRefreshTokens) return this.#give(found);
    this.#refreshes.delete(refresh_token);
    return this.#give({ ...found, token: this.#name('refresh') });
  }

  /** A token of the app itself, for the journal of what happened. */
  #journalToken({ scope = '' }: Form): Readonly<Record<string, unknown>> {
    const wrong = words(scope).find((one) => !one.startsWith(JOURNAL_SCOPES));
    if (wrong !== undefined || scope === '') throw oauthError('invalid_scope', `${wrong ?? 'nothing'} cannot be granted to an app alone`);
    const { refresh_token, ...rest } = this.#give({ token: '', scopes: words(scope) });
    return rest;
  }

  #give(refresh: Refresh): Readonly<Record<string, unknown>> {
    const { switches, appId, apiUserId, id } = this.#portal;
    const token = this.#name('access');
    const scopes = refresh.scopes.filter((scope) => !this.#lost.has(scope) && !switches.missingScopes.has(scope));
    const expiresAtMs = this.#portal.now().getTime() + switches.tokenTtlSeconds * 1000;
    if (refresh.token !== '') this.#refreshes.set(refresh.token, refresh);
    this.#grants.add({ token, kind: 'oauth', appId, userId: apiUserId, scopes: new Set(scopes), expiresAtMs });
    const told = {
      expires_in: switches.tokenTtlSeconds,
      token_type: 'bearer',
      token_use: 'access_token',
      hub_id: id,
      user_id: apiUserId,
      scopes,
    };
    return { access_token: token, refresh_token: refresh.token, ...told };
  }

  refreshToken(token: string): Refresh | undefined {
    return this.#refreshes.get(token);
  }

  /** Ends a token; access tokens that a refresh token gave before live out their time. */
  revoke(token: string): void {
    this.#refreshes.delete(token);
    if (this.#grants.find(token)?.kind === 'oauth') this.#grants.drop(token);
  }

  /** What an admin does who uninstalls the app: every token that it ever got is over. */
  uninstall(): void {
    this.#refreshes.clear();
    this.#codes.clear();
    this.#grants.dropOAuth();
  }

  /** A scope that nobody gets any more, and that those who had it lose. */
  loseScope(scope: string): void {
    this.#lost.add(scope);
    this.#grants.loseScope(scope);
  }

  #name(kind: string): string {
    this.#issued += 1;
    const chance = Math.floor(this.#portal.random() * 0xffff_ffff)
      .toString(16)
      .padStart(8, '0');
    return `eu1-${kind}-${this.#issued}-${chance}`;
  }
}
