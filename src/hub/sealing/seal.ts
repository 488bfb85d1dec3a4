import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { must } from '../../kernel/must.ts';

/** A sealing key with its version, so that a later key can take over while older rows still open. */
export type VaultKeys = { readonly current: number; readonly keys: ReadonlyMap<number, Buffer> };

/** The row that something sealed belongs to: a connection, or a sign-in that is under way. */
export type Row = { readonly connectionId: string; readonly purpose: 'credential' | 'grant' | 'sign_in' | 'webhook' };

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
