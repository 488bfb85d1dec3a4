import type { Fields } from '../../src/contract/records.ts';

/** How a delivery is signed. Headers are named in lower case; null is none. */
export type Signing = {
  readonly header: string;
  readonly algorithm: 'SHA-1' | 'SHA-256' | 'SHA-512';
  readonly encoding: 'hex' | 'base64';
  readonly prefix: string;
  readonly key: 'text' | 'base64';
  readonly content: string;
  readonly timestampHeader: string | null;
  readonly toleranceMs: number;
  readonly idHeader: string | null;
};
export type Scheme =
  | ({ readonly kind: 'signed' } & Signing)
  | { readonly kind: 'token'; readonly header: string | null; readonly parameter: string | null; readonly idHeader: string | null };

const FIVE_MIN_MS = 300_000;
const PLAIN: Signing = {
  header: '',
  algorithm: 'SHA-256',
  encoding: 'hex',
  prefix: '',
  key: 'text',
  content: '{body}',
  timestampHeader: null,
  toleranceMs: FIVE_MIN_MS,
  idHeader: null,
};

const KNOWN: Readonly<Record<string, Signing>> = {
  standard_webhooks: {
    ...PLAIN,
    header: 'webhook-signature',
    encoding: 'base64',
    prefix: 'v1,',
    key: 'base64',
    content: '{id}.{timestamp}.{body}',
    timestampHeader: 'webhook-timestamp',
    idHeader: 'webhook-id',
  },
  github: { ...PLAIN, header: 'x-hub-signature-256', prefix: 'sha256=', idHeader: 'x-github-delivery' },
  typeform: { ...PLAIN, header: 'typeform-signature', encoding: 'base64', prefix: 'sha256=' },
  stripe: { ...PLAIN, header: 'stripe-signature', prefix: 'v1=', content: '{timestamp}.{body}', timestampHeader: 'stripe-signature' },
};

const ALGORITHMS: Readonly<Record<string, Signing['algorithm']>> = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' };

/** What the settings of a connection say; null when they do not say enough to prove anything. */
export function schemeOf(settings: Fields): Scheme | null {
  const named = (name: string): string | null => {
    const value = settings[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const header = named('header')?.toLowerCase() ?? null;
  const idHeader = named('id_header')?.toLowerCase() ?? null;
  const scheme = named('scheme') ?? '';
  if (scheme === 'token') {
    const parameter = named('parameter');
    return { kind: 'token', header: header ?? (parameter === null ? 'authorization' : null), parameter, idHeader };
  }
  const known = KNOWN[scheme];
  if (known !== undefined) return { kind: 'signed', ...known, header: header ?? known.header, idHeader: idHeader ?? known.idHeader };
  if (scheme !== 'hmac' || header === null) return null;
  const toleranceS = Number(settings.tolerance_s ?? FIVE_MIN_MS / 1000);
  return {
    kind: 'signed',
    header,
    algorithm: ALGORITHMS[named('algorithm') ?? 'sha256'] ?? 'SHA-256',
    encoding: named('encoding') === 'base64' ? 'base64' : 'hex',
    prefix: named('prefix') ?? '',
    key: named('key') === 'base64' ? 'base64' : 'text',
    content: named('content') ?? '{body}',
    timestampHeader: named('timestamp_header')?.toLowerCase() ?? null,
    toleranceMs: Number.isFinite(toleranceS) && toleranceS > 0 ? toleranceS * 1000 : FIVE_MIN_MS,
    idHeader,
  };
}
