import { z } from '@hono/zod-openapi';
import { LANGUAGES } from '../../causes/languages.ts';
import { KEPT_DAYS, type Kept } from '../../hub/retention.ts';
import { AUDIT_KINDS, ROLES } from '../../hub/tables/access.ts';
import { isTimeZone } from '../../kernel/zone.ts';
import { Time } from './common.ts';

export const Me = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: z.enum(ROLES),
    via: z.enum(['session', 'key']),
    hasPassword: z.boolean(),
    hasTwoFactor: z.boolean(),
    /** Whether this hub asks for a second factor of whoever has a password. */
    needsTwoFactor: z.boolean(),
    /** Null: as the browser asks. */
    language: z.enum(LANGUAGES).nullable(),
    timeZone: z.string().nullable(),
  })
  .openapi('Me');

const Zone = z.string().max(64).refine(isTimeZone, 'There is no such time zone.').openapi({ example: 'Asia/Tokyo' });
export const MePatch = z
  .strictObject({ language: z.enum(LANGUAGES).nullable().optional(), timeZone: Zone.nullable().optional() })
  .openapi('MePatch');

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    hint: z.string(),
    createdAt: Time,
    createdBy: z.string(),
    expiresAt: Time.nullable(),
    lastUsedAt: Time.nullable(),
  })
  .openapi('ApiKey');

export const ApiKeyDraft = z
  .strictObject({ name: z.string().trim().min(1).max(100), role: z.enum(ROLES), expiresAt: Time.nullable().optional() })
  .openapi('ApiKeyDraft');

/** The key is shown once: null when the answer is given again. */
export const ApiKeyMade = ApiKey.extend({ secret: z.string().nullable() }).openapi('ApiKeyMade');

/** As long as better-auth asks for. */
export const FirstPassword = z.strictObject({ password: z.string().min(12).max(128) }).openapi('FirstPassword');

export const Operator = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    createdAt: Time,
    /** Since when they are switched off. */
    disabledAt: Time.nullable(),
    lastSignInAt: Time.nullable(),
    hasTwoFactor: z.boolean(),
  })
  .openapi('Operator');

export const OperatorDraft = z
  .strictObject({ name: z.string().trim().min(1).max(100), email: z.email().max(254), role: z.enum(ROLES) })
  .openapi('OperatorDraft');

export const OperatorPatch = z.strictObject({ role: z.enum(ROLES).optional(), disabled: z.boolean().optional() }).openapi('OperatorPatch');
/** A link that signs the operator in once, within the hour; null when the answer is given again. */
export const SignInLink = z.object({ operator: Operator, link: z.string().nullable() }).openapi('SignInLink');

export const OwnSession = z
  .object({
    id: z.string(),
    address: z.string().nullable(),
    browser: z.string().nullable().openapi({ description: 'What the browser calls itself.' }),
    createdAt: Time,
    seenAt: Time,
    expiresAt: Time.nullable(),
    isThis: z.boolean().openapi({ description: 'Whether it is the session that asks.' }),
  })
  .openapi('OwnSession');

/** A password, or a code of the second factor. */
export const Confirmation = z
  .union([z.strictObject({ password: z.string().min(1).max(128) }), z.strictObject({ code: z.string().regex(/^\d{6}$/) })])
  .openapi('Confirmation');

export const SecuritySettings = z.object({ requireTwoFactor: z.boolean() }).openapi('SecuritySettings');
export const SecurityPatch = z.strictObject({ requireTwoFactor: z.boolean() }).openapi('SecurityPatch');

const days = (kept: Kept) => z.int().min(KEPT_DAYS[kept].least).max(36_500);
/** In days. The journal is kept for ever, and of a removed record nothing as it was sent. */
export const Retention = z
  .strictObject({ audit: days('audit'), deliveries: days('deliveries'), requests: days('requests') })
  .openapi('Retention');
export const RetentionPatch = Retention.partial().openapi('RetentionPatch');

export const AuditLine = z
  .object({
    id: z.string(),
    at: Time,
    kind: z.enum(AUDIT_KINDS),
    actor: z.string().openapi({ description: '`operator:<id>`, `key:<id>`, `command line`, or `nobody`.' }),
    actorName: z.string(),
    address: z.string().nullable(),
    action: z.string().openapi({ description: 'The route that was asked, such as `patch /operators/{id}`, or how somebody came in.' }),
    subjects: z.array(z.string()).openapi({ description: 'What it was done to, or whose data was seen.' }),
    detail: z.record(z.string(), z.unknown()),
    status: z.int().nullable().openapi({ description: 'The answer; null where the process died before there was one.' }),
  })
  .openapi('AuditLine');

// Over plain HTTP anybody on the way could sign in as anybody; on this machine there is nobody on the way.
const Issuer = z
  .url()
  .max(500)
  .refine(
    (text) => /^https:|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])$/.test(text),
    'An issuer is an https address.',
  );
const Domain = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'A domain, such as acme.com.');
const Provider = z.object({
  label: z.string().trim().min(1).max(60).openapi({ description: 'What the button says.', example: 'Acme' }),
  issuer: Issuer,
  clientId: z.string().trim().min(1).max(300),
  domains: z.array(Domain).max(50).openapi({ description: 'Whose e-mail addresses may come in by it; none: all.' }),
  role: z.enum(ROLES).nullable().openapi({ description: 'What a newcomer becomes; null: nobody comes in who was not invited.' }),
});
export const SsoSettings = z
  .object({
    provider: Provider.nullable(),
    redirectUri: z.string().openapi({ description: 'Where the provider has to lead back to.' }),
  })
  .openapi('SsoSettings');
/** The secret is written and never read: left out, the one before stays. */
export const SsoDraft = z.strictObject({ ...Provider.shape, clientSecret: z.string().min(1).max(500).optional() }).openapi('SsoDraft');
