import { z } from '@hono/zod-openapi';
import { ACTS } from '../../contract/manifest.ts';
import { Account, SaidCause } from './common.ts';
import { ConnectionDraft } from './connections.ts';

/** A connection that is made by signing in at the vendor. Secrets that a connection holds already may be left out. */
export const SignInDraft = ConnectionDraft.extend({
  /** The objects that it is to reach; missing: those that are switched on, or will be together with the connection. */
  objects: z.array(z.string().min(1).max(100)).max(200).optional(),
  /** Ask as well for the rights to make Syncline's own fields there. */
  provision: z.boolean().optional(),
}).openapi('SignInDraft');

export const BegunSignIn = z
  .object({
    id: z.string(),
    /** Shown once: it holds what the way back is known by. */
    link: z.string(),
    scopes: z.array(z.string()),
  })
  .openapi('BegunSignIn');

export const SignIn = z
  .object({
    id: z.string(),
    connector: z.string(),
    name: z.string(),
    state: z.enum(['waiting', 'done', 'failed']),
    connectionId: z.string().nullable(),
    account: Account.nullable(),
    /** What the sign-in was asked for, object by object, and not given. */
    lacking: z.array(z.object({ object: z.string(), act: z.enum(ACTS), scopes: z.array(z.string()).readonly() })),
    message: z.string().nullable(),
    cause: SaidCause.nullable(),
  })
  .openapi('SignIn');
