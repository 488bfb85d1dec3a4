import { createHmac } from 'node:crypto';
import { canonical } from '../../kernel/json.ts';
import { must } from '../../kernel/must.ts';
import type { VaultKeys } from './seal.ts';

/** What something can be told by when it comes again, and what nobody without the hub's key can find out anything from: not even by guessing. */
export type Fingerprints = {
  /** As it is kept from now on. */
  take(name: readonly (string | null)[]): string;
  /** As it may have been kept, under any key that the hub has had. */
  all(name: readonly (string | null)[]): readonly string[];
};

function fingerprint(key: Buffer, name: readonly (string | null)[]): string {
  const hex = createHmac('sha256', key)
    .update(`syncline:fingerprint:${canonical(name)}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

export function openFingerprints({ current, keys }: VaultKeys): Fingerprints {
  return {
    take: (name) => fingerprint(must(keys.get(current), 'the current key'), name),
    all: (name) => [...keys.values()].map((key) => fingerprint(key, name)),
  };
}
