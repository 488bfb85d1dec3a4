import { createHash } from 'node:crypto';
import type { Org } from '../org.ts';

export const CLIENT_ID = 'sandbox-client';
export const CLIENT_SECRET = 'sandbox-secret';
/** A token that never runs out, for connections that are made by hand. */
export const STATIC_TOKEN = '00Dsandbox!token';

type Live = { readonly expiresAt: number; uses: number };

/** The access and refresh tokens that the org has given out. */
export class Tokens {
  readonly #org: Org;
  readonly #seed: number;
  readonly #access = new Map<string, Live>();
  readonly #refresh = new Set<string>();
  readonly #codes = new Map<string, { readonly challenge: string | null; readonly expiresAt: number }>();
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
    return token;
  }

  /** Takes a refresh token: undefined when it is not live, else the one to go on with. */
  spendRefresh(token: string): { readonly rotated: string | null } | undefined {
    if (!this.#refresh.has(token)) return undefined;
    if (!this.#org.switches.rotateTokens) return { rotated: null };
    this.#refresh.delete(token);
    return { rotated: this.issueRefresh() };
  }

  issueCode(challenge: string | null): string {
    const code = `aPrx${this.#next('code')}`;
    this.#codes.set(code, { challenge, expiresAt: this.#org.now() + 15 * 60_000 });
    return code;
  }

  /** A code is good once; the verifier has to fit the challenge that came with it. */
  spendCode(code: string, verifier: string | null): boolean {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.expiresAt <= this.#org.now()) return false;
    if (found.challenge === null) return true;
    return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === found.challenge.replace(/=+$/, '');
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
    return true;
  }

  /** Ends a token of either kind; false when there is no such token. */
  revoke(token: string): boolean {
    return this.#access.delete(token) || this.#refresh.delete(token);
  }

  /** Ends every access token, as when an admin ends the sessions. */
  expireAll(): void {
    this.#access.clear();
  }
}
