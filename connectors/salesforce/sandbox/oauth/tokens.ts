import { createHash } from 'node:crypto';
import type { Org } from '../org.ts';

export const CLIENT_ID = 'sandbox-client';
export const CLIENT_SECRET = 'sandbox-secret';
/** A token that never runs out, for connections that are made by hand. */
export const STATIC_TOKEN = '00Dsandbox!token';

type Live = { expiresAt: number; uses: number };
type Code = { readonly challenge: string | null; readonly redirectUri: string; readonly expiresAt: number };

/** What became of a code: good, or how it is refused. */
export type SpentCode = 'good' | 'unknown' | 'no verifier' | 'wrong verifier' | 'wrong redirect';

/** The access and refresh tokens that the org has given out. */
export class Tokens {
  readonly #org: Org;
  readonly #seed: number;
  readonly #access = new Map<string, Live>();
  readonly #refresh = new Set<string>();
  readonly #codes = new Map<string, Code>();
  #issued = 0;

  constructor(org: Org, seed: number) {
    this.#org = org;
    this.#seed = seed;
  }

  #next(kind: string): string {
    this.#issued += 1;
    return createHash('sha256').update(`${this.#seed} ${kind} ${this.#issued}`).digest('base64url');
  }

  issueAccess(): string {
    const token = `${this.#org.id.slice(0, 15)}!${this.#next('access')}`;
    this.#access.set(token, { expiresAt: this.#org.now() + this.#org.switches.tokenTtlSeconds * 1000, uses: 0 });
    return token;
  }

  issueRefresh(): string {
    const token = `5Aep${this.#next('refresh')}`;
    this.#refresh.add(token);
    for (const oldest of this.#refresh) {
      if (this.#refresh.size <= this.#org.switches.refreshTokensMax) break;
      this.#refresh.delete(oldest);
    }
    return token;
  }

  /** Takes a refresh token: undefined when it is not live, else the one to go on with. */
  spendRefresh(token: string): { readonly rotated: string | null } | undefined {
    if (!this.#refresh.has(token)) return undefined;
    if (!this.#org.switches.rotateTokens) return { rotated: null };
    this.#refresh.delete(token);
    return { rotated: this.issueRefresh() };
  }

  issueCode(challenge: string | null, redirectUri: string): string {
    const code = `aPrx${this.#next('code')}`;
    this.#codes.set(code, { challenge, redirectUri, expiresAt: this.#org.now() + 15 * 60_000 });
    return code;
  }

  /** A code is good once; the verifier has to fit the challenge that came with it, whatever its length. */
  spendCode(code: string, { verifier, redirectUri }: { verifier: string | null; redirectUri: string | null }): SpentCode {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.expiresAt <= this.#org.now()) return 'unknown';
    if (redirectUri !== found.redirectUri) return 'wrong redirect';
    if (found.challenge === null) return 'good';
    if (verifier === null) return 'no verifier';
    return createHash('sha256').update(verifier).digest('base64url') === found.challenge.replace(/=+$/, '') ? 'good' : 'wrong verifier';
  }

  /** Whether a request may pass with this token. */
  accept(token: string): boolean {
    if (token === STATIC_TOKEN) return true;
    const live = this.#access.get(token);
    if (live === undefined) return false;
    const most = this.#org.switches.tokenTtlRequests;
    if (live.expiresAt <= this.#org.now() || (most > 0 && live.uses >= most)) {
      this.#access.delete(token);
      return false;
    }
    live.uses += 1;
    if (this.#org.switches.slidingSessions) live.expiresAt = this.#org.now() + this.#org.switches.tokenTtlSeconds * 1000;
    return true;
  }

  /** Ends a token of either kind; false when there is no such token. */
  revoke(token: string): boolean {
    return this.#access.delete(token) || this.#refresh.delete(token);
  }

  /** Ends all that was ever given out, as when the app is uninstalled. */
  endAll(): void {
    this.#access.clear();
    this.#refresh.clear();
  }

  /** Ends every access token, as when an admin ends the sessions. */
  expireAll(): void {
    this.#access.clear();
  }
}
