import { createHash } from 'node:crypto';
import type { Account, Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import { CONTACTS } from '../object-types.ts';
import type { HubSpot } from './client.ts';
import { identifier, list, object } from './shapes.ts';

/** Whose token it is: the portal, by its own word; for a key that may not ask, by the address of a contact it can see. */
export async function whoAmI(hubspot: HubSpot, session: Session): Promise<Account> {
  try {
    const { body } = await hubspot.get(hubspot.paths.account());
    const { portalId, timeZone, accountType } = object(body, 'account');
    return {
      ...portal(identifier(portalId, 'account.portalId')),
      ...(typeof timeZone === 'string' ? { timeZone } : {}),
      ...(TEST_ACCOUNTS.has(accountType) ? { test: true } : {}),
    };
  } catch (error) {
    if (!(error instanceof HubError) || (error.kind !== 'not_allowed' && error.kind !== 'misconfigured')) throw error;
    return fromContact(hubspot, session);
  }
}

const TEST_ACCOUNTS: ReadonlySet<unknown> = new Set(['SANDBOX', 'DEVELOPER_TEST', 'APP_DEVELOPER']);

const portal = (id: string): Account => ({ id, name: `HubSpot portal ${id}` });

async function fromContact(hubspot: HubSpot, session: Session): Promise<Account> {
  const { body } = await hubspot.get(hubspot.paths.objects(CONTACTS.name), [['limit', '1']]);
  const [first] = list(object(body, 'page').results, 'results');
  const { url } = first === undefined ? {} : object(first, 'record');
  const id = typeof url === 'string' ? /\/contacts\/(\d+)\//.exec(url)?.[1] : undefined;
  if (id !== undefined) return portal(id);
  // An empty portal that does not say its name: the key itself, beyond recognition, stands for it.
  const key = createHash('sha256')
    .update(session.credential.values.token?.reveal().trim() ?? '')
    .digest('hex')
    .slice(0, 12);
  return { id: `key-${key}`, name: 'HubSpot (a key that may not ask for the portal)', guessed: true };
}
