import { createHash, createHmac } from 'node:crypto';

/** A delivery as it is signed. */
export type Signed = { readonly secret: string; readonly uri: string; readonly body: string; readonly timestamp: string };

const METHOD = 'POST';
/** What an address is signed with, instead of what it was written with. */
const DECODED: readonly (readonly [encoded: string, plain: string])[] = [
  ['%3A', ':'],
  ['%2F', '/'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%21', '!'],
  ['%24', '$'],
  ['%27', "'"],
  ['%28', '('],
  ['%29', ')'],
  ['%2A', '*'],
  ['%2C', ','],
  ['%3B', ';'],
];

function decoded(uri: string): string {
  return DECODED.reduce((text, [encoded, plain]) => text.replaceAll(encoded, plain), uri);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function signatureV1({ secret, body }: Signed): string {
  return sha256(`${secret}${body}`);
}

function signatureV2({ secret, uri, body }: Signed): string {
  return sha256(`${secret}${METHOD}${uri}${body}`);
}

function signatureV3({ secret, uri, body, timestamp }: Signed): string {
  return createHmac('sha256', secret)
    .update(`${METHOD}${decoded(uri)}${body}${timestamp}`)
    .digest('base64');
}

/** The headers that carry the signatures of these versions. */
export function signatureHeaders(versions: readonly string[], signed: Signed): Readonly<Record<string, string>> {
  const old = versions.includes('v2') ? 'v2' : versions.includes('v1') ? 'v1' : null;
  return {
    'Content-Type': 'application/json',
    'X-HubSpot-Request-Timestamp': signed.timestamp,
    ...(old === null
      ? {}
      : { 'X-HubSpot-Signature-Version': old, 'X-HubSpot-Signature': old === 'v1' ? signatureV1(signed) : signatureV2(signed) }),
    ...(versions.includes('v3') ? { 'X-HubSpot-Signature-v3': signatureV3(signed) } : {}),
  };
}
