import type { Product, Shared } from './product.ts';

type Json = Readonly<Record<string, unknown>>;

async function call(url: string, method: 'GET' | 'POST' | 'PATCH', json?: object): Promise<Json> {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(url, { method, ...body });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? {} : ((await answer.json()) as Json);
}

/** What people do in the sandboxes of a product, and what stands in its hub. */
export function handsIn(product: Product) {
  const hubspot = async ({ hubspotId }: Shared) => `${await product.sandboxPage('hubspot')}/api/objects/contacts/${hubspotId}`;
  const salesforce = async ({ salesforceId }: Shared) => `${await product.sandboxPage('salesforce')}/api/records/${salesforceId}`;
  return {
    editHubspot: async (person: Shared, properties: Json) => call(await hubspot(person), 'PATCH', { properties }),
    editSalesforce: async (person: Shared, fields: Json) => call(await salesforce(person), 'PATCH', { fields }),
    inHubspot: async (person: Shared, property: string) => ((await call(await hubspot(person), 'GET')).properties as Json)[property],
    inSalesforce: async (person: Shared, field: string) => (await call(await salesforce(person), 'GET'))[field],
    inHub: async ({ recordId }: Shared, field: string) =>
      (await product.hub.selectFrom('record').select('fields').where('id', '=', recordId).executeTakeFirstOrThrow()).fields[field],
    /** Has Salesforce refuse each contact who lives in this city. */
    forbidCity: async (city: string, message: string) =>
      call(`${await product.sandboxPage('salesforce')}/api/rules`, 'POST', {
        object: 'Contact',
        field: 'MailingCity',
        equals: city,
        message,
      }),
  };
}
export type Hands = ReturnType<typeof handsIn>;
