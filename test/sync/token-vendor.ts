import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { HubError } from '../../src/contract/errors.ts';
import type { TokenReply } from '../../src/contract/sign-in.ts';
import { type HeldGrant, openGrants } from '../../src/hub/access/grants.ts';
import type { Hub } from '../../src/hub/database.ts';
import type { VaultKeys } from '../../src/hub/sealing/seal.ts';
import { openVault } from '../../src/hub/sealing/vault.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { currentGrant, type Renewing } from '../../src/sync/sign-in/renew.ts';
import { addConnection } from '../hub/rows.ts';

export const KEYS: VaultKeys = { current: 1, keys: new Map([[1, randomBytes(32)]]) };

/** A vendor's token endpoint that renews what is live, and replaces the refresh token each time where it rotates. */
export function tokenVendor({ rotates = true, lifetimeS = 1800 as number | null } = {}) {
  const vendor = {
    live: 'refresh 0',
    asked: [] as string[],
    reply(): TokenReply {
      const no = vendor.asked.length;
      if (rotates) vendor.live = `refresh ${no}`;
      return {
        accessToken: new Secret(`access ${no}`),
        refreshToken: rotates ? new Secret(vendor.live) : null,
        instanceUrl: null,
        expiresInS: lifetimeS,
        scopes: null,
      };
    },
    ask: async (held: HeldGrant | null): Promise<TokenReply> => {
      const shown = held?.refreshToken?.reveal() ?? 'nothing';
      vendor.asked.push(shown);
      if (shown !== vendor.live) throw new HubError('signed_out', 'the refresh token is not good any more', { code: 'BAD_REFRESH_TOKEN' });
      return vendor.reply();
    },
  };
  return vendor;
}

/** A connection that has just signed in: its access token is `access 0`, its refresh token `refresh 0`. */
export async function signedIn(hub: Hub, lifetimeS: number | null = 1800, keys = KEYS): Promise<string> {
  const connectionId = await addConnection(hub);
  const reply = { ...tokenVendor({ lifetimeS }).reply(), accessToken: new Secret('access 0'), refreshToken: new Secret('refresh 0') };
  const values = { client_id: 'i', client_secret: 's' };
  const { rows } = await sql<{ at: string }>`select to_json(now()) #>> '{}' as at`.execute(hub);
  const askedAt = rows[0]?.at ?? '';
  await openVault(hub, keys).store(hub, connectionId, { kind: 'oauth2', values }, { reply, askedAt });
  return connectionId;
}

/** What one process renews with. */
export function renewing(hub: Hub, more: Partial<Renewing> = {}): Renewing {
  const signal = AbortSignal.timeout(20_000);
  return { grants: openGrants(hub, KEYS), clock: systemClock, log: silentLog, claimMs: 90_000, signal, ...more };
}

/** The token to send now, as one process gets it. */
export async function tokenFrom(hub: Hub, connectionId: string, ask: (held: HeldGrant | null) => Promise<TokenReply>): Promise<string> {
  return (await currentGrant(renewing(hub), connectionId, ask)).accessToken.reveal();
}

/** Lets so much time pass for the grant of a connection, by the database's clock. */
export async function wind(hub: Hub, connectionId: string, seconds: number): Promise<void> {
  const by = sql`${seconds} * interval '1 s'`;
  await sql`
    update credential set grant_expires_at = grant_expires_at - ${by}, grant_renew_at = grant_renew_at - ${by},
      renewing_until = renewing_until - ${by}, renewals_since = renewals_since - ${by} where connection_id = ${connectionId}`.execute(hub);
}
