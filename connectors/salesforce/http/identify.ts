import type { Account } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { queryPath } from '../read/soql.ts';
import type { Client } from './client.ts';
import { parseIdentityName, parseIdentityUrl, parseOrganization } from './wire.ts';

/** The org and the user behind the session, or null where the resource list does not say. */
export async function whoIsSignedIn(client: Client) {
  const { body } = await client.send({ method: 'GET', path: '' });
  return parseIdentityUrl(body);
}

/** What `ask` answers, or null when this org does not offer it or does not let us: there is another way to learn it. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HubError && ['misconfigured', 'not_allowed', 'broken_answer'].includes(error.kind)) return null;
    throw error;
  }
}

/** The org that the credentials are good for. Sandboxes, scratch orgs, and Developer Editions say what they are in the name of their host. */
export async function identify(client: Client, origin: string): Promise<Account> {
  const account = await whose(client, origin);
  return TEST_HOST.test(new URL(origin).hostname) ? { ...account, test: true } : account;
}

const TEST_HOST = /\.(sandbox|scratch|develop)\.my\.salesforce\.com$/;

/** Its name is the user's, who may be the only thing that we are allowed to see. */
async function whose(client: Client, origin: string): Promise<Account> {
  const me = await whoIsSignedIn(client);
  if (me !== null) {
    const name = await orNull(async () => parseIdentityName((await client.send({ method: 'GET', path: `${me.path}?format=json` })).body));
    return { id: me.orgId, name: name === null ? `org ${me.orgId}` : `${name} (org ${me.orgId})` };
  }
  const path = queryPath('SELECT Id, Name FROM Organization', { all: false });
  const org = await orNull(async () => parseOrganization((await client.send({ method: 'GET', path })).body));
  if (org !== null) return { id: org.id, name: `${org.name} (org ${org.id})` };
  // The limits name nobody, but answering them takes a session that works.
  await client.send({ method: 'GET', path: '/limits' });
  const { host } = new URL(origin);
  return { id: host, name: `the org at ${host}` };
}
