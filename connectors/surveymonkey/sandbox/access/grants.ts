import { createHmac } from 'node:crypto';
import { Refusal } from '../wire/refusal.ts';
import type { World } from '../world.ts';
import { PAID, SCOPES, type Scope } from './scopes.ts';

export const CLIENT_ID = 'sandbox-client-id';
export const CLIENT_SECRET = 'sandbox-client-secret';
/** The token that the settings of a private app show. */
export const TOKEN = 'sm-sandbox-token';

const CODE_MS = 5 * 60_000;
const DRAFT_MS = 90 * 86_400_000;

/** Who gets in, and to what. A token never runs out; it lives until it is revoked. */
export class Grants {
  readonly #world: World;
  readonly #openedAt: number;
  readonly #codes = new Map<string, { readonly redirectUri: string; readonly expiresAt: number }>();
  readonly #ended = new Map<string, 'revoked' | 'expired'>();
  #granted: ReadonlySet<Scope>;
  #plan: string;
  #user: 'active' | 'soft deleted' | 'deleted' = 'active';
  #issued = 0;

  constructor(world: World) {
    this.#world = world;
    this.#openedAt = world.now().getTime();
    this.#plan = world.switches.plan;
    const asked = world.switches.granted.split(/\s+/);
    this.#granted = new Set(SCOPES.filter((scope) => asked.includes(scope)));
  }

  /** The code that a click on Authorize gives. */
  issueCode(redirectUri: string): string {
    const code = this.#signed('code');
    this.#codes.set(code, { redirectUri, expiresAt: this.#world.now().getTime() + CODE_MS });
    return code;
  }

  /** The token for a code, which is good once, for five minutes, and for its own address; null when it is not. */
  spendCode(code: string, redirectUri: string): string | null {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.expiresAt <= this.#world.now().getTime() || found.redirectUri !== redirectUri) return null;
    return this.#signed('token');
  }

  // The mark lets a sandbox of another region know the tokens of this one.
  #signed(kind: string): string {
    this.#issued += 1;
    const head = `${kind}-${this.#world.seed}-${this.#issued}`;
    return `${head}-${markOf(head)}`;
  }

  /** Refuses a call that nobody may make, whatever it asks for. */
  admit(authorization: string | undefined): void {
    if (authorization === undefined) throw new Refusal(1010);
    const token = /^bearer (.+)$/i.exec(authorization)?.[1] ?? '';
    const ended = this.#ended.get(token);
    if (ended !== undefined) throw new Refusal(ended === 'revoked' ? 1013 : 1012);
    const [, head = '', mark] = /^(token-.+)-([^-]+)$/.exec(token) ?? [];
    if (token !== TOKEN && (head === '' || mark !== markOf(head))) throw new Refusal(1011);
    if (this.#world.switches.app === 'draft' && this.#world.now().getTime() >= this.#openedAt + DRAFT_MS)
      throw new Refusal(1011, 'The draft app has been disabled.');
    if (this.#user === 'soft deleted') throw new Refusal(1052);
    if (this.#user === 'deleted') throw new Refusal(1053);
    if (this.#world.switches.host !== this.#world.switches.region) throw new Refusal(1018);
  }

  available(): readonly Scope[] {
    return SCOPES.filter((scope) => this.#plan === 'paid' || !PAID.includes(scope));
  }

  granted(): readonly Scope[] {
    return SCOPES.filter((scope) => this.#granted.has(scope));
  }

  demand(scope: Scope): void {
    if (!this.available().includes(scope)) throw new Refusal(1015, `It needs ${scope}.`);
    if (!this.#granted.has(scope)) throw new Refusal(1014, `It needs ${scope}.`);
  }

  loseScope(scope: string): void {
    this.#granted = new Set([...this.#granted].filter((one) => one !== scope));
  }

  changePlan(plan: 'paid' | 'basic'): void {
    this.#plan = plan;
  }

  get plan(): string {
    return this.#plan;
  }

  end(token: string, how: 'revoked' | 'expired'): void {
    this.#ended.set(token, how);
  }

  deleteUser(how: 'soft deleted' | 'deleted'): void {
    this.#user = how;
  }
}

function markOf(head: string): string {
  return createHmac('sha256', CLIENT_SECRET).update(head).digest('hex').slice(0, 24);
}
