import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Credential, Grant } from '../contract/connector.ts';
import { must } from '../kernel/must.ts';
import { Secret } from '../kernel/secret.ts';
import type { Db, Hub } from './database.ts';

/** A sealing key with its version, so that a later key can take over while older rows still open. */
export type VaultKeys = { readonly current: number; readonly keys: ReadonlyMap<number, Buffer> };

type Row = { readonly connectionId: string; readonly purpose: 'credential' | 'grant' | 'webhook' };

function boundTo(row: Row, version: number): Buffer {
  return Buffer.from(`syncline:${row.purpose}:${row.connectionId}:${version}`);
}

/** AES-256-GCM: nonce, tag, ciphertext. The associated data binds it to its row, so that it opens nowhere else. */
export function seal(keys: VaultKeys, row: Row, plain: string): { version: number; sealed: Buffer } {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', must(keys.keys.get(keys.current), 'the current sealing key'), nonce);
  cipher.setAAD(boundTo(row, keys.current));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return { version: keys.current, sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]) };
}

/** Throws when the key, the row, or a bit of the sealed text is not the one that was sealed. */
export function unseal(keys: VaultKeys, row: Row, stored: { version: number; sealed: Buffer }): string {
  const key = keys.keys.get(stored.version);
  if (key === undefined) throw new Error(`The credentials were sealed with key ${stored.version}, which SYNCLINE_KEY does not hold.`);
  const decipher = createDecipheriv('aes-256-gcm', key, stored.sealed.subarray(0, 12));
  decipher.setAAD(boundTo(row, stored.version));
  decipher.setAuthTag(stored.sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(stored.sealed.subarray(28)), decipher.final()]).toString('utf8');
}

/** Keeps the credentials of connections; nothing outside sees them but as `Secret`. */
export type Vault = {
  store(db: Db, connectionId: string, credential: { kind: string; values: Readonly<Record<string, string>> }): Promise<void>;
  open(connectionId: string): Promise<Credential>;
  /** Changes whenever the credentials do. */
  version(connectionId: string): Promise<string>;
  /** The stored grant if it is still good, else what `obtain` gives: one at a time across processes, stored before it is used. */
  grant(connectionId: string, obtain: () => Promise<Grant>): Promise<Grant>;
  /** Forgets the grant, if it still is this one. */
  refuse(connectionId: string, grant: Grant): Promise<void>;
  /** What the vendor signs its deliveries with; null when nobody has said so. */
  webhookSecret(connectionId: string): Promise<Secret | null>;
  /** Null forgets it: then no delivery is accepted any more. */
  storeWebhookSecret(connectionId: string, secret: string | null): Promise<void>;
};

const GRANT_MARGIN_MS = 120_000;
type PlainGrant = { accessToken: string; instanceUrl: string | null; expiresAt: string | null };

export function openVault(hub: Hub, keys: VaultKeys): Vault {
  const readGrant = async (db: Db, connectionId: string, lock: boolean): Promise<Grant | null> => {
    let query = db
      .selectFrom('credential')
      .select(['key_version', 'grant_sealed'])
      .where('connection_id', '=', connectionId)
      .select(sql<boolean>`grant_expires_at is null or grant_expires_at > now() + ${GRANT_MARGIN_MS} * interval '1 ms'`.as('good'));
    if (lock) query = query.forUpdate();
    const row = await query.executeTakeFirstOrThrow();
    if (row.grant_sealed === null || !row.good) return null;
    const plain = JSON.parse(
      unseal(keys, { connectionId, purpose: 'grant' }, { version: row.key_version, sealed: row.grant_sealed }),
    ) as PlainGrant;
    return { accessToken: new Secret(plain.accessToken), instanceUrl: plain.instanceUrl, expiresAt: plain.expiresAt };
  };
  return {
    async store(db, connectionId, credential) {
      const { version, sealed } = seal(keys, { connectionId, purpose: 'credential' }, JSON.stringify(credential.values));
      await db
        .insertInto('credential')
        .values({
          connection_id: connectionId,
          kind: credential.kind,
          key_version: version,
          sealed,
          grant_sealed: null,
          grant_expires_at: null,
        })
        .onConflict((c) =>
          c.column('connection_id').doUpdateSet({
            kind: credential.kind,
            key_version: version,
            sealed,
            grant_sealed: null,
            grant_expires_at: null,
            updated_at: sql`now()`,
          }),
        )
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
    async grant(connectionId, obtain) {
      const held = await readGrant(hub, connectionId, false);
      if (held !== null) return held;
      return hub.transaction().execute(async (tx) => {
        const meanwhile = await readGrant(tx, connectionId, true);
        if (meanwhile !== null) return meanwhile;
        const fresh = await obtain();
        const plain: PlainGrant = { accessToken: fresh.accessToken.reveal(), instanceUrl: fresh.instanceUrl, expiresAt: fresh.expiresAt };
        const row = await tx
          .selectFrom('credential')
          .select('key_version')
          .where('connection_id', '=', connectionId)
          .executeTakeFirstOrThrow();
        const { sealed } = seal({ current: row.key_version, keys: keys.keys }, { connectionId, purpose: 'grant' }, JSON.stringify(plain));
        await tx
          .updateTable('credential')
          .set({ grant_sealed: sealed, grant_expires_at: fresh.expiresAt })
          .where('connection_id', '=', connectionId)
          .execute();
        return fresh;
      });
    },
    async refuse(connectionId, grant) {
      const held = await readGrant(hub, connectionId, false);
      if (held?.accessToken.reveal() !== grant.accessToken.reveal()) return;
      await hub
        .updateTable('credential')
        .set({ grant_sealed: null, grant_expires_at: null })
        .where('connection_id', '=', connectionId)
        .execute();
    },
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
