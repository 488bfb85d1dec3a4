import { z } from 'zod';
import { dropSetting, readSetting, writeSetting } from '../../hub/settings.ts';
import { ROLES } from '../../hub/tables/access.ts';
import type { AppParts } from '../parts.ts';
import { type Auth, openAuth } from './auth.ts';

const NAME = 'sso';
/** The name of the provider in better-auth, and in the address that it leads back to. */
const PROVIDER = 'sso';

const Stored = z.object({
  label: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  domains: z.array(z.string()),
  /** What a newcomer becomes; null: nobody comes in who was not invited. */
  role: z.enum(ROLES).nullable(),
  secret: z.object({ version: z.int(), sealed: z.string() }),
});
type Stored = z.infer<typeof Stored>;
/** A provider of OpenID Connect by which operators may sign in. */
export type Sso = Omit<Stored, 'secret'>;

type Parts = Pick<AppParts, 'hub' | 'vault' | 'auth' | 'publicUrl' | 'log'>;

const ROW = { connectionId: NAME, purpose: 'sign_in' } as const;

/** Where the provider has to lead back to. */
export const ssoRedirectUri = (publicUrl: string): string => `${publicUrl}/api/auth/callback/${PROVIDER}`;

/** The provider, without its secret, which is written and never read; null where there is none. */
export async function ssoOf({ hub }: Pick<Parts, 'hub'>): Promise<Sso | null> {
  const stored = Stored.safeParse(await readSetting(hub, NAME));
  if (!stored.success) return null;
  const { secret: _, ...sso } = stored.data;
  return sso;
}

/** Keeps a provider, once it has told where to sign in and with what its tokens are signed. Without a secret the one before stays. */
export async function chooseSso(
  parts: Parts,
  { secret, by, ...sso }: Sso & { readonly secret: string | null; readonly by: string },
): Promise<'kept' | 'no_secret' | 'no_answer'> {
  const before = Stored.safeParse(await readSetting(parts.hub, NAME));
  const plain = secret ?? (before.success ? unsealed(parts, before.data) : null);
  if (plain === null) return 'no_secret';
  if (!(await answers(authWith(parts, sso, plain)))) return 'no_answer';
  const { version, sealed } = parts.vault.seal(ROW, plain);
  await writeSetting(parts.hub, NAME, { value: { ...sso, secret: { version, sealed: sealed.toString('base64') } }, by });
  return 'kept';
}

export const dropSso = ({ hub }: Pick<Parts, 'hub'>): Promise<void> => dropSetting(hub, NAME);

const unsealed = ({ vault }: Parts, { secret: { version, sealed } }: Stored): string =>
  vault.unseal(ROW, { version, sealed: Buffer.from(sealed, 'base64') });

async function answers(auth: Auth): Promise<boolean> {
  const { socialProviders } = await auth.$context;
  return socialProviders.some(({ id }) => id === PROVIDER);
}

/** Signing in by the provider as it is now; what it has told of itself is asked for once, until an admin changes something. */
export function ssoAuth(parts: Parts): () => Promise<Auth | null> {
  let opened: { readonly of: string; readonly auth: Auth } | null = null;
  return async () => {
    const stored = Stored.safeParse(await readSetting(parts.hub, NAME));
    if (!stored.success) return null;
    const of = JSON.stringify(stored.data);
    if (opened?.of !== of) opened = { of, auth: authWith(parts, stored.data, unsealed(parts, stored.data)) };
    return opened.auth;
  };
}

function authWith(parts: Parts, { issuer, clientId, domains, role }: Sso, secret: string): Auth {
  const { hub, auth, publicUrl, log } = parts;
  const sso = { issuer, clientId, domains, role, secret };
  return openAuth(hub, { secret: auth.options.secret, publicUrl, log, sso });
}
