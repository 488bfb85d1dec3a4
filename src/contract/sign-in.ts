import type { Secret } from '../kernel/secret.ts';
import { ACTS, type Act, type Auth, type Manifest, type OAuth2 } from './manifest.ts';

/** What a vendor's token endpoint gave. What it did not say is null. */
export type TokenReply = {
  readonly accessToken: Secret;
  /** What the next token is asked with; null where the one that was sent stays good. */
  readonly refreshToken: Secret | null;
  /** Where the token is good for, when the vendor says so. */
  readonly instanceUrl: string | null;
  /** Null when only a refusal tells that the token has run out. */
  readonly expiresInS: number | null;
  /** What the token is good for. */
  readonly scopes: readonly string[] | null;
};

/** Why a token endpoint refused: the error of RFC 6749, and the vendor's own code where it says more. */
export type TokenRefusal = { readonly error: string; readonly code: string; readonly message: string };

/** What only the connector can read of its vendor's token endpoint; the requests themselves are the core's. */
export type SignInPort = {
  /** A good answer; one without a token is `broken_answer`. */
  tokens(body: unknown): TokenReply;
  /** A refusal; null when the body is none. */
  refusal(body: unknown): TokenRefusal | null;
  /** Sends the request in place of `session.fetch`, where the endpoint wants more than the standard has. */
  send?(request: Request): Promise<Response>;
};

/** Ways to sign in that ask the vendor for tokens. */
export type GrantWay = Extract<Auth, { readonly tokenPath: string }>;

/** A manifest with such a way has the port, and one without has none. */
export type SignInOf<M extends Manifest> = [Extract<M['auth'][number], { readonly tokenPath: string }>] extends [never]
  ? { readonly signIn?: never }
  : { readonly signIn: SignInPort };

/** What is to be done with an object: records that are written are read as well. `provisions`: the hub's own fields are to be made there. */
export type Reach = { readonly object: string; readonly writes: boolean; readonly provisions?: boolean };

/** The scopes that these objects need, with those that any sign-in needs, each once, in the order of the manifest. */
export function scopesFor(way: OAuth2, reaches: readonly Reach[]): readonly string[] {
  return way.scopes
    .filter(({ of }) => of === undefined || of.some((use) => reaches.some((reach) => isUsed(use, reach))))
    .map(({ name }) => name);
}

type Use = { readonly object: string; readonly act: Act };
function isUsed({ object, act }: Use, reach: Reach): boolean {
  if (object !== reach.object) return false;
  return act === 'read' || (act === 'write' ? reach.writes : reach.provisions === true);
}

/** What of these objects the granted scopes do not reach. */
export function lackingIn(way: OAuth2, reaches: readonly Reach[], granted: readonly string[] | null) {
  if (granted === null) return [];
  return reaches.flatMap((reach) =>
    ACTS.flatMap((act) => {
      const scopes = way.scopes.filter(
        ({ name, of = [] }) => !granted.includes(name) && of.some((use) => use.act === act && isUsed(use, reach)),
      );
      return scopes.length === 0 ? [] : [{ object: reach.object, act, scopes: scopes.map(({ name }) => name) }];
    }),
  );
}
