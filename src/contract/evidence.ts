/**
 * Where a reference leads whose values are evidence of a person, and no ids: to whoever gave a response of the same connection, else to whoever alone has
 * an e-mail address. Nobody is found by a likeness.
 */
export const BY_EVIDENCE = 'by_evidence';

export type PersonEvidence = { readonly response: string | null; readonly email: string | null };

/** Evidence as a value of such a reference; null when there is none. */
export function tokenOfEvidence({ response, email }: PersonEvidence): string | null {
  if (response === null && email === null) return null;
  return [response, email].map((part) => encodeURIComponent(part ?? '')).join('|');
}

export function evidenceInToken(token: string): PersonEvidence {
  const [response = '', email = ''] = token.split('|').map(decoded);
  return { response: response === '' ? null : response, email: email === '' ? null : email };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
