import { createPublicKey } from 'node:crypto';

/** Why nobody gets in, in the vendor's words; each is repaired by somebody else. */
const WORDS = {
  ip_restricted: ['invalid_grant', 'ip restricted'],
  inactive_user: ['inactive_user', 'user is inactive'],
  inactive_org: ['inactive_org', 'organization is inactive'],
  not_installed: ['invalid_client_id', 'client identifier invalid'],
  not_approved: ['invalid_app_access', 'user is not admin approved to access this app'],
  busy: ['rate_limit_exceeded', 'login rate exceeded'],
} as const;
export type Barrier = keyof typeof WORDS;

/** The token answer that a barrier gives. */
export function barred(barrier: Barrier): { readonly error: string; readonly error_description: string } {
  const [error, error_description] = WORDS[barrier];
  return { error, error_description };
}

/** The connected app, as the admin of the org has it. */
export class AppAccess {
  #barrier: Barrier | null = null;
  #certificate: string | null = null;
  #instanceUrl: string | null = null;
  #isApiOff = false;
  readonly #endSessions: () => void;

  constructor(endSessions: () => void) {
    this.#endSessions = endSessions;
  }

  get barrier(): Barrier | null {
    return this.#barrier;
  }

  /** Refuses every sign-in from now on; null lets them in again. What is signed in stays so, unless the app itself is gone. */
  bar(barrier: Barrier | null): void {
    this.#barrier = barrier;
    if (barrier === 'not_installed') this.#endSessions();
  }

  get certificate(): string | null {
    return this.#certificate;
  }

  /** Uploads the certificate, or the public key, that JWT assertions are signed for; PEM. */
  trust(pem: string): void {
    this.#certificate = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** Where the org has moved to; null is where it was. */
  get instanceUrl(): string | null {
    return this.#instanceUrl;
  }

  /** The org moves: sessions are good at its new address alone, which the next token answer tells. */
  moveTo(instanceUrl: string): void {
    this.#instanceUrl = new URL(instanceUrl).origin;
  }

  get isApiOff(): boolean {
    return this.#isApiOff;
  }

  /** Takes the API away from the org's edition, or gives it back. */
  setApiOff(isOff: boolean): void {
    this.#isApiOff = isOff;
  }
}
