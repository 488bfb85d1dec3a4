import { z } from '@hono/zod-openapi';
import { ACTS } from '../../contract/manifest.ts';
import { Choice } from './common.ts';

const WriteTraits = z.object({
  verbs: z.array(z.enum(['create', 'update', 'delete', 'merge'])).readonly(),
  batchMax: z.number(),
  guard: z.enum(['version', 'none']),
  echo: z.enum(['record', 'id']),
  recallMs: z.number(),
});

const ObjectTraits = z.object({
  nature: z.enum(['entity', 'event']),
  scopedBy: z.string().nullable(),
  read: z.object({ removals: z.enum(['reported', 'by_sweep', 'never']), pageMax: z.number(), settleMs: z.number() }),
  write: WriteTraits.optional(),
  refs: z.record(z.string(), z.string()).readonly().optional(),
  /** Syncline can make its own fields there; the unique one has this name. */
  provision: z.object({ key: z.string() }).optional(),
});

const AuthKind = z.enum(['token', 'client_credentials', 'jwt_bearer', 'oauth2', 'none']);
const ScopeUse = z.object({ object: z.string(), act: z.enum(ACTS) });
const AuthWay = z.object({
  kind: AuthKind,
  label: z.string(),
  help: z.string(),
  fields: z.array(z.object({ name: z.string(), label: z.string() })).readonly(),
  /** What a sign-in can ask for, with what has need of it; missing where any sign-in has. */
  scopes: z
    .array(z.object({ name: z.string(), about: z.string(), of: z.array(ScopeUse).readonly().optional() }))
    .readonly()
    .optional(),
});

const Setting = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().optional(),
  kind: z.enum(['text', 'number', 'choice', 'switch']),
  required: z.boolean(),
  initial: z.string().optional(),
  choices: z.array(Choice).readonly().optional(),
  /** The one way to sign in that it belongs to. */
  way: AuthKind.optional(),
});

const WebhookTraits = z.object({
  signedBy: z.enum(['hmac', 'shared_secret']),
  subscribe: z.enum(['api', 'by_hand']),
  secret: z.object({ label: z.string(), help: z.string() }),
});

/** What the connect form is drawn from. */
export const ConnectorCard = z
  .object({
    id: z.string(),
    label: z.string(),
    about: z.string(),
    kind: z.enum(['crm', 'survey', 'door']),
    /** Records only arrive, and nobody is asked. */
    arrives: z.enum(['deliveries', 'files']).optional(),
    origin: z.string().nullable(),
    auth: z.array(AuthWay).readonly(),
    settings: z.array(Setting).readonly(),
    pace: z.array(z.object({ requests: z.number(), perMs: z.number() })).readonly(),
    objects: z.record(z.string(), ObjectTraits).readonly(),
    /** Where a vendor leads people back to after they have signed in: an app over there has to know it. */
    redirectUri: z.string(),
    /** The objects that are switched on together with a connection; any other one is switched on by its own name. */
    together: z.array(z.string()),
    webhooks: WebhookTraits.optional(),
  })
  .openapi('Connector');
