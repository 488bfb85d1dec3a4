import { betterAuth } from 'better-auth';
import { APIError, isAPIError } from 'better-auth/api';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { sql } from 'kysely';
import type { Hub } from '../../hub/database.ts';
import { newId } from '../../hub/ids.ts';
import { ROLES, type Role } from '../../hub/tables/access.ts';
import type { Log } from '../../kernel/log.ts';
import { isSecure, originOf, PEER_HEADER } from '../peer.ts';
import { oneTimeLinks } from './one-time-links.ts';

export type AuthSettings = {
  /** Signs the cookies; at least 32 characters, and the same in all processes. */
  readonly secret: string;
  readonly publicUrl: string;
  readonly log: Log;
  /** A provider of OpenID Connect by which operators may sign in as well. */
  readonly sso?: SsoSettings;
};
type SsoSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  /** Whose e-mail addresses may come in by it; none: all. */
  readonly domains: readonly string[];
  /** What a newcomer becomes; null: nobody comes in who was not invited. */
  readonly role: Role | null;
};

const HOUR_S = 3600;

/** Sign-in for operators: e-mail and password or a one-time link, sessions in the hub's own Postgres. Nobody signs up over HTTP. */
export function openAuth(hub: Hub, settings: AuthSettings) {
  return betterAuth(authOptions(hub, settings));
}
export type Auth = ReturnType<typeof openAuth>;

/** The whole configuration, apart from the instance, so that the tables of the migration can be checked against it. */
export function authOptions(hub: Hub, settings: AuthSettings) {
  const { secret, publicUrl, log, sso } = settings;
  return {
    appName: 'Syncline',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    database: { db: hub, type: 'postgres' as const, transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: { onError: (error: unknown) => noteFault(log, error) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    user: {
      modelName: 'operator',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: { role: { type: [...ROLES], required: true, input: false, defaultValue: 'viewer' } },
    },
    session: {
      modelName: 'operator_session',
      fields: {
        userId: 'operator_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: 7 * 24 * HOUR_S,
      updateAge: 24 * HOUR_S,
    },
    account: {
      encryptOAuthTokens: true,
      accountLinking: { enabled: true, disableImplicitLinking: false },
      modelName: 'operator_account',
      fields: {
        userId: 'operator_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    databaseHooks: {
      user: { create: { before: async (user: { email: string }) => ({ data: { ...user, role: sso?.role ?? 'viewer' } }) } },
      session: {
        create: {
          before: (session: { userId: string }) => refuseDisabled(hub, session.userId),
          after: (session: { userId: string }) => noteSignIn(hub, session.userId),
        },
      },
    },
    verification: {
      modelName: 'operator_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    rateLimit: {
      enabled: true,
      storage: 'database' as const,
      modelName: 'operator_rate_limit',
      fields: { lastRequest: 'last_request' },
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/sign-in/social': { window: 60, max: 20 },
        '/one-time-link/*': { window: 60, max: 10 },
        '/two-factor/*': { window: 60, max: 10 },
        '/get-session': false as const,
      },
    },
    advanced: {
      useSecureCookies: isSecure(publicUrl),
      cookiePrefix: 'syncline',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const },
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
      database: { generateId: newId },
    },
    // A page that was opened under another name of this machine may sign in there: its own origin is the same origin.
    trustedOrigins: (request?: Request) => (request === undefined ? [] : [originOf(request.url)]),
    plugins: [
      oneTimeLinks(hub),
      twoFactor({ issuer: 'Syncline', schema: TWO_FACTOR_COLUMNS }),
      genericOAuth({ config: sso === undefined ? [] : [providerOf(sso)] }),
    ],
  };
}

function providerOf({ issuer, clientId, secret, domains, role }: SsoSettings) {
  return {
    providerId: 'sso',
    discoveryUrl: `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret: secret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
    // Somebody who sits before a browser that was left open must not come in by the session that stands open over there.
    prompt: 'login' as const,
    disableSignUp: role === null,
    mapProfileToUser: (profile: Claims) => whoIs(profile, domains),
  };
}

type Claims = { readonly email?: unknown; readonly name?: unknown; readonly email_verified?: unknown };

/**
 * Whom a token tells of. Without an e-mail address nobody comes in: so it is taken away where its domain is not one of those that may, or the
 * provider says that it is not proved; one that says nothing is believed for domains that an admin has named.
 */
function whoIs({ email, name, email_verified: verified }: Claims, domains: readonly string[]) {
  const address = typeof email === 'string' ? email.toLowerCase() : '';
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const isProved = verified === true || verified === 'true' || (verified === undefined && domains.length > 0);
  const mayEnter = isProved && address.includes('@') && (domains.length === 0 || domains.includes(domain));
  const named = typeof name === 'string' && name.trim() !== '' ? name : address;
  return mayEnter ? { email: address, emailVerified: true, name: named } : { email: '', emailVerified: false, name: '' };
}

const TWO_FACTOR_COLUMNS = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'operator_two_factor',
    fields: {
      userId: 'operator_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
};

// However somebody comes in, a session is made: here whoever is switched off is stopped, once they have shown that it is them.
async function refuseDisabled(hub: Hub, operatorId: string): Promise<void> {
  const found = await hub.selectFrom('operator').select('disabled_at').where('id', '=', operatorId).executeTakeFirst();
  if (found?.disabled_at === null) return;
  throw new APIError('FORBIDDEN', { code: 'SWITCHED_OFF', message: 'Your access is switched off. Ask an admin of this hub.' });
}

async function noteSignIn(hub: Hub, operatorId: string): Promise<void> {
  await hub.updateTable('operator').set({ last_sign_in_at: sql`now()` }).where('id', '=', operatorId).execute();
}

// A refusal is an answer; anything else is a fault, and its cause would be seen nowhere else.
function noteFault(log: Log, error: unknown): void {
  if (!isAPIError(error)) log.error({ reason: error instanceof Error ? error.message : String(error) }, 'signing in failed');
}
