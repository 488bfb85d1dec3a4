import type { Credential, Grant, Session } from '../../contract/connector.ts';
import { HubError } from '../../contract/errors.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { GrantWay, SignInPort, TokenReply } from '../../contract/sign-in.ts';
import { must, unreachable } from '../../kernel/must.ts';
import type { Engine } from '../engine.ts';
import { assertionFor } from './assertion.ts';
import { currentGrant } from './renew.ts';
import { askToken, JWT_BEARER, type Shown, type TokenSession } from './token-request.ts';

/** How a session comes by the token that it sends. */
export type SessionGrants = Pick<Session, 'grant' | 'renew'>;
/** Asks for the next grant, with the refresh token that there is. */
export type Obtain = (refreshToken: Grant['accessToken'] | null) => Promise<TokenReply>;

// A request is bounded by itself; storing what it brought takes a moment more.
const CLAIM_MARGIN_MS = 30_000;

/** A token that somebody made over there: there is no other. */
export function givenToken({ values }: Credential): SessionGrants {
  return {
    grant: async () => ({ accessToken: must(values.token, 'the token of the credential'), instanceUrl: null, expiresAt: null }),
    renew: async () => null,
  };
}

/** Grants of a stored connection: shared by all processes. */
export function storedGrants(engine: Engine, connectionId: string, obtain: Obtain, signal: () => AbortSignal): SessionGrants {
  const { vault, clock, log, callTimeoutMs } = engine;
  const current = () =>
    currentGrant({ grants: vault.grants, clock, log, claimMs: callTimeoutMs + CLAIM_MARGIN_MS, signal: signal() }, connectionId, (held) =>
      obtain(held?.refreshToken ?? null),
    );
  return {
    grant: current,
    async renew(refused) {
      await vault.grants.refuse(connectionId, refused.accessToken);
      return current();
    },
  };
}

/** Grants of credentials that are only being tried: nothing is stored. `first` is what a sign-in has just brought. */
export function triedGrants(obtain: Obtain, first: TokenReply | null): SessionGrants {
  let reply = first;
  const grant = async (): Promise<Grant> => {
    reply ??= await obtain(null);
    return { accessToken: reply.accessToken, instanceUrl: reply.instanceUrl, expiresAt: null };
  };
  let renewals = 0;
  return {
    grant,
    async renew() {
      if (first !== null || renewals > 0) return null;
      renewals += 1;
      reply = null;
      return grant();
    },
  };
}

/** The way of these credentials, when it is one that asks for tokens. */
export function grantWayOf(manifest: Manifest, { kind }: Pick<Credential, 'kind'>): GrantWay | null {
  const way = manifest.auth.find((one) => one.kind === kind);
  return way === undefined || way.kind === 'token' || way.kind === 'none' ? null : way;
}

/** Asks as the way has it: an app by itself, or with the refresh token that a sign-in has left. */
export function obtainBy(way: GrantWay, session: TokenSession, port: () => SignInPort | undefined): Obtain {
  return async (refreshToken) => {
    const asker = { session, port: must(port(), 'what the connector reads of its token endpoint') };
    return askToken(asker, way, await shownBy(way, session, refreshToken));
  };
}

async function shownBy(way: GrantWay, session: TokenSession, refreshToken: Grant['accessToken'] | null): Promise<Shown> {
  switch (way.kind) {
    case 'client_credentials':
      return { grant_type: 'client_credentials' };
    case 'jwt_bearer':
      return { grant_type: JWT_BEARER, assertion: await assertionFor(way, session) };
    case 'oauth2':
      if (refreshToken === null)
        throw new HubError('signed_out', 'The access has run out, and the sign-in left nothing to renew it with', {
          code: 'NO_REFRESH_TOKEN',
        });
      return { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() };
    default:
      return unreachable(way);
  }
}
