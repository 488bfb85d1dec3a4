import { betterAuth } from 'better-auth';
import { APIError, isAPIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { sql } from 'kysely';
import { ROLES } from '../hub/access-tables.ts';
import type { Hub } from '../hub/database.ts';
import { newId } from '../hub/ids.ts';
import type { Log } from '../kernel/log.ts';
import { oneTimeLinks } from './one-time-links.ts';
import { isSecure, originOf, PEER_HEADER } from './peer.ts';

export type AuthSettings = {
  /** Signs the cookies; at least 32 characters, and the same in all processes. */
  readonly secret: string;
  readonly publicUrl: string;
  readonly log: Log;
};

const HOUR_S = 3600;

/** Sign-in for operators: e-mail and password or a one-time link, sessions in the hub's own Postgres. Nobody signs up over HTTP. */
export function openAuth(hub: Hub, settings: AuthSettings) {
  return betterAuth(authOptions(hub, settings));
}
export type Auth = ReturnType<typeof openAuth>;

/** The whole configuration, apart from the instance, so that the tables of the migration can be checked against it. */
export function authOptions(hub: Hub, settings: AuthSettings) {
  const { secret, publicUrl, log } = settings;
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
    plugins: [oneTimeLinks(hub), twoFactor({ issuer: 'Syncline', schema: TWO_FACTOR_COLUMNS })],
  };
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
