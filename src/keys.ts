import { createHash } from 'node:crypto';
import type { VaultKeys } from './hub/sealing/seal.ts';

/**
 * The sealing keys in a text such as `<base64>` or `1:<base64>,2:<base64>`: 32 bytes each; the highest number seals, all of them open.
 * Throws with what to do when it cannot be read.
 */
export function parseKeys(text: string): VaultKeys {
  const keys = new Map<number, Buffer>();
  for (const part of text.trim().split(',')) {
    const [version, body] = part.includes(':') ? [Number(part.slice(0, part.indexOf(':'))), part.slice(part.indexOf(':') + 1)] : [1, part];
    const bytes = Buffer.from(body, 'base64');
    if (!Number.isInteger(version) || version < 1 || bytes.length !== 32) {
      throw new Error(
        'SYNCLINE_KEY must be 32 bytes in base64, or a list such as 1:<base64>,2:<base64>. Make one with: openssl rand -base64 32',
      );
    }
    keys.set(version, bytes);
  }
  return { current: Math.max(...keys.keys()), keys };
}

/** A secret of its own for another purpose, derived from the current sealing key, so that there is one secret to keep. */
export function derivedSecret(keys: VaultKeys, purpose: string): string {
  return createHash('sha256')
    .update(`syncline:${purpose}:`)
    .update(keys.keys.get(keys.current) ?? '')
    .digest('base64url');
}
