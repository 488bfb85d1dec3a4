import type { Session } from '../../../src/contract/connector.ts';
import { HubError } from '../../../src/contract/errors.ts';
import type { HubSpot } from '../http/client.ts';
import { asRefusal, refused } from '../http/errors.ts';
import { object, texts } from '../http/shapes.ts';
import type { ObjectType } from '../object-types.ts';

const OF_TYPE: Readonly<Record<string, string>> = {
  contacts: 'crm.schemas.contacts.write',
  companies: 'crm.schemas.companies.write',
  deals: 'crm.schemas.deals.write',
  tickets: 'tickets',
};

/** The scope by which properties of a type are made. Activities have none of their own. */
const scopeFor = ({ name, typeId }: ObjectType): string =>
  OF_TYPE[name] ?? (typeId === null ? 'crm.schemas.custom.write' : 'crm.schemas.contacts.write');

/** What the token lacks for it; null where HubSpot does not say what a token may, as with Service Keys. */
export async function lackingRights(hubspot: HubSpot, session: Session, type: ObjectType): Promise<readonly string[] | null> {
  const asked = session.credential.kind === 'token' ? ofGivenToken(hubspot, session) : ofSignIn(hubspot, session);
  const body = await asked.catch(asRefusal);
  if (!(body instanceof HubError)) {
    const needed = scopeFor(type);
    return texts(object(body, 'what the token may').scopes).includes(needed) ? [] : [needed];
  }
  if (body.recovery === 'retry' || body.recovery === 'wait') throw body;
  return null;
}

async function ofGivenToken(hubspot: HubSpot, session: Session): Promise<unknown> {
  const { accessToken } = await session.grant();
  return (await hubspot.ask('/oauth/v2/private-apps/get/access-token-info', { tokenKey: accessToken.reveal().trim() })).body;
}

async function ofSignIn({ paths }: HubSpot, session: Session): Promise<unknown> {
  const { accessToken } = await session.grant();
  const { client_id, client_secret } = session.credential.values;
  const path = paths.introspection();
  const form = { client_id, client_secret, token: accessToken };
  const words = Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value.reveal()]]));
  const answer = await session.fetch(new Request(session.origin + path, { method: 'POST', body: new URLSearchParams(words) }));
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return body;
  throw refused({ method: 'POST', path, writes: false, status: answer.status, headers: answer.headers }, body);
}
