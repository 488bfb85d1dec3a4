import { createHash } from 'node:crypto';

/** What somebody allowed an app on the authorize page, until the app takes it. */
export type Code = {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | null;
  readonly expiresAtMs: number;
};

/** Whether the verifier of an exchange is the one that the authorize page saw the challenge of. */
export function isVerified({ challenge }: Code, verifier: string | undefined): boolean {
  if (challenge === null) return true;
  if (verifier === undefined) return false;
  const shown = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return shown === challenge.value;
}
