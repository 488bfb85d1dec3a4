import { defineConnector, type ObjectPort, type Session } from '../../src/contract/connector.ts';
import { HubError } from '../../src/contract/errors.ts';
import { type Client, openClient } from './http/client.ts';
import { identify } from './http/identify.ts';
import { signIn } from './http/sign-in.ts';
import { manifest } from './manifest.ts';
import { openReader } from './read/read.ts';
import { openSchema, showFields } from './schema/schema.ts';
import { openUsers, type Users } from './schema/users.ts';
import type { Dependants } from './write/dependants.ts';
import { openWriter } from './write/write.ts';

function overlapMsOf({ settings: { overlapSeconds } }: Session): number {
  const seconds = Number(overlapSeconds === undefined || overlapSeconds === '' ? 300 : overlapSeconds);
  if (!Number.isFinite(seconds) || seconds < 0) throw new HubError('misconfigured', 'overlapSeconds is not a number of seconds');
  return seconds * 1000;
}

type Shared = { readonly client: Client; readonly users: Users; readonly overlapMs: () => number };
type Kind = { readonly object: keyof (typeof manifest)['objects']; readonly sobject: string; readonly dependants: Dependants | null };

const COMPANY: Kind = {
  object: 'company',
  sobject: 'Account',
  dependants: { sobject: 'Contact', column: 'AccountId', named: 'contacts' },
};
const CONTACT: Kind = { object: 'contact', sobject: 'Contact', dependants: null };

function openObject(kind: Kind, { client, users, overlapMs }: Shared): ObjectPort<(typeof manifest)['objects']['contact']> {
  const { object, sobject, dependants } = kind;
  const schema = openSchema(client, sobject, users);
  return {
    fields: () => showFields(schema),
    read: openReader({ client, object, schema, overlapMs }),
    write: openWriter({ client, object, schema, dependants }),
  };
}

/** Salesforce, as the hub knows it: accounts are companies, contacts are contacts. */
export const salesforce = defineConnector(manifest, (session) => {
  const client = openClient(session);
  const shared: Shared = { client, users: openUsers(client), overlapMs: () => overlapMsOf(session) };
  return {
    signIn,
    identify: () => identify(client, session.origin),
    objects: { company: openObject(COMPANY, shared), contact: openObject(CONTACT, shared) },
  };
});
