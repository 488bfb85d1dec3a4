import type { Portal } from '../portal/portal.ts';
import { Refusal } from '../wire/refusal.ts';
import { SCOPES } from './scopes.ts';

/** Who calls: by a token that never expires, or by one that an OAuth app was given. */
export type Caller = {
  readonly token: string;
  readonly kind: 'static' | 'oauth';
  readonly appId: number;
  readonly userId: number;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAtMs: number | null;
};

/** The tokens that open this portal. */
export class Grants {
  readonly #portal: Portal;
  readonly #byToken = new Map<string, Caller>();

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  /** Lets a token in that never expires: of a private app, or a Service Key. */
  addStatic(token: string, ways: { readonly scopes?: readonly string[]; readonly appId?: number } = {}): Caller {
    const { missingScopes } = this.#portal.switches;
    const scopes = new Set((ways.scopes ?? SCOPES).filter((scope) => !missingScopes.has(scope)));
    const { appId, apiUserId } = this.#portal;
    return this.add({ token, kind: 'static', appId: ways.appId ?? appId, userId: apiUserId, scopes, expiresAtMs: null });
  }

  add(caller: Caller): Caller {
    this.#byToken.set(caller.token, caller);
    return caller;
  }

  find(token: string): Caller | undefined {
    return this.#byToken.get(token);
  }

  drop(token: string): void {
    this.#byToken.delete(token);
  }

  /** Ends every OAuth token: the app is not installed any more. */
  dropOAuth(): void {
    for (const caller of this.#byToken.values()) if (caller.kind === 'oauth') this.drop(caller.token);
  }

  /** Takes a scope from everyone, as an admin does who edits the app. */
  loseScope(scope: string): void {
    for (const caller of this.#byToken.values())
      this.add({ ...caller, scopes: new Set([...caller.scopes].filter((one) => one !== scope)) });
  }

  /** Ends every OAuth token now, as if its time were over. */
  expireAll(): void {
    const nowMs = this.#portal.now().getTime();
    for (const caller of this.#byToken.values()) if (caller.kind === 'oauth') this.add({ ...caller, expiresAtMs: nowMs });
  }

  /** The caller of this Authorization header, or the 401 that it meets. */
  demand(header: string | undefined): Caller {
    const caller = this.#byToken.get(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
    if (caller === undefined) throw unknownToken();
    const pastMs = caller.expiresAtMs === null ? -1 : this.#portal.now().getTime() - caller.expiresAtMs;
    if (pastMs < 0) return caller;
    throw new Refusal(401, {
      message: `The OAuth token used to make this call expired ${Math.floor(pastMs / 1000)} second(s) ago.`,
      category: 'EXPIRED_AUTHENTICATION',
      context: { 'expire time': [new Date(caller.expiresAtMs ?? 0).toISOString()] },
    });
  }
}

function unknownToken(): Refusal {
  return new Refusal(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });
}
