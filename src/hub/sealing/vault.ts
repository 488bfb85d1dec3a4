import { sql } from 'kysely';
import type { Credential } from '../../contract/connector.ts';
import type { TokenReply } from '../../contract/sign-in.ts';
import { Secret } from '../../kernel/secret.ts';
import { type Grants, openGrants, sealedGrant } from '../access/grants.ts';
import type { Db, Hub } from '../database.ts';
import { type Fingerprints, openFingerprints } from './fingerprints.ts';
import { openPersonalIds, type PersonalIds } from './personal-ids.ts';
import { type Row, seal, unseal, type VaultKeys } from './seal.ts';

type Plain = { readonly kind: string; readonly values: Readonly<Record<string, string>> };
export type Sealed = { readonly version: number; readonly sealed: Buffer };

/** Keeps the credentials of connections; nothing outside sees them but as `Secret`. */
export type Vault = {
  /** New credentials, with the grant that they came with, asked for at that time by the database's clock. */
  store(db: Db, connectionId: string, credential: Plain, granted?: { readonly reply: TokenReply; readonly askedAt: string }): Promise<void>;
  open(connectionId: string): Promise<Credential>;
  /** Changes whenever the credentials do. */
  version(connectionId: string): Promise<string>;
  readonly grants: Grants;
  readonly personalIds: PersonalIds;
  readonly fingerprints: Fingerprints;
  /** Seals what a row of another table keeps. */
  seal(row: Row, plain: string): Sealed;
  unseal(row: Row, stored: Sealed): string;
  /** What the vendor signs its deliveries with; null when nobody has said so. */
  webhookSecret(connectionId: string): Promise<Secret | null>;
  /** Null forgets it: then no delivery is accepted any more. */
  storeWebhookSecret(connectionId: string, secret: string | null): Promise<void>;
};

export function openVault(hub: Hub, keys: VaultKeys): Vault {
  return {
    async store(db, connectionId, credential, granted) {
      const { version, sealed } = seal(keys, { connectionId, purpose: 'credential' }, JSON.stringify(credential.values));
      const row = { kind: credential.kind, key_version: version, sealed, grant_sealed: null, grant_expires_at: null, grant_renew_at: null };
      const anew = { granted_scopes: null, renewing_until: sql<Date>`'-infinity'`, renewals: 0, renewal_refused: null };
      await db
        .insertInto('credential')
        .values({ connection_id: connectionId, ...row, ...anew })
        .onConflict((c) =>
          c.column('connection_id').doUpdateSet({ ...row, ...anew, grant_no: sql`credential.grant_no + 1`, updated_at: sql`now()` }),
        )
        .execute();
      if (granted === undefined) return;
      await db
        .updateTable('credential')
        .set(await sealedGrant(db, keys, connectionId, granted.reply, { askedAt: granted.askedAt, before: null }))
        .where('connection_id', '=', connectionId)
        .execute();
    },
    async open(connectionId) {
      const row = await hub
        .selectFrom('credential')
        .select(['kind', 'key_version', 'sealed'])
        .where('connection_id', '=', connectionId)
        .executeTakeFirstOrThrow();
      const plain = JSON.parse(
        unseal(keys, { connectionId, purpose: 'credential' }, { version: row.key_version, sealed: row.sealed }),
      ) as Record<string, string>;
      return { kind: row.kind, values: Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, new Secret(value)])) };
    },
    async version(connectionId) {
      const { updated_at } = await hub
        .selectFrom('credential')
        .select('updated_at')
        .where('connection_id', '=', connectionId)
        .executeTakeFirstOrThrow();
      return updated_at.toISOString();
    },
    grants: openGrants(hub, keys),
    personalIds: openPersonalIds(keys),
    fingerprints: openFingerprints(keys),
    seal: (row, plain) => seal(keys, row, plain),
    unseal: (row, stored) => unseal(keys, row, stored),
    async webhookSecret(connectionId) {
      const row = await hub
        .selectFrom('webhook_secret')
        .select(['key_version', 'sealed'])
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      if (row === undefined) return null;
      return new Secret(unseal(keys, { connectionId, purpose: 'webhook' }, { version: row.key_version, sealed: row.sealed }));
    },
    async storeWebhookSecret(connectionId, secret) {
      if (secret === null) {
        await hub.deleteFrom('webhook_secret').where('connection_id', '=', connectionId).execute();
        return;
      }
      const { version, sealed } = seal(keys, { connectionId, purpose: 'webhook' }, secret);
      await hub
        .insertInto('webhook_secret')
        .values({ connection_id: connectionId, key_version: version, sealed })
        .onConflict((c) => c.column('connection_id').doUpdateSet({ key_version: version, sealed, set_at: sql`now()` }))
        .execute();
    },
  };
}
